/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/sort.h"
#include "core/model/sketch_at.h"

/* The cells of a sketch, and what all that fill them share. */

uint64_t sketch_bytes(const struct sketch *sketch)
{
	uint64_t share = atomic_load(&sketch->source->end) / PLACE_SHARE;

	return share < PLACE_BYTES_MIN ? PLACE_BYTES_MIN
	       : share > PLACE_BYTES   ? PLACE_BYTES
	                               : share;
}

static void add_lane(struct sketch *sketch, uint64_t id)
{
	struct sketch_lane *lane = array_push(&sketch->lanes);

	*lane = (struct sketch_lane){ .id = id };
	lane->spent_ns = arena_new(&sketch->arena, sketch->cells, sizeof(*lane->spent_ns));
}

static struct sketch_point *new_points(struct sketch *sketch)
{
	struct sketch_point *points = ARENA_NEW(&sketch->arena, sketch->cells, struct sketch_point);

	for (uint32_t i = 0; i < sketch->cells; i++)
		points[i].time_ns = TIME_UNKNOWN;
	return points;
}

void sketch_set_window(struct sketch *sketch, int64_t begin_ns, int64_t end_ns)
{
	begin_ns = begin_ns < 0 ? 0 : begin_ns;
	end_ns = end_ns > begin_ns ? end_ns : begin_ns + 1;
	while ((((end_ns - 1) >> sketch->bits) - (begin_ns >> sketch->bits)) >= CELLS_MAX)
		sketch->bits++;
	sketch->begin_ns = begin_ns;
	sketch->end_ns = end_ns;
	sketch->first = begin_ns >> sketch->bits;
	sketch->cells = (uint32_t)(((end_ns - 1) >> sketch->bits) - sketch->first + 1);
	sketch->covered_ns = ARENA_NEW(&sketch->arena, sketch->cells, int64_t);
	sketch->heap = new_points(sketch);
	sketch->goal = new_points(sketch);
	add_lane(sketch, UINT64_MAX);
}

uint32_t sketch_find_thread(struct sketch *sketch, uint64_t m)
{
	uint32_t fresh = (uint32_t)sketch->lane_of_thread.count;
	uint32_t thread = id_map_find(&sketch->thread_of, m);

	if (thread != ID_NONE || fresh == THREADS_MAX)
		return thread;
	*array_push(&sketch->lane_of_thread) = LANE_UNKNOWN;
	return id_map_add(&sketch->thread_of, m, fresh);
}

uint32_t sketch_find_lane(struct sketch *sketch, uint64_t proc)
{
	uint32_t fresh = (uint32_t)sketch->lanes.count, lane;

	lane = id_map_find(&sketch->lane_of, proc);
	if (lane != ID_NONE)
		return lane;
	if (fresh > SKETCH_PROCS)
		return LANE_UNKNOWN;
	id_map_add(&sketch->lane_of, proc, fresh);
	add_lane(sketch, proc);
	return fresh;
}

void sketch_add(struct sketch *sketch, uint32_t lane, enum lane_kind kind, int64_t begin_ns,
                int64_t end_ns, int64_t spent_ns)
{
	int64_t(*cells)[LANE_KINDS] = sketch->lanes.items[lane].spent_ns;
	int64_t from = begin_ns < sketch->begin_ns ? sketch->begin_ns : begin_ns;
	int64_t to = end_ns > sketch->end_ns ? sketch->end_ns : end_ns;
	double share;

	if (from >= to)
		return;
	share = (double)spent_ns / (double)(end_ns - begin_ns);
	for (int64_t cell = from >> sketch->bits; from < to; cell++) {
		int64_t next = (cell + 1) << sketch->bits;
		int64_t part = (next < to ? next : to) - from;

		cells[cell - sketch->first][kind] += (int64_t)(share * (double)part);
		from = next;
	}
}

static int by_thread(const void *left, const void *right)
{
	const struct sketch_place *a = left, *b = right;

	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return (a->base_ns > b->base_ns) - (a->base_ns < b->base_ns);
}

void sketch_sort_places(struct sketch *sketch)
{
	SORT_ARRAY(&sketch->places, by_thread);
}
