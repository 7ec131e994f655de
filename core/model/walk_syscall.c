/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* The events of syscalls. */

/* ---- events */

/* The id may have been used before: then this is another goroutine of that id. */
void at_go_create_syscall(const struct at *at)
{
	uint32_t g = find_go(at->walk, at->arg[0]);

	at_open_run(at, g, 0, RUN_CREATE_SYSCALL);
	at_enter_call(at);
}

void at_go_syscall_begin(const struct at *at)
{
	struct open_run *run = at_need_run(at, false);
	struct stream *stream = at->stream;

	if (run == NULL)
		return;
	at->walk->syscall_count++;
	at_note_stack(at, at->arg[1]);
	if (run->open >= RUN_STATUS && run->in_syscalls == 0) /* the head ends here */
		at_add_move(at, run->g, run->order, MOVE_RETURN, 0)->more = INDEX_NONE;
	stream->in_syscall = true;
	stream->call_begin = at->time;
	stream->call_ref = at->ref;
	stream->call_tenure = INDEX_NONE;
	if (stream->proc == PROC_NONE || !is_slot(at, at->arg[0]))
		return;
	stream->tenure = stream->call_tenure =
		at_add_tenure(at, stream->proc, at->arg[0], TENURE_SYSCALL);
	stream->tenure_seq = (uint32_t)at->arg[0];
	at->walk->tenures.items[stream->tenure].last_go = run->g;
}

static bool is_syscall_tenure(const struct tenure *tenure)
{
	return (tenure->kind == TENURE_SYSCALL || tenure->kind == TENURE_STATUS_SYSCALL) &&
	       !tenure->returned;
}

/* Most syscalls return with their P, which is as if they had not been: their slot is given up, if
 * nothing has come behind it. */
static void forget_tenure(const struct at *at, const struct tenure *tenure)
{
	struct stream *stream = at->stream;

	if (tenure->kind != TENURE_SYSCALL || stream->opener == INDEX_NONE)
		return;
	if (stream->tenure + 1 != at->walk->tenures.count) {
		stream->opener = stream->tenure;
		return;
	}
	at->walk->tenures.count--;
	at->walk->procs.items[tenure->proc].count--;
	stream->tenure = stream->opener;
}

void at_go_syscall_end(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);

	if (at_need_run(at, true) == NULL)
		return;
	at_end_call(at);
	if (tenure == NULL)
		return;
	tenure->returned = true;
	forget_tenure(at, tenure);
}

void at_go_syscall_end_blocked(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);

	if (at_need_run(at, true) == NULL)
		return;
	at_close_run(at, RUN_SYSCALL_BLOCKED);
	if (!at->stream->has_told || (tenure != NULL && is_syscall_tenure(tenure)))
		at_drop_proc(at); /* this event says that it was stolen */
}

void at_go_destroy_syscall(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);

	if (at_need_run(at, true) == NULL)
		return;
	at_close_run(at, RUN_SYSCALL_DESTROY);
	if (tenure != NULL)
		tenure->abandoned = at->time;
	at_leave_sweep(at);
	at_drop_proc(at);
}
