/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/stacks.h"

#include "tests/tap.h"

static struct budget budget;

static bool is_stack(const struct stacks *stacks, stack_id id, const struct frame *want,
                     uint32_t len)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(stacks, id, &count);

	return count == len && (len == 0 || memcmp(frames, want, len * sizeof(*want)) == 0);
}

static void each_stack_once(void)
{
	struct stacks stacks;
	struct frame frames[4];
	bool good = true;

	memset(frames, 0, sizeof(frames));
	stacks_init(&stacks, &budget);
	is_u64(stacks_add(&stacks, frames, 0), 0, "no frames are no stack");
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 1000; i++) {
			for (uint32_t f = 0; f < 4; f++)
				frames[f] = (struct frame){ i / 7, i % 7, f, i };
			good = good && stacks_add(&stacks, frames, 1 + i % 4) == i + 1 &&
			       is_stack(&stacks, i + 1, frames, 1 + i % 4);
		}
	ok(good, "a stack keeps its id and its frames");
	ok(is_stack(&stacks, 0, frames, 0) && is_stack(&stacks, 12345, frames, 0),
	   "none, and one that is not known, have no frames");
	stacks_free(&stacks);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static void every_part_of_a_frame_counts(void)
{
	static const struct frame frames[] = {
		{ 1, 2, 3, 4 }, { 9, 2, 3, 4 }, { 1, 9, 3, 4 }, { 1, 2, 9, 4 }, { 1, 2, 3, 9 },
	};
	struct stacks stacks;

	stacks_init(&stacks, &budget);
	for (stack_id i = 0; i < 5; i++)
		is_u64(stacks_add(&stacks, &frames[i], 1), i + 1, "another stack");
	is_u64(stacks_add(&stacks, frames, 2), 6, "a longer one is another, too");
	stacks_free(&stacks);
}

int main(void)
{
	each_stack_once();
	every_part_of_a_frame_counts();
	return tap_done();
}
