/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* The events of goroutines. */

static struct move *last_move(const struct at *at)
{
	return &at->walk->moves.items[at->walk->moves.count - 1];
}

static void add_wake(const struct at *at, uint32_t g, uint32_t seq, enum wake_kind kind,
                     uint64_t stack)
{
	struct move *move = at_add_move(at, g, 2 * seq, MOVE_WAKE, kind);

	move->other = current_go(at);
	move->stack = walk_stack(at->walk, stack);
}

/* ---- events */

void at_go_create(const struct at *at, enum wake_kind kind)
{
	uint32_t g = find_go(at->walk, at->arg[0]);

	add_wake(at, g, 0, kind, at->arg[2]);
	if (!at->walk->keeps)
		last_move(at)->stack = walk_name_of(at->walk, at->arg[1]);
}

void at_go_start(const struct at *at)
{
	if (is_slot(at, at->arg[1]))
		at_open_run(at, find_go(at->walk, at->arg[0]), (uint32_t)at->arg[1], RUN_START);
}

void at_go_stop(const struct at *at, enum run_close close)
{
	uint8_t reason = walk_find_reason(at->walk, at->arg[0]);

	if (at_need_run(at, false) == NULL)
		return;
	at_note_stack(at, at->arg[1]);
	at_close_run(at, close);
	last_move(at)->reason = reason;
	if (at->walk->keeps)
		last_move(at)->stack = walk_stack(at->walk, at->arg[1]);
}

void at_go_destroy(const struct at *at)
{
	if (at_need_run(at, false) != NULL)
		at_close_run(at, RUN_DESTROY);
}

void at_go_unblock(const struct at *at)
{
	if (is_slot(at, at->arg[1]))
		add_wake(at, find_go(at->walk, at->arg[0]), (uint32_t)at->arg[1], WAKE_UNBLOCK,
		         at->arg[2]);
}

void at_go_switch(const struct at *at, enum run_close close)
{
	if (at_need_run(at, false) != NULL)
		at_close_run(at, close);
	if (is_slot(at, at->arg[1]))
		at_open_run(at, find_go(at->walk, at->arg[0]), (uint32_t)at->arg[1], RUN_SWITCH);
}

/* In a syscall on this thread since before. */
static void status_syscall(const struct at *at, uint32_t g)
{
	struct tenure *tenure = at_own_tenure(at);

	at_open_call(at, g, RUN_STATUS_SYSCALL);
	if (tenure != NULL && tenure->kind == TENURE_STATUS_SYSCALL)
		at->stream->call_tenure = at->stream->tenure;
}

/* Another thread is in a syscall with it, as far as is known. */
static void bind(struct at *at, uint32_t g)
{
	uint32_t there = walk_stream(at->walk, at->arg[1]); /* moves streams */
	struct stream *stream = &at->walk->streams.items[there];

	stream->bound = g;
	stream_note_time(stream, at->time);
	at->stream = &at->walk->streams.items[at->stream_index];
}

/* The status of whoever has run on this thread since its head, without a word until now. */
static bool names_head(const struct at *at)
{
	uint32_t g = current_go(at);

	return g != INDEX_NONE && at->walk->gos.items[g].is_standin &&
	       at->stream->bound == INDEX_NONE && at->arg[1] == at->stream->m &&
	       (at->arg[2] == WIRE_GO_RUNNING || at->arg[2] == WIRE_GO_SYSCALL);
}

/* To the move that the status made, if any: others, as of the end of a run that it puts in doubt,
 * may stand beside it. */
static void note_status_stack(const struct at *at, uint32_t g, size_t first, uint32_t stack)
{
	move_array *moves = &at->walk->moves;

	for (size_t i = first; i < moves->count; i++)
		if (moves->items[i].g == g && moves->items[i].order == 0)
			moves->items[i].more = stack;
}

void at_go_status(struct at *at, uint64_t stack)
{
	uint32_t g = find_go(at->walk, at->arg[0]);
	size_t before = at->walk->moves.count;

	at->walk->gos.items[g].has_status = true;
	at->walk->names_idle |= at->stream->m == WIRE_NO_THREAD;
	if (g == current_go(at) && at->arg[2] <= WIRE_GO_SYSCALL)
		return; /* says what is known */
	if (names_head(at)) {
		add_wake(at, g, 0, WAKE_STATUS_SYSCALL, stack);
		at->stream->bound = g;
		return;
	}
	switch (at->arg[2]) {
	case WIRE_GO_RUNNABLE:
		add_wake(at, g, 0, WAKE_STATUS_RUNNABLE, stack);
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
		add_wake(at, g, 0, WAKE_STATUS_SYSCALL, stack);
		bind(at, g);
		break;
	case WIRE_GO_WAITING:
		add_wake(at, g, 0, WAKE_STATUS_WAITING, stack);
		break;
	default:
		at->walk->dropped++;
	}
	if (walk_name_of(at->walk, stack) != 0)
		note_status_stack(at, g, before, (uint32_t)stack);
}

const char *const worker_labels[WORKERS] = {
	[WORKER_NONE] = "",
	[WORKER_DEDICATED] = "GC (dedicated)",
	[WORKER_FRACTIONAL] = "GC (fractional)",
	[WORKER_IDLE] = "GC (idle)",
};

/* Idle ones run where nobody else would. */
static bool takes_proc(uint8_t worker)
{
	return worker == WORKER_DEDICATED || worker == WORKER_FRACTIONAL;
}

void at_go_label(const struct at *at)
{
	struct bytes label = walk_text(at->walk, at->arg[0]);
	uint8_t worker = WORKER_IDLE;

	while (worker != WORKER_NONE && !bytes_equal(label, bytes_of(worker_labels[worker])))
		worker--;
	if (current_go(at) == INDEX_NONE || worker == WORKER_NONE)
		return;
	if (!takes_proc(at->stream->run.worker) && takes_proc(worker))
		*array_push(&at->walk->labels) = at->time;
	at->stream->run.worker = worker;
}
