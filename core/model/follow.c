/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/follow.h"

#include "core/model/part.h"

void follow_begin(struct follow *follow, const struct model *model, uint32_t go, int64_t begin_ns,
                  int64_t end_ns)
{
	*follow =
		(struct follow){ .model = model, .go = go, .begin_ns = begin_ns, .end_ns = end_ns };
	model_parts_in(model, begin_ns, begin_ns + 1, &follow->part, &follow->end);
	model_parts_of(model, go, &follow->born, &follow->gone);
	follow->is_over = follow->part >= follow->end || follow->part >= follow->gone;
	if (follow->part >= follow->born || follow->is_over)
		return;
	follow->part = follow->born;
	follow->is_over = model_part_begin(model, follow->born) >= end_ns;
}

/* ---- stays */

struct taking {
	struct follow *follow;
	follow_fn *take;
	void *to;
};

static struct told told_of(const struct follow *follow, const struct span *span)
{
	return (struct told){ .span = *span,
		              .begin_ns = span->begin_ns,
		              .end_ns = span->end_ns,
		              .heard_ns = span->begin_ns,
		              .lost_ns = TIME_UNKNOWN,
		              .proc = span->proc,
		              .after = follow->last };
}

/* Whether it is what was open already, of which the part where it began told more. */
static bool is_open(const struct follow *follow, const struct span *span)
{
	return follow->open.span.kind == span->kind && follow->open.begin_ns == span->begin_ns;
}

static bool give(struct taking *taking, struct told *told)
{
	struct follow *follow = taking->follow;

	follow->last = told->span.kind;
	if (taking->take(taking->to, told))
		return true;
	follow->is_over = true;
	return false;
}

static bool take_span(void *to, const struct span *span)
{
	struct taking *taking = to;
	struct told told = told_of(taking->follow, span);

	if (is_open(taking->follow, span)) {
		told = taking->follow->open;
		told.span = *span;
		told.end_ns = span->end_ns;
	}
	return give(taking, &told);
}

/* Only of the part that it is at: whether others are there does not matter. */
static stack_id stack_of(const struct follow *follow, const struct span *span)
{
	stack_id stacks[2] = { 0 };

	if (span->part == follow->part)
		model_span_stacks(follow->model, span, stacks);
	return stacks[span->kind == SPAN_RUN];
}

stack_id follow_stack(const struct follow *follow, const struct told *told)
{
	if (told->span.kind != SPAN_RUN && is_open(follow, &told->span))
		return follow->stack;
	return stack_of(follow, &told->span);
}

const struct wake *follow_wake(const struct follow *follow, const struct told *told)
{
	const struct part *part = follow->model->parts.items[follow->part];
	uint32_t at = told->span.index & ~RECORD_WAKE;

	if (told->span.part != follow->part || part->history == NULL ||
	    !(told->span.index & RECORD_WAKE) || at >= part->history->wakes.count)
		return NULL;
	return &part->history->wakes.items[at];
}

/* ---- parts */

static void tell_part(struct taking *taking)
{
	struct follow *follow = taking->follow;
	struct span open = follow->open.span;

	open.go = follow->go;
	go_tell_within(follow->model, follow->part, follow->go, follow->begin_ns, follow->end_ns,
	               &open, take_span, taking);
	if (follow->is_over || is_open(follow, &open))
		return;
	follow->open = told_of(follow, &open);
	if (open.kind == SPAN_NONE)
		return;
	follow->stack = stack_of(follow, &open);
	told_know(&follow->open, follow->model);
}

/* What goes on behind the last part. */
static void finish(struct taking *taking)
{
	struct follow *follow = taking->follow;
	struct told *open = &follow->open;

	follow->is_over = true;
	open->is_open = follow->part == follow->model->parts.count;
	open->end_ns = open->is_open ? follow->model->end_ns : follow->end_ns;
	if (open->end_ns < open->begin_ns)
		open->end_ns = open->begin_ns;
	if (open->span.kind != SPAN_NONE && open->begin_ns < follow->end_ns &&
	    open->end_ns > follow->begin_ns)
		give(taking, open);
}

/* To where it began what it does at the window's begin. */
static void go_back(struct follow *follow)
{
	follow->is_found =
		follow->part <= follow->born || follow->back == GO_PARTS_BACK ||
		!go_lasts_from_before(follow->model, follow->part, follow->go, follow->begin_ns);
	follow->part -= !follow->is_found;
	follow->back++;
}

static bool was_last(const struct follow *follow)
{
	return follow->part >= follow->model->parts.count ||
	       follow->open.begin_ns >= follow->end_ns ||
	       (follow->part >= follow->end &&
	        model_part_begin(follow->model, follow->part) >= follow->end_ns);
}

enum follow_place follow_step(struct follow *follow, follow_fn *take, void *to)
{
	struct taking taking = { .follow = follow, .take = take, .to = to };

	if (follow->is_over)
		return FOLLOW_OVER;
	if (!model_has_history(follow->model, follow->part))
		return FOLLOW_NEEDS;
	if (!follow->is_found) {
		go_back(follow);
		return FOLLOW_MORE;
	}
	tell_part(&taking);
	do
		follow->part++;
	while (follow->part >= follow->gone && !was_last(follow));
	if (!follow->is_over && was_last(follow))
		finish(&taking);
	return follow->is_over ? FOLLOW_OVER : FOLLOW_MORE;
}
