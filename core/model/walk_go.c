/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* What happens to goroutines: their runs and wake-ups. */

/* The first change of state with a stack names the goroutine (Go: summary.go). */
void at_note_stack(const struct at *at, uint64_t stack)
{
	struct open_run *run = &at->stream->run;

	if (run->stack == 0 && stack != 0 && stack < STACK_NONE && walk_names_root(at->walk, stack))
		run->stack = (uint32_t)stack;
}

void at_open_run(const struct at *at, uint32_t g, uint32_t seq, enum run_open open)
{
	struct stream *stream = at->stream;

	stream->run = (struct open_run){
		.g = g,
		.order = 2 * seq + 1,
		.begin = at->time,
		.ref = at->ref,
		.stack = at->walk->named.items[g] ? STACK_NONE : 0,
		.proc = stream->proc,
		.open = (uint8_t)open,
	};
	stream->last_go = g;
	stream->in_syscall = false;
	stream->has_run = true;
	array_clear(&stream->syscalls);
	at_add_move(at, g, 2 * seq, MOVE_OPEN, open);
}

/* The current run. At the head of a stream, where its goroutine is not said, one is assumed; what
 * comes later without one is damage and counted. */
struct open_run *at_need_run(const struct at *at, bool in_syscall)
{
	struct stream *stream = at->stream;

	if (stream->run.g == INDEX_NONE && !stream->has_run && stream->m != WIRE_NO_THREAD) {
		stream->head_go = walk_add_standin(at->walk);
		at_open_run(at, stream->head_go, 0, in_syscall ? RUN_HEAD_SYSCALL : RUN_HEAD);
		if (in_syscall)
			at_enter_call(at);
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
	if (at_is_on_lane(run) || at->walk->keeps)
		at_spend_syscalls(at, at_is_on_lane(run));
	if (at_is_on_lane(run) && !in_call && !at->walk->keeps)
		buckets_add_run(&at->walk->buckets, run->proc,
		                run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN, run->begin,
		                at->time, run->g);
	move = at_add_move(at, run->g, run->order, MOVE_CLOSE, close);
	move->other = run->in_syscalls;
	move->stack = run->stack != STACK_NONE ? run->stack : 0;
	move->worker = (uint8_t)(run->worker & 3);
	move->more = in_call ? at_keep_call(at, at->time) : at_keep_stays(at);
	run->g = INDEX_NONE;
	stream->in_syscall = false;
}

static void add_wake(const struct at *at, uint32_t g, uint32_t seq, enum wake_kind kind)
{
	at_add_move(at, g, 2 * seq, MOVE_WAKE, kind)->other = current_go(at);
}

/* ---- events */

void at_go_create(const struct at *at, enum wake_kind kind)
{
	uint32_t g = walk_find_go(at->walk, at->arg[0]);

	add_wake(at, g, 0, kind);
	if (at->arg[1] >= STACK_NONE || !walk_names_root(at->walk, at->arg[1]))
		return;
	at->walk->moves.items[at->walk->moves.count - 1].stack = (uint32_t)at->arg[1];
	at->walk->named.items[g] = true;
}

void at_go_start(const struct at *at)
{
	if (is_slot(at, at->arg[1]))
		at_open_run(at, walk_find_go(at->walk, at->arg[0]), (uint32_t)at->arg[1],
		            RUN_START);
}

void at_go_stop(const struct at *at, enum run_close close)
{
	uint8_t reason = walk_find_reason(at->walk, at->arg[0]);

	if (at_need_run(at, false) == NULL)
		return;
	at_note_stack(at, at->arg[1]);
	at_close_run(at, close);
	at->walk->moves.items[at->walk->moves.count - 1].reason = reason;
}

void at_go_destroy(const struct at *at)
{
	if (at_need_run(at, false) != NULL)
		at_close_run(at, RUN_DESTROY);
}

void at_go_unblock(const struct at *at)
{
	if (is_slot(at, at->arg[1]))
		add_wake(at, walk_find_go(at->walk, at->arg[0]), (uint32_t)at->arg[1],
		         WAKE_UNBLOCK);
}

void at_go_switch(const struct at *at, enum run_close close)
{
	if (at_need_run(at, false) != NULL)
		at_close_run(at, close);
	if (is_slot(at, at->arg[1]))
		at_open_run(at, walk_find_go(at->walk, at->arg[0]), (uint32_t)at->arg[1],
		            RUN_SWITCH);
}

/* In a syscall on this thread since before. */
static void status_syscall(const struct at *at, uint32_t g)
{
	struct tenure *tenure = at_own_tenure(at);

	at_open_run(at, g, 0, RUN_STATUS_SYSCALL);
	at_enter_call(at);
	if (tenure != NULL && tenure->kind == TENURE_STATUS_SYSCALL)
		at->stream->call_tenure = at->stream->tenure;
}

/* Another thread is in a syscall with it, as far as is known. */
static void bind(struct at *at, uint32_t g)
{
	uint32_t there = walk_stream(at->walk, at->arg[1]); /* moves streams */
	struct stream *stream = &at->walk->streams.items[there];

	stream->bound = g;
	if (stream->first == TIME_NONE)
		stream->first = stream->last = at->time;
	at->stream = &at->walk->streams.items[at->stream_index];
}

void at_go_status(struct at *at, uint64_t stack)
{
	uint32_t g = walk_find_go(at->walk, at->arg[0]);
	size_t before = at->walk->moves.count;

	if (g == current_go(at) && at->arg[2] <= WIRE_GO_SYSCALL)
		return; /* says what is known */
	switch (at->arg[2]) {
	case WIRE_GO_RUNNABLE:
		add_wake(at, g, 0, WAKE_STATUS_RUNNABLE);
		break;
	case WIRE_GO_RUNNING:
		if (at->stream->m != WIRE_NO_THREAD)
			at_open_run(at, g, 0, RUN_STATUS);
		break;
	case WIRE_GO_SYSCALL:
		if (at->arg[1] == at->stream->m) {
			status_syscall(at, g);
			break;
		}
		add_wake(at, g, 0, WAKE_STATUS_SYSCALL);
		bind(at, g);
		break;
	case WIRE_GO_WAITING:
		add_wake(at, g, 0, WAKE_STATUS_WAITING);
		break;
	default:
		at->walk->dropped++;
	}
	if (at->walk->moves.count > before && stack <= UINT32_MAX &&
	    walk_names_root(at->walk, stack))
		at->walk->moves.items[before].more = (uint32_t)stack;
}

void at_go_label(const struct at *at)
{
	struct bytes label = tables_text(&at->walk->tables, at->arg[0]);
	uint8_t worker = WORKER_NONE;

	if (bytes_equal(label, bytes_of("GC (dedicated)")))
		worker = WORKER_DEDICATED;
	else if (bytes_equal(label, bytes_of("GC (fractional)")))
		worker = WORKER_FRACTIONAL;
	else if (bytes_equal(label, bytes_of("GC (idle)")))
		worker = WORKER_IDLE;
	if (current_go(at) != INDEX_NONE && worker != WORKER_NONE)
		at->stream->run.worker = worker;
}
