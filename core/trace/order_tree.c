/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_tree.h"

void order_tree_init(struct order_tree *tree, struct budget *budget)
{
	*tree = (struct order_tree){ .keys = { .budget = budget } };
	tree->winners.budget = budget;
}

void order_tree_free(struct order_tree *tree)
{
	array_free(&tree->keys);
	array_free(&tree->winners);
}

void order_tree_begin(struct order_tree *tree, uint32_t count)
{
	tree->leaves = 2;
	while (tree->leaves < count)
		tree->leaves *= 2;
	array_resize(&tree->keys, tree->leaves);
	array_resize(&tree->winners, 2 * (size_t)tree->leaves);
	for (uint32_t i = 0; i < tree->leaves; i++) {
		tree->keys.items[i] = ORDER_TREE_OUT;
		tree->winners.items[tree->leaves + i] = i;
	}
	for (uint32_t i = tree->leaves - 1; i > 0; i--)
		tree->winners.items[i] = tree->winners.items[2 * i];
}

void order_tree_set(struct order_tree *tree, uint32_t index, int64_t key)
{
	const int64_t *keys = tree->keys.items;
	uint32_t *winners = tree->winners.items;

	tree->keys.items[index] = key;
	for (uint32_t node = (tree->leaves + index) / 2; node > 0; node /= 2) {
		uint32_t left = winners[2 * node], right = winners[2 * node + 1];

		winners[node] = keys[right] < keys[left] ? right : left;
	}
}
