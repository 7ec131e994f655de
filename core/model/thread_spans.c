/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/thread_spans.h"

#include <stdlib.h>

#include "core/base/sort.h"
#include "core/model/detail_at.h"

/* ---- the runs of a history by their threads */

static int run_order(const void *a, const void *b)
{
	const struct thread_run *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return (x->run > y->run) - (x->run < y->run);
}

/* Where none of its events stands nobody knows the thread. */
static uint32_t thread_of(const struct detail_reader *r, const struct part *part,
                          const struct run *run)
{
	return detail_thread_of(r, part,
	                        run->begin_ref != REF_NONE ? run->begin_ref : run->end_ref);
}

/* False: there is no memory for that. */
static bool sort_runs(const struct model *model, const struct part *part)
{
	struct detail_reader r = { .model = model, .index = model->index };
	struct history *history = part->history;

	if (history->has_threads)
		return true;
	if (budget_is_beyond(model->budget,
	                     2 * history->runs.count * sizeof(*history->threads.items)))
		return false;
	array_reserve(&history->threads, history->runs.count);
	for (uint32_t i = 0; i < history->runs.count; i++) {
		uint32_t thread = thread_of(&r, part, &history->runs.items[i]);

		if (thread != ID_NONE)
			*array_push(&history->threads) =
				(struct thread_run){ thread, history->runs.items[i].begin, i };
	}
	SORT_ARRAY(&history->threads, run_order);
	history->has_threads = true;
	return true;
}

/* The first run of a thread that begins at or after a time, or the one before, which may lap. */
static size_t first_run(const struct history *history, uint32_t thread, part_time time)
{
	size_t low = 0, high = history->threads.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct thread_run *run = &history->threads.items[middle];

		if (run->thread < thread || (run->thread == thread && run->begin < time))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && history->threads.items[low - 1].thread == thread ? low - 1 : low;
}

/* ---- their spans */

struct collector {
	const struct model *model;
	const struct part *part;
	uint32_t thread;
	int64_t begin_ns, end_ns;
	struct span *spans;
	size_t count, max;
};

static bool is_same(const struct span *a, const struct span *b)
{
	return a->begin_ns == b->begin_ns && a->kind == b->kind && a->go == b->go;
}

static void collect(struct collector *c, struct span span)
{
	bool in = span.begin_ns < c->end_ns &&
	          (span.end_ns > c->begin_ns ||
	           (span.end_ns == span.begin_ns && span.begin_ns >= c->begin_ns));

	span.thread = c->thread + 1;
	if (!in || c->count == c->max || (c->count > 0 && is_same(&c->spans[c->count - 1], &span)))
		return;
	c->spans[c->count++] = span;
}

/* One that is not this part's alone stands in the lane of its P. */
static bool collect_long(struct collector *c, const struct run *run, struct span span)
{
	const long_run_array *runs;
	int64_t ns = part_ns(c->part, run->begin);

	if (span.proc == INDEX_NONE)
		return false;
	runs = &c->model->lanes.items[span.proc].long_runs;
	for (size_t i = long_run_after(runs, ns);
	     i < runs->count && runs->items[i].begin_ns <= c->part->end_ns; i++) {
		if (runs->items[i].go != span.go)
			continue;
		span.begin_ns = runs->items[i].begin_ns;
		span.end_ns = runs->items[i].end_ns;
		span.part = runs->items[i].end_part;
		span.index = (uint32_t)i;
		span.is_long = true;
		collect(c, span);
		return true;
	}
	return false;
}

static int64_t end_of(const struct part *part, part_time time)
{
	return time == TIME_NONE ? part->end_ns : part_ns(part, time);
}

/* On its P, and in the syscall that went on without one. */
static void collect_run(struct collector *c, uint32_t index)
{
	const struct history *history = c->part->history;
	const struct run *run = &history->runs.items[index];
	struct span span = {
		.begin_ns = part_ns(c->part, run->begin),
		.end_ns = end_of(c->part, run->lane_end),
		.go = run->g == INDEX_NONE ? INDEX_NONE : history->go_of.items[run->g],
		.proc = run->proc == PROC_NONE ? INDEX_NONE : c->part->proc_of[run->proc],
		.part = c->part->number,
		.index = index,
		.kind = SPAN_RUN,
		.worker = run->worker,
	};
	int64_t end_ns = end_of(c->part, run->end);

	if (span.proc != INDEX_NONE && (lane_is_whole(run) || !collect_long(c, run, span)))
		collect(c, span);
	if (span.proc == INDEX_NONE)
		span.end_ns = span.begin_ns;
	if (end_ns <= span.end_ns || (run->lane_end == TIME_NONE && span.proc != INDEX_NONE))
		return;
	span.begin_ns = span.end_ns;
	span.end_ns = end_ns;
	span.kind = SPAN_SYSCALL;
	span.proc = INDEX_NONE;
	collect(c, span);
}

