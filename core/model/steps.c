/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/steps.h"

/* A step as a varint: the low bits are its sign and its size, 0 for one that follows as a varint of
 * its own; above them is the time since the one before. */
enum { SIZE_BITS = 2, SIZE_MASK = (1 << SIZE_BITS) - 1, HEAD_BITS = SIZE_BITS + 1 };

void step_list_init(struct step_list *list, struct budget *budget)
{
	*list = (struct step_list){ .fresh = { .budget = budget }, .packed = { .budget = budget } };
}

void step_list_free(struct step_list *list)
{
	array_free(&list->fresh);
	array_free(&list->packed);
	list->packed_count = 0;
	list->packed_until = 0;
}

void step_list_clear(struct step_list *list)
{
	array_clear(&list->fresh);
	array_clear(&list->packed);
	list->packed_count = 0;
	list->packed_until = 0;
}

static uint8_t *put(uint8_t *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

/* Of what was put. */
static uint64_t take(const uint8_t *from, size_t *at)
{
	uint64_t value = 0;
	unsigned shift = 0;

	while (from[*at] & 0x80) {
		value |= (uint64_t)(from[(*at)++] & 0x7f) << shift;
		shift += 7;
	}
	return value | (uint64_t)from[(*at)++] << shift;
}

void step_list_pack(struct step_list *list)
{
	enum { STEP_MAX = 6 + 5 /* bytes */ };
	uint8_t *to;

	if (list->fresh.capacity == 0) {
		array_reserve(&list->fresh, STEPS_FRESH);
		return;
	}
	array_reserve(&list->packed, list->packed.count + STEPS_FRESH * STEP_MAX);
	to = list->packed.items + list->packed.count;
	for (size_t i = 0; i < list->fresh.count; i++) {
		const struct step *step = &list->fresh.items[i];
		uint32_t size = step->add < 0 ? 0 - (uint32_t)step->add : (uint32_t)step->add;
		uint64_t after = step->time - list->packed_until;

		to = put(to, after << HEAD_BITS | (uint64_t)(step->add < 0) << SIZE_BITS |
		                     (size <= SIZE_MASK ? size : 0));
		if (size > SIZE_MASK)
			to = put(to, size);
		list->packed_until = step->time;
	}
	list->packed.count = (size_t)(to - list->packed.items);
	list->packed_count += list->fresh.count;
	array_clear(&list->fresh);
}

static struct step unpack(struct step_reader *reader)
{
	const uint8_t *items = reader->list->packed.items;
	uint64_t head = take(items, &reader->at);
	uint32_t size = head & SIZE_MASK;

	if (size == 0)
		size = (uint32_t)take(items, &reader->at);
	reader->until += (part_time)(head >> HEAD_BITS);
	return (struct step){ reader->until,
		              (int32_t)(head >> SIZE_BITS & 1 ? 0 - size : size) };
}

bool step_reader_next(struct step_reader *reader, struct step *step)
{
	const struct step_list *list = reader->list;

	if (reader->count == step_list_count(list))
		return false;
	*step = reader->count < list->packed_count
	                ? unpack(reader)
	                : list->fresh.items[reader->count - list->packed_count];
	reader->count++;
	return true;
}

/* ---- */

void steps_init(struct steps *steps, struct budget *budget)
{
	*steps = (struct steps){ .middle = 0 };
	step_list_init(&steps->first, budget);
	step_list_init(&steps->before, budget);
	step_list_init(&steps->last, budget);
}

void steps_free(struct steps *steps)
{
	step_list_free(&steps->first);
	step_list_free(&steps->before);
	step_list_free(&steps->last);
}

void steps_begin(struct steps *steps, unsigned shift, int64_t length_ns)
{
	uint64_t middle_end = STEPS_HOLD_NS >> shift;

	step_list_clear(&steps->first);
	step_list_clear(&steps->before);
	step_list_clear(&steps->last);
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
	struct step_list swap = steps->before;
	struct step_reader reader = { .list = &steps->before };
	struct step step;

	while (step_reader_next(&reader, &step)) {
		steps->has_middle = true;
		steps->middle += step.add;
		if (steps->middle > steps->middle_most)
			steps->middle_most = steps->middle;
	}
	steps->before = steps->last;
	steps->last = swap;
	step_list_clear(&steps->last);
}

void steps_turn(struct steps *steps, part_time time)
{
	sum_up(steps);
	if (time - steps->last_begin >= 2 * (uint64_t)steps->hold)
		sum_up(steps);
	steps->last_begin = time;
}
