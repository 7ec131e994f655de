/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/bytes.h"

#include <stdatomic.h>

/* What all arenas and arrays together may take. One for the program; shared by its threads.
 * Taking more than limit is possible - whoever loads asks budget_is_short() between steps and
 * stops - but when the system itself has no memory, exhausted() is called and must not return. */
struct budget {
	size_t limit; /* bytes; 0: no limit */
	atomic_size_t used, peak;
	void (*exhausted)(size_t used, size_t wanted);
};

void budget_take(struct budget *budget, size_t size);
void budget_give(struct budget *budget, size_t size);

/* True from nine tenths of the limit on. */
bool budget_is_short(const struct budget *budget);

/* Memory from the system, counted. old may be NULL; size 0 frees and gives NULL. */
void *budget_resize(struct budget *budget, void *old, size_t old_size, size_t size);

/* Memory that lives and dies together. Zero-initialized but for the budget is valid and empty. */
struct arena {
	struct budget *budget;
	struct arena_chunk *chunks; /* the newest first */
	size_t free;                /* bytes left in the newest */
	size_t used;                /* bytes taken from the system */
};

/* Zeroed memory for count things of that size, aligned for anything; never NULL. */
void *arena_new(struct arena *arena, size_t count, size_t size);

#define ARENA_NEW(arena, count, type) ((type *)arena_new((arena), (count), sizeof(type)))

struct bytes arena_copy(struct arena *arena, struct bytes text);

void arena_free(struct arena *arena);

#endif
