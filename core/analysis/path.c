/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/path.h"

#include "core/base/radix.h"

/* Where anything begins or ends, each time once. */
static void find_cuts(u64_array *cuts, const struct why *why)
{
	u64_array room = { .budget = cuts->budget };
	size_t kept = 0;

	for (size_t i = 0; i < why->steps.count; i++) {
		*array_push(cuts) = (uint64_t)why->steps.items[i].stay.begin_ns;
		*array_push(cuts) = (uint64_t)why->steps.items[i].stay.end_ns;
	}
	radix_sort(cuts, &room, 0, 64);
	array_free(&room);
	for (size_t i = 0; i < cuts->count; i++)
		if (i == 0 || cuts->items[i] != cuts->items[kept - 1])
			cuts->items[kept++] = cuts->items[i];
	cuts->count = kept;
}

/* Of the cuts the one at a time. */
static size_t find_cut(const u64_array *cuts, int64_t ns)
{
	size_t low = 0, high = cuts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cuts->items[middle] < (uint64_t)ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Steps stand behind the one that they explain: the last one has it. */
static void find_owners(u32_array *owners, const u64_array *cuts, const struct why *why)
{
	array_resize(owners, cuts->count);
	for (size_t i = 0; i < why->steps.count; i++) {
		const struct why_stay *stay = &why->steps.items[i].stay;
		size_t end = find_cut(cuts, stay->end_ns);

		for (size_t at = find_cut(cuts, stay->begin_ns); at < end; at++)
			owners->items[at] = (uint32_t)i;
	}
}

void path_make(path_array *pieces, const struct why *why)
{
	u64_array cuts = { .budget = pieces->budget };
	u32_array owners = { .budget = pieces->budget };

	find_cuts(&cuts, why);
	find_owners(&owners, &cuts, why);
	for (size_t i = 0; i + 1 < cuts.count; i++) {
		struct path_piece *last =
			pieces->count == 0 ? NULL : &pieces->items[pieces->count - 1];

		if (last == NULL || last->step != owners.items[i])
			*array_push(pieces) =
				(struct path_piece){ (int64_t)cuts.items[i],
				                     (int64_t)cuts.items[i + 1], owners.items[i] };
		else
			last->end_ns = (int64_t)cuts.items[i + 1];
	}
	array_free(&cuts);
	array_free(&owners);
}
