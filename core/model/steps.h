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

typedef ARRAY(struct step {
	part_time time;
	int32_t add;
}) step_array;

struct steps {
	part_time hold;       /* STEPS_HOLD_NS */
	part_time middle_end; /* up to then nothing need be kept */
	step_array first;     /* of [0, hold) */
	int64_t middle,
		middle_most; /* their sum, and the largest sum of some of the first of them */
	bool has_middle;
	step_array before, last; /* at least one hold, if there is so much, and up to one more */
	part_time last_begin;
};

void steps_init(struct steps *steps, struct budget *budget);
void steps_free(struct steps *steps);

/* Of a part that lasts for length_ns, or for longer. */
void steps_begin(struct steps *steps, unsigned shift, int64_t length_ns);

/* The last are complete: what lies a hold back is summed up. */
void steps_turn(struct steps *steps, part_time time);

/* In order of time, one for each moment. No branch depends on whether it is one, as nobody could
 * guess that. */
static inline void steps_add(struct steps *steps, part_time time, int32_t add)
{
	step_array *to;

	if (time >= steps->hold && time < steps->middle_end) {
		steps->middle += add;
		if (steps->middle > steps->middle_most)
			steps->middle_most = steps->middle;
		return;
	}
	to = time < steps->hold ? &steps->first : &steps->last;

	if (time >= steps->hold && time - steps->last_begin >= steps->hold)
		steps_turn(steps, time);
	if (to->count == to->capacity)
		array_reserve(to, to->count + 1);
	to->items[to->count] = (struct step){ time, add };
	to->count += add != 0;
}

#endif
