/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/sketch_at.h"

enum { ADVISED = 64 /* places that the system is told of at a time */ };

struct sketch *sketch_new(struct budget *budget, const struct source *source)
{
	struct sketch *sketch = budget_resize(budget, NULL, 0, sizeof(*sketch));

	*sketch = (struct sketch){ .budget = budget, .source = source, .arena.budget = budget };
	sketch->lanes.budget = sketch->lane_of.budget = budget;
	sketch->places.budget = sketch->samples.budget = sketch->rates.budget = budget;
	sketch->calls.budget = sketch->steals.budget = budget;
	sketch->buffer.budget = sketch->lane_of_thread.budget = budget;
	sketch->thread_of.budget = budget;
	return sketch;
}

/* What only making it needs. */
static void free_tools(struct sketch *sketch)
{
	sketch_plan_free(sketch);
	sketch_scan_free(sketch);
	array_free(&sketch->places);
	array_free(&sketch->samples);
	array_free(&sketch->rates);
	array_free(&sketch->calls);
	array_free(&sketch->steals);
	array_free(&sketch->buffer);
	array_free(&sketch->lane_of_thread);
	id_map_free(&sketch->thread_of);
}

void sketch_free(struct sketch *sketch)
{
	if (sketch == NULL)
		return;
	free_tools(sketch);
	array_free(&sketch->lanes);
	id_map_free(&sketch->lane_of);
	arena_free(&sketch->arena);
	budget_resize(sketch->budget, sketch, sizeof(*sketch), 0);
}

/* ---- steps */

/* The disk sees many reads at once, not one after the other. */
static void advise(struct sketch *sketch)
{
	size_t end = sketch->advised + ADVISED;

	for (; sketch->advised < sketch->places.count && sketch->advised < end; sketch->advised++) {
		const struct sketch_place *place = &sketch->places.items[sketch->advised];

		source_expect(sketch->source, place->offset, place->take);
	}
}

bool sketch_step(struct sketch *sketch)
{
	if (sketch->is_done)
		return false;
	if (sketch->plan != NULL) {
		if (!sketch_plan_step(sketch))
			sketch_plan_free(sketch);
		return true;
	}
	if (sketch->scan != NULL) {
		if (!sketch_scan_step(sketch))
			sketch_scan_free(sketch);
		return true;
	}
	if (sketch->advised < sketch->places.count) {
		advise(sketch);
		return true;
	}
	if (sketch->at < sketch->places.count) {
		sketch_read(sketch, &sketch->places.items[sketch->at++]);
		return true;
	}
	sketch_end(sketch);
	free_tools(sketch);
	sketch->is_done = true;
	return false;
}

/* ---- what it shows */

struct sketch_frame sketch_frame(const struct sketch *sketch)
{
	return (struct sketch_frame){
		.start_ns = sketch->start_ns,
		.begin_ns = sketch->begin_ns,
		.end_ns = sketch->end_ns,
		.last_ns = sketch->last_ns,
		.cell_ns = INT64_C(1) << sketch->bits,
		.events = sketch->events,
		.heap_max = sketch->heap_max,
		.is_scanned = !sketch->is_by_index,
	};
}

/* A stretch in cells. */
struct reach {
	int64_t begin_ns, end_ns;
	uint32_t first, end;
};

static bool find_reach(const struct sketch *sketch, int64_t begin_ns, int64_t end_ns,
                       struct reach *reach)
{
	begin_ns = begin_ns < sketch->begin_ns ? sketch->begin_ns : begin_ns;
	end_ns = end_ns > sketch->end_ns ? sketch->end_ns : end_ns;
	if (!sketch->is_done || sketch->cells == 0 || begin_ns >= end_ns)
		return false;
	*reach = (struct reach){
		begin_ns,
		end_ns,
		(uint32_t)((begin_ns >> sketch->bits) - sketch->first),
		(uint32_t)(((end_ns - 1) >> sketch->bits) - sketch->first + 1),
	};
	return true;
}

