/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ARRAY_H
#define CORE_BASE_ARRAY_H

#include "core/base/arena.h"

/* A growable array of one type with one owner:
 *
 *	ARRAY(struct run) runs = { .budget = budget };
 *	*array_push(&runs) = (struct run){ ... };
 *	runs.items[i], runs.count
 *	array_free(&runs);
 *
 * Pointers into it live until the next push. Zero-initialized but for the budget is empty. */
#define ARRAY(...)                                                                                 \
	struct {                                                                                   \
		__VA_ARGS__ *items;                                                                \
		size_t count, capacity;                                                            \
		struct budget *budget;                                                             \
	}

/* The place of one more item, not initialized. */
#define array_push(array)                                                                          \
	(((array)->count == (array)->capacity                                                      \
	          ? (void)((array)->items =                                                        \
	                           array_grow((array)->budget, (array)->items, &(array)->capacity, \
	                                      (array)->count + 1, sizeof(*(array)->items)))        \
	          : (void)0),                                                                      \
	 (array)->items + (array)->count++)

/* Makes it count items long; new ones are zeroed. */
#define array_resize(array, new_count)                                                             \
	((array)->items = array_extend((array)->budget, (array)->items, &(array)->count,           \
	                               &(array)->capacity, (new_count), sizeof(*(array)->items)))

/* Room for at least count items in all, without touching it. */
#define array_reserve(array, wanted)                                                               \
	((array)->items = array_grow((array)->budget, (array)->items, &(array)->capacity,          \
	                             (wanted), sizeof(*(array)->items)))

/* Empties it and keeps its memory. */
#define array_clear(array) ((array)->count = 0)

#define array_free(array)                                                                          \
	((array)->items = budget_resize((array)->budget, (array)->items,                           \
	                                (array)->capacity * sizeof(*(array)->items), 0),           \
	 (array)->count = (array)->capacity = 0)

/* Gives back what it has too much. */
#define array_trim(array)                                                                          \
	((array)->items = budget_resize((array)->budget, (array)->items,                           \
	                                (array)->capacity * sizeof(*(array)->items),               \
	                                (array)->count * sizeof(*(array)->items)),                 \
	 (array)->capacity = (array)->count)

/* For the macros above: room for at least wanted items of that size. */
void *array_grow(struct budget *budget, void *items, size_t *capacity, size_t wanted, size_t size);
void *array_extend(struct budget *budget, void *items, size_t *count, size_t *capacity,
                   size_t new_count, size_t size);

#endif
