/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

#include "core/model/fine.h"
#include "core/model/part.h"
#include "core/model/seams.h"
#include "core/model/trail.h"

#include <inttypes.h>
#include <stdio.h>

enum { PARTS_A_CELL = 64 }; /* of more the tops tell, if not so finely */

void model_init(struct model *model, struct budget *budget, struct version version)
{
	*model = (struct model){ .budget = budget, .version = version, .living = INDEX_NONE };
	strings_init(&model->strings, budget);
	stacks_init(&model->stacks, budget);
	model->procs.budget = budget;
	roster_init(&model->roster, budget);
	model->lives.budget = model->free_lives.budget = budget;
	model->threads.budget = model->stops.budget = model->cycles.budget = budget;
	model->assists.budget = model->assist_runs.budget = model->workers.budget = budget;
	model->labels.budget = model->procs_counts.budget = budget;
	model->parts.budget = budget;
	model->lanes.budget = budget;
	damage_init(&model->damage, budget);
	id_pages_init(&model->go_of, budget);
	id_runs_init(&model->past_of, budget);
	model->reborn.budget = budget;
	said_init(&model->said, budget);
	model->proc_of.budget = budget;
	model->thread_of.budget = budget;
	id_runs_init(&model->tasks, budget);
	model->seams = seams_new(budget);
	model->tops = budget_resize(budget, NULL, 0, sizeof(*model->tops));
	tops_init(model->tops, budget);
}

void model_free(struct model *model)
{
	struct budget *budget = model->budget;

	for (size_t i = 0; i < model->parts.count; i++)
		part_free(model->parts.items[i], budget);
	for (size_t i = 0; i < model->lanes.count; i++) {
		array_free(&model->lanes.items[i].long_runs);
		array_free(&model->lanes.items[i].long_calls);
	}
	strings_free(&model->strings);
	stacks_free(&model->stacks);
	roster_free(&model->roster);
	array_free(&model->lives);
	array_free(&model->free_lives);
	array_free(&model->procs);
	array_free(&model->threads);
	array_free(&model->stops);
	array_free(&model->cycles);
	array_free(&model->assists);
	array_free(&model->assist_runs);
	array_free(&model->workers);
	trail_free(model);
	array_free(&model->labels);
	array_free(&model->procs_counts);
	damage_free(&model->damage);
	array_free(&model->parts);
	array_free(&model->lanes);
	id_pages_free(&model->go_of);
	id_runs_free(&model->past_of);
	array_free(&model->reborn);
	id_map_free(&model->proc_of);
	said_free(&model->said);
	id_map_free(&model->thread_of);
	id_runs_free(&model->tasks);
	seams_free(model->seams, budget);
	tops_free(model->tops);
	budget_resize(budget, model->tops, sizeof(*model->tops), 0);
}

/* ---- parts of a window */

