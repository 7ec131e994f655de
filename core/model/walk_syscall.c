/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* The events of syscalls. */

void at_settle_call(const struct at *at)
{
	struct stream *stream = at->stream;
	struct at begin = *at;

	if (!stream->puts_off)
		return;
	begin.time = stream->call_begin;
	stream->tenure = stream->call_tenure =
		at_add_tenure(&begin, stream->proc, stream->tenure_seq, TENURE_SYSCALL);
	at->walk->tenures.items[stream->tenure].last_go = stream->run.g;
	stream->puts_off = false;
}

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
	stream->call_stack = walk_call_stack(at->walk, at->arg[1]);
	stream->call_tenure = INDEX_NONE;
	stream->call_parted = TIME_NONE;
	walk_add_entry(at->walk, at->time, true);
	if (stream->proc == PROC_NONE || !is_slot(at, at->arg[0]))
		return;
	walk_put_off(at->walk, stream, at->arg[0]);
}

static bool is_syscall_tenure(const struct tenure *tenure)
{
	return (tenure->kind == TENURE_SYSCALL || tenure->kind == TENURE_STATUS_SYSCALL) &&
	       !tenure->returned;
}

void at_go_syscall_end(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);

	if (at_need_run(at, true) == NULL)
		return;
	at_end_call(at);
	if (at->stream->puts_off || tenure == NULL) {
		at->stream->puts_off = false;
		return;
	}
	tenure->returned = true;
	if (tenure->kind == TENURE_SYSCALL)
		at->stream->opener = at->stream->tenure;
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
