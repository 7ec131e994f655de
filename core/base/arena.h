/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/bytes.h"

#include <stdatomic.h>

/* What all arenas and arrays together may take. One for the program; shared by its threads.
 * Taking more than is allowed is possible - whoever loads asks budget_is_short() between steps and
 * stops - but when the system itself has no memory, exhausted() is called and must not return.
 *
 * There are two limits: a fixed one, and what a trace may cost for its bytes, so that no small file
 * takes much. The latter is BUDGET_SPARE and BUDGET_TIMES the bytes.
 *
 * A budget can be a part of another one: what is taken of it is taken of that, too, and the limits,
 * the bytes and what is promised are that one's alone. So it can be told what takes how much, and
 * the parts are never more than the whole. */
struct budget {
	struct budget *whole; /* NULL: it is no part */
	size_t limit;             /* bytes; 0: no limit */
	bool is_asked;            /* for that limit: then the bytes do not matter */
	atomic_size_t bytes;      /* of traces; 0: none is known */
	atomic_size_t used, peak; /* peak: the most that was used */
	atomic_size_t promised;   /* to who will take it to finish what it has begun */
	void (*exhausted)(size_t used, size_t wanted);
};

enum {
	BUDGET_TIMES = 8,
	BUDGET_SPARE = 32 << 20,
	BUDGET_REST = 32, /* of the limit, what is not taken while loading: for what no step knows
	                   * before, as needs are counted to the byte but for how arrays grow */
};

void budget_take(struct budget *budget, size_t size);
void budget_give(struct budget *budget, size_t size);

/* More bytes of a trace are known of, or are there no more. */
void budget_add_bytes(struct budget *budget, size_t bytes);
void budget_drop_bytes(struct budget *budget, size_t bytes);

/* What may be in use while loading: 31 parts in 32 of the limit, or seven eighths of what the bytes
 * allow. SIZE_MAX: there is no limit. */
size_t budget_ceiling(const struct budget *budget);

/* Whether so many more would be beyond what is allowed at all: for who cannot do with less, but can
 * do without. */
bool budget_is_beyond(const struct budget *budget, size_t more);

/* Whether more is in use, whatever is promised, than is allowed at all. */
bool budget_is_overdrawn(const struct budget *budget);

/* What of that is left and not promised; short: nothing. */
size_t budget_room(const struct budget *budget);
bool budget_is_short(const struct budget *budget);

/* Whether so many eighths of it are taken: for who comes first and must leave something. */
bool budget_has_taken(const struct budget *budget, unsigned eighths);

/* All that is promised. */
size_t budget_promised(const struct budget *budget);

/* Changes what is promised to somebody, who keeps it in *mine, to size. */
void budget_promise(struct budget *budget, size_t *mine, size_t size);

/* Memory from the system, counted. old may be NULL; size 0 frees and gives NULL. */
void *budget_resize(struct budget *budget, void *old, size_t old_size, size_t size);

/* Gives the system what small blocks have left that are freed by now: where there were many of them
 * that is a part of the memory that nobody counts. */
void budget_trim(void);

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
