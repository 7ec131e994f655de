/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/telling_at.h"

enum { GOS_A_STEP = 1 << 10 };

void telling_init(struct telling *telling, struct budget *budget)
{
	*telling = (struct telling){ .going = { .budget = budget } };
	telling->heads.budget = telling->stirred.budget = budget;
	sparse_init(&telling->place_of, budget);
}

void telling_free(struct telling *telling)
{
	array_free(&telling->going);
	sparse_free(&telling->place_of);
	array_free(&telling->heads);
	array_free(&telling->stirred);
}

/* Why it stopped: a record of a run says it. */
static string_id reason_of(const struct model *model, const struct span *span)
{
	const struct part *part =
		span->part < model->parts.count ? model->parts.items[span->part] : NULL;
	const struct history *pass = part == NULL ? NULL : part->pass;

	if (pass == NULL)
		return model_wait_reason(model, span);
	if (span->index >= pass->runs.count)
		return 0;
	return tables_string(&part->tables,
	                     pass->reasons.items[pass->runs.items[span->index].reason]);
}

void told_know(struct told *told, const struct model *model)
{
	if (told->is_known)
		return;
	told->is_known = true;
	told->stack = model_begin_stack(model, &told->span);
	told->by = model_begin_waker(model, &told->span);
	if (told->span.kind == SPAN_WAITING || told->span.kind == SPAN_RUNNABLE)
		told->reason = reason_of(model, &told->span);
}

/* ---- one goroutine in one part */

/* A syscall that lasts beyond a part is known of since it began, or by nobody: what the part of its
 * begin tells is not looked up again, as it may be gone. */
static void know_long(const struct teller *t, struct told *told)
{
	const struct long_run *call =
		&t->model->lanes.items[told->span.proc].long_calls.items[told->span.index];

	if (call->begin_part != t->part && (call->begin_part != INDEX_NONE || t->part != 0)) {
		told->is_known = true;
		told->by = INDEX_NONE;
	}
}

static struct told told_of(struct teller *t, const struct span *span)
{
	struct told told = { .span = *span,
		             .begin_ns = span->begin_ns,
		             .heard_ns = span->begin_ns,
		             .lost_ns = TIME_UNKNOWN,
		             .proc = span->proc,
		             .after = t->last };
	bool is_first = !t->is_begun;

	t->is_begun = true;
	if (is_first && t->first.span.kind != SPAN_NONE) {
		told = t->first;
		told.span = *span;
	} else if (is_first && t->heard_ns > span->begin_ns) {
		told.heard_ns = t->heard_ns;
	}
	if (span->kind == SPAN_SYSCALL && span->is_long)
		know_long(t, &told);
	if (told.span.kind == SPAN_SYSCALL && span->proc == INDEX_NONE &&
	    told.lost_ns == TIME_UNKNOWN)
		told.lost_ns = told.begin_ns;
	told.end_ns = span->end_ns;
	t->last = span->kind;
	return told;
}

/* Whether what is held goes on in another one. */
static bool goes_on(const struct told *held, const struct span *span)
{
	return held->span.kind == SPAN_SYSCALL && span->kind == SPAN_SYSCALL &&
	       span->proc == INDEX_NONE && held->lost_ns == TIME_UNKNOWN &&
	       held->end_ns == span->begin_ns;
}

static void lose_proc(const struct teller *t, struct told *held, const struct span *span)
{
	told_know(held, t->model);
	held->lost_ns = span->begin_ns;
	held->end_ns = span->end_ns;
	held->span = *span;
}

static void give(struct teller *t)
{
	if (t->held.span.kind != SPAN_NONE)
		t->take(t->to, &t->held);
	t->held.span.kind = SPAN_NONE;
}

bool teller_take(void *to, const struct span *span)
{
	struct teller *t = to;

	if (goes_on(&t->held, span)) {
		t->is_begun = true;
		lose_proc(t, &t->held, span);
		return true;
	}
	give(t);
	t->held = told_of(t, span);
	return true;
}

/* ---- from part to part */

static void finish(struct told *told, int64_t ns, told_fn *take, void *to)
{
	told->end_ns = ns < told->begin_ns ? told->begin_ns : ns;
	told->is_open = true;
	if (told->span.kind != SPAN_NONE)
		take(to, told);
}

struct going *telling_add_going(struct telling *telling, uint32_t go, int64_t heard_ns)
{
	uint32_t place = telling->first_free;

	if (place != 0) {
		telling->first_free = telling->going.items[place - 1].next_free;
	} else {
		if (telling->going.count == telling->going.capacity &&
		    budget_is_overdrawn(telling->going.budget)) {
			telling->is_torn = true;
			return NULL;
		}
		array_push(&telling->going);
		place = (uint32_t)telling->going.count;
	}
	sparse_set(&telling->place_of, go, place);
	*array_push(&telling->stirred) = place - 1;
	telling->going.items[place - 1] = (struct going){
		.told.span = { .go = go, .kind = SPAN_NONE },
		.heard_ns = heard_ns,
		.last = SPAN_NONE,
		.is_fresh = true,
	};
	return &telling->going.items[place - 1];
}

