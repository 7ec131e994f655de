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
}

void busy_free(struct busy *busy)
{
	array_free(&busy->stretches);
	array_free(&busy->now);
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

static void finish(struct busy *busy, uint32_t go)
{
	const struct busy_now *now = &busy->now.items[go];

	if (now->end_ns - now->begin_ns < busy->least_ns)
		return;
	while (busy->stretches.count >= STRETCHES_MOST)
		forget_shortest(busy);
	*array_push(&busy->stretches) =
		(struct busy_stretch){ now->begin_ns, now->end_ns, go };
}

void busy_make_room(struct busy *busy, uint32_t gos)
{
	if (busy->now.count < gos)
		array_resize(&busy->now, gos);
}

void busy_tell(struct busy *busy, const struct told *told)
{
	bool is_busy = told->span.kind == SPAN_RUN || told->span.kind == SPAN_RUNNABLE ||
	               told->span.kind == SPAN_SYSCALL;
	struct busy_now *now;

	if (!is_busy)
		return; /* time tells that the stretch is over */
	now = &busy->now.items[told->span.go];
	if (told->begin_ns > now->end_ns) {
		finish(busy, told->span.go);
		now->begin_ns = told->begin_ns;
	}
	now->end_ns = told->end_ns;
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
	for (uint32_t go = 0; go < busy->now.count; go++)
		finish(busy, go);
	array_free(&busy->now);
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
