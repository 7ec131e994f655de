/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/user.h"

#include "core/model/part.h"

#include <stdlib.h>

enum {
	CHAIN_MAX = 1 << 12, /* regions of a goroutine that last long: no more are looked at */
	DEEP_MAX = 256,      /* around one */
	SCAN_MAX = 1 << 16,  /* logs or samples of a part, in the window */
	SKEWED = 8,          /* where clocks disagree, some stand behind later ones */
};

/* ---- regions */

struct region_list {
	const struct model *model;
	int64_t begin_ns, end_ns;
	struct user_region *regions;
	size_t count, max;
};

static bool take_region(struct region_list *list, struct user_region region)
{
	if (region.begin_ns >= list->end_ns || region.end_ns < list->begin_ns ||
	    (region.end_ns == list->begin_ns && region.begin_ns < region.end_ns))
		return true;
	if (list->count == list->max)
		return false;
	list->regions[list->count++] = region;
	return true;
}

/* Nobody knows when it began: when its goroutine did, at the earliest. */
static int64_t long_begin_ns(const struct model *model, const struct long_region *region)
{
	int64_t created_ns;

	if (region->begin_ns != TIME_UNKNOWN)
		return region->begin_ns;
	created_ns = roster_brief(&model->roster, region->go).created_ns;
	return created_ns == TIME_UNKNOWN ? 0 : created_ns;
}

static struct user_region long_region(const struct model *model, uint32_t index)
{
	const struct long_region *region = &model->said.regions.items[index];
	bool is_open = region->end_ns == TIME_UNKNOWN;

	return (struct user_region){
		.begin_ns = long_begin_ns(model, region),
		.end_ns = is_open ? model->end_ns : region->end_ns,
		.task = region->task,
		.go = region->go,
		.part = INDEX_NONE,
		.index = index,
		.name = region->name,
		.stacks = { region->stacks[0], region->stacks[1] },
		.begins_before = region->begin_ns == TIME_UNKNOWN,
		.is_open = is_open,
		.ends_with_go = region->ends_with_go,
	};
}

static bool take_long(struct region_list *list, uint32_t go)
{
	const struct said *said = &list->model->said;
	uint32_t at = id_pages_find(&said->region_of, go);

	for (int i = 0; i < CHAIN_MAX && at != INDEX_NONE; i++) {
		const struct long_region *region = &said->regions.items[at];
		bool is_outside =
			region->begin_ns >= list->end_ns ||
			(region->end_ns != TIME_UNKNOWN && region->end_ns < list->begin_ns);

		if (!is_outside && !take_region(list, long_region(list->model, at)))
			return false;
		at = region->before;
	}
	return true;
}

struct user_region user_region_at(const struct model *model, uint32_t number, uint32_t index)
{
	const struct part *part;
	const struct history *history;
	const struct region *region;

	if (number == INDEX_NONE)
		return long_region(model, index);
	part = model->parts.items[number];
	history = part_visited(part);
	if (history == NULL || index >= history->regions.count)
		return (struct user_region){ .go = INDEX_NONE };
	region = &history->regions.items[index];
	return (struct user_region){
		.begin_ns = part_ns(part, region->begin),
		.end_ns = part_ns(part, region->end),
		.task = region->task,
		.go = history->go_of.items[region->g],
		.part = number,
		.index = index,
		.name = region->name,
		.stacks = { region->stacks[0], region->stacks[1] },
		.ends_with_go = region->ends_with_go,
	};
}

/* The first region of an own goroutine, and behind its last; false: it has none. */
static bool find_own(const struct history *history, uint32_t own, uint32_t *first, uint32_t *end)
{
	const u64_array *starts = &history->regions_of_gos;
	size_t low = 0, high = starts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (starts->items[middle] >> 32 < own)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == starts->count || starts->items[low] >> 32 != own)
		return false;
	*first = (uint32_t)starts->items[low];
	low = *first;
	high = history->regions.count;
	while (low < high) { /* other goroutines stand behind it, wherever their numbers lead */
		size_t middle = low + (high - low) / 2;

		if (history->regions.items[middle].g == own)
			low = middle + 1;
		else
			high = middle;
	}
	*end = (uint32_t)low;
	return true;
}

/* The first that begins at or after a time, about. */
static uint32_t region_from(const struct history *history, uint32_t first, uint32_t end,
                            part_time time)
{
	uint32_t low = first;

	while (low < end) {
		uint32_t middle = low + (end - low) / 2;

		if (history->regions.items[middle].begin < time)
			low = middle + 1;
		else
			end = middle;
	}
	return low - first > SKEWED ? low - EARLY : first;
}