void telling_drop_going(struct telling *telling, struct going *going)
{
	sparse_set(&telling->place_of, going->told.span.go, 0);
	going->told.span.kind = SPAN_NONE;
	going->is_free = true;
	going->next_free = telling->first_free;
	telling->first_free = (uint32_t)(going - telling->going.items) + 1;
}

/* Of whom nobody knows what he does when the part ends, or what there is of him in it, nothing is
 * left. */
static void end_part(struct telling *telling)
{
	for (size_t i = 0; i < telling->stirred.count; i++) {
		struct going *going = &telling->going.items[telling->stirred.items[i]];

		going->is_fresh = false;
		if (!going->is_free && going->told.span.kind == SPAN_NONE)
			telling_drop_going(telling, going);
	}
	array_clear(&telling->stirred);
	if (telling->has_more)
		return;
	array_clear(&telling->heads);
	telling->heard = telling->hears > telling->heard ? telling->hears : telling->heard;
}

int64_t telling_heard_ns(const struct part *part, size_t at, size_t end)
{
	const struct history *history = part_visited(part);
	const struct strands *strands = &history->strands;
	part_time first = TIME_NONE;

	for (; at < end; at++) {
		uint32_t own = (uint32_t)strands->own_of.items[at];
		uint32_t begin = strands->first.items[own];
		part_time time = TIME_NONE;

		if (begin < strands->first.items[own + 1])
			time = strands_time(history, strands->records.items[begin]);
		first = time < first ? time : first;
	}
	return first == TIME_NONE ? part->begin_ns : part_ns(part, first);
}

/* ---- from records: all of a goroutine, or one of it */

void teller_begin(struct teller *t, const struct going *going)
{
	t->first = going->told;
	t->heard_ns = going->heard_ns;
	t->held.span.kind = SPAN_NONE;
	t->last = going->last;
	t->is_begun = going->told.span.kind == SPAN_NONE && !going->is_fresh;
}

void teller_end(struct teller *t, struct going *going, const struct span *now)
{
	if (now->kind != SPAN_NONE && goes_on(&t->held, now)) {
		lose_proc(t, &t->held, now);
		going->told = t->held;
	} else {
		give(t);
		if (now->kind != SPAN_NONE) {
			going->told = told_of(t, now);
			told_know(&going->told, t->model);
		}
	}
	if (now->kind == SPAN_NONE)
		going->told.span.kind = SPAN_NONE;
	going->last = t->last;
	going->is_fresh &= !t->is_begun;
}

static void tell_go(struct telling *telling, struct teller *t, uint32_t number, size_t first,
                    size_t end)
{
	const struct part *part = t->model->parts.items[number];
	uint32_t go = (uint32_t)(part->history->strands.own_of.items[first] >> 32);
	struct going *going = telling_find_going(telling, go);
	struct span now;

	if (going == NULL)
		going = telling_add_going(telling, go, telling_heard_ns(part, first, end));
	if (going == NULL)
		return;
	teller_begin(t, going);
	t->last = SPAN_NONE;
	now = t->first.span;
	go_tell_part(t->model, number, go, &now, teller_take, t);
	teller_end(t, going, &now);
	if (now.kind == SPAN_NONE)
		telling_drop_going(telling, going);
}

static bool step_gos(struct telling *telling, struct teller *t, uint32_t number, size_t *at)
{
	const u64_array *own_of = &t->model->parts.items[number]->history->strands.own_of;
	size_t end = *at + GOS_A_STEP;

	while (*at < own_of->count && *at < end) {
		size_t first = *at;

		while (*at < own_of->count &&
		       own_of->items[*at] >> 32 == own_of->items[first] >> 32)
			++*at;
		tell_go(telling, t, number, first, *at);
	}
	return *at < own_of->count;
}

/* ---- */

bool telling_step(struct telling *telling, const struct model *model, uint32_t number, size_t *at,
                  told_fn *take, void *to)
{
	const struct part *part = model->parts.items[number];
	struct teller t = { .model = model, .take = take, .to = to, .part = number };
	bool goes_on;

	goes_on = part->pass != NULL ? telling_step_turns(telling, &t, part, at)
	                             : step_gos(telling, &t, number, at);
	if (!goes_on)
		end_part(telling);
	return goes_on;
}

static void finish_all(struct telling *telling, int64_t ns, told_fn *take, void *to)
{
	for (size_t i = 0; i < telling->going.count; i++)
		if (!telling->going.items[i].is_free) {
			finish(&telling->going.items[i].told, ns, take, to);
			telling_drop_going(telling, &telling->going.items[i]);
		}
}

void telling_skip(struct telling *telling, const struct model *model, uint32_t number,
                  told_fn *take, void *to)
{
	finish_all(telling, model->parts.items[number]->begin_ns, take, to);
	telling->heard = telling->hears = 0;
}

void telling_end(struct telling *telling, const struct model *model, told_fn *take, void *to)
{
	finish_all(telling, model->end_ns, take, to);
}
