/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/radix.h"

enum { DIGIT = 11, SIZE = 1 << DIGIT, SMALL = 48 };

static void insertion_sort(u64_array *items, uint64_t mask)
{
	for (size_t i = 1; i < items->count; i++) {
		uint64_t item = items->items[i];
		size_t at = i;

		for (; at > 0 && (items->items[at - 1] & mask) > (item & mask); at--)
			items->items[at] = items->items[at - 1];
		items->items[at] = item;
	}
}

static bool is_sorted(const u64_array *items, uint64_t mask)
{
	for (size_t i = 1; i < items->count; i++)
		if ((items->items[i - 1] & mask) > (items->items[i] & mask))
			return false;
	return true;
}

/* One digit, from items into room, which then change places. */
static void pass(u64_array *items, u64_array *room, unsigned shift, uint64_t digit_mask)
{
	size_t starts[SIZE] = { 0 };
	size_t sum = 0;
	u64_array swap = *items;

	for (size_t i = 0; i < items->count; i++)
		starts[items->items[i] >> shift & digit_mask]++;
	for (size_t d = 0; d <= digit_mask; d++) {
		size_t here = starts[d];

		starts[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < items->count; i++)
		room->items[starts[items->items[i] >> shift & digit_mask]++] = items->items[i];
	*items = *room;
	*room = swap;
}

void radix_sort(u64_array *items, u64_array *room, unsigned low, unsigned bits)
{
	uint64_t mask = (bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1) << low;

	if (items->count <= SMALL) {
		insertion_sort(items, mask);
		return;
	}
	if (is_sorted(items, mask))
		return;
	array_resize(room, items->count);
	for (unsigned done = 0; done < bits; done += DIGIT) {
		unsigned digit = bits - done < DIGIT ? bits - done : DIGIT;

		pass(items, room, low + done, (UINT64_C(1) << digit) - 1);
	}
}
