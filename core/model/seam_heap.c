/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

/* Heap and goal: pyramids have them over time; what is told of mark phases is looked up when no
 * earlier value can come any more, so that no more than two parts' values are kept. */

enum { POINTS_A_STEP = 1 << 16 };

static int point_order(const void *a, const void *b)
{
	const struct metric_point *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

/* How many points are not later than a time. */
static size_t count_until(const point_array *points, int64_t time_ns)
{
	size_t low = 0, high = points->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (points->items[middle].time_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t last_value(const point_array *points, int64_t time_ns)
{
	size_t count = count_until(points, time_ns);

	return count == 0 ? METRIC_UNKNOWN : (int64_t)points->items[count - 1].value;
}

/* Forgets what is before a time, but for the last. */
static void forget(point_array *points, int64_t time_ns)
{
	size_t count = count_until(points, time_ns);

	if (count < 2)
		return;
	points->count -= count - 1;
	memmove(points->items, points->items + count - 1, points->count * sizeof(*points->items));
}

void seam_settle_heap(struct model *model, int64_t until_ns)
{
	struct seams *seams = model->seams;
	struct gc_cycle *cycles = model->cycles.items;

	SORT_ARRAY(&seams->heap, point_order);
	SORT_ARRAY(&seams->goal, point_order);
	for (; seams->begun < model->cycles.count && cycles[seams->begun].begin_ns < until_ns;
	     seams->begun++) {
		struct gc_cycle *cycle = &cycles[seams->begun];

		cycle->heap_begin = last_value(&seams->heap, cycle->begin_ns);
		cycle->goal_begin = last_value(&seams->goal, cycle->begin_ns);
	}
	for (; seams->ended < model->cycles.count && !cycles[seams->ended].is_open &&
	       cycles[seams->ended].end_ns < until_ns;
	     seams->ended++)
		cycles[seams->ended].heap_end =
			last_value(&seams->heap, cycles[seams->ended].end_ns);
	forget(&seams->heap, until_ns - 1);
	forget(&seams->goal, until_ns - 1);
}

void seam_finish_heap(struct model *model)
{
	struct seams *seams = model->seams;

	seam_settle_heap(model, INT64_MAX);
	for (; seams->ended < model->cycles.count; seams->ended++)
		model->cycles.items[seams->ended].heap_end =
			last_value(&seams->heap, model->cycles.items[seams->ended].end_ns);
	array_free(&seams->heap);
	array_free(&seams->goal);
}

static void carry(struct seam *seam, enum series series, const point_array *points)
{
	if (points->count > 0)
		pyramid_carry(&seam->part->pyramid, series,
		              (int64_t)points->items[points->count - 1].value);
}

/* Of both, one after the other: point i. */
static void add_point(struct seam *seam, size_t i)
{
	const struct walk *walk = seam->walk;
	bool is_heap = i < walk->heap.count;
	const struct metric *metric =
		is_heap ? &walk->heap.items[i] : &walk->goal.items[i - walk->heap.count];

	*array_push(is_heap ? &seam->seams->heap : &seam->seams->goal) =
		(struct metric_point){ seam_ns(seam, metric->time), metric->value };
	if (is_heap && metric->value > seam->model->heap_max)
		seam->model->heap_max = metric->value;
}

bool seam_join_heap(struct seam *seam, size_t *at)
{
	size_t count = seam->walk->heap.count + seam->walk->goal.count;
	size_t end = count - *at < POINTS_A_STEP ? count : *at + POINTS_A_STEP;

	if (*at == 0) {
		carry(seam, SERIES_HEAP, &seam->seams->heap);
		carry(seam, SERIES_GOAL, &seam->seams->goal);
	}
	for (; *at < end; ++*at)
		add_point(seam, *at);
	if (*at < count)
		return true;
	seam_settle_heap(seam->model, seam->part->begin_ns);
	return false;
}
