/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/strand.h"

#include "core/model/history.h"

void strands_init(struct strands *strands, struct budget *budget)
{
	*strands = (struct strands){ .first = { .budget = budget } };
	strands->records.budget = strands->own_of.budget = budget;
}

void strands_free(struct strands *strands)
{
	array_free(&strands->first);
	array_free(&strands->records);
	array_free(&strands->own_of);
}

static uint32_t go_of_record(const struct history *history, uint32_t record)
{
	return record & RECORD_WAKE ? history->wakes.items[record & ~RECORD_WAKE].g
	                            : history->runs.items[record].g;
}

static uint32_t before(const struct history *history, uint32_t record)
{
	return record & RECORD_WAKE ? history->wakes.items[record & ~RECORD_WAKE].before
	                            : history->runs.items[record].before;
}

/* first[g + 1]: how many records are of g or of one before. */
static size_t count(struct history *history, size_t gos)
{
	uint32_t *first;

	array_clear(&history->strands.first);
	array_resize(&history->strands.first, gos + 1);
	first = history->strands.first.items;
	for (size_t i = 0; i < history->runs.count; i++)
		if (history->runs.items[i].g < gos)
			first[history->runs.items[i].g + 1]++;
	for (size_t i = 0; i < history->wakes.count; i++)
		if (history->wakes.items[i].g < gos)
			first[history->wakes.items[i].g + 1]++;
	for (size_t g = 0; g < gos; g++)
		first[g + 1] += first[g];
	return first[gos];
}

typedef ARRAY(uint8_t) flag_array;

/* Runs first, wake-ups behind them. */
static size_t place_of(const struct history *history, uint32_t record)
{
	return record & RECORD_WAKE ? history->runs.count + (record & ~RECORD_WAKE) : record;
}

static void note_before(flag_array *has_next, const struct history *history, uint32_t record)
{
	if (record != INDEX_NONE)
		has_next->items[place_of(history, record)] = true;
}

/* From the last record of each chain backwards; end: where the next one of its goroutine goes. */
static void lay_out(struct history *history, u32_array *end, size_t gos, const flag_array *has_next)
{
	for (size_t i = has_next->count; i-- > 0;) {
		uint32_t record = i < history->runs.count
		                          ? (uint32_t)i
		                          : (uint32_t)(i - history->runs.count) | RECORD_WAKE;

		if (has_next->items[i])
			continue;
		for (; record != INDEX_NONE; record = before(history, record)) {
			uint32_t g = go_of_record(history, record);

			if (g < gos)
				history->strands.records.items[--end->items[g]] = record;
		}
	}
}

void strands_build(struct history *history, size_t gos)
{
	flag_array has_next = { .budget = history->budget };
	u32_array end = { .budget = history->budget };
	size_t records = count(history, gos);

	array_clear(&history->strands.records);
	array_resize(&history->strands.records, records);
	array_resize(&has_next, history->runs.count + history->wakes.count);
	for (size_t i = 0; i < history->runs.count; i++)
		note_before(&has_next, history, history->runs.items[i].before);
	for (size_t i = 0; i < history->wakes.count; i++)
		note_before(&has_next, history, history->wakes.items[i].before);
	array_resize(&end, gos);
	if (gos > 0)
		memcpy(end.items, history->strands.first.items + 1, gos * sizeof(*end.items));
	lay_out(history, &end, gos, &has_next);
	array_free(&end);
	array_free(&has_next);
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
