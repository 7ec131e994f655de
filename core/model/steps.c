/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/steps.h"

void steps_init(struct steps *steps, struct budget *budget)
{
	*steps = (struct steps){ .first = { .budget = budget } };
	steps->before.budget = steps->last.budget = budget;
}

void steps_free(struct steps *steps)
{
	array_free(&steps->first);
	array_free(&steps->before);
	array_free(&steps->last);
}

void steps_begin(struct steps *steps, unsigned shift, int64_t length_ns)
{
	uint64_t middle_end = STEPS_HOLD_NS >> shift;

	array_clear(&steps->first);
	array_clear(&steps->before);
	array_clear(&steps->last);
	steps->hold = (part_time)(STEPS_HOLD_NS >> shift);
	if (length_ns > 2 * STEPS_HOLD_NS)
		middle_end = (uint64_t)(length_ns - STEPS_HOLD_NS) >> shift;
	steps->middle_end = middle_end < TIME_NONE ? (part_time)middle_end : TIME_NONE;
	steps->middle = steps->middle_most = 0;
	steps->has_middle = steps->middle_end > steps->hold;
	steps->last_begin = steps->middle_end;
}

static void sum_up(struct steps *steps)
{
	step_array swap = steps->before;

	for (size_t i = 0; i < steps->before.count; i++) {
		steps->has_middle = true;
		steps->middle += steps->before.items[i].add;
		if (steps->middle > steps->middle_most)
			steps->middle_most = steps->middle;
	}
	steps->before = steps->last;
	steps->last = swap;
	array_clear(&steps->last);
}

void steps_turn(struct steps *steps, part_time time)
{
	sum_up(steps);
	if (time - steps->last_begin >= 2 * (uint64_t)steps->hold)
		sum_up(steps);
	steps->last_begin = time;
}
