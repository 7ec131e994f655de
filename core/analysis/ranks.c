/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/ranks.h"

#include <stdlib.h>

enum {
	FINE_BITS = 6, /* stretches of each power of two */
	FINE = 1 << FINE_BITS,
	COUNTS = (64 - FINE_BITS + 1) * FINE,
	FEW = COUNTS / 2, /* numbers that take no more than counts do */
	ROOM_SHARE = 8,   /* of the memory that is left, for keeping numbers */
};

void ranks_init(struct ranks *ranks, struct budget *budget, size_t groups, bool is_cheap)
{
	*ranks = (struct ranks){ .budget = budget,
		                 .groups = { .budget = budget },
		                 .is_cheap = is_cheap };
	array_resize(&ranks->groups, groups);
}

static void free_look(struct ranks *ranks, struct rank *rank)
{
	if (rank->counts != NULL)
		budget_resize(ranks->budget, rank->counts, COUNTS * sizeof(*rank->counts), 0);
	if (rank->numbers != NULL)
		budget_resize(ranks->budget, rank->numbers, rank->inside * sizeof(*rank->numbers),
		              0);
	rank->counts = NULL;
	rank->numbers = NULL;
	rank->seen = 0;
}

void ranks_free(struct ranks *ranks)
{
	for (size_t g = 0; g < ranks->groups.count; g++)
		for (int r = 0; r < RANKS; r++)
			free_look(ranks, &ranks->groups.items[g].ranks[r]);
	array_free(&ranks->groups);
}

void ranks_want(struct ranks *ranks, size_t group, uint64_t count, const uint64_t at[RANKS])
{
	for (int r = 0; r < RANKS; r++)
		ranks->groups.items[group].ranks[r] = (struct rank){
			.high = count > 0 ? INT64_MAX : 0,
			.inside = count,
			.at = at[r],
		};
}

/* ---- stretches: as wide as their distance allows, each a 64th of it */

static unsigned stretch_of(uint64_t by)
{
	unsigned power;

	if (by < FINE)
		return (unsigned)by;
	power = 63 - (unsigned)__builtin_clzll(by) - FINE_BITS;
	return (power + 1) * FINE + (unsigned)(by >> power & (FINE - 1));
}

static uint64_t begin_of(unsigned stretch)
{
	unsigned power = stretch / FINE;

	return power == 0 ? stretch : (uint64_t)(FINE + stretch % FINE) << (power - 1);
}

/* ---- what was seen */

static int order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void settle_counts(struct rank *rank, const uint32_t *counts)
{
	uint64_t before = 0;
	unsigned s = 0;

	while (s + 1 < COUNTS && before + counts[s] <= rank->at)
		before += counts[s++];
	rank->at -= before;
	rank->inside = counts[s];
	if (s + 1 < COUNTS && (uint64_t)(rank->high - rank->low) >= begin_of(s + 1))
		rank->high = rank->low + (int64_t)begin_of(s + 1) - 1;
	rank->low += (int64_t)begin_of(s);
}

/* by: whose look it was, that of the first if both looked for the same. */
static void settle(struct rank *rank, const struct rank *by)
{
	if (by->numbers != NULL) {
		rank->low = rank->high = by->numbers[rank->at < by->seen ? rank->at : 0];
		rank->inside = 1;
		rank->at = 0;
	} else if (by->counts != NULL) {
		settle_counts(rank, by->counts);
	}
}

static bool are_the_same(const struct rank_group *group)
{
	return group->ranks[0].low == group->ranks[1].low &&
	       group->ranks[0].high == group->ranks[1].high;
}

static void settle_group(struct ranks *ranks, struct rank_group *group)
{
	struct rank looked[RANKS] = { group->ranks[0], group->ranks[1] };
	bool same = are_the_same(group);

	for (int r = 0; r < RANKS; r++)
		if (looked[r].numbers != NULL)
			qsort(looked[r].numbers, looked[r].seen, sizeof(*looked[r].numbers), order);
	for (int r = 0; r < RANKS; r++)
		settle(&group->ranks[r], same ? &looked[0] : &looked[r]);
	for (int r = 0; r < RANKS; r++) {
		free_look(ranks, &looked[r]);
		group->ranks[r].counts = NULL;
		group->ranks[r].numbers = NULL;
		group->ranks[r].seen = 0;
	}
}

/* ---- the next look */

static bool is_found(const struct rank *rank)
{
	return rank->low >= rank->high || rank->inside == 0;
}

static void prepare(struct ranks *ranks, struct rank *rank, uint64_t most)
{
	size_t size = COUNTS * sizeof(*rank->counts);

	if (rank->inside <= most) {
		rank->numbers = budget_resize(ranks->budget, NULL, 0,
		                              rank->inside * sizeof(*rank->numbers));
		return;
	}
	rank->counts = budget_resize(ranks->budget, NULL, 0, size);
	memset(rank->counts, 0, size);
}

bool ranks_look(struct ranks *ranks)
{
	uint64_t inside = 0, most = FEW;
	bool any = false;

	for (size_t g = 0; g < ranks->groups.count && ranks->has_looked; g++)
		settle_group(ranks, &ranks->groups.items[g]);
	ranks->has_looked = true;
	for (size_t g = 0; g < ranks->groups.count; g++)
		for (int r = 0; r < RANKS; r++)
			inside += ranks->groups.items[g].ranks[r].inside;
	if (!ranks->is_cheap &&
	    inside <= budget_room(ranks->budget) / sizeof(int64_t) / ROOM_SHARE)
		most = inside;
	for (size_t g = 0; g < ranks->groups.count; g++) {
		struct rank_group *group = &ranks->groups.items[g];

		for (int r = 0; r < RANKS; r++) {
			if (is_found(&group->ranks[r]) || (r > 0 && are_the_same(group)))
				continue;
			prepare(ranks, &group->ranks[r], most);
			any = true;
		}
	}
	return any;
}

void ranks_see(struct ranks *ranks, size_t group, int64_t number)
{
	for (int r = 0; r < RANKS; r++) {
		struct rank *rank = &ranks->groups.items[group].ranks[r];

		if (number < rank->low || number > rank->high)
			continue;
		if (rank->counts != NULL)
			rank->counts[stretch_of((uint64_t)(number - rank->low))]++;
		else if (rank->numbers != NULL && rank->seen < rank->inside)
			rank->numbers[rank->seen++] = number;
	}
}

int64_t ranks_found(const struct ranks *ranks, size_t group, int rank)
{
	return ranks->groups.items[group].ranks[rank].low;
}
