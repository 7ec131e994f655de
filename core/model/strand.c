/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/strand.h"

#include "core/model/history.h"

void strands_init(struct strands *strands, struct budget *budget)
{
	*strands = (struct strands){ .first = { .budget = budget } };
	strands->records.budget = strands->own_of.budget = strands->next.budget = budget;
}

void strands_free(struct strands *strands)
{
	array_free(&strands->first);
	array_free(&strands->records);
	array_free(&strands->own_of);
	array_free(&strands->next);
}

static uint32_t go_of_record(const struct history *history, uint32_t record)
{
	return record & RECORD_WAKE ? history->wakes.items[record & ~RECORD_WAKE].g
	                            : history->runs.items[record].g;
}

/* first[g + 1]: how many records are of g or of one before; next: where g's next one goes. */
static size_t count(struct history *history, size_t gos)
{
	struct strands *strands = &history->strands;
	uint32_t *first;

	array_clear(&strands->first);
	array_resize(&strands->first, gos + 1);
	first = strands->first.items;
	for (size_t i = 0; i < history->runs.count; i++)
		if (history->runs.items[i].g < gos)
			first[history->runs.items[i].g + 1]++;
	for (size_t i = 0; i < history->wakes.count; i++)
		if (history->wakes.items[i].g < gos)
			first[history->wakes.items[i].g + 1]++;
	for (size_t g = 0; g < gos; g++)
		first[g + 1] += first[g];
	array_resize(&strands->next, gos);
	if (gos > 0)
		memcpy(strands->next.items, first, gos * sizeof(*first));
	return first[gos];
}

static void lay(struct history *history, uint32_t record)
{
	struct strands *strands = &history->strands;
	uint32_t g = go_of_record(history, record);

	if (g < strands->next.count)
		strands->records.items[strands->next.items[g]++] = record;
}

void strands_begin(struct history *history, size_t gos)
{
	struct strands *strands = &history->strands;
	size_t records = count(history, gos);

	array_clear(&strands->records);
	array_resize(&strands->records, records);
	strands->laid_runs = strands->laid_wakes = 0;
}

/* Wake-ups up to that. */
static void lay_wakes(struct history *history, size_t end)
{
	while (history->strands.laid_wakes < end)
		lay(history, history->strands.laid_wakes++ | RECORD_WAKE);
}

bool strands_lay(struct history *history, size_t runs)
{
	struct strands *strands = &history->strands;

	for (; runs > 0 && strands->laid_runs < history->runs.count; runs--) {
		uint32_t last = history->runs.items[strands->laid_runs].before;

		if (last != INDEX_NONE && (last & RECORD_WAKE))
			lay_wakes(history, (size_t)(last & ~RECORD_WAKE) + 1);
		lay(history, strands->laid_runs++);
	}
	if (strands->laid_runs < history->runs.count)
		return true;
	lay_wakes(history, history->wakes.count);
	array_free(&strands->next);
	return false;
}

void strands_regroup(struct history *history, size_t gos)
{
	struct strands *strands = &history->strands;
	u32_array old = strands->records;

	strands->records = (u32_array){ .budget = history->budget };
	array_resize(&strands->records, count(history, gos));
	for (size_t i = 0; i < old.count; i++)
		lay(history, old.items[i]);
	array_free(&strands->next);
	array_free(&old);
}

void strands_name(struct history *history)
{
	u64_array *own_of = &history->strands.own_of, room = { .budget = history->budget };

	array_clear(own_of);
	array_reserve(own_of, history->go_of.count);
	for (size_t g = 0; g < history->go_of.count; g++)
		if (history->go_of.items[g] != INDEX_NONE)
			*array_push(own_of) = (uint64_t)history->go_of.items[g] << 32 | g;
	radix_sort(own_of, &room, 32, 32);
	array_free(&room);
}

size_t strands_bytes(const struct strands *strands)
{
	return (strands->first.capacity + strands->records.capacity) * sizeof(uint32_t) +
	       strands->own_of.capacity * sizeof(uint64_t);
}

part_time strands_time(const struct history *history, uint32_t record)
{
	return record & RECORD_WAKE ? history->wakes.items[record & ~RECORD_WAKE].time
	                            : history->runs.items[record].begin;
}

uint32_t strands_first_from(const struct history *history, uint32_t own, part_time time)
{
	const struct strands *strands = &history->strands;
	uint32_t low = strands->first.items[own], high = strands->first.items[own + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (strands_time(history, strands->records.items[middle]) < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct wake *strands_wake_at(const struct history *history, uint32_t own, part_time time)
{
	const struct strands *strands = &history->strands;

	for (uint32_t at = strands_first_from(history, own, time);
	     at < strands->first.items[own + 1]; at++)
		if (strands->records.items[at] & RECORD_WAKE)
			return &history->wakes.items[strands->records.items[at] & ~RECORD_WAKE];
	return NULL;
}

void strands_find(const struct strands *strands, uint32_t go, size_t *first, size_t *end)
{
	size_t low = 0, high = strands->own_of.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strands->own_of.items[middle] >> 32 < go)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (low < strands->own_of.count && strands->own_of.items[low] >> 32 == go)
		low++;
	*end = low;
}