/* The first part that begins at or after a time. */
static uint32_t first_from(const struct model *model, int64_t ns)
{
	uint32_t low = 0, high = (uint32_t)model->parts.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (model->parts.items[middle]->begin_ns < ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* More than most may not be all. */
static void parts_in(const struct model *model, int64_t begin_ns, int64_t end_ns, uint32_t most,
                     uint32_t *first, uint32_t *end)
{
	*end = first_from(model, end_ns);
	*first = first_from(model, begin_ns);
	/* parts before may lap into the window */
	while (*first > 0 && *end - *first <= most &&
	       model->parts.items[*first - 1]->end_ns >= begin_ns)
		(*first)--;
}

void model_parts_in(const struct model *model, int64_t begin_ns, int64_t end_ns, uint32_t *first,
                    uint32_t *end)
{
	parts_in(model, begin_ns, end_ns, MODEL_PARTS_MAX, first, end);
}

bool model_has_history(const struct model *model, uint32_t part)
{
	return model->parts.items[part]->history != NULL;
}

bool model_has_spans(const struct model *model, int64_t begin_ns, int64_t end_ns)
{
	uint32_t first, end;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	if (end - first > MODEL_PARTS_MAX)
		return false;
	for (uint32_t p = first; p < end; p++)
		if (!model_has_history(model, p))
			return false;
	return true;
}

bool model_has_lane(const struct model *model, struct lane_id lane, int64_t begin_ns,
                    int64_t end_ns)
{
	uint32_t first, end;
	int64_t from_ns, to_ns;

	if (lane.of == LANE_OF_TASK || lane.of == LANE_OF_TRAIL)
		return true;
	if (lane.of != LANE_OF_PROC && lane.of != LANE_IN_PROC)
		return model_has_spans(model, begin_ns, end_ns);
	model_parts_in(model, begin_ns, end_ns, &first, &end);
	if (end - first > MODEL_PARTS_MAX)
		return false;
	for (uint32_t p = first; p < end; p++)
		if (part_lanes(model->parts.items[p], begin_ns, end_ns, &from_ns, &to_ns) == NULL)
			return false;
	return true;
}

int64_t model_part_begin(const struct model *model, uint32_t part)
{
	return model->parts.items[part]->begin_ns;
}

int64_t model_part_end(const struct model *model, uint32_t part)
{
	return model->parts.items[part]->end_ns;
}

/* ---- mixes and levels */

size_t long_run_after(const long_run_array *runs, int64_t time_ns)
{
	size_t low = 0, high = runs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (runs->items[middle].end_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_long_runs(const struct model *model, uint32_t proc, int64_t begin_ns,
                          int64_t end_ns, struct mix *mix)
{
	const struct lane *lane = &model->lanes.items[proc];

	for (size_t i = long_run_after(&lane->long_runs, begin_ns); i < lane->long_runs.count;
	     i++) {
		const struct long_run *run = &lane->long_runs.items[i];
		int64_t from = run->begin_ns > begin_ns ? run->begin_ns : begin_ns;
		int64_t to = run->end_ns < end_ns ? run->end_ns : end_ns;

		if (run->begin_ns >= end_ns)
			break;
		if (to < from)
			continue;
		mix->spent_ns[run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN] += to - from;
		mix->spans++;
		if (run->end_ns - run->begin_ns >= mix->longest_ns) {
			mix->longest_ns = run->end_ns - run->begin_ns;
			mix->longest_go = run->go;
		}
	}
}

/* Their syscalls. */
static void add_long_calls(const struct model *model, uint32_t proc, int64_t begin_ns,
                           int64_t end_ns, struct mix *mix)
{
	const struct lane *lane = &model->lanes.items[proc];

	for (size_t i = long_run_after(&lane->long_calls, begin_ns); i < lane->calls_in_runs; i++) {
		const struct long_run *call = &lane->long_calls.items[i];
		int64_t *run = &mix->spent_ns[call->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN];
		int64_t from = call->begin_ns > begin_ns ? call->begin_ns : begin_ns;
		int64_t to = call->end_ns < end_ns ? call->end_ns : end_ns;

		if (call->begin_ns >= end_ns)
			break;
		if (to > from + *run)
			to = from + *run;
		if (to <= from)
			continue;
		*run -= to - from;
		mix->spent_ns[LANE_SYSCALL] += to - from;
	}
}

/* No more than there is time: where records contradict each other, and where neighbours' shares of
 * a bucket are not as even as they are taken to be. */
static void fit(struct mix *mix, int64_t width_ns)
{
	static const enum lane_kind kinds[] = { LANE_RUN, LANE_WORKER, LANE_SYSCALL };
	int64_t over = -width_ns;

	for (size_t i = 0; i < 3; i++)
		over += mix->spent_ns[kinds[i]];
	for (size_t i = 0; i < 3 && over > 0; i++) {
		int64_t *spent = &mix->spent_ns[kinds[i]], less = over < *spent ? over : *spent;

		*spent -= less;
		over -= less;
	}
}

struct mix model_mix(const struct model *model, uint32_t proc, int64_t begin_ns, int64_t end_ns)
{
	struct mix mix = { .longest_go = INDEX_NONE };
	uint32_t first, end;

	if (begin_ns < 0)
		begin_ns = 0;
	if (end_ns <= begin_ns || proc >= model->lanes.count)
		return mix;
	parts_in(model, begin_ns, end_ns, PARTS_A_CELL, &first, &end);
	mix.is_known = end > first;
	if (end_ns - begin_ns >= INT64_C(1) << model->tops->bits || end - first > PARTS_A_CELL) {
		tops_mix(model->tops, proc, begin_ns, end_ns, &mix);
		fit(&mix, end_ns - begin_ns);
		return mix;
	}
	for (uint32_t p = first; p < end; p++) {
		const struct part *part = model->parts.items[p];
		uint16_t own = part_proc(part, proc);
		const struct history *near;

		if (own == PROC_NONE)
			continue;
		near = fine_near(part, own, begin_ns, end_ns);
		if (near != NULL)
			fine_mix(part, near, own, begin_ns, end_ns, &mix);
		else
			pyramid_mix(&part->pyramid, own, begin_ns, end_ns, &mix);
	}
	add_long_runs(model, proc, begin_ns, end_ns, &mix);
	add_long_calls(model, proc, begin_ns, end_ns, &mix);
	fit(&mix, end_ns - begin_ns);
	return mix;
}

static struct level level_between(const struct model *model, enum series series, int64_t begin_ns,
                                  int64_t end_ns)
{
	struct level level = { 0 };
	uint32_t first, end;

	parts_in(model, begin_ns, end_ns, PARTS_A_CELL, &first, &end);
	if (end_ns - begin_ns >= INT64_C(1) << model->tops->bits || end - first > PARTS_A_CELL) {
		tops_level(model->tops, series, begin_ns, end_ns, &level);
		return level;
	}
	for (uint32_t p = first; p < end; p++) {
		const struct part *part = model->parts.items[p];

		if (!fine_level(part, series, begin_ns, end_ns, &level))
			pyramid_level(&part->pyramid, series, begin_ns, end_ns, &level);
	}
	return level;
}

/* No fewer than none: where records contradict each other, more may leave a state than were in it. */
struct level model_level(const struct model *model, enum series series, int64_t begin_ns,
                         int64_t end_ns)
{
	struct level level = { 0 };

	if (begin_ns < 0)
		begin_ns = 0;
	if (end_ns > begin_ns)
		level = level_between(model, series, begin_ns, end_ns);
	level.min = level.min < 0 ? 0 : level.min;
	level.max = level.max < 0 ? 0 : level.max;
	return level;
}

/* ---- names */

const char *model_go_title(const struct model *model, uint32_t go, char *out, size_t size)
{
	struct goroutine go_of;
	struct bytes name;
	int len;

	if (size > 0)
		out[0] = '\0';
	if (go >= model->roster.count)
		return out;
	go_of = roster_brief(&model->roster, go);
	name = strings_text(&model->strings, go_of.name);
	len = snprintf(out, size, "G%" PRIu64 "%s%.*s", go_of.id, name.len > 0 ? " " : "",
	               (int)name.len, (const char *)name.data);
	(void)len;
	return out;
}

/* ---- ids that come again */

static const struct reborn *find_reborn(const struct model *model, uint32_t go)
{
	size_t low = 0, high = model->reborn.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (model->reborn.items[middle].go < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low < model->reborn.count && model->reborn.items[low].go == go
	               ? &model->reborn.items[low]
	               : NULL;
}

/* The last of those that are here by now. An elder of another trace tells anything. */
static uint32_t find_by_elder(const struct model *model, uint64_t id)
{
	uint32_t go = model_find_go(model->elder, id);

	while (go != ID_NONE && go >= model->roster.count)
		go = model_go_before(model->elder, go);
	return go == ID_NONE || roster_brief(&model->roster, go).id != id ? ID_NONE : go;
}

int64_t model_wall_ns(const struct model *model)
{
	const struct wall_clock *wall = model->index != NULL ? &model->index->wall : NULL;

	if (wall == NULL || !wall->is_known)
		return TIME_UNKNOWN;
	return wall->unix_ns - (wall->clock_ns - model->start_ns);
}

uint32_t model_find_go(const struct model *model, uint64_t id)
{
	uint32_t go;

	if (model->elder != NULL)
		return find_by_elder(model, id);
	go = id_pages_find(&model->go_of, id);
	return go != ID_NONE ? go : id_runs_find(&model->past_of, id);
}

uint32_t model_go_before(const struct model *model, uint32_t go)
{
	const struct reborn *reborn = find_reborn(model, go);

	return reborn == NULL ? ID_NONE : reborn->before;
}

/* Two steps of one length behind it make a step of their length and one: then as far as one likes
 * is a few steps, whatever the length of the chain. */
void model_add_reborn(struct model *model, uint32_t go, uint32_t before, uint32_t part)
{
	const struct reborn *last = find_reborn(model, before);
	const struct reborn *far = last == NULL ? NULL : find_reborn(model, last->far);
	const struct reborn *next = far == NULL ? NULL : find_reborn(model, far->far);
	uint32_t depth = last == NULL ? 0 : last->depth;
	uint32_t until = next == NULL ? 0 : next->depth;
	bool is_even = far != NULL && depth - far->depth == far->depth - until;
	uint32_t jump = is_even ? far->far : before; /* those move as one is added */

	*array_push(&model->reborn) = (struct reborn){
		.go = go,
		.before = before,
		.part = part,
		.depth = depth + 1,
		.far = jump,
	};
}

uint32_t model_go_in(const struct model *model, uint64_t id, uint32_t part)
{
	uint32_t go = model_find_go(model, id);
	const struct reborn *reborn;

	while (go != ID_NONE && (reborn = find_reborn(model, go)) != NULL && reborn->part > part) {
		const struct reborn *far = find_reborn(model, reborn->far);

		go = far != NULL && far->part > part ? reborn->far : reborn->before;
	}
	return go;
}

void model_parts_of(const struct model *model, uint32_t go, uint32_t *first, uint32_t *end)
{
	const struct reborn *own = find_reborn(model, go), *next;
	uint32_t later = model_find_go(model, roster_brief(&model->roster, go).id);

	*first = own == NULL ? 0 : own->part;
	*end = (uint32_t)model->parts.count;
	for (; later > go && (next = find_reborn(model, later)) != NULL;
	     later = next->far > go ? next->far : next->before)
		if (next->before == go)
			*end = next->part + 1;
}
