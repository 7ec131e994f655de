/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/arena.h"

#include "core/base/checked.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
	CHUNK = 1 << 10,
	LARGE = 1 << 18,
	LARGE_PAGES = 8 << 20,
	ALIGNMENT = alignof(max_align_t),
};

struct arena_chunk {
	struct arena_chunk *next;
	size_t size; /* of all, with this head */
	alignas(max_align_t) uint8_t data[];
};

static struct budget *whole_of(const struct budget *budget)
{
	while (budget->whole != NULL)
		budget = budget->whole;
	return (struct budget *)(uintptr_t)budget; /* its owner's, to be changed */
}

static void take(struct budget *budget, size_t size)
{
	size_t used = atomic_fetch_add_explicit(&budget->used, size, memory_order_relaxed) + size;
	size_t peak = atomic_load_explicit(&budget->peak, memory_order_relaxed);

	while (used > peak && !atomic_compare_exchange_weak(&budget->peak, &peak, used))
		;
}

void budget_take(struct budget *budget, size_t size)
{
	for (; budget != NULL; budget = budget->whole)
		take(budget, size);
}

void budget_give(struct budget *budget, size_t size)
{
	for (; budget != NULL; budget = budget->whole)
		atomic_fetch_sub_explicit(&budget->used, size, memory_order_relaxed);
}

void budget_add_bytes(struct budget *budget, size_t bytes)
{
	atomic_fetch_add_explicit(&whole_of(budget)->bytes, bytes, memory_order_relaxed);
}

void budget_drop_bytes(struct budget *budget, size_t bytes)
{
	atomic_fetch_sub_explicit(&whole_of(budget)->bytes, bytes, memory_order_relaxed);
}

/* What the bytes allow. SIZE_MAX: they do not matter. */
static size_t share_of(const struct budget *whole)
{
	size_t bytes = atomic_load_explicit(&whole->bytes, memory_order_relaxed);

	if (bytes == 0 || whole->is_asked || bytes > SIZE_MAX / 2 / BUDGET_TIMES)
		return SIZE_MAX;
	return bytes * BUDGET_TIMES + BUDGET_SPARE;
}

size_t budget_ceiling(const struct budget *budget)
{
	const struct budget *whole = whole_of(budget);
	size_t limit = whole->limit == 0 ? SIZE_MAX : whole->limit - whole->limit / BUDGET_REST;
	size_t share = share_of(whole);

	if (share != SIZE_MAX)
		share -= share / 8; /* arrays grow by as much, and steps are not endlessly small */
	return share < limit ? share : limit;
}

static size_t taken_of(const struct budget *budget)
{
	const struct budget *whole = whole_of(budget);

	return atomic_load_explicit(&whole->used, memory_order_relaxed) +
	       atomic_load_explicit(&whole->promised, memory_order_relaxed);
}

/* All that is allowed. */
static size_t most_of(const struct budget *whole)
{
	size_t limit = whole->limit == 0 ? SIZE_MAX : whole->limit, share = share_of(whole);

	return share < limit ? share : limit;
}

bool budget_is_beyond(const struct budget *budget, size_t more)
{
	const struct budget *whole = whole_of(budget);
	size_t most = most_of(whole), taken = taken_of(whole);

	return taken > most || more > most - taken;
}

bool budget_is_overdrawn(const struct budget *budget)
{
	const struct budget *whole = whole_of(budget);

	return atomic_load_explicit(&whole->used, memory_order_relaxed) > most_of(whole);
}

size_t budget_room(const struct budget *budget)
{
	size_t taken = taken_of(budget), ceiling = budget_ceiling(budget);

	return ceiling > taken ? ceiling - taken : 0;
}

bool budget_has_taken(const struct budget *budget, unsigned eighths)
{
	return taken_of(budget) / eighths >= budget_ceiling(budget) / 8;
}

bool budget_is_short(const struct budget *budget)
{
	return budget_room(budget) == 0;
}

size_t budget_promised(const struct budget *budget)
{
	return atomic_load_explicit(&whole_of(budget)->promised, memory_order_relaxed);
}

