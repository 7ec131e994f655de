/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/radix.h"

enum { DIGIT = 12, SIZE = 1 << DIGIT, SMALL = 48 };

/* The same for both widths: sort##name over arrays of type. */
#define DEFINE_SORT(name, type, array)                                                             \
	static void insertion_##name(array *items, type mask)                                      \
	{                                                                                          \
		for (size_t i = 1; i < items->count; i++) {                                        \
			type item = items->items[i];                                               \
			size_t at = i;                                                             \
                                                                                                   \
			for (; at > 0 && (items->items[at - 1] & mask) > (item & mask); at--)      \
				items->items[at] = items->items[at - 1];                           \
			items->items[at] = item;                                                   \
		}                                                                                  \
	}                                                                                          \
                                                                                                   \
	static bool is_sorted_##name(const array *items, type mask)                                \
	{                                                                                          \
		for (size_t i = 1; i < items->count; i++)                                          \
			if ((items->items[i - 1] & mask) > (items->items[i] & mask))               \
				return false;                                                      \
		return true;                                                                       \
	}                                                                                          \
                                                                                                   \
	/* One digit, from items into room, which then change places. */                           \
	static void pass_##name(array *items, array *room, unsigned shift, type digit_mask)        \
	{                                                                                          \
		uint32_t starts[SIZE];                                                             \
		uint32_t sum = 0;                                                                  \
		array swap = *items;                                                               \
                                                                                                   \
		memset(starts, 0, ((size_t)digit_mask + 1) * sizeof(starts[0]));                   \
		for (size_t i = 0; i < items->count; i++)                                          \
			starts[items->items[i] >> shift & digit_mask]++;                           \
		for (size_t d = 0; d <= digit_mask; d++) {                                         \
			uint32_t here = starts[d];                                                 \
                                                                                                   \
			starts[d] = sum;                                                           \
			sum += here;                                                               \
		}                                                                                  \
		for (size_t i = 0; i < items->count; i++)                                          \
			room->items[starts[items->items[i] >> shift & digit_mask]++] =             \
				items->items[i];                                                   \
		*items = *room;                                                                    \
		*room = swap;                                                                      \
	}                                                                                          \
                                                                                                   \
	/* One pass more; false: all are done. */                                                  \
	static bool step_##name(array *items, array *room, unsigned low, unsigned bits,            \
	                        unsigned step)                                                     \
	{                                                                                          \
		unsigned wide = 8 * sizeof(type), passes = (bits + DIGIT - 1) / DIGIT;             \
		type mask = (type)((bits >= wide ? ~(type)0 : ((type)1 << bits) - 1) << low);      \
		unsigned digit = passes == 0 ? 0 : (bits + passes - 1) / passes;                   \
		unsigned done = step * digit;                                                      \
                                                                                                   \
		if (step == 0 && items->count <= SMALL) {                                          \
			insertion_##name(items, mask);                                             \
			return false;                                                              \
		}                                                                                  \
		if (passes == 0 || (step == 0 && is_sorted_##name(items, mask)))                   \
			return false;                                                              \
		array_reserve(room, items->count); /* a pass writes all of it */                   \
		room->count = items->count;                                                        \
		pass_##name(items, room, low + done,                                               \
		            ((type)1 << (bits - done < digit ? bits - done : digit)) - 1);         \
		return done + digit < bits;                                                        \
	}                                                                                          \
                                                                                                   \
	static void sort_##name(array *items, array *room, unsigned low, unsigned bits)            \
	{                                                                                          \
		for (unsigned step = 0; step_##name(items, room, low, bits, step); step++)         \
			;                                                                          \
	}

DEFINE_SORT(u64, uint64_t, u64_array)
DEFINE_SORT(u32, uint32_t, u32_array)

void radix_sort(u64_array *items, u64_array *room, unsigned low, unsigned bits)
{
	sort_u64(items, room, low, bits);
}

bool radix_sort_step(u64_array *items, u64_array *room, unsigned low, unsigned bits, unsigned step)
{
	return step_u64(items, room, low, bits, step);
}

void radix_sort_u32(u32_array *items, u32_array *room, unsigned low, unsigned bits)
{
	sort_u32(items, room, low, bits);
}
