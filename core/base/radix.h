/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_RADIX_H
#define CORE_BASE_RADIX_H

#include "core/base/array.h"

typedef ARRAY(uint64_t) u64_array;
typedef ARRAY(uint32_t) u32_array;

/* Sorts by the bits [low, low + bits) of each item, stable, in linear time. room is scratch; the
 * two arrays may swap their memory. */
void radix_sort(u64_array *items, u64_array *room, unsigned low, unsigned bits);
void radix_sort_u32(u32_array *items, u32_array *room, unsigned low, unsigned bits);

/* The same in steps, from 0 on, each of which goes over all items; false: that was the last. */
bool radix_sort_step(u64_array *items, u64_array *room, unsigned low, unsigned bits, unsigned step);

/* The bits it takes to write value; at least 1. */
static inline unsigned radix_bits(uint64_t value)
{
	return value == 0 ? 1 : 64 - (unsigned)__builtin_clzll(value);
}

#endif