/* What is open then is the last that began before, or around it. */
static bool take_own(struct region_list *list, const struct part *part, uint32_t own)
{
	const struct history *history = part->history;
	const struct region *regions = history->regions.items;
	uint32_t first, end, from, around;

	if (!find_own(history, own, &first, &end))
		return true;
	from = region_from(history, first, end, part_time_of(part, list->begin_ns));
	around = from > first ? from - 1 : INDEX_NONE;
	for (int i = 0; i < DEEP_MAX && around != INDEX_NONE; i++, around = regions[around].outer)
		if (regions[around].end != TIME_NONE &&
		    !take_region(list, user_region_at(list->model, part->number, around)))
			return false;
	for (; from < end && part_ns(part, regions[from].begin) < list->end_ns; from++)
		if (regions[from].end != TIME_NONE &&
		    !take_region(list, user_region_at(list->model, part->number, from)))
			return false;
	return true;
}

static int region_order(const void *a, const void *b)
{
	const struct user_region *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	if (x->end_ns != y->end_ns)
		return x->end_ns > y->end_ns ? -1 : 1;
	if (x->part != y->part)
		return x->part == INDEX_NONE || (y->part != INDEX_NONE && x->part < y->part) ? -1
		                                                                             : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* How many of those before are around each. */
static void nest(struct user_region *regions, size_t count)
{
	int64_t ends_ns[DEEP_MAX];
	uint32_t depth = 0;

	for (size_t i = 0; i < count; i++) {
		while (depth > 0 && (ends_ns[depth - 1] <= regions[i].begin_ns ||
		                     ends_ns[depth - 1] < regions[i].end_ns))
			depth--;
		regions[i].depth = depth;
		if (depth < DEEP_MAX)
			ends_ns[depth++] = regions[i].end_ns;
	}
}

size_t user_regions(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                    struct user_region *regions, size_t max)
{
	struct region_list list = { model, begin_ns, end_ns, regions, 0, max };
	uint32_t first, end;
	bool has_room = take_long(&list, go);

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end && has_room; first++) {
		const struct part *part = model->parts.items[first];
		size_t own, last;

		if (part->history == NULL)
			continue;
		strands_find(&part->history->strands, go, &own, &last);
		for (; own < last && has_room; own++)
			has_room = take_own(&list, part,
			                    (uint32_t)part->history->strands.own_of.items[own]);
	}
	qsort(regions, list.count, sizeof(*regions), region_order);
	nest(regions, list.count);
	return list.count;
}

/* ---- logs */

static uint32_t trace_proc(const struct part *part, uint16_t own)
{
	return own == PROC_NONE ? INDEX_NONE : part->proc_of[own];
}

struct user_log user_log_at(const struct model *model, uint32_t number, uint32_t index)
{
	const struct part *part = model->parts.items[number];
	const struct history *history = part_visited(part);
	const struct log_note *log;

	if (history == NULL || index >= history->logs.count)
		return (struct user_log){ .go = INDEX_NONE, .proc = INDEX_NONE };
	log = &history->logs.items[index];
	return (struct user_log){
		.time_ns = part_ns(part, log->time),
		.task = log->task,
		.go = history->go_of.items[log->g],
		.proc = trace_proc(part, log->proc),
		.part = number,
		.index = index,
		.category = log->category,
		.message = log->message,
		.stack = log->stack,
	};
}

struct log_list {
	const struct model *model;
	struct user_of of;
	int64_t begin_ns, end_ns;
	struct user_log *logs;
	size_t count, max;
};

static bool take_log(struct log_list *list, uint32_t part, uint32_t index)
{
	struct user_log log = user_log_at(list->model, part, index);

	if (log.time_ns < list->begin_ns || log.time_ns >= list->end_ns ||
	    (list->of.go != INDEX_NONE && log.go != list->of.go) ||
	    (list->of.proc != INDEX_NONE && log.proc != list->of.proc))
		return true;
	if (list->count == list->max)
		return false;
	list->logs[list->count++] = log;
	return true;
}

