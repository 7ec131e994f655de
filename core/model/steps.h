/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_STEPS_H
#define CORE_MODEL_STEPS_H

#include "core/base/array.h"
#include "core/model/records.h"

/* The steps of the number of runnable goroutines in a part, of which only the largest value is
 * wanted. Events of a generation may precede those of the one before (by 6 ms in what was
 * measured), so that its first steps and its last are kept for the seam; between them sums are
 * enough. */

#define STEPS_HOLD_NS INT64_C(64000000)

struct step {
	part_time time;
	int32_t add;
};

/* Some of them, in order: the latest as they are, the others packed into a byte or two each, as
 * there may be millions within a hold. */
enum { STEPS_FRESH = 1 << 10 };

struct step_list {
	ARRAY(struct step) fresh; /* STEPS_FRESH at most */
	ARRAY(uint8_t) packed;    /* varints: time since the one before, and how much (steps.c) */
	size_t packed_count;
	part_time packed_until; /* the time of the last of them */
};

void step_list_init(struct step_list *list, struct budget *budget);
void step_list_free(struct step_list *list);
void step_list_clear(struct step_list *list);

static inline size_t step_list_count(const struct step_list *list)
{
	return list->packed_count + list->fresh.count;
}

/* Goes through one. */
struct step_reader {
	const struct step_list *list;
	size_t count;    /* read */
	size_t at;       /* in packed */
	part_time until; /* the time of the last that was unpacked */
};

/* False: that was the last. The list does not change meanwhile. */
bool step_reader_next(struct step_reader *reader, struct step *step);

struct steps {
	part_time hold;       /* STEPS_HOLD_NS */
	part_time middle_end; /* up to then nothing need be kept */
	struct step_list first; /* of [0, hold) */
	int64_t middle,
		middle_most; /* their sum, and the largest sum of some of the first of them */
	bool has_middle;
	struct step_list before, last; /* at least one hold, if there is so much, and up to one more */
	part_time last_begin;
};

void steps_init(struct steps *steps, struct budget *budget);
void steps_free(struct steps *steps);

/* Of a part that lasts for length_ns, or for longer. */
void steps_begin(struct steps *steps, unsigned shift, int64_t length_ns);

/* The last are complete: what lies a hold back is summed up. */
void steps_turn(struct steps *steps, part_time time);

/* Makes room for a fresh one. */
void step_list_pack(struct step_list *list);

/* In order of time, one for each moment. No branch depends on whether it is one, as nobody could
 * guess that. */
static inline void steps_add(struct steps *steps, part_time time, int32_t add)
{
	struct step_list *to;

	if (time >= steps->hold && time < steps->middle_end) {
		steps->middle += add;
		if (steps->middle > steps->middle_most)
			steps->middle_most = steps->middle;
		return;
	}
	to = time < steps->hold ? &steps->first : &steps->last;

	if (time >= steps->hold && time - steps->last_begin >= steps->hold)
		steps_turn(steps, time);
	if (to->fresh.count == to->fresh.capacity)
		step_list_pack(to);
	to->fresh.items[to->fresh.count] = (struct step){ time, add };
	to->fresh.count += add != 0;
}

#endif
