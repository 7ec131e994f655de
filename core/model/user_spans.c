/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/user_spans.h"

#include <stdlib.h>

#include "core/model/user.h"

/* Regions and marks as spans of lanes. */

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
	case LANE_OF_TASK:
		add_task(&list, model, lane.index, begin_ns, end_ns);
		break;
	case LANE_OF_PROC:
	case LANE_IN_PROC:
	case LANE_OF_GO:
	case LANE_OF_THREAD:
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