static void collect_part(struct collector *c)
{
	const struct history *history = c->part->history;
	size_t at;

	if (!sort_runs(c->model, c->part))
		return;
	at = first_run(history, c->thread, part_time_of(c->part, c->begin_ns));
	for (; at < history->threads.count && c->count < c->max; at++) {
		const struct thread_run *run = &history->threads.items[at];

		if (run->thread != c->thread || part_ns(c->part, run->begin) >= c->end_ns)
			break;
		collect_run(c, run->run);
	}
}

/* What a thread does since the part before may be told there alone. */
static void collect_before(struct collector *c, uint32_t number)
{
	const struct history *history;
	size_t at;

	if (number == 0)
		return;
	c->part = c->model->parts.items[number - 1];
	history = c->part->history;
	if (history == NULL || !sort_runs(c->model, c->part))
		return;
	at = first_run(history, c->thread, TIME_NONE);
	if (at < history->threads.count && history->threads.items[at].thread == c->thread)
		collect_run(c, history->threads.items[at].run);
}

static int span_order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->end_ns > y->end_ns) - (x->end_ns < y->end_ns);
}

/* One after the other: where records contradict each other, the later one is believed. */
static void part_spans(struct span *spans, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (span_order(&spans[i - 1], &spans[i]) > 0) {
			qsort(spans, count, sizeof(*spans), span_order);
			break;
		}
	for (size_t i = 1; i < count; i++)
		if (spans[i - 1].end_ns > spans[i].begin_ns)
			spans[i - 1].end_ns = spans[i].begin_ns;
}

size_t thread_spans(const struct model *model, uint32_t thread, int64_t begin_ns, int64_t end_ns,
                    struct span *spans, size_t max)
{
	struct collector c = { .model = model,
		               .thread = thread,
		               .begin_ns = begin_ns,
		               .end_ns = end_ns,
		               .spans = spans,
		               .max = max };
	uint32_t first, end;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	collect_before(&c, first);
	for (; first < end; first++) {
		c.part = model->parts.items[first];
		if (c.part->history != NULL)
			collect_part(&c);
	}
	part_spans(spans, c.count);
	return c.count;
}

/* ---- mixes */

static void add_time(struct go_mix *mix, int64_t begin_ns, int64_t end_ns, bool is_syscall)
{
	mix->spans++;
	if (is_syscall)
		mix->syscall_ns += end_ns - begin_ns;
	else
		mix->running_ns += end_ns - begin_ns;
}

static void add_span(const struct span *span, const int64_t *times_ns, size_t count, size_t *at,
                     struct go_mix *mixes)
{
	while (*at < count && times_ns[*at + 1] <= span->begin_ns)
		++*at;
	for (size_t i = *at; i < count && times_ns[i] < span->end_ns; i++) {
		int64_t begin = span->begin_ns > times_ns[i] ? span->begin_ns : times_ns[i];
		int64_t end = span->end_ns < times_ns[i + 1] ? span->end_ns : times_ns[i + 1];

		add_time(&mixes[i], begin, end, span->kind == SPAN_SYSCALL);
	}
}

enum { MIXED_AT_ONCE = 512 };

bool model_thread_mixes(const struct model *model, uint32_t thread, const int64_t *times_ns,
                        size_t count, struct go_mix *mixes)
{
	struct span spans[MIXED_AT_ONCE];
	int64_t from = times_ns[0], width = times_ns[count] - times_ns[0];
	size_t at = 0;

	memset(mixes, 0, count * sizeof(*mixes));
	if (!model_has_spans(model, times_ns[0], times_ns[count]))
		return false;
	while (from < times_ns[count]) {
		int64_t to = width < times_ns[count] - from ? from + width : times_ns[count];
		size_t found = thread_spans(model, thread, from, to, spans, MIXED_AT_ONCE);

		if (found == MIXED_AT_ONCE && width > 1) {
			width /= 2;
			continue;
		}
		for (size_t i = 0; i < found; i++) {
			struct span span = spans[i];

			/* what laps in was counted before */
			span.begin_ns = span.begin_ns < from ? from : span.begin_ns;
			span.end_ns = span.end_ns > to ? to : span.end_ns;
			if (span.end_ns > span.begin_ns || spans[i].end_ns == spans[i].begin_ns)
				add_span(&span, times_ns, count, &at, mixes);
		}
		from = to;
	}
	return true;
}
