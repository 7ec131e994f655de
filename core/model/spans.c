/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

#include "core/model/go_spans.h"
#include "core/model/part.h"
#include "core/model/thread_spans.h"
#include "core/model/trail.h"
#include "core/model/user_spans.h"

#include <stdlib.h>

/* The spans of a P's lane, from the histories of parts and from the runs that no part holds. */

/* ---- one span from its record */

static struct span run_span(const struct part *part, const struct history *history, uint32_t proc,
                            uint32_t run)
{
	const struct run *r = &history->runs.items[run];

	return (struct span){
		.begin_ns = part_ns(part, r->begin),
		.end_ns = part_ns(part, r->lane_end),
		.go = r->g == INDEX_NONE ? INDEX_NONE : history->go_of.items[r->g],
		.proc = proc,
		.part = part->number,
		.index = run,
		.kind = SPAN_RUN,
		.worker = r->worker,
		.is_near = history != part->history,
	};
}

static struct span long_span(const long_run_array *runs, uint32_t proc, size_t index,
                             enum span_kind kind)
{
	const struct long_run *run = &runs->items[index];

	return (struct span){
		.begin_ns = run->begin_ns,
		.end_ns = run->end_ns,
		.go = run->go,
		.proc = proc,
		.part = run->end_part,
		.index = (uint32_t)index,
		.kind = (uint8_t)kind,
		.worker = run->worker,
		.is_long = true,
	};
}

static struct span piece_span(const struct part *part, const struct history *history, uint32_t proc,
                              uint32_t index)
{
	static const uint8_t kinds[] = {
		[PIECE_ASSIST] = SPAN_ASSIST,
		[PIECE_SWEEP] = SPAN_SWEEP,
		[PIECE_SYSCALL] = SPAN_SYSCALL,
	};
	const struct piece *piece = &history->lanes.pieces.items[index];

	return (struct span){
		.begin_ns = part_ns(part, piece->begin),
		.end_ns = part_ns(part, piece->end),
		.go = piece->g == INDEX_NONE ? INDEX_NONE : history->go_of.items[piece->g],
		.proc = proc,
		.part = part->number,
		.index = index,
		.kind = kinds[piece->kind],
		.is_near = history != part->history,
	};
}

/* ---- collecting */

struct collector {
	struct span *spans;
	size_t count, max;
	int64_t begin_ns, end_ns;
};

/* False when there is no room for more. */
static bool collect(struct collector *c, struct span span)
{
	bool in = span.begin_ns < c->end_ns &&
	          (span.end_ns > c->begin_ns ||
	           (span.end_ns == span.begin_ns && span.begin_ns >= c->begin_ns));

	if (!in)
		return true;
	if (c->count == c->max)
		return false;
	c->spans[c->count++] = span;
	return true;
}

static bool collect_runs(struct collector *c, const struct part *part,
                         const struct history *history, uint32_t proc)
{
	uint16_t own = part_proc(part, proc);
	uint32_t at;

	if (own == PROC_NONE)
		return true;
	at = lanes_first_from(history, own, part_time_of(part, c->begin_ns));
	at -= at > history->lanes.first_run.items[own]; /* the one before may lap in */
	for (; at < history->lanes.first_run.items[own + 1]; at++) {
		if (part_ns(part, history->runs.items[at].begin) >= c->end_ns)
			break;
		if (lane_is_whole(&history->runs.items[at]) &&
		    !collect(c, run_span(part, history, proc, at)))
			return false;
	}
	return true;
}

static bool collect_pieces(struct collector *c, const struct part *part,
                           const struct history *history, uint32_t proc)
{
	uint16_t own = part_proc(part, proc);
	const struct lanes *lanes = &history->lanes;

	if (own == PROC_NONE)
		return true;
	for (uint32_t at = lanes_first_piece(history, own, part_time_of(part, c->begin_ns));
	     at < lanes->first_piece.items[own + 1]; at++) {
		if (part_ns(part, lanes->pieces.items[at].begin) >= c->end_ns)
			break;
		if (!collect(c, piece_span(part, history, proc, at)))
			return false;
	}
	return true;
}

static void collect_long(struct collector *c, const long_run_array *runs, uint32_t proc,
                         enum span_kind kind)
{
	for (size_t i = long_run_after(runs, c->begin_ns);
	     i < runs->count && runs->items[i].begin_ns < c->end_ns; i++)
		collect(c, long_span(runs, proc, i, kind));
}

/* The stops that a P's goroutine held, which are the model's. */
static void collect_stops(struct collector *c, const struct model *model, uint32_t proc)
{
	uint32_t low = 0, high = (uint32_t)model->stops.count;

	/* by begin; they do not lap, as the world stops once at a time */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (model->stops.items[middle].end_ns < c->begin_ns)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint32_t i = low; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];

		if (stop->begin_ns >= c->end_ns)
			break;
		if (stop->proc == proc)
			collect(c, (struct span){
					   .begin_ns = stop->begin_ns,
					   .end_ns = stop->end_ns,
					   .go = stop->go,
					   .proc = proc,
					   .part = INDEX_NONE,
					   .index = i,
					   .kind = SPAN_STW,
				   });
	}
}

static int span_order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->end_ns > y->end_ns) - (x->end_ns < y->end_ns);
}

/* Each source is in order, and often there is just one. */
static void sort_spans(struct span *spans, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (span_order(&spans[i - 1], &spans[i]) > 0) {
			qsort(spans, count, sizeof(*spans), span_order);
			return;
		}
}

