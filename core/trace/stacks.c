/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/stacks.h"

void stacks_init(struct stacks *stacks, struct budget *budget)
{
	*stacks = (struct stacks){ .frames = { .budget = budget } };
	stacks->places.budget = stacks->by_hash.budget = budget;
	*array_push(&stacks->places) = (struct stack_place){ 0, 0 };
}

void stacks_free(struct stacks *stacks)
{
	array_free(&stacks->frames);
	array_free(&stacks->places);
	id_map_free(&stacks->by_hash);
}

static bool frame_equal(const struct frame *a, const struct frame *b)
{
	return a->pc == b->pc && a->function == b->function && a->file == b->file &&
	       a->line == b->line;
}

static uint64_t hash_frames(const struct frame *frames, uint32_t count)
{
	uint64_t hash = count;

	for (uint32_t i = 0; i < count; i++) {
		hash = id_hash(hash ^ frames[i].pc);
		hash = id_hash(hash ^ ((uint64_t)frames[i].function << 32 | frames[i].line));
	}
	return hash;
}

static bool is_stack(const struct stacks *stacks, stack_id id, const struct frame *frames,
                     uint32_t count)
{
	struct stack_place place = stacks->places.items[id];

	if (place.count != count)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!frame_equal(&stacks->frames.items[place.first + i], &frames[i]))
			return false;
	return true;
}

stack_id stacks_add(struct stacks *stacks, const struct frame *frames, uint32_t count)
{
	stack_id fresh = (stack_id)stacks->places.count, id;

	if (count == 0)
		return 0;
	for (uint64_t hash = hash_frames(frames, count);; hash++) {
		id = id_map_add(&stacks->by_hash, hash, fresh);
		if (id == fresh)
			break;
		if (is_stack(stacks, id, frames, count))
			return id;
	}
	*array_push(&stacks->places) =
		(struct stack_place){ (uint32_t)stacks->frames.count, count };
	for (uint32_t i = 0; i < count; i++)
		*array_push(&stacks->frames) = frames[i];
	return fresh;
}

const struct frame *stacks_frames(const struct stacks *stacks, stack_id id, uint32_t *count)
{
	struct stack_place place = { 0, 0 };

	if (id < stacks->places.count)
		place = stacks->places.items[id];
	*count = place.count;
	return stacks->frames.items + place.first;
}
