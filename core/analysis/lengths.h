/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_LENGTHS_H
#define CORE_ANALYSIS_LENGTHS_H

#include "core/base/id_map.h"
#include "core/base/radix.h"

/* How the lengths of many things spread, in several groups at once, without keeping each: how many
 * there are of each length, where those count as one that differ by less than 1/256 of themselves;
 * below 512 ns all are told apart. So memory is some thousand counts a group at most, and a rank is
 * found to 1/512. Of each group there are a few parts, of which any can be taken together.
 *
 *	lengths_add(&lengths, group, part, ns)
 *	lengths_sort(&lengths)
 *	lengths_group(&lengths, group, &counts)    groups in ascending order
 *	lengths_rank(&counts, 1u << part, rank)
 */
enum { LENGTH_PARTS = 3 };

struct length_count {
	uint64_t key; /* of the group and the length */
	uint32_t counts[LENGTH_PARTS];
};

/* Of most groups there are few, which are hashed. Where there are many between one power of two and
 * the next, those stand side by side, where a processor finds them soon. */
enum { LENGTH_POWERS = 56, LENGTH_BLOCK = 256 };

struct lengths {
	ARRAY(struct length_count) counts;
	struct id_map of; /* key -> counts, until they are sorted */
	u32_array seen;   /* by group: so many so far, or where it stands in groups */
	ARRAY(struct length_powers {
		uint32_t group;
		uint32_t of[LENGTH_PARTS][LENGTH_POWERS]; /* so many so far, or the block */
	})
	groups;
	ARRAY(struct length_block { uint32_t counts[LENGTH_BLOCK]; }) blocks;
	size_t at; /* behind the group that was asked for last */
};

void lengths_init(struct lengths *lengths, struct budget *budget);
void lengths_free(struct lengths *lengths);

/* What is below 0 counts as 0. */
void lengths_add(struct lengths *lengths, uint32_t group, unsigned part, int64_t ns);

/* When all are there; what it takes for that. */
size_t lengths_sort_bytes(const struct lengths *lengths);
void lengths_sort(struct lengths *lengths);

/* Those of a group. */
struct length_counts {
	const struct length_count *first;
	size_t count;
};

struct length_counts lengths_group(struct lengths *lengths, uint32_t group);

/* How many there are in some parts, a bit each; and the one of a rank among them, from 1: about. */
uint64_t lengths_count(struct length_counts counts, unsigned parts);
int64_t lengths_rank(struct length_counts counts, unsigned parts, uint64_t rank);

#endif
