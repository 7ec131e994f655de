/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_CHECKED_H
#define CORE_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Arithmetic on values from a file. Each stores its result and reports true if it is exact. */
static inline bool checked_add_size(size_t a, size_t b, size_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

static inline bool checked_multiply_size(size_t a, size_t b, size_t *product)
{
	return !__builtin_mul_overflow(a, b, product);
}

static inline bool checked_add_u64(uint64_t a, uint64_t b, uint64_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

static inline bool checked_narrow_u32(uint64_t value, uint32_t *narrow)
{
	*narrow = (uint32_t)value;
	return value <= UINT32_MAX;
}

/* The product of what is not negative, or the nearest value that fits. */
static inline int64_t saturating_multiply_i64(int64_t a, int64_t b)
{
	int64_t product;

	return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/* The sum, or the nearest value that fits. */
static inline int64_t saturating_add_i64(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

#endif
