/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_ORDER_TREE_H
#define CORE_TRACE_ORDER_TREE_H

#include "core/base/array.h"

/* A tournament of keys: which of many is the least, and, as one changes, which then, in as many
 * steps as it has rounds. Of equal keys the first wins. */
struct order_tree {
	ARRAY(int64_t) keys;
	ARRAY(uint32_t) winners; /* node i is between nodes 2i and 2i + 1; the leaves come last */
	uint32_t leaves;         /* a power of two */
};

#define ORDER_TREE_OUT INT64_MAX /* the key of who does not take part */

void order_tree_init(struct order_tree *tree, struct budget *budget);
void order_tree_free(struct order_tree *tree);

/* So many, none of which takes part yet. */
void order_tree_begin(struct order_tree *tree, uint32_t count);
void order_tree_set(struct order_tree *tree, uint32_t index, int64_t key);

/* The index of the least key; its key is ORDER_TREE_OUT if nobody takes part. */
static inline uint32_t order_tree_top(const struct order_tree *tree)
{
	return tree->winners.items[1];
}

#endif
