/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spread.h"

#include <stdlib.h>

#include "tests/draw.h"
#include "tests/tap.h"

enum { GROUPS = 3, MANY = 1 << 20, VALUES = 1000 };

static struct budget budget;
static uint64_t seed = 1;
static struct spreads spread;
static int64_t plain[GROUPS][MANY];
static size_t counts[GROUPS];

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int64_t rank(uint32_t group, size_t percent)
{
	size_t at = (percent * counts[group] + 99) / 100;

	return plain[group][at > 0 ? at - 1 : 0];
}

static bool is_as_plain(uint32_t group)
{
	struct figures figures = spread_of(&spread, group);

	qsort(plain[group], counts[group], sizeof(int64_t), by_value);
	return figures.count == counts[group] && figures.min_ns == rank(group, 0) &&
	       figures.p50_ns == rank(group, 50) && figures.p99_ns == rank(group, 99) &&
	       figures.max_ns == rank(group, 100);
}

/* However many there are, memory is that of different ones. */
int main(void)
{
	spread_init(&spread, &budget);
	for (size_t i = 0; i < MANY; i++) {
		uint32_t group = draw_u32(&seed, GROUPS);
		int64_t ns = (int64_t)draw(&seed, 1 + draw(&seed, VALUES));

		spread_add(&spread, group, ns);
		plain[group][counts[group]++] = ns;
	}
	spread_sort(&spread);
	for (uint32_t group = 0; group < GROUPS; group++)
		ok(is_as_plain(group), "the figures of group %u", group);
	is_u64(spread_of(&spread, GROUPS).count, 0, "there is no other group");
	ok(atomic_load(&budget.peak) < MANY * sizeof(struct spread_item) / 4, "in %zu bytes",
	   atomic_load(&budget.peak));
	spread_free(&spread);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
