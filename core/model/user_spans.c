/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/user_spans.h"

#include <stdlib.h>

#include "core/model/part.h"
#include "core/model/user.h"

/* Regions and marks as spans of lanes, and the moves of Ps, which are marks, too. */

enum {
	AT_ONCE = 384, /* regions, logs or samples that are listed */
	RUNS = 192,    /* of a P */
};

struct list {
	struct span *spans;
	size_t count, max;
};

/* False when there is no room for more. */
static bool add(struct list *list, struct span span)
{
	if (list->count == list->max)
		return false;
	list->spans[list->count++] = span;
	return true;
}

/* ---- regions */

static struct span region_span(const struct user_region *region)
{
	return (struct span){
		.begin_ns = region->begin_ns,
		.end_ns = region->end_ns,
		.go = region->go,
		.proc = INDEX_NONE,
		.part = region->part,
		.index = region->index,
		.kind = SPAN_REGION,
		.worker = (uint8_t)(region->depth < UINT8_MAX ? region->depth : UINT8_MAX),
	};
}

/* Those with so many around them. */
static bool add_regions(struct list *list, const struct model *model, struct lane_id lane,
                        int64_t begin_ns, int64_t end_ns)
{
	struct user_region regions[AT_ONCE];
	size_t count = user_regions(model, lane.index, begin_ns, end_ns, regions, AT_ONCE);

	for (size_t i = 0; i < count; i++)
		if (regions[i].depth + LANE_REGIONS_OF_GO == lane.of &&
		    !add(list, region_span(&regions[i])))
			return false;
	return count < AT_ONCE;
}

/* The outermost ones of who runs there, while they do. */
static bool add_run(struct list *list, const struct model *model, const struct span *run)
{
	struct user_region regions[AT_ONCE];
	size_t count = user_regions(model, run->go, run->begin_ns, run->end_ns, regions, AT_ONCE);

	for (size_t i = 0; i < count; i++) {
		struct span span = region_span(&regions[i]);

		span.begin_ns = span.begin_ns < run->begin_ns ? run->begin_ns : span.begin_ns;
		span.end_ns = span.end_ns > run->end_ns ? run->end_ns : span.end_ns;
		span.proc = run->proc;
		if (regions[i].depth == 0 && span.begin_ns <= span.end_ns && !add(list, span))
			return false;
	}
	return count < AT_ONCE;
}

static bool add_proc_regions(struct list *list, const struct model *model, struct lane_id lane,
                             int64_t begin_ns, int64_t end_ns)
{
	struct span runs[RUNS];
	size_t count =
		model_spans(model, lane_of_proc(lane.index, false), begin_ns, end_ns, runs, RUNS);

	for (size_t i = 0; i < count; i++)
		if (runs[i].go != INDEX_NONE && !add_run(list, model, &runs[i]))
			return false;
	return count < RUNS;
}

/* ---- logs and samples */

static struct span log_span(const struct user_log *log)
{
	return (struct span){
		.begin_ns = log->time_ns,
		.end_ns = log->time_ns,
		.go = log->go,
		.proc = log->proc,
		.part = log->part,
		.index = log->index,
		.kind = SPAN_LOG,
	};
}

static struct span sample_span(const struct cpu_sample *sample)
{
	return (struct span){
		.begin_ns = sample->time_ns,
		.end_ns = sample->time_ns,
		.go = sample->go,
		.proc = sample->proc,
		.part = sample->part,
		.index = sample->index,
		.kind = SPAN_SAMPLE,
	};
}

static int mark_order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static bool add_marks(struct list *list, const struct model *model, struct user_of of,
                      int64_t begin_ns, int64_t end_ns)
{
	struct user_log logs[AT_ONCE];
	struct cpu_sample samples[AT_ONCE];
	size_t log_count = user_logs(model, of, begin_ns, end_ns, logs, AT_ONCE);
	size_t sample_count = user_samples(model, of, begin_ns, end_ns, samples, AT_ONCE);

	for (size_t i = 0; i < log_count; i++)
		if (!add(list, log_span(&logs[i])))
			return false;
	for (size_t i = 0; i < sample_count; i++)
		if (!add(list, sample_span(&samples[i])))
			return false;
	qsort(list->spans, list->count, sizeof(*list->spans), mark_order);
	return log_count < AT_ONCE && sample_count < AT_ONCE;
}

/* ---- moves of Ps */

