/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"

/* Cycles of the GC at whose end the heap was above the goal that was set for them, and what assists
 * and stops took meanwhile. */

struct over {
	const struct gc_cycle *worst;
	uint64_t count;
	int64_t assists_ns, stops_ns;
	ARRAY(int64_t) sums_ns; /* of the phases of those before each cycle */
};

static int64_t excess(const struct gc_cycle *cycle)
{
	if (cycle->is_open || cycle->heap_end == METRIC_UNKNOWN ||
	    cycle->goal_begin == METRIC_UNKNOWN || cycle->goal_begin <= 0)
		return 0;
	return cycle->heap_end > cycle->goal_begin ? cycle->heap_end - cycle->goal_begin : 0;
}

static int64_t lap(int64_t begin_ns, int64_t end_ns, const struct gc_cycle *cycle)
{
	int64_t from = begin_ns > cycle->begin_ns ? begin_ns : cycle->begin_ns;
	int64_t to = end_ns < cycle->end_ns ? end_ns : cycle->end_ns;

	return to > from ? to - from : 0;
}

/* The first cycle that ends behind a time; they come one after the other. */
static size_t first_behind(const struct model *model, int64_t ns)
{
	size_t low = 0, high = model->cycles.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (model->cycles.items[middle].end_ns <= ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Time in those cycles up to a moment. */
static int64_t sum_at(const struct over *over, const struct model *model, int64_t ns)
{
	size_t at = first_behind(model, ns);
	const struct gc_cycle *cycle = at < model->cycles.count ? &model->cycles.items[at] : NULL;

	return over->sums_ns.items[at] +
	       (cycle != NULL && excess(cycle) > 0 ? lap(cycle->begin_ns, ns, cycle) : 0);
}

/* What of a stretch lies in them. */
static int64_t inside(const struct over *over, const struct model *model, int64_t begin_ns,
                      int64_t end_ns)
{
	int64_t ns = sum_at(over, model, end_ns) - sum_at(over, model, begin_ns);

	return ns > 0 ? ns : 0;
}

static void add_up(struct over *over, const struct model *model)
{
	for (size_t i = 0; i < model->assists.count; i++)
		over->assists_ns = saturating_add_i64(
			over->assists_ns, inside(over, model, model->assists.items[i].begin_ns,
		                                 model->assists.items[i].end_ns));
	for (size_t i = 0; i < model->stops.count; i++)
		over->stops_ns = saturating_add_i64(
			over->stops_ns, inside(over, model, model->stops.items[i].begin_ns,
		                               model->stops.items[i].end_ns));
}

void finding_heap(struct findings *findings, const struct signs *signs)
{
	const struct model *model = findings->model;
	struct finding finding = { .kind = FINDING_HEAP,
		                   .go = INDEX_NONE,
		                   .proc = INDEX_NONE,
		                   .subject = bytes_of("heap") };
	struct over over = { .sums_ns = { .budget = findings->items.budget } };
	int64_t sum_ns = 0;

	(void)signs;
	for (size_t i = 0; i < model->cycles.count; i++) {
		const struct gc_cycle *cycle = &model->cycles.items[i];

		*array_push(&over.sums_ns) = sum_ns;
		if (excess(cycle) == 0)
			continue;
		over.count++;
		sum_ns = saturating_add_i64(sum_ns, cycle->end_ns - cycle->begin_ns);
		if (over.worst == NULL || excess(cycle) > excess(over.worst))
			over.worst = cycle;
	}
	*array_push(&over.sums_ns) = sum_ns;
	if (over.worst != NULL)
		add_up(&over, model);
	array_free(&over.sums_ns);
	if (over.worst == NULL)
		return;
	finding.begin_ns = over.worst->begin_ns;
	finding.end_ns = over.worst->end_ns;
	finding.cost_ns = saturating_add_i64(over.assists_ns, over.stops_ns);
	finding_add(
		findings, &finding,
		"the heap was above its goal at the end of %llu GC cycle%s, by up to %.1f MiB; in "
		"their %s mark assists took %s and stops of the world %s",
		(unsigned long long)over.count, over.count == 1 ? "" : "s",
		(double)excess(over.worst) / (1 << 20), finding_time(sum_ns).text,
		finding_time(over.assists_ns).text, finding_time(over.stops_ns).text);
}
