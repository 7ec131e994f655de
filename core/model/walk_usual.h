/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_WALK_USUAL_H
#define CORE_MODEL_WALK_USUAL_H

#include "core/model/walk_at.h"

/* Inside of walk_quick.c: what it keeps in registers, and where its records go. An event has at
 * least LEAST_BYTES, and brings at most one record of each kind for as many of its bytes: so it is
 * for bytes that room is made, and nobody asks for it again at each record. All is inline, as what
 * a function has the address of is not in registers. */

enum {
	LEAST_BYTES = 2,
	ROOM = 64,
	ROW_ENDS = 2, /* of the row of stays, and of the next, empty one */
};

#define USUAL static inline __attribute__((always_inline))

struct usual {
	struct walk *walk;
	struct stream *stream;
	part_time time;
	const uint8_t *at;    /* the event, */
	const uint8_t *limit; /* up to which there is room, */
	event_ref from_ref; /* and what makes its address a reference: most need none */
	/* the walk's moves and entries, as there is room for them */
	struct move *next_move;
	struct call_span *next_entry;
	/* the run's syscalls among the walk's stays, where they are while nobody else adds to
	 * those; not of a run whose stream has kept some from before */
	struct stay *own_stays, *next_stay;
	struct move *run; /* the begin of the run, which its end joins, if that comes in here; or
	                   * NULL */
	/* the bucket that a run has ended in, its P's; and of the runs there that are not told to
	 * all yet: how many there were before, and when the last one ended */
	struct usual_lane {
		struct lane_node *node;
		part_time begin, end, last;
		uint32_t spans;
		uint16_t proc;
	} lane;
};

USUAL event_ref usual_ref(const struct usual *u)
{
	return u->from_ref + (event_ref)(uintptr_t)u->at;
}

/* ---- room */

USUAL void usual_begin(struct usual *u)
{
	struct walk *walk = u->walk;

	u->next_move = walk->moves.items + walk->moves.count;
	u->next_entry = walk->entries.items + walk->entries.count;
	u->own_stays = u->next_stay = walk->stays.items + walk->stays.count;
}

USUAL void usual_keep_counts(const struct usual *u)
{
	struct walk *walk = u->walk;

	walk->moves.count = (size_t)(u->next_move - walk->moves.items);
	walk->entries.count = (size_t)(u->next_entry - walk->entries.items);
	walk->stays.count = (size_t)(u->next_stay - walk->stays.items);
}

USUAL void usual_reserve_stays(struct usual *u, size_t wanted)
{
	stay_array *stays = &u->walk->stays;
	size_t own = (size_t)(u->own_stays - stays->items);

	stays->count = (size_t)(u->next_stay - stays->items);
	array_reserve(stays, wanted);
	u->own_stays = stays->items + own;
	u->next_stay = stays->items + stays->count;
}

USUAL void usual_reserve(struct usual *u)
{
	struct walk *walk = u->walk;
	size_t run = u->run == NULL ? 0 : (size_t)(u->run - walk->moves.items);

	array_reserve(&walk->moves, walk->moves.count + ROOM);
	array_reserve(&walk->entries, walk->entries.count + ROOM);
	usual_reserve_stays(u, walk->stays.count + ROOM + ROW_ENDS);
	u->run = u->run == NULL ? NULL : walk->moves.items + run;
	u->next_move = walk->moves.items + walk->moves.count;
	u->next_entry = walk->entries.items + walk->entries.count;
}

#define ROOM_OF(array) ((array)->capacity - (array)->count)

/* Of the array that has the least, behind the ends of a row of stays. */
USUAL size_t usual_room(const struct walk *walk)
{
	size_t room = ROOM_OF(&walk->stays);

	room = room > ROW_ENDS ? room - ROW_ENDS : 0;
	room = ROOM_OF(&walk->moves) < room ? ROOM_OF(&walk->moves) : room;
	return ROOM_OF(&walk->entries) < room ? ROOM_OF(&walk->entries) : room;
}

/* For events before end, or for the first of them. */
USUAL void usual_make_room(struct usual *u, const uint8_t *p, const uint8_t *end)
{
	size_t room;

	usual_keep_counts(u);
	room = usual_room(u->walk);
	if (room < ROOM) {
		usual_reserve(u);
		room = usual_room(u->walk);
	}
	u->limit = (size_t)(end - p) > room * LEAST_BYTES ? p + room * LEAST_BYTES : end;
}

/* The run's syscalls to where others look for them. */
USUAL void usual_keep(const struct usual *u)
{
	usual_keep_counts(u);
	for (const struct stay *stay = u->own_stays; stay < u->next_stay; stay++)
		*array_push(&u->stream->syscalls) = *stay;
	u->walk->stays.count = (size_t)(u->own_stays - u->walk->stays.items);
}

/* And from there, if they had to go there. */
USUAL void usual_take_kept(struct usual *u)
{
	size_t count = u->stream->syscalls.count;

	if (count == 0)
		return;
	usual_reserve_stays(u, (size_t)(u->next_stay - u->walk->stays.items) + count +
	                               (size_t)(u->limit - u->at) / LEAST_BYTES + ROW_ENDS);
	for (size_t i = 0; i < count; i++)
		*u->next_stay++ = u->stream->syscalls.items[i];
}

/* ---- lanes */

USUAL void usual_leave_node(const struct usual *u)
{
	struct local_proc *proc;

	if (u->lane.node == NULL || u->lane.node->spans == u->lane.spans)
		return;
	buckets_count_runs(&u->walk->buckets, u->lane.proc, u->lane.node->spans - u->lane.spans);
	proc = &u->walk->procs.items[u->lane.proc];
	proc->last = u->lane.last > proc->last ? u->lane.last : proc->last;
}

/* Of a run. */
USUAL void usual_reach_node(struct usual *u, uint16_t proc, part_time time)
{
	part_time begin, end;

	usual_leave_node(u);
	u->lane.node = buckets_reach(&u->walk->buckets, proc, time, &begin, &end);
	u->lane.proc = PROC_NONE;
	if (u->lane.node == NULL)
		return;
	u->lane.proc = proc;
	u->lane.begin = begin;
	u->lane.end = end;
	u->lane.spans = u->lane.node->spans;
}

#endif
