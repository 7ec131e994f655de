/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_tree.h"

#include "tests/tap.h"

static struct budget budget;
static uint32_t seed = 1;

static uint32_t pick(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 8) * below >> 24);
}

/* The first of the least. */
static uint32_t least(const int64_t *keys, uint32_t count)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < count; i++)
		if (keys[i] < keys[best])
			best = i;
	return best;
}

static void top_is_the_first_of_the_least(uint32_t count)
{
	struct order_tree tree;
	int64_t keys[64];
	bool good = true;

	for (uint32_t i = 0; i < count; i++)
		keys[i] = ORDER_TREE_OUT;
	order_tree_init(&tree, &budget);
	order_tree_begin(&tree, count);
	for (int step = 0; step < 2000; step++) {
		uint32_t i = pick(count);

		keys[i] = pick(8) == 0 ? ORDER_TREE_OUT : (int64_t)pick(10) - 5;
		order_tree_set(&tree, i, keys[i]);
		good = good && order_tree_top(&tree) == least(keys, count);
	}
	ok(good, "of %" PRIu32 " the first of the least wins", count);
	order_tree_free(&tree);
}

static void nobody_takes_part(void)
{
	struct order_tree tree;

	order_tree_init(&tree, &budget);
	order_tree_begin(&tree, 0);
	is_i64(tree.keys.items[order_tree_top(&tree)], ORDER_TREE_OUT, "of none nobody");
	order_tree_begin(&tree, 5);
	order_tree_set(&tree, 3, 7);
	is_u64(order_tree_top(&tree), 3, "of five the only one");
	order_tree_begin(&tree, 5);
	is_i64(tree.keys.items[order_tree_top(&tree)], ORDER_TREE_OUT,
	       "begun again, nobody takes part");
	order_tree_free(&tree);
}

int main(void)
{
	static const uint32_t counts[] = { 1, 2, 3, 4, 5, 8, 9, 33, 64 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		top_is_the_first_of_the_least(counts[i]);
	nobody_takes_part();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
