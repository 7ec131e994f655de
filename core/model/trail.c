/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/trail.h"

#include "core/base/sort.h"

void trail_begin(struct model *model)
{
	if (model->trail == NULL) {
		model->trail = budget_resize(model->budget, NULL, 0, sizeof(*model->trail));
		*model->trail = (struct trail){ .spans = { .budget = model->budget } };
	}
	array_clear(&model->trail->spans);
}

void trail_add(struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
               enum span_kind kind)
{
	*array_push(&model->trail->spans) = (struct span){
		.begin_ns = begin_ns,
		.end_ns = end_ns,
		.go = go,
		.proc = INDEX_NONE,
		.part = INDEX_NONE,
		.index = INDEX_NONE,
		.kind = (uint8_t)kind,
		.is_on_trail = true,
	};
}

static int by_begin(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

void trail_end(struct model *model)
{
	SORT_ARRAY(&model->trail->spans, by_begin);
}

void trail_free(struct model *model)
{
	if (model->trail == NULL)
		return;
	array_free(&model->trail->spans);
	budget_resize(model->budget, model->trail, sizeof(*model->trail), 0);
	model->trail = NULL;
}

/* The first that ends behind a time. */
static size_t first_behind(const struct trail *trail, int64_t ns)
{
	size_t low = 0, high = trail == NULL ? 0 : trail->spans.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (trail->spans.items[middle].end_ns <= ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t trail_spans(const struct model *model, int64_t begin_ns, int64_t end_ns, struct span *spans,
                   size_t max)
{
	const struct trail *trail = model->trail;
	size_t count = 0;

	for (size_t i = first_behind(trail, begin_ns); trail != NULL && i < trail->spans.count &&
	                                               trail->spans.items[i].begin_ns < end_ns &&
	                                               count < max;
	     i++)
		spans[count++] = trail->spans.items[i];
	return count;
}

static void add_to_mix(struct go_mix *mix, const struct span *span, int64_t begin_ns,
                       int64_t end_ns)
{
	int64_t from = span->begin_ns > begin_ns ? span->begin_ns : begin_ns;
	int64_t ns = (span->end_ns < end_ns ? span->end_ns : end_ns) - from;

	mix->spans++;
	if (span->kind == SPAN_RUN)
		mix->running_ns += ns;
	else if (span->kind == SPAN_RUNNABLE)
		mix->runnable_ns += ns;
	else if (span->kind == SPAN_SYSCALL)
		mix->syscall_ns += ns;
	else
		mix->waiting_ns += ns;
}

void trail_mixes(const struct model *model, const int64_t *times, size_t count,
                 struct go_mix *mixes)
{
	const struct trail *trail = model->trail;
	size_t i = first_behind(trail, times[0]);

	for (size_t m = 0; m < count; m++) {
		mixes[m] = (struct go_mix){ 0 };
		for (; trail != NULL && i < trail->spans.count; i++) {
			const struct span *span = &trail->spans.items[i];

			if (span->begin_ns >= times[m + 1])
				break;
			add_to_mix(&mixes[m], span, times[m], times[m + 1]);
			if (span->end_ns > times[m + 1])
				break;
		}
	}
}

void trail_resolve(const struct model *model, struct span *span)
{
	struct span own;

	if (!span->is_on_trail || span->part != INDEX_NONE ||
	    !model_has_spans(model, span->begin_ns, span->begin_ns + 1) ||
	    model_spans(model, lane_of_go(span->go), span->begin_ns, span->begin_ns + 1, &own, 1) != 1)
		return;
	own.begin_ns = span->begin_ns;
	own.end_ns = span->end_ns;
	own.is_on_trail = true;
	*span = own;
}

size_t trail_find(const struct model *model, int64_t begin_ns)
{
	const struct trail *trail = model->trail;
	size_t at = first_behind(trail, begin_ns);

	if (trail == NULL || (at < trail->spans.count && trail->spans.items[at].begin_ns == begin_ns))
		return at;
	return trail->spans.count;
}
