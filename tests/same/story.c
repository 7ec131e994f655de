/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/same/story.h"

#include <stdlib.h>

void story_init(struct story *story, struct budget *budget, struct strings *strings)
{
	*story = (struct story){ .budget = budget, .strings = strings };
	story->gos.budget = story->procs.budget = story->threads.budget = budget;
	story->stops.budget = story->assists.budget = story->cycles.budget = budget;
	story->logs_told.budget = story->sampled.budget = story->tasks.budget = budget;
	story->workers.budget = story->heap.budget = story->goal.budget = budget;
}

void story_free(struct story *story)
{
	for (size_t i = 0; i < story->gos.count; i++) {
		array_free(&story->gos.items[i].blocks);
		array_free(&story->gos.items[i].ranges);
		array_free(&story->gos.items[i].stays);
		array_free(&story->gos.items[i].lane);
		array_free(&story->gos.items[i].regions);
	}
	for (size_t i = 0; i < story->procs.count; i++) {
		array_free(&story->procs.items[i].spans);
		array_free(&story->procs.items[i].inner);
		array_free(&story->procs.items[i].moves);
	}
	array_free(&story->gos);
	array_free(&story->procs);
	array_free(&story->threads);
	array_free(&story->stops);
	array_free(&story->assists);
	array_free(&story->cycles);
	array_free(&story->workers);
	array_free(&story->logs_told);
	array_free(&story->sampled);
	array_free(&story->tasks);
	array_free(&story->heap);
	array_free(&story->goal);
}

void share_add(share_array *shares, string_id name, int64_t ns)
{
	for (size_t i = 0; i < shares->count; i++)
		if (shares->items[i].name == name) {
			shares->items[i].ns += ns;
			return;
		}
	*array_push(shares) = (struct share){ ns, name };
}

static uint64_t add_text(uint64_t hash, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ text.data[i]) * UINT64_C(1099511628211);
	return id_hash(hash);
}

uint64_t story_add_frame(uint64_t stack, uint64_t pc, struct bytes function, struct bytes file,
                         uint64_t line)
{
	uint64_t hash = id_hash(stack ^ pc);

	hash = add_text(add_text(hash, function), file);
	return id_hash(hash ^ (line > UINT32_MAX ? UINT32_MAX : line));
}

uint64_t story_thread_at(const struct index *index, uint64_t offset)
{
	size_t low = 0, high = index->batches.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->batches.items[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? EVENT_NONE : index->batches.items[low - 1].m;
}

/* ---- order */

#define COMPARE(x, y, field)                                                                       \
	if ((x)->field != (y)->field)                                                              \
	return (x)->field < (y)->field ? -1 : 1

static int share_order(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	COMPARE(x, y, name);
	return 0;
}

static int go_order(const void *a, const void *b)
{
	const struct story_go *x = a, *y = b;

	COMPARE(x, y, id);
	COMPARE(x, y, created_ns);
	return 0;
}

static int proc_order(const void *a, const void *b)
{
	const struct story_proc *x = a, *y = b;

	COMPARE(x, y, id);
	return 0;
}

static int span_order(const void *a, const void *b)
{
	const struct story_span *x = a, *y = b;

	COMPARE(x, y, begin_ns);
	COMPARE(x, y, end_ns);
	COMPARE(x, y, go);
	return 0;
}

static int inner_order(const void *a, const void *b)
{
	const struct story_span *x = a, *y = b;

	COMPARE(x, y, go);
	COMPARE(x, y, kind);
	COMPARE(x, y, begin_ns);
	COMPARE(x, y, end_ns);
	return 0;
}

static int thread_order(const void *a, const void *b)
{
	const struct story_thread *x = a, *y = b;

	COMPARE(x, y, id);
	return 0;
}

static int stop_order(const void *a, const void *b)
{
	const struct story_stop *x = a, *y = b;

	COMPARE(x, y, begin_ns);
	COMPARE(x, y, end_ns);
	return 0;
}

static int assist_order(const void *a, const void *b)
{
	const struct story_assist *x = a, *y = b;

	COMPARE(x, y, begin_ns);
	COMPARE(x, y, go);
	return 0;
}

static int range_order(const void *a, const void *b)
{
	const struct story_range *x = a, *y = b;

	COMPARE(x, y, begin_ns);
	COMPARE(x, y, end_ns);
	return 0;
}

static int point_order(const void *a, const void *b)
{
	const struct metric_point *x = a, *y = b;

	COMPARE(x, y, time_ns);
	COMPARE(x, y, value);
	return 0;
}

static int region_order(const void *a, const void *b)
{
	const struct story_region *x = a, *y = b;

	if (x->begins_before != y->begins_before)
		return x->begins_before ? -1 : 1;
	if (!x->begins_before)
		COMPARE(x, y, begin_ns);
	COMPARE(x, y, is_open);
	COMPARE(x, y, end_ns);
	COMPARE(x, y, name);
	COMPARE(x, y, task);
	return 0;
}

static int mark_order(const void *a, const void *b)
{
	const struct story_mark *x = a, *y = b;

	COMPARE(x, y, time_ns);
	COMPARE(x, y, go);
	COMPARE(x, y, thread);
	COMPARE(x, y, message);
	COMPARE(x, y, stack);
	return 0;
}

static int task_order(const void *a, const void *b)
{
	const struct story_task *x = a, *y = b;

	COMPARE(x, y, id);
	COMPARE(x, y, begin_ns);
	return 0;
}

#define SORT(array, order)                                                                         \
	do {                                                                                       \
		if ((array)->count > 1)                                                            \
			qsort((array)->items, (array)->count, sizeof(*(array)->items), order);     \
	} while (0)

/* What runs on a P comes one after the other. Where clocks disagree, the later is believed. */
static void part_spans(struct story_proc *proc)
{
	size_t last = 0;

	for (size_t i = 1; i < proc->spans.count; i++) {
		struct story_span *span = &proc->spans.items[i], *before = &proc->spans.items[last];

		if (span->end_ns <= span->begin_ns)
			continue;
		if (before->end_ns > span->begin_ns) {
			before->end_ns = span->begin_ns;
			before->is_cut = true;
		}
		last = i;
	}
}

void story_sort(struct story *story)
{
	for (size_t i = 0; i < story->gos.count; i++) {
		SORT(&story->gos.items[i].blocks, share_order);
		SORT(&story->gos.items[i].ranges, share_order);
		SORT(&story->gos.items[i].regions, region_order);
	}
	for (size_t i = 0; i < story->procs.count; i++) {
		SORT(&story->procs.items[i].spans, span_order);
		SORT(&story->procs.items[i].inner, inner_order);
		part_spans(&story->procs.items[i]);
	}
	SORT(&story->gos, go_order);
	SORT(&story->procs, proc_order);
	SORT(&story->threads, thread_order);
	SORT(&story->stops, stop_order);
	SORT(&story->assists, assist_order);
	SORT(&story->cycles, range_order);
	SORT(&story->workers, range_order);
	SORT(&story->logs_told, mark_order);
	SORT(&story->sampled, mark_order);
	SORT(&story->tasks, task_order);
	SORT(&story->heap, point_order);
	SORT(&story->goal, point_order);
}
