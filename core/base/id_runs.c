/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_runs.h"

#include "core/base/sort.h"

enum { FRESH = 1 << 12 }; /* runs that may always wait, beside half as many as there are */

void id_runs_init(struct id_runs *runs, struct budget *budget)
{
	*runs = (struct id_runs){ .runs = { .budget = budget }, .fresh = { .budget = budget } };
}

void id_runs_free(struct id_runs *runs)
{
	array_free(&runs->runs);
	array_free(&runs->fresh);
	runs->count = 0;
}

static unsigned count_of(uint64_t bits)
{
	return (unsigned)__builtin_popcountll(bits);
}

/* Those below the lowest of bits. */
static uint64_t below(uint64_t bits)
{
	return (bits & -bits) - 1;
}

/* Adds b, whose index is not before a's, if all indexes are in a row then. */
static bool join(struct id_run *a, const struct id_run *b)
{
	uint64_t more = b->bits & ~a->bits;
	uint32_t by = b->index - a->index;

	if (a->id != b->id || by > count_of(a->bits))
		return false;
	if (more == 0) /* they are there: an id has one index */
		return true;
	if ((a->bits & ~below(more)) != 0 ||
	    by + count_of(b->bits & below(more)) != count_of(a->bits))
		return false;
	a->bits |= more;
	return true;
}

static void add(struct id_runs *runs, const struct id_run *run)
{
	if (runs->fresh.count > 0 && join(&runs->fresh.items[runs->fresh.count - 1], run))
		return;
	if (runs->fresh.count >= FRESH + runs->runs.count / 2)
		id_runs_settle(runs);
	*array_push(&runs->fresh) = *run;
}

void id_runs_add_row(struct id_runs *runs, uint64_t id, uint64_t count, uint32_t index)
{
	while (count > 0) {
		uint64_t most = 64 - (id & 63), here = count < most ? count : most;
		uint64_t bits = UINT64_MAX >> (64 - here) << (id & 63);

		add(runs, &(struct id_run){ id & ~(uint64_t)63, bits, index });
		id += here;
		index += (uint32_t)here;
		count -= here;
	}
}

static int run_order(const void *a, const void *b)
{
	const struct id_run *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static void push(struct id_runs *runs, size_t *count, struct id_run run)
{
	if (*count == 0 || !join(&runs->runs.items[*count - 1], &run))
		runs->runs.items[(*count)++] = run;
}

void id_runs_settle(struct id_runs *runs)
{
	size_t old = runs->runs.count, fresh = runs->fresh.count, from = fresh, at = 0, count = 0;

	if (fresh == 0)
		return;
	SORT_ARRAY(&runs->fresh, run_order);
	/* the old ones to the end, out of the way of both together */
	array_resize(&runs->runs, old + fresh);
	memmove(runs->runs.items + from, runs->runs.items, old * sizeof(*runs->runs.items));
	while (at < fresh || from < old + fresh)
		if (from == old + fresh ||
		    (at < fresh && run_order(&runs->fresh.items[at], &runs->runs.items[from]) < 0))
			push(runs, &count, runs->fresh.items[at++]);
		else
			push(runs, &count, runs->runs.items[from++]);
	runs->runs.count = count;
	runs->count = 0;
	for (size_t i = 0; i < count; i++)
		runs->count += count_of(runs->runs.items[i].bits);
	array_free(&runs->fresh);
	if (runs->runs.capacity - count > FRESH + count / 4)
		array_trim(&runs->runs);
}

uint32_t id_runs_find(const struct id_runs *runs, uint64_t id)
{
	uint64_t page = id & ~(uint64_t)63, bit = UINT64_C(1) << (id & 63);
	size_t low = 0, high = runs->runs.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (runs->runs.items[middle].id <= page)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0 && runs->runs.items[low - 1].id == page; low--) {
		const struct id_run *run = &runs->runs.items[low - 1];

		if (run->bits & bit)
			return run->index + count_of(run->bits & (bit - 1));
	}
	return ID_NONE;
}

size_t id_runs_bytes(const struct id_runs *runs)
{
	return (runs->runs.capacity + runs->fresh.capacity) * sizeof(struct id_run);
}