static size_t first_move(const proc_move_array *moves, uint16_t proc, part_time time)
{
	size_t low = 0, high = moves->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct proc_move *move = &moves->items[middle];

		if (move->proc < proc || (move->proc == proc && move->time < time))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct span move_span(const struct model *model, const struct part *part, uint32_t proc,
                             size_t index)
{
	const struct proc_move *move = &part->history->proc_moves.items[index];
	int64_t ns = part_ns(part, move->time);

	return (struct span){
		.begin_ns = ns,
		.end_ns = ns,
		.go = INDEX_NONE,
		.proc = proc,
		.part = part->number,
		.index = (uint32_t)index,
		.kind = move->is_start ? SPAN_PROC_START : SPAN_PROC_STOP,
		.thread = id_map_find(&model->thread_of, move->m) + 1, /* ID_NONE: 0 */
	};
}

/* Of a P, those of a thread or all: m WIRE_NO_THREAD. */
static bool add_moves_on(struct list *list, const struct model *model, const struct part *part,
                         uint16_t own, uint64_t m, int64_t begin_ns, int64_t end_ns)
{
	const proc_move_array *moves = &part->history->proc_moves;

	for (size_t i = first_move(moves, own, part_time_of(part, begin_ns));
	     i < moves->count && moves->items[i].proc == own; i++) {
		struct span span = move_span(model, part, part->proc_of[own], i);

		if (span.begin_ns >= end_ns)
			break;
		if (span.begin_ns >= begin_ns && (m == WIRE_NO_THREAD || moves->items[i].m == m) &&
		    !add(list, span))
			return false;
	}
	return true;
}

static bool add_moves_of_part(struct list *list, const struct model *model, const struct part *part,
                              struct lane_id lane, int64_t begin_ns, int64_t end_ns)
{
	uint16_t own = part_proc(part, lane.index);
	bool is_all = true;

	if (lane.of == LANE_MOVES_OF_PROC)
		return own == PROC_NONE ||
		       add_moves_on(list, model, part, own, WIRE_NO_THREAD, begin_ns, end_ns);
	for (uint16_t p = 0; p < part->procs && is_all; p++)
		is_all = add_moves_on(list, model, part, p, model->threads.items[lane.index].id,
		                      begin_ns, end_ns);
	return is_all;
}

/* Of those at one time the one that stands first came first. */
static int move_order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->proc != y->proc) /* a thread lets go of one before it takes another */
		return x->kind == SPAN_PROC_STOP ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static bool add_moves(struct list *list, const struct model *model, struct lane_id lane,
                      int64_t begin_ns, int64_t end_ns)
{
	uint32_t first, end;
	bool is_all = true;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end && is_all; first++)
		if (model->parts.items[first]->history != NULL)
			is_all = add_moves_of_part(list, model, model->parts.items[first], lane,
			                           begin_ns, end_ns);
	qsort(list->spans, list->count, sizeof(*list->spans), move_order);
	return is_all;
}

static void add_task(struct list *list, const struct model *model, uint32_t index, int64_t begin_ns,
                     int64_t end_ns)
{
	struct span span;

	if (index >= model->said.tasks.count)
		return;
	span = user_task_span(model, index);
	if (span.begin_ns < end_ns && (span.end_ns > begin_ns || span.begin_ns >= begin_ns))
		add(list, span);
}

size_t user_spans(const struct model *model, struct lane_id lane, int64_t begin_ns, int64_t end_ns,
                  struct span *spans, size_t max)
{
	struct list list = { spans, 0, max };
	bool is_all = true;

	switch ((enum lane_owner)lane.of) {
	case LANE_REGIONS_OF_GO:
	case LANE_REGIONS_1_OF_GO:
	case LANE_REGIONS_2_OF_GO:
		is_all = add_regions(&list, model, lane, begin_ns, end_ns);
		break;
	case LANE_REGIONS_ON_PROC:
		is_all = add_proc_regions(&list, model, lane, begin_ns, end_ns);
		break;
	case LANE_MARKS_OF_GO:
		is_all = add_marks(&list, model, (struct user_of){ lane.index, INDEX_NONE },
		                   begin_ns, end_ns);
		break;
	case LANE_MARKS_ON_PROC:
		is_all = add_marks(&list, model, (struct user_of){ INDEX_NONE, lane.index },
		                   begin_ns, end_ns);
		break;
	case LANE_MOVES_OF_PROC:
	case LANE_MOVES_OF_THREAD:
		is_all = add_moves(&list, model, lane, begin_ns, end_ns);
		break;
	case LANE_OF_TASK:
		add_task(&list, model, lane.index, begin_ns, end_ns);
		break;
	case LANE_OF_PROC:
	case LANE_IN_PROC:
	case LANE_OF_GO:
	case LANE_OF_THREAD:
	case LANE_OF_TRAIL:
		break;
	}
	for (; !is_all && list.count < max; list.count++) /* not all: it is full */
		spans[list.count] =
			list.count > 0 ? spans[list.count - 1]
				       : (struct span){ .begin_ns = begin_ns, .end_ns = begin_ns };
	return list.count;
}

void user_span_stacks(const struct model *model, const struct span *span, stack_id stacks[2])
{
	if (span->kind == SPAN_REGION) {
		struct user_region region = user_region_at(model, span->part, span->index);

		stacks[0] = region.stacks[0];
		stacks[1] = region.stacks[1];
	} else if (span->kind == SPAN_LOG) {
		stacks[0] = user_log_at(model, span->part, span->index).stack;
	} else if (span->kind == SPAN_TASK) {
		stacks[0] = model->said.tasks.items[span->index].stack;
	} else {
		stacks[0] = user_sample_at(model, span->part, span->index).stack;
	}
}
