/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/ranks.h"

#include <stdlib.h>

#include "tests/draw.h"
#include "tests/tap.h"

enum { MANY = 200000, GROUPS = 5 };

static struct budget budget;
static int64_t numbers[GROUPS][MANY];

static uint64_t seed = 11;

/* Spread over all powers of two; near each other; nearly all the same; a few; none. */
static size_t fill(size_t group)
{
	static const size_t counts[GROUPS] = { MANY, MANY, MANY, 3, 0 };

	for (size_t i = 0; i < counts[group]; i++)
		numbers[group][i] = group == 0 ? (int64_t)(draw_any(&seed) >> (1 + draw(&seed, 63)))
		                    : group == 1 ? 1000000000 + (int64_t)(draw(&seed, 5000000))
		                    : group == 2 ? (draw(&seed, 100) == 0 ? 0 : 77)
		                                 : INT64_MAX - (int64_t)i;
	return counts[group];
}

static int order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* How many looks it took; all are as sorting has them. */
static int look(bool *good, bool is_cheap)
{
	struct ranks ranks;
	uint64_t at[GROUPS][RANKS];
	size_t counts[GROUPS];
	int looks = 0;

	ranks_init(&ranks, &budget, GROUPS, is_cheap);
	for (size_t g = 0; g < GROUPS; g++) {
		counts[g] = fill(g);
		at[g][0] = counts[g] / 2;
		at[g][1] = counts[g] == 0 ? 0 : counts[g] - 1 - counts[g] / 100;
		ranks_want(&ranks, g, counts[g], at[g]);
	}
	for (; ranks_look(&ranks); looks++)
		for (size_t g = 0; g < GROUPS; g++)
			for (size_t i = 0; i < counts[g]; i++)
				ranks_see(&ranks, g, numbers[g][i]);
	for (size_t g = 0; g < GROUPS; g++) {
		qsort(numbers[g], counts[g], sizeof(numbers[g][0]), order);
		for (int r = 0; r < RANKS && counts[g] > 0; r++)
			*good = *good && ranks_found(&ranks, g, r) == numbers[g][at[g][r]];
	}
	ranks_free(&ranks);
	return looks;
}

int main(void)
{
	bool good = true;

	is_u64((uint64_t)look(&good, false), 1, "where there is memory, one look is enough");
	ok(good, "and all are found");
	ok(look(&good, true) > 1, "where looks are cheap, a few");
	ok(good, "find the same");
	budget.limit = 1 << 16;
	ok(look(&good, false) > 1, "where there is none, a few");
	ok(good, "find the same");
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
