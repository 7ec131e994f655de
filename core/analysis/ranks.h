/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_RANKS_H
#define CORE_ANALYSIS_RANKS_H

#include "core/base/array.h"

/* Finds some of many numbers by their rank, in several groups at once, by looking at all of them a
 * few times rather than by keeping them. Exact.
 *
 *	while (ranks_look(&ranks))
 *		for all numbers: ranks_see(&ranks, group, number);
 */
enum { RANKS = 2 };

struct ranks {
	struct budget *budget;
	ARRAY(struct rank_group {
		struct rank {
			int64_t low, high; /* it is between, with so many others */
			uint64_t inside;
			uint64_t at;      /* its rank among those, from 0 */
			uint32_t *counts; /* of a look: numbers by their distance from low; NULL */
			int64_t *numbers; /* or the numbers themselves; NULL */
			uint64_t seen;
		} ranks[RANKS];
	})
	groups;
	bool is_cheap;
	bool has_looked;
};

/* is_cheap: to see all numbers costs less than to keep and sort them. */
void ranks_init(struct ranks *ranks, struct budget *budget, size_t groups, bool is_cheap);
void ranks_free(struct ranks *ranks);

/* A group has count numbers, none below 0, of which those of two ranks are wanted, from 0. */
void ranks_want(struct ranks *ranks, size_t group, uint64_t count, const uint64_t at[RANKS]);

/* Whether all numbers have to be seen (once more). */
bool ranks_look(struct ranks *ranks);
void ranks_see(struct ranks *ranks, size_t group, int64_t number);

int64_t ranks_found(const struct ranks *ranks, size_t group, int rank);

#endif
