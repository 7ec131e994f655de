/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/lengths.h"

#include "core/base/sort.h"

/* A length is told by its highest bit and the eight behind that: those of n bits are classes
 * [(n - 8) << 8, (n - 7) << 8), so that it grows with them. */
enum { FINE_BITS = 8, CLASS_BITS = 14 };
enum { MANY = 64 /* of a group, or in a power of two */ };

/* Behind so many the number is that of a place. */
static const uint32_t placed = UINT32_C(1) << 31;

_Static_assert(1 << FINE_BITS == LENGTH_BLOCK, "a block is a power of two");

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
	lengths->seen.budget = lengths->groups.budget = lengths->blocks.budget = budget;
}

static void drop_places(struct lengths *lengths)
{
	id_map_free(&lengths->of);
	array_free(&lengths->seen);
	array_free(&lengths->groups);
	array_free(&lengths->blocks);
}

void lengths_free(struct lengths *lengths)
{
	drop_places(lengths);
	array_free(&lengths->counts);
}

static void add_one(uint32_t *count)
{
	*count += *count != UINT32_MAX;
}

static void add_hashed(struct lengths *lengths, uint32_t group, unsigned part, unsigned class)
{
	uint64_t key = (uint64_t)group << CLASS_BITS | class;
	uint32_t fresh = (uint32_t)lengths->counts.count;
	uint32_t at = id_map_add(&lengths->of, key, fresh);

	if (at == fresh)
		*array_push(&lengths->counts) = (struct length_count){ .key = key };
	add_one(&lengths->counts.items[at].counts[part]);
}

/* NULL: there are too few of them so far. */
static struct length_powers *powers_of(struct lengths *lengths, uint32_t group)
{
	uint32_t *seen;

	if (group >= lengths->seen.count)
		array_resize(&lengths->seen, (size_t)group + group / 2 + 1);
	seen = &lengths->seen.items[group];
	if (*seen < MANY && ++*seen < MANY)
		return NULL;
	if (*seen < placed) {
		*array_push(&lengths->groups) = (struct length_powers){ .group = group };
		*seen = placed + (uint32_t)lengths->groups.count - 1;
	}
	return &lengths->groups.items[*seen - placed];
}

static uint32_t *block_of(struct lengths *lengths, uint32_t *power)
{
	if (*power < MANY && ++*power < MANY)
		return NULL;
	if (*power < placed) {
		*array_push(&lengths->blocks) = (struct length_block){ { 0 } };
		*power = placed + (uint32_t)lengths->blocks.count - 1;
	}
	return lengths->blocks.items[*power - placed].counts;
}

void lengths_add(struct lengths *lengths, uint32_t group, unsigned part, int64_t ns)
{
	unsigned class = class_of(ns);
	struct length_powers *powers = powers_of(lengths, group);
	uint32_t *block =
		powers == NULL ? NULL : block_of(lengths, &powers->of[part][class >> FINE_BITS]);

	if (block == NULL)
		add_hashed(lengths, group, part, class);
	else
		add_one(&block[class & (LENGTH_BLOCK - 1)]);
}

/* ---- when all are there */

static void add_block(struct lengths *lengths, uint32_t group, unsigned part, unsigned power,
                      const struct length_block *block)
{
	for (unsigned i = 0; i < LENGTH_BLOCK; i++) {
		struct length_count count = { .key = (uint64_t)group << CLASS_BITS |
			                             power << FINE_BITS | i };

		count.counts[part] = block->counts[i];
		if (block->counts[i] > 0)
			*array_push(&lengths->counts) = count;
	}
}

static void add_blocks(struct lengths *lengths, const struct length_powers *powers)
{
	for (unsigned part = 0; part < LENGTH_PARTS; part++)
		for (unsigned power = 0; power < LENGTH_POWERS; power++)
			if (powers->of[part][power] >= placed)
				add_block(lengths, powers->group, part, power,
				          &lengths->blocks.items[powers->of[part][power] - placed]);
}

static int by_key(const void *a, const void *b)
{
	const struct length_count *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

size_t lengths_sort_bytes(const struct lengths *lengths)
{
	return (lengths->counts.count + lengths->blocks.count * LENGTH_BLOCK) * 2 *
	       sizeof(struct length_count);
}

/* Some keys may stand there several times. */
void lengths_sort(struct lengths *lengths)
{
	for (size_t i = 0; i < lengths->groups.count; i++)
		add_blocks(lengths, &lengths->groups.items[i]);
	drop_places(lengths);
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
