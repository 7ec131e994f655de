/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/many.h"

#include "core/base/sort.h"

enum { ROOM = 1 << 20 /* bytes that must be left for the next ones */ };

void many_init(struct many *many, struct budget *budget)
{
	*many = (struct many){ .spans = { .budget = budget }, .order = TALLY_TOTAL };
	many->opens.budget = budget;
}

void many_free(struct many *many)
{
	array_free(&many->spans);
	array_free(&many->opens);
}

void many_clear(struct many *many)
{
	array_clear(&many->spans);
	many->is_cut = many->is_unfinished = false;
	many->version++;
}

/* Two that are equal are the same thing. */
static int span_order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->proc != y->proc)
		return x->proc < y->proc ? -1 : 1;
	return (x->go > y->go) - (x->go < y->go);
}

/* The first that is not before it. */
static size_t place_of(const struct many *many, const struct span *span)
{
	size_t low = 0, high = many->spans.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span_order(&many->spans.items[middle], span) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct many *many, size_t at, const struct span *span)
{
	return at < many->spans.count && span_order(&many->spans.items[at], span) == 0;
}

bool many_has(const struct many *many, const struct span *span)
{
	return many->spans.count > 0 && is_at(many, place_of(many, span), span);
}

size_t many_from(const struct many *many, int64_t begin_ns)
{
	return place_of(many, &(struct span){ .begin_ns = begin_ns });
}

void many_toggle(struct many *many, const struct span *span)
{
	size_t at = place_of(many, span), behind = many->spans.count - at;

	many->version++;
	if (is_at(many, at, span)) {
		memmove(many->spans.items + at, many->spans.items + at + 1,
		        (behind - 1) * sizeof(*span));
		many->spans.count--;
		return;
	}
	if (!many_add(many, span, 1))
		return;
	memmove(many->spans.items + at + 1, many->spans.items + at, behind * sizeof(*span));
	many->spans.items[at] = *span;
}

bool many_add(struct many *many, const struct span *spans, size_t count)
{
	many->version++;
	if (many->spans.count + count > MANY_MAX ||
	    budget_is_beyond(many->spans.budget, 2 * many->spans.count * sizeof(*spans) + ROOM)) {
		many->is_cut = true;
		return false;
	}
	for (size_t i = 0; i < count; i++)
		*array_push(&many->spans) = spans[i];
	return true;
}

void many_settle(struct many *many)
{
	size_t count = 0;

	SORT_ARRAY(&many->spans, span_order);
	for (size_t i = 0; i < many->spans.count; i++) {
		const struct span *span = &many->spans.items[i];

		if (count == 0 || span_order(&many->spans.items[count - 1], span) != 0)
			many->spans.items[count++] = *span;
		else if (span->end_ns > many->spans.items[count - 1].end_ns)
			many->spans.items[count - 1] = *span;
	}
	many->spans.count = count;
	many->version++;
}

void many_bounds(const struct many *many, int64_t *begin_ns, int64_t *end_ns)
{
	*begin_ns = many->spans.count > 0 ? many->spans.items[0].begin_ns : 0;
	*end_ns = *begin_ns;
	for (size_t i = 0; i < many->spans.count; i++)
		if (many->spans.items[i].end_ns > *end_ns)
			*end_ns = many->spans.items[i].end_ns;
}
