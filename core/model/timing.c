/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/timing.h"

/* ---- a generation */

/* From the one in the middle to both sides, as far as there are no gaps: [*first, *last] of keys,
 * which are sorted. */
static void find_crowd(const u64_array *keys, const struct clock *clock, size_t *first,
                       size_t *last)
{
	*first = *last = keys->count / 2;
	while (*first > 0 &&
	       clock_ns(clock, keys->items[*first]) - clock_ns(clock, keys->items[*first - 1]) <=
	               TIMING_FAR_NS)
		--*first;
	while (*last + 1 < keys->count &&
	       clock_ns(clock, keys->items[*last + 1]) - clock_ns(clock, keys->items[*last]) <=
	               TIMING_FAR_NS)
		++*last;
}

/* Whether it can be where its clock says: not before the one before it, but for a little, which may
 * itself have a batch that claims to be too late; and not for ever behind it. */
static bool goes_on(const struct timing *own, const struct timing *before, int64_t shift_ns)
{
	int64_t begin_ns = own->begin_ns + shift_ns;
	bool is_behind = begin_ns >= before->end_ns - TIMING_SLACK_NS ||
	                 begin_ns > before->begin_ns + TIMING_SLACK_NS;

	return is_behind && begin_ns <= before->end_ns + TIMING_GAP_NS;
}

/* On its own clock, or on that of the one before as it was understood, or else moved to the end of
 * that. */
static int64_t choose_shift(const struct timing *own, const struct timing *before)
{
	int64_t end_ns = before->end_ns < CLOCK_MAX_NS ? before->end_ns : CLOCK_MAX_NS;

	if (goes_on(own, before, 0))
		return 0;
	return goes_on(own, before, before->shift_ns) ? before->shift_ns : end_ns - own->begin_ns;
}

/* When the tables were written, which is when a generation is over; INT64_MAX: they do not tell, as
 * those written at the end are missing, or many of the sorted base times are later. */
static int64_t find_over(const struct generation *generation, const struct batch *batches,
                         const u64_array *keys)
{
	const struct clock *clock = &generation->clock;
	uint64_t last = 0;
	bool has_stacks = false;
	int64_t over_ns;

	for (size_t i = 0; i < generation->batch_count; i++) {
		has_stacks |= batches[i].kind == BATCH_STACKS;
		if ((batches[i].kind == BATCH_STACKS || batches[i].kind == BATCH_STRINGS) &&
		    batches[i].ticks > last)
			last = batches[i].ticks;
	}
	over_ns = clock_ns(clock, last) + TIMING_SLACK_NS;
	if (!has_stacks || clock_ns(clock, keys->items[keys->count * 3 / 4]) > over_ns)
		return INT64_MAX;
	return over_ns;
}

static void believe(struct timing *timing, const struct generation *generation,
                    const struct batch *batches, const u64_array *keys)
{
	const struct clock *clock = &generation->clock;
	int64_t over_ns = find_over(generation, batches, keys);
	size_t first, last;

	find_crowd(keys, clock, &first, &last);
	timing->begin_ns = clock_ns(clock, keys->items[first]);
	timing->end_ns = clock_ns(clock, keys->items[last]);
	if (timing->end_ns - timing->begin_ns > TIMING_LONGEST_NS)
		timing->end_ns = timing->begin_ns + TIMING_LONGEST_NS;
	timing->has_end = over_ns >= timing->begin_ns && over_ns != INT64_MAX;
	if (timing->has_end && timing->end_ns > over_ns)
		timing->end_ns = over_ns;
}

void timing_find(struct timing *timing, const struct generation *generation,
                 const struct batch *batches, const struct timing *before, u64_array *keys,
                 u64_array *room)
{
	*timing = (struct timing){
		.begin_ns = generation->begin_ns,
		.end_ns = clock_ns(&generation->clock, generation->last_ticks),
		.is_trusted = generation->shared != NULL,
	};
	if (timing->is_trusted)
		return;
	array_clear(keys);
	for (size_t i = 0; i < generation->batch_count; i++)
		if (batches[i].ticks != 0)
			*array_push(keys) = batches[i].ticks;
	radix_sort(keys, room, 0, 64);
	if (keys->count > 0)
		believe(timing, generation, batches, keys);
	if (before != NULL)
		timing->shift_ns = choose_shift(timing, before);
	timing->begin_ns += timing->shift_ns;
	timing->end_ns += timing->shift_ns;
}

int64_t timing_limit(const struct timing *timing)
{
	return timing->end_ns + (timing->has_end ? TIMING_SLACK_NS : TIMING_FAR_NS);
}

/* ---- the batches of a thread */

static bool is_in_order(const int64_t *base_ns, size_t count)
{
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		if (base_ns[i] == TIMING_NONE)
			continue;
		if (base_ns[i] < last)
			return false;
		last = base_ns[i];
	}
	return true;
}

/* The most of them that are in order: a longest row that does not fall, by the smallest ends of the
 * rows of each length. room: what stands before each, then the ends. */
static void keep_in_order(int64_t *base_ns, size_t count, u64_array *room)
{
	size_t longest = 0;
	uint64_t *before, *ends, at;
	int64_t next = INT64_MAX;

	array_clear(room);
	array_resize(room, 2 * count);
	before = room->items;
	ends = room->items + count;
	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = longest;

		if (base_ns[i] == TIMING_NONE)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (base_ns[ends[middle]] <= base_ns[i])
				low = middle + 1;
			else
				high = middle;
		}
		before[i] = low > 0 ? ends[low - 1] : UINT64_MAX;
		ends[low] = i;
		longest = low + 1 > longest ? low + 1 : longest;
	}
	at = longest > 0 ? ends[longest - 1] : UINT64_MAX;
	for (size_t i = count; i-- > 0;) {
		if (i == at) {
			next = base_ns[i];
			at = before[i];
			continue;
		}
		/* a small step back is as it is; so is one that is between its neighbours */
		if (base_ns[i] != TIMING_NONE && base_ns[i] > next &&
		    base_ns[i] - next > TIMING_SLACK_NS)
			base_ns[i] = TIMING_NONE;
		else if (base_ns[i] != TIMING_NONE && at != UINT64_MAX &&
		         base_ns[i] < base_ns[at] && base_ns[at] - base_ns[i] > TIMING_SLACK_NS)
			base_ns[i] = TIMING_NONE;
	}
}

void timing_judge(const struct timing *timing, int64_t *base_ns, size_t count, bool in_order,
                  u64_array *room)
{
	if (timing->is_trusted)
		return;
	for (size_t i = 0; i < count; i++)
		if (base_ns[i] < timing->begin_ns || base_ns[i] > timing->end_ns)
			base_ns[i] = TIMING_NONE;
	if (in_order && !is_in_order(base_ns, count))
		keep_in_order(base_ns, count, room);
}
