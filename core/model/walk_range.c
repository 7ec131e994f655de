/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* Ranges: stops of the world, mark phases, assists, sweeps. */

static void add_mark(const struct at *at, enum mark_kind kind, const struct open_range *range)
{
	struct move *move = at_add_move(at, range->g, range->order, MOVE_ASSIST, kind);

	move->time = range->begin;
	move->ref = range->ref;
	move->proc = range->proc;
	move->other = range->in_syscalls;
	move->stack = range->stack <= UINT32_MAX ? (uint32_t)range->stack : 0;
}

/* An assist that is open when its run ends goes on elsewhere. */
void at_leave_assist(const struct at *at)
{
	struct open_range *assist = &at->stream->assist;

	if (assist->g != INDEX_NONE)
		add_mark(at, MARK_BEGIN, assist);
	assist->g = INDEX_NONE;
}

/* A sweep that is open when its thread gives the P away ends elsewhere. */
void at_leave_sweep(const struct at *at)
{
	struct open_range *sweep = &at->stream->sweep;

	if (sweep->g != INDEX_NONE)
		*array_push(&at->walk->sweep_ends) = (struct sweep_end){
			.seq = sweep->order,
			.time = sweep->begin,
			.g = sweep->g,
			.proc = sweep->proc,
			.kind = MARK_BEGIN,
		};
	sweep->g = INDEX_NONE;
}

void at_stw_begin(const struct at *at)
{
	if (at->stream->m == WIRE_NO_THREAD) {
		at->walk->dropped++;
		return;
	}
	at->stream->stop = (uint32_t)at->walk->stops.count;
	*array_push(&at->walk->stops) = (struct stop){
		.begin = at->time,
		.end = TIME_NONE,
		.restart = TIME_NONE,
		.g = current_go(at),
		.ref = at->ref,
		.m = at->stream->m,
		.reason = at->arg[0],
		.stack = at->arg[1],
		.proc = at->stream->proc,
	};
}

void at_stw_end(const struct at *at)
{
	if (at->stream->stop != INDEX_NONE)
		at->walk->stops.items[at->stream->stop].end = at->time;
	at->stream->stop = INDEX_NONE;
}

void at_procs_change(const struct at *at)
{
	struct stop *stop;

	*array_push(&at->walk->gomaxprocs) = (struct metric){ at->time, at->arg[0] };
	if (at->stream->stop == INDEX_NONE)
		return;
	stop = &at->walk->stops.items[at->stream->stop];
	if (stop->restart == TIME_NONE)
		stop->restart = at->time;
}

void at_gc_event(const struct at *at, enum mark_kind kind)
{
	*array_push(&at->walk->gc_events) = (struct gc_event){
		.seq = at->arg[0],
		.time = at->time,
		.kind = (uint8_t)kind,
		.ref = at->ref,
	};
}

static struct open_range range_here(const struct at *at, uint64_t stack)
{
	return (struct open_range){
		.g = at->stream->run.g,
		.order = at->stream->run.order,
		.begin = at->time,
		.in_syscalls = at->stream->run.in_syscalls,
		.ref = at->ref,
		.stack = at->walk->keeps ? walk_stack(at->walk, stack) : stack,
		.proc = at->stream->proc,
	};
}

/* Both ends in one run: the range is whole. */
static void add_piece(const struct at *at, const struct open_range *range, enum piece_kind kind)
{
	*array_push(&at->walk->pieces) = (struct piece){
		.begin = range->begin,
		.end = at->time,
		.g = range->g,
		.ref = range->ref,
		.stack = range->stack,
		.proc = range->proc,
		.kind = (uint8_t)kind,
	};
}

void at_assist_begin(const struct at *at)
{
	if (current_go(at) != INDEX_NONE)
		at->stream->assist = range_here(at, at->arg[0]);
}

void at_assist_end(const struct at *at)
{
	struct open_range here;

	if (current_go(at) == INDEX_NONE)
		return;
	if (at->stream->assist.g != INDEX_NONE) { /* begun in this run, as its end leaves it */
		add_piece(at, &at->stream->assist, PIECE_ASSIST);
		at->stream->assist.g = INDEX_NONE;
		return;
	}
	here = range_here(at, 0);
	add_mark(at, MARK_END, &here);
}

void at_assist_active(const struct at *at)
{
	struct open_range here = range_here(at, 0);

	here.g = find_go(at->walk, at->arg[0]);
	here.order = 0;
	add_mark(at, MARK_ACTIVE, &here);
}

void at_sweep_begin(const struct at *at)
{
	if (current_go(at) == INDEX_NONE || at->stream->proc == PROC_NONE)
		return;
	at_leave_sweep(at);
	at->stream->sweep = range_here(at, at->arg[0]);
	at->stream->sweep.order = at_own_tenure(at) != NULL ? at_own_tenure(at)->seq : 0;
}

/* Whoever ran at the head of the stream has two numbers, if it was told later who that is. */
static bool runs(const struct at *at, uint32_t g)
{
	const struct stream *stream = at->stream;

	return current_go(at) != INDEX_NONE &&
	       (current_go(at) == g || (g == stream->head_go && current_go(at) == stream->bound));
}

void at_sweep_end(const struct at *at)
{
	struct stream *stream = at->stream;
	bool whole = stream->sweep.g != INDEX_NONE && stream->sweep.proc == stream->proc;

	if (!whole)
		at_leave_sweep(at);
	if (whole && runs(at, stream->sweep.g))
		add_piece(at, &stream->sweep, PIECE_SWEEP);
	if (!whole && stream->proc != PROC_NONE)
		*array_push(&at->walk->sweep_ends) = (struct sweep_end){
			.seq = at_own_tenure(at) != NULL ? at_own_tenure(at)->seq : 0,
			.time = at->time,
			.g = current_go(at),
			.proc = stream->proc,
			.kind = MARK_END,
		};
	stream->sweep.g = INDEX_NONE;
}

void at_sweep_active(const struct at *at)
{
	uint16_t proc = walk_find_proc(at->walk, at->arg[0]);

	if (proc != PROC_NONE && at->walk->is_first)
		*array_push(&at->walk->sweep_ends) = (struct sweep_end){
			.time = 0,
			.g = current_go(at),
			.proc = proc,
			.kind = MARK_ACTIVE,
		};
}
