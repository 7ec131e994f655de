/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/lengths.h"

#include "tests/tap.h"

#include <stdlib.h>

enum { MANY = 20000 };

static struct budget budget;

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of all sizes, the same each time. */
static int64_t some(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(*seed >> 1 >> (*seed >> 58));
}

static bool is_near(int64_t got, int64_t want)
{
	int64_t off = got > want ? got - want : want - got;

	return off <= want / 512 && (want >= 512 || off == 0);
}

/* Each rank of many numbers is found, in a part and in two together. */
static void ranks_are_found(void)
{
	static int64_t numbers[2][MANY], both[2 * MANY];
	struct length_counts counts;
	struct lengths lengths;
	uint64_t seed = 1, wrong = 0;

	lengths_init(&lengths, &budget);
	for (int part = 0; part < 2; part++)
		for (int i = 0; i < MANY; i++) {
			numbers[part][i] = both[part * MANY + i] = some(&seed);
			lengths_add(&lengths, 7, (unsigned)part, numbers[part][i]);
		}
	lengths_add(&lengths, 9, 2, INT64_MAX);
	lengths_add(&lengths, 9, 2, -5);
	lengths_sort(&lengths);
	qsort(numbers[1], MANY, sizeof(int64_t), by_size);
	qsort(both, 2 * MANY, sizeof(int64_t), by_size);
	is_u64(lengths_group(&lengths, 6).count, 0, "none of a group without any");
	counts = lengths_group(&lengths, 7);
	is_u64(lengths_count(counts, 1u << 1), MANY, "those of a part");
	is_u64(lengths_count(counts, 3), 2 * MANY, "those of two");
	for (uint64_t rank = 1; rank <= MANY; rank += 37) {
		wrong += !is_near(lengths_rank(counts, 1u << 1, rank), numbers[1][rank - 1]);
		wrong += !is_near(lengths_rank(counts, 3, rank), both[rank - 1]);
	}
	is_u64(wrong, 0, "each rank");
	is_i64(lengths_rank(counts, 3, 3 * MANY), 0, "no rank beyond");
	counts = lengths_group(&lengths, 9);
	is_i64(lengths_rank(counts, 1u << 2, 1), 0, "less than nothing is nothing");
	ok(is_near(lengths_rank(counts, 1u << 2, 2), INT64_MAX), "the longest");
	lengths_free(&lengths);
}

int main(void)
{
	ranks_are_found();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