void budget_promise(struct budget *budget, size_t *mine, size_t size)
{
	atomic_fetch_add_explicit(&whole_of(budget)->promised, size - *mine, memory_order_relaxed);
	*mine = size;
}

/* ---- large blocks: pages of their own, which grow by being mapped elsewhere, not by being copied,
 * and which are large pages where the kernel has them: touching those costs a third (performance.md
 * 2) */

static bool is_large(size_t size)
{
#ifdef GANDER_SANITIZED
	(void)size; /* the sanitizer watches its own allocator's blocks */
	return false;
#else
	return size >= LARGE;
#endif
}

/* NULL if there is no memory. */
static void *resize_large(void *old, size_t old_size, size_t size)
{
	void *memory = old == NULL ? mmap(NULL, size, PROT_READ | PROT_WRITE,
	                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
	                           : mremap(old, old_size, size, MREMAP_MAYMOVE);

	if (memory == MAP_FAILED)
		return NULL;
	if (size >= LARGE_PAGES)
		madvise(memory, size, MADV_HUGEPAGE); /* no harm if it is refused */
	return memory;
}

static void give_back(void *memory, size_t size)
{
	if (is_large(size))
		munmap(memory, size);
	else
		free(memory);
}

/* From a small block to a large one or back. */
static void *change_kind(void *old, size_t old_size, size_t size)
{
	void *memory = is_large(size) ? resize_large(NULL, 0, size) : malloc(size);

	if (memory != NULL && old != NULL) {
		memcpy(memory, old, old_size < size ? old_size : size);
		give_back(old, old_size);
	}
	return memory;
}

static void *resize(void *old, size_t old_size, size_t size)
{
	if (is_large(size) != (old != NULL && is_large(old_size)))
		return change_kind(old, old_size, size);
	return is_large(size) ? resize_large(old, old_size, size) : realloc(old, size);
}

void *budget_resize(struct budget *budget, void *old, size_t old_size, size_t size)
{
	void *memory;

	budget_give(budget, old_size);
	if (size == 0) {
		if (old != NULL)
			give_back(old, old_size);
		return NULL;
	}
	budget_take(budget, size);
	memory = resize(old, old_size, size);
	if (memory == NULL) {
		budget = whole_of(budget);
		if (budget->exhausted != NULL)
			budget->exhausted(atomic_load(&budget->used), size);
		abort();
	}
	return memory;
}

void budget_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

void *arena_new(struct arena *arena, size_t count, size_t size)
{
	struct arena_chunk *chunk = arena->chunks;
	size_t want, whole;
	uint8_t *memory;

	if (!checked_multiply_size(count, size, &want) || want > SIZE_MAX / 2)
		want = SIZE_MAX / 2; /* which the system refuses */
	want = (want + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (chunk == NULL || want > arena->free) {
		/* chunks grow with the arena, so that a large one has few */
		whole = arena->used / 2 > CHUNK ? arena->used / 2 : CHUNK;
		if (want > whole - sizeof(*chunk))
			whole = want + sizeof(*chunk);
		chunk = budget_resize(arena->budget, NULL, 0, whole);
		chunk->next = arena->chunks;
		chunk->size = whole;
		arena->chunks = chunk;
		arena->free = (whole - sizeof(*chunk)) / ALIGNMENT * ALIGNMENT;
		arena->used += whole;
	}
	memory = chunk->data +
	         ((chunk->size - sizeof(*chunk)) / ALIGNMENT * ALIGNMENT - arena->free);
	arena->free -= want;
	return memset(memory, 0, want);
}

struct bytes arena_copy(struct arena *arena, struct bytes text)
{
	uint8_t *copy = arena_new(arena, text.len, 1);

	if (text.len != 0)
		memcpy(copy, text.data, text.len);
	return (struct bytes){ copy, text.len };
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *next;

	for (struct arena_chunk *chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		budget_resize(arena->budget, chunk, chunk->size, 0);
	}
	*arena = (struct arena){ .budget = arena->budget };
}