/* What runs on a P comes one after the other. Where records contradict each other, the later one is
 * believed. */
static void part_spans(struct span *spans, size_t count)
{
	size_t last = 0; /* that takes time */

	for (size_t i = 1; i < count; i++) {
		if (spans[i].end_ns <= spans[i].begin_ns)
			continue;
		if (spans[last].end_ns > spans[i].begin_ns)
			spans[last].end_ns = spans[i].begin_ns;
		last = i;
	}
}

static size_t proc_spans(const struct model *model, uint32_t proc, bool inner, int64_t begin_ns,
                         int64_t end_ns, struct span *spans, size_t max)
{
	struct collector c = {
		.spans = spans,
		.max = max,
		.begin_ns = begin_ns,
		.end_ns = end_ns,
	};
	uint32_t first, end;

	if (proc >= model->lanes.count)
		return 0;
	model_parts_in(model, begin_ns, end_ns, &first, &end);
	if (inner) {
		collect_stops(&c, model, proc);
		collect_long(&c, &model->lanes.items[proc].long_calls, proc, SPAN_SYSCALL);
	} else {
		collect_long(&c, &model->lanes.items[proc].long_runs, proc, SPAN_RUN);
	}
	for (uint32_t p = first; p < end; p++) {
		const struct part *part = model->parts.items[p];
		int64_t from_ns, to_ns;
		const struct history *history =
			part_lanes(part, begin_ns, end_ns, &from_ns, &to_ns);

		if (history == NULL)
			continue;
		if (inner ? !collect_pieces(&c, part, history, proc)
		          : !collect_runs(&c, part, history, proc))
			break;
	}
	sort_spans(spans, c.count);
	if (!inner)
		part_spans(spans, c.count);
	return c.count;
}

size_t model_spans(const struct model *model, struct lane_id lane, int64_t begin_ns, int64_t end_ns,
                   struct span *spans, size_t max)
{
	if (lane.of == LANE_OF_GO)
		return go_spans(model, lane.index, begin_ns, end_ns, spans, max);
	if (lane.of == LANE_OF_THREAD)
		return thread_spans(model, lane.index, begin_ns, end_ns, spans, max);
	if (lane.of == LANE_OF_TRAIL)
		return trail_spans(model, begin_ns, end_ns, spans, max);
	if (lane.of >= LANE_REGIONS_OF_GO)
		return user_spans(model, lane, begin_ns, end_ns, spans, max);
	return proc_spans(model, lane.index, lane.of == LANE_IN_PROC, begin_ns, end_ns, spans, max);
}

/* ---- steps */

enum { STEP_SPANS = 256 };

/* The nearest one after (or before) a time among those of [begin, end). */
static bool nearest(const struct model *model, struct lane_id lane, int64_t begin_ns,
                    int64_t end_ns, int64_t time_ns, bool before, struct span *found)
{
	struct span spans[STEP_SPANS];
	size_t count = model_spans(model, lane, begin_ns, end_ns, spans, STEP_SPANS);

	if (before)
		for (size_t i = count; i-- > 0;)
			if (spans[i].begin_ns < time_ns) {
				*found = spans[i];
				return true;
			}
	for (size_t i = 0; i < count && !before; i++)
		if (spans[i].begin_ns > time_ns) {
			*found = spans[i];
			return true;
		}
	return false;
}

/* The first part in a window without what the lane needs; INDEX_NONE. */
static uint32_t missing(const struct model *model, struct lane_id lane, int64_t begin_ns,
                        int64_t end_ns)
{
	uint32_t first, end;
	int64_t from_ns, to_ns;

	if (lane.of == LANE_OF_TASK || lane.of == LANE_OF_TRAIL)
		return INDEX_NONE;
	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (uint32_t p = first; p < end; p++)
		if (lane.of != LANE_OF_PROC && lane.of != LANE_IN_PROC
		            ? !model_has_history(model, p)
		            : part_lanes(model->parts.items[p], begin_ns, end_ns, &from_ns,
		                         &to_ns) == NULL)
			return p;
	return INDEX_NONE;
}

/* Looks in windows that grow, so that a near one is found at once and a far one soon. A window with
 * too many spans is shrunk. */
static bool seek(const struct model *model, struct lane_id lane, int64_t time_ns, bool before,
                 struct span *span, uint32_t *part)
{
	int64_t width = 1 << 12, at = time_ns;

	*part = INDEX_NONE;
	while (before ? at > 0 : at <= model->end_ns) {
		int64_t begin = before ? (at > width ? at - width : 0) : at;
		int64_t end = before ? at : at + width;
		struct span probe[STEP_SPANS];

		*part = missing(model, lane, begin, end);
		if (*part != INDEX_NONE)
			return false;
		if (width > 1 &&
		    model_spans(model, lane, begin, end, probe, STEP_SPANS) == STEP_SPANS) {
			width /= 4;
			width = width < 1 ? 1 : width;
			continue;
		}
		if (nearest(model, lane, begin, end, time_ns, before, span))
			return true;
		at = before ? begin : end;
		width *= 2;
	}
	return false;
}

bool model_span_after(const struct model *model, struct lane_id lane, int64_t time_ns,
                      struct span *span, uint32_t *part)
{
	return seek(model, lane, time_ns, false, span, part);
}

bool model_span_before(const struct model *model, struct lane_id lane, int64_t time_ns,
                       struct span *span, uint32_t *part)
{
	return seek(model, lane, time_ns, true, span, part);
}
