/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/telling.h"

#include "core/model/part.h"

enum { GOS_A_STEP = 1 << 10 };

void telling_init(struct telling *telling, struct budget *budget)
{
	*telling = (struct telling){ .open = { .budget = budget } };
	telling->next.budget = budget;
}

void telling_free(struct telling *telling)
{
	array_free(&telling->open);
	array_free(&telling->next);
}

void told_know(struct told *told, const struct model *model)
{
	if (told->is_known)
		return;
	told->is_known = true;
	told->stack = model_begin_stack(model, &told->span);
	told->by = model_begin_waker(model, &told->span);
	if (told->span.kind == SPAN_WAITING || told->span.kind == SPAN_RUNNABLE)
		told->reason = model_wait_reason(model, &told->span);
}

/* ---- one goroutine in one part */

/* Its stays are told one behind the other: the last one may be a syscall that goes on without its
 * P. */
struct teller {
	const struct model *model;
	told_fn *take;
	void *to;
	struct told first; /* what it did before the part; SPAN_NONE */
	struct told held;  /* SPAN_NONE: nothing is held back */
	int64_t heard_ns;  /* the first record of it */
	uint8_t last;      /* enum span_kind: of what was told last of it */
	bool is_begun;
};

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

static bool take_span(void *to, const struct span *span)
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

/* Where there is no room for it, it ends here. */
static void carry(struct telling *telling, struct told *told, int64_t ns, told_fn *take, void *to)
{
	bool has_room = telling->next.count < telling->next.capacity ||
	                !budget_is_overdrawn(telling->next.budget);

	if (has_room) {
		*array_push(&telling->next) = *told;
		return;
	}
	telling->is_torn = true;
	finish(told, ns, take, to);
}

/* Those before a goroutine, of whom the part tells nothing, go on. */
static size_t pass(struct telling *telling, size_t at, uint32_t go, int64_t ns, told_fn *take,
                   void *to)
{
	for (; at < telling->open.count && telling->open.items[at].span.go < go; at++)
		carry(telling, &telling->open.items[at], ns, take, to);
	return at;
}

static size_t find_open(const struct telling *telling, uint32_t go)
{
	size_t low = 0, high = telling->open.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (telling->open.items[middle].span.go < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void turn_page(struct telling *telling)
{
	struct told *items = telling->open.items;
	size_t capacity = telling->open.capacity;

	telling->open.items = telling->next.items;
	telling->open.count = telling->next.count;
	telling->open.capacity = telling->next.capacity;
	telling->next.items = items;
	telling->next.capacity = capacity;
	array_clear(&telling->next);
}

/* When a part tells first of the goroutine that has own numbers in [at, end). */
static int64_t heard_ns(const struct part *part, size_t at, size_t end)
{
	const struct strands *strands = &part->history->strands;
	part_time first = TIME_NONE;

	for (; at < end; at++) {
		uint32_t own = (uint32_t)strands->own_of.items[at];
		uint32_t begin = strands->first.items[own];
		part_time time = TIME_NONE;

		if (begin < strands->first.items[own + 1])
			time = strands_time(part->history, strands->records.items[begin]);
		first = time < first ? time : first;
	}
	return first == TIME_NONE ? part->begin_ns : part_ns(part, first);
}

static void tell_go(struct telling *telling, struct teller *t, uint32_t number, uint32_t go)
{
	const struct part *part = t->model->parts.items[number];
	struct span now = t->first.span;

	now.go = go;
	t->held.span.kind = t->last = SPAN_NONE;
	t->is_begun = false;
	go_tell_part(t->model, number, go, &now, take_span, t);
	if (now.kind != SPAN_NONE && goes_on(&t->held, &now)) {
		lose_proc(t, &t->held, &now);
		carry(telling, &t->held, part->end_ns, t->take, t->to);
		return;
	}
	give(t);
	if (now.kind == SPAN_NONE)
		return;
	t->held = told_of(t, &now);
	told_know(&t->held, t->model);
	carry(telling, &t->held, part->end_ns, t->take, t->to);
}

bool telling_step(struct telling *telling, const struct model *model, uint32_t number, size_t *at,
                  told_fn *take, void *to)
{
	const struct part *part = model->parts.items[number];
	const u64_array *own_of = &part->history->strands.own_of;
	struct teller t = { .model = model, .take = take, .to = to };
	size_t end = *at + GOS_A_STEP, open = 0;

	if (*at > 0)
		open = find_open(telling, (uint32_t)(own_of->items[*at - 1] >> 32) + 1);
	while (*at < own_of->count && *at < end) {
		uint32_t go = (uint32_t)(own_of->items[*at] >> 32);
		size_t first = *at;

		while (*at < own_of->count && own_of->items[*at] >> 32 == go)
			++*at;
		open = pass(telling, open, go, part->end_ns, take, to);
		t.first.span = (struct span){ .kind = SPAN_NONE };
		if (open < telling->open.count && telling->open.items[open].span.go == go)
			t.first = telling->open.items[open++];
		t.heard_ns = heard_ns(part, first, *at);
		tell_go(telling, &t, number, go);
	}
	if (*at < own_of->count)
		return true;
	pass(telling, open, INDEX_NONE, part->end_ns, take, to);
	turn_page(telling);
	return false;
}

void telling_skip(struct telling *telling, const struct model *model, uint32_t number,
                  told_fn *take, void *to)
{
	for (size_t i = 0; i < telling->open.count; i++)
		finish(&telling->open.items[i], model->parts.items[number]->begin_ns, take, to);
	array_clear(&telling->open);
}

void telling_end(struct telling *telling, const struct model *model, told_fn *take, void *to)
{
	for (size_t i = 0; i < telling->open.count; i++)
		finish(&telling->open.items[i], model->end_ns, take, to);
	array_clear(&telling->open);
}
