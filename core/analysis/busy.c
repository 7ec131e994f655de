/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/busy.h"

#include "core/base/sort.h"

enum { LEAST_NS = 500000, STRETCHES_MOST = 1 << 18 };

void busy_init(struct busy *busy, struct budget *budget)
{
	*busy = (struct busy){ .stretches = { .budget = budget },
		               .now = { .budget = budget },
		               .least_ns = LEAST_NS };
	sparse_init(&busy->place_of, budget);
}

void busy_free(struct busy *busy)
{
	array_free(&busy->stretches);
	array_free(&busy->now);
	sparse_free(&busy->place_of);
}

static void forget_shortest(struct busy *busy)
{
	size_t kept = 0;

	busy->least_ns *= 2;
	for (size_t i = 0; i < busy->stretches.count; i++) {
		const struct busy_stretch *stretch = &busy->stretches.items[i];

		if (stretch->end_ns - stretch->begin_ns >= busy->least_ns)
			busy->stretches.items[kept++] = *stretch;
	}
	busy->stretches.count = kept;
}

static void finish(struct busy *busy, const struct busy_now *now)
{
	if (now->end_ns - now->begin_ns < busy->least_ns)
		return;
	while (busy->stretches.count >= STRETCHES_MOST)
		forget_shortest(busy);
	*array_push(&busy->stretches) =
		(struct busy_stretch){ now->begin_ns, now->end_ns, now->go };
}

static struct busy_now *now_of(struct busy *busy, uint32_t go)
{
	uint32_t place = sparse_get(&busy->place_of, go);

	if (place != 0)
		return &busy->now.items[place - 1];
	*array_push(&busy->now) = (struct busy_now){ .go = go };
	sparse_set(&busy->place_of, go, (uint32_t)busy->now.count);
	return &busy->now.items[busy->now.count - 1];
}

void busy_tell(struct busy *busy, const struct told *told)
{
	bool is_busy = told->span.kind == SPAN_RUN || told->span.kind == SPAN_RUNNABLE ||
	               told->span.kind == SPAN_SYSCALL;
	struct busy_now *now;

	if (!is_busy)
		return; /* time tells that the stretch is over */
	now = now_of(busy, told->span.go);
	if (told->begin_ns > now->end_ns) {
		finish(busy, now);
		now->begin_ns = told->begin_ns;
	}
	now->end_ns = told->end_ns;
}

void busy_settle(struct busy *busy, const struct telling *telling)
{
	size_t kept = 0;

	for (size_t i = 0; i < busy->now.count; i++) {
		const struct busy_now *now = &busy->now.items[i];
		bool goes_on = telling_knows(telling, now->go);

		if (!goes_on)
			finish(busy, now);
		sparse_set(&busy->place_of, now->go, goes_on ? (uint32_t)kept + 1 : 0);
		if (goes_on)
			busy->now.items[kept++] = *now;
	}
	busy->now.count = kept;
}

static int by_go(const void *a, const void *b)
{
	const struct busy_stretch *x = a, *y = b;

	if (x->go != y->go)
		return x->go < y->go ? -1 : 1;
	return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

void busy_end(struct busy *busy)
{
	for (size_t i = 0; i < busy->now.count; i++)
		finish(busy, &busy->now.items[i]);
	array_free(&busy->now);
	sparse_free(&busy->place_of);
	SORT_ARRAY(&busy->stretches, by_go);
}

int64_t busy_ns(const struct busy *busy, uint32_t go, int64_t begin_ns, int64_t end_ns)
{
	size_t low = 0, high = busy->stretches.count;
	int64_t sum = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct busy_stretch *stretch = &busy->stretches.items[middle];

		if (stretch->go < go || (stretch->go == go && stretch->end_ns <= begin_ns))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < busy->stretches.count; low++) {
		const struct busy_stretch *stretch = &busy->stretches.items[low];
		int64_t from = stretch->begin_ns > begin_ns ? stretch->begin_ns : begin_ns;
		int64_t to = stretch->end_ns < end_ns ? stretch->end_ns : end_ns;

		if (stretch->go != go || stretch->begin_ns >= end_ns)
			break;
		sum += to > from ? to - from : 0;
	}
	return sum;
}

const struct busy_stretch *busy_since(const struct busy *busy, int64_t ns, int64_t within_ns,
                                      busy_accept_fn *accepts, const void *to)
{
	const struct busy_stretch *closest = NULL;

	for (size_t i = 0; i < busy->stretches.count; i++) {
		const struct busy_stretch *stretch = &busy->stretches.items[i];

		if (stretch->begin_ns > ns || stretch->end_ns <= ns ||
		    ns - stretch->begin_ns >= within_ns || !accepts(to, stretch->go))
			continue;
		if (closest == NULL || stretch->begin_ns > closest->begin_ns)
			closest = stretch;
	}
	return closest;
}
