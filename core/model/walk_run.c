/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* The run of a thread: how it begins and ends. */

/* The first change of state with a stack names the goroutine (Go: summary.go). */
void at_note_stack(const struct at *at, uint64_t stack)
{
	struct open_run *run = &at->stream->run;

	if (run->stack == 0)
		run->stack = walk_name_of(at->walk, stack);
}

void at_open_run(const struct at *at, uint32_t g, uint32_t seq, enum run_open open)
{
	struct stream *stream = at->stream;

	if (stream->m == WIRE_NO_THREAD) { /* nothing runs there */
		at->walk->dropped++;
		return;
	}
	at_doubt_run(at);
	if (stream->has_run && (open == RUN_STATUS || open == RUN_STATUS_SYSCALL))
		open = RUN_START; /* it can't have run since before on a thread that ran others */
	stream->run = (struct open_run){
		.g = g,
		.order = 2 * seq + 1,
		.begin = at->time,
		.ref = at->ref,
		.proc = stream->proc,
		.open = (uint8_t)open,
	};
	stream->last_go = g;
	stream->in_syscall = false;
	stream->has_run = true;
	array_clear(&stream->syscalls);
	at_add_move(at, g, 2 * seq, MOVE_OPEN, open);
}

/* The P that a stream has at its head; PROC_NONE: nobody knows. */
static uint16_t known_proc(const struct walk *walk, uint32_t own)
{
	for (size_t i = 0; walk->known != NULL && i < walk->known->heads.count; i++)
		if (walk->known->heads.items[i].own == own)
			return walk->known->heads.items[i].proc;
	return PROC_NONE;
}

/* One that is in a syscall since before: on the P that the thread has since before, too. Which it
 * may not have told yet; and if it has taken one, that is another. */
void at_open_call(const struct at *at, uint32_t g, enum run_open open)
{
	const struct tenure *tenure = at_own_tenure(at);
	uint16_t proc = at->stream->proc;
	bool is_taken = tenure != NULL && tenure->kind == TENURE_START && !at->walk->is_first;

	if (is_taken)
		at->stream->proc = PROC_NONE;
	at_open_run(at, g, 0, open);
	at_enter_call(at);
	at->stream->proc = proc;
}

/* Its P is told later, if at all: until then the stream has none. */
static void open_head(const struct at *at, bool in_syscall)
{
	uint16_t proc = at->stream->proc;

	if (proc == PROC_NONE)
		at->stream->proc = known_proc(at->walk, at->stream->head_go);
	if (in_syscall)
		at_open_call(at, at->stream->head_go, RUN_HEAD_SYSCALL);
	else
		at_open_run(at, at->stream->head_go, 0, RUN_HEAD);
	at->stream->proc = proc;
}

/* The current run. At the head of a stream, where its goroutine is not said, one is assumed; what
 * comes later without one is damage and counted. */
struct open_run *at_need_run(const struct at *at, bool in_syscall)
{
	struct stream *stream = at->stream;

	if (stream->run.g == INDEX_NONE && !stream->has_run && stream->m != WIRE_NO_THREAD) {
		if (stream->head_go == INDEX_NONE)
			stream->head_go = walk_add_standin(at->walk);
		open_head(at, in_syscall);
	}
	if (stream->run.g == INDEX_NONE) {
		at->walk->dropped++;
		return NULL;
	}
	return &stream->run;
}

void at_close_run(const struct at *at, enum run_close close)
{
	struct stream *stream = at->stream;
	struct open_run *run = &stream->run;
	bool in_call = close == RUN_SYSCALL_BLOCKED || close == RUN_SYSCALL_DESTROY;
	struct move *move;

	at_leave_assist(at);
	walk_leave_regions(at->walk, stream);
	if (run->proc < at->walk->procs.count && at->time > at->walk->procs.items[run->proc].last)
		at->walk->procs.items[run->proc].last = at->time;
	if (at_is_on_lane(run) && !at->walk->keeps)
		at_spend_syscalls(at);
	if (at_is_on_lane(run) && !in_call && !at->walk->keeps)
		buckets_add_run(&at->walk->buckets, run->proc,
		                run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN, run->begin,
		                at->time, run->g);
	move = at_add_move(at, run->g, run->order, MOVE_CLOSE, close);
	move->other = run->in_syscalls;
	move->stack = !at->walk->keeps                ? run->stack
	              : in_call && stream->in_syscall ? stream->call_stack
	                                              : 0;
	move->worker = (uint8_t)(run->worker & 3);
	move->more = in_call ? at_keep_call(at, at->time) : at_keep_stays(at);
	run->g = INDEX_NONE;
	if (stream->in_syscall)
		walk_add_entry(at->walk, at->time, false);
	stream->in_syscall = false;
}

void at_doubt_run(const struct at *at)
{
	at->walk->dropped += current_go(at) != INDEX_NONE;
	at_lose_run(at);
}

void at_lose_run(const struct at *at)
{
	if (current_go(at) == INDEX_NONE)
		return;
	if (at->stream->assist.g != INDEX_NONE)
		at_assist_end(at);
	at_end_call(at);
	at_close_run(at, RUN_LOST);
}

/* Ranges that are open end there, too: that much is known of them. */
void at_lose_thread(const struct at *at)
{
	struct stream *stream = at->stream;
	struct tenure *tenure = at_own_tenure(at);

	if (stream->sweep.g != INDEX_NONE)
		at_sweep_end(at);
	at_stw_end(at);
	at_lose_run(at);
	if (tenure != NULL) {
		tenure->unknown = at->time;
		tenure->last_go = stream->last_go;
	}
	at_drop_proc(at);
	stream->has_run = true;
}
