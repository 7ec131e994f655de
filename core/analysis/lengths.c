/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/lengths.h"

#include "core/base/sort.h"

/* A length is told by its highest bit and the eight behind that: those of n bits are classes
 * [(n - 8) << 8, (n - 7) << 8), so that it grows with them. */
enum { FINE_BITS = 8, CLASS_BITS = 14 };

static unsigned class_of(int64_t ns)
{
	uint64_t length = ns < 0 ? 0 : (uint64_t)ns;
	unsigned shift;

	if (length >> FINE_BITS == 0)
		return (unsigned)length;
	shift = 63 - (unsigned)__builtin_clzll(length) - FINE_BITS;
	return (shift << FINE_BITS) + (unsigned)(length >> shift);
}

/* The middle of the lengths of a class. */
static int64_t middle_of(unsigned class)
{
	unsigned shift = class >> (FINE_BITS + 1) == 0 ? 0 : (class >> FINE_BITS) - 1;
	uint64_t least = (uint64_t)(class - (shift << FINE_BITS)) << shift;

	return (int64_t)(least + ((UINT64_C(1) << shift) - 1) / 2);
}

void lengths_init(struct lengths *lengths, struct budget *budget)
{
	*lengths = (struct lengths){ .counts = { .budget = budget }, .of = { .budget = budget } };
}

void lengths_free(struct lengths *lengths)
{
	array_free(&lengths->counts);
	id_map_free(&lengths->of);
}

void lengths_add(struct lengths *lengths, uint32_t group, unsigned part, int64_t ns)
{
	uint64_t key = (uint64_t)group << CLASS_BITS | class_of(ns);
	uint32_t fresh = (uint32_t)lengths->counts.count;
	uint32_t at = id_map_add(&lengths->of, key, fresh);
	uint32_t *count;

	if (at == fresh)
		*array_push(&lengths->counts) = (struct length_count){ .key = key };
	count = &lengths->counts.items[at].counts[part];
	*count += *count != UINT32_MAX;
}

static int by_key(const void *a, const void *b)
{
	const struct length_count *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

void lengths_sort(struct lengths *lengths)
{
	id_map_free(&lengths->of);
	SORT_ARRAY(&lengths->counts, by_key);
	lengths->at = 0;
}

struct length_counts lengths_group(struct lengths *lengths, uint32_t group)
{
	const struct length_count *items = lengths->counts.items;
	size_t at = lengths->at, end = lengths->counts.count, first;

	while (at < end && items[at].key >> CLASS_BITS < group)
		at++;
	for (first = at; at < end && items[at].key >> CLASS_BITS == group;)
		at++;
	lengths->at = at;
	return (struct length_counts){ first < at ? items + first : NULL, at - first };
}

static uint64_t count_of(const struct length_count *count, unsigned parts)
{
	uint64_t sum = 0;

	for (unsigned part = 0; part < LENGTH_PARTS; part++)
		sum += (parts >> part & 1) != 0 ? count->counts[part] : 0;
	return sum;
}

uint64_t lengths_count(struct length_counts counts, unsigned parts)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < counts.count; i++)
		sum += count_of(&counts.first[i], parts);
	return sum;
}

int64_t lengths_rank(struct length_counts counts, unsigned parts, uint64_t rank)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < counts.count; i++) {
		sum += count_of(&counts.first[i], parts);
		if (sum >= rank)
			return middle_of(counts.first[i].key & ((1u << CLASS_BITS) - 1));
	}
	return 0;
}