/* How much of a cell lies in a reach. */
static int64_t overlap(const struct sketch *sketch, const struct reach *reach, uint32_t cell)
{
	int64_t from = (sketch->first + cell) << sketch->bits;
	int64_t to = from + (INT64_C(1) << sketch->bits);

	from = from < reach->begin_ns ? reach->begin_ns : from;
	to = to > reach->end_ns ? reach->end_ns : to;
	return to - from;
}

/* The part of a cell's value that falls into a reach of it. */
static int64_t part_of(const struct sketch *sketch, int64_t value, int64_t overlap_ns)
{
	return (int64_t)((double)value * (double)overlap_ns / (double)(INT64_C(1) << sketch->bits));
}

struct mix sketch_mix(const struct sketch *sketch, uint64_t proc, int64_t begin_ns, int64_t end_ns)
{
	struct mix mix = { .longest_go = INDEX_NONE };
	uint32_t lane = id_map_find(&sketch->lane_of, proc);
	struct reach reach;

	if (lane == ID_NONE || !find_reach(sketch, begin_ns, end_ns, &reach))
		return mix;
	for (uint32_t i = reach.first; i < reach.end; i++) {
		const int64_t *spent = sketch->lanes.items[lane].spent_ns[i];
		int64_t ns = overlap(sketch, &reach, i);

		/* without the index, whose other threads were not met tells nothing */
		mix.is_known |= sketch->covered_ns[i] > 0 &&
		                (sketch->is_by_index || spent[LANE_RUN] + spent[LANE_SYSCALL] > 0);
		for (int kind = 0; kind < LANE_KINDS; kind++)
			mix.spent_ns[kind] += part_of(sketch, spent[kind], ns);
	}
	return mix;
}

static struct level running(const struct sketch *sketch, const struct reach *reach)
{
	struct level level = { .min = INT64_MAX };
	int64_t cell_ns = INT64_C(1) << sketch->bits;

	for (uint32_t i = reach->first; i < reach->end; i++) {
		int64_t ns = cell_ns / 2;

		if (sketch->covered_ns[i] == 0)
			continue;
		for (size_t lane = 0; lane < sketch->lanes.count; lane++) {
			const int64_t *spent = sketch->lanes.items[lane].spent_ns[i];

			ns += spent[LANE_RUN] + spent[LANE_SYSCALL];
		}
		level.last = ns / cell_ns;
		level.min = level.last < level.min ? level.last : level.min;
		level.max = level.last > level.max ? level.last : level.max;
		level.is_known = true;
	}
	return level;
}

static struct level points_level(const struct sketch_point *points, const struct reach *reach)
{
	struct level level = { .min = INT64_MAX, .max = INT64_MIN };

	for (uint32_t i = reach->first; i < reach->end; i++) {
		if (points[i].time_ns == TIME_UNKNOWN)
			continue;
		level.min = points[i].min < level.min ? points[i].min : level.min;
		level.max = points[i].max > level.max ? points[i].max : level.max;
		level.last = points[i].last;
		level.is_known = true;
	}
	return level;
}

struct level sketch_level(const struct sketch *sketch, enum series series, int64_t begin_ns,
                          int64_t end_ns)
{
	struct reach reach;

	if (!find_reach(sketch, begin_ns, end_ns, &reach))
		return (struct level){ 0 };
	if (series == SERIES_RUNNING)
		return running(sketch, &reach);
	if (series == SERIES_HEAP)
		return points_level(sketch->heap, &reach);
	if (series == SERIES_GOAL)
		return points_level(sketch->goal, &reach);
	return (struct level){ 0 };
}

size_t sketch_procs(const struct sketch *sketch, uint64_t ids[SKETCH_PROCS])
{
	size_t count = 0;

	for (size_t i = LANE_UNKNOWN + 1; sketch->is_done && i < sketch->lanes.count; i++) {
		size_t at = count++;

		for (; at > 0 && ids[at - 1] > sketch->lanes.items[i].id; at--)
			ids[at] = ids[at - 1];
		ids[at] = sketch->lanes.items[i].id;
	}
	return count;
}
