/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_SORT_H
#define CORE_BASE_SORT_H

#include "core/base/arena.h"

/* Sorts count items of a size, stable, in n log n whatever they are; those that are sorted already,
 * as most are, cost one look. Takes up to half of their memory for a while, of the budget: that is
 * why it is not qsort, which takes as much as they do of nobody's. compare: as for qsort. */
void sort_items(struct budget *budget, void *items, size_t count, size_t size,
                int (*compare)(const void *, const void *));

/* The same of an array.h array. */
#define SORT_ARRAY(array, compare)                                                                 \
	sort_items((array)->budget, (array)->items, (array)->count, sizeof(*(array)->items),       \
	           compare)

#endif