/* The place of the first log at or after a time, among all or among those of an own goroutine. */
static size_t log_from(const struct history *history, part_time time)
{
	size_t low = 0, high = history->logs.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (history->logs.items[middle].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t log_of_go_from(const struct history *history, uint32_t own, part_time time)
{
	size_t low = 0, high = history->logs_of_gos.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct log_note *log =
			&history->logs.items[history->logs_of_gos.items[middle]];

		if (log->g < own || (log->g == own && log->time < time))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool take_logs_of_go(struct log_list *list, const struct part *part)
{
	const struct history *history = part->history;
	part_time time = part_time_of(part, list->begin_ns);
	size_t own, last;

	strands_find(&history->strands, list->of.go, &own, &last);
	for (; own < last; own++) {
		uint32_t g = (uint32_t)history->strands.own_of.items[own];

		for (size_t i = log_of_go_from(history, g, time); i < history->logs_of_gos.count;
		     i++) {
			uint32_t at = history->logs_of_gos.items[i];

			if (history->logs.items[at].g != g ||
			    part_ns(part, history->logs.items[at].time) >= list->end_ns)
				break;
			if (!take_log(list, part->number, at))
				return false;
		}
	}
	return true;
}

static bool take_logs(struct log_list *list, const struct part *part)
{
	const struct history *history = part->history;
	size_t from = log_from(history, part_time_of(part, list->begin_ns));

	for (size_t i = from; i < history->logs.count && i - from < SCAN_MAX; i++) {
		if (part_ns(part, history->logs.items[i].time) >= list->end_ns)
			break;
		if (!take_log(list, part->number, (uint32_t)i))
			return false;
	}
	return true;
}

static int log_order(const void *a, const void *b)
{
	const struct user_log *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

size_t user_logs(const struct model *model, struct user_of of, int64_t begin_ns, int64_t end_ns,
                 struct user_log *logs, size_t max)
{
	struct log_list list = { model, of, begin_ns, end_ns, logs, 0, max };
	bool has_room = true;
	uint32_t first, end;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end && has_room; first++) {
		const struct part *part = model->parts.items[first];

		if (part->history != NULL)
			has_room = of.go != INDEX_NONE ? take_logs_of_go(&list, part)
			                               : take_logs(&list, part);
	}
	qsort(logs, list.count, sizeof(*logs), log_order);
	return list.count;
}

/* ---- samples */

struct cpu_sample user_sample_at(const struct model *model, uint32_t number, uint32_t index)
{
	const struct part *part = model->parts.items[number];
	const struct sample *sample = &part->tables.samples.items[index];
	uint32_t proc = id_map_find(&model->proc_of, sample->p);

	return (struct cpu_sample){
		.time_ns = sample->time_ns - model->start_ns,
		.thread = sample->m,
		.go = sample->g == 0 ? INDEX_NONE : model_go_in(model, sample->g, number),
		.proc = sample->p == UINT64_MAX ? INDEX_NONE : proc,
		.part = number,
		.index = index,
		.stack = tables_stack(&part->tables, sample->stack),
	};
}

static size_t sample_from(const struct part *part, int64_t time_ns)
{
	size_t low = 0, high = part->tables.samples.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (part->tables.samples.items[middle].time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int sample_order(const void *a, const void *b)
{
	const struct cpu_sample *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Whether it may be meant, by the ids in the file. */
static bool may_be_of(struct user_of of, uint64_t id, const struct sample *sample)
{
	return of.proc != INDEX_NONE ? sample->p == id : of.go == INDEX_NONE || sample->g == id;
}

static size_t samples_of_part(const struct model *model, const struct part *part, struct user_of of,
                              int64_t begin_ns, int64_t end_ns, struct cpu_sample *samples,
                              size_t max)
{
	size_t from = sample_from(part, begin_ns + model->start_ns), count = 0;
	uint64_t id = of.proc != INDEX_NONE ? model->procs.items[of.proc].id
	              : of.go != INDEX_NONE ? roster_brief(&model->roster, of.go).id
	                                    : 0;

	for (size_t i = from; i < part->tables.samples.count && i - from < SCAN_MAX; i++) {
		const struct sample *sample = &part->tables.samples.items[i];
		struct cpu_sample found;

		if (count == max || sample->time_ns - model->start_ns >= end_ns)
			break;
		if (!may_be_of(of, id, sample))
			continue;
		found = user_sample_at(model, part->number, (uint32_t)i);
		if (of.go == INDEX_NONE || found.go == of.go)
			samples[count++] = found;
	}
	return count;
}

size_t user_samples(const struct model *model, struct user_of of, int64_t begin_ns, int64_t end_ns,
                    struct cpu_sample *samples, size_t max)
{
	uint32_t first, end;
	size_t count = 0;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end && count < max; first++)
		count += samples_of_part(model, model->parts.items[first], of, begin_ns, end_ns,
		                         samples + count, max - count);
	qsort(samples, count, sizeof(*samples), sample_order);
	return count;
}

/* ---- tasks */

const struct user_task *user_task(const struct model *model, uint64_t id)
{
	uint32_t at = id_pages_find(&model->said.task_of, id);

	return at == ID_NONE ? NULL : &model->said.tasks.items[at];
}
