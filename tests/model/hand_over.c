/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk.h"

#include "tests/tap.h"

/* What a walk hands over of what it has found: what is before an end, the rest later. */

enum { MOVES = 1000, TIME = 7 };

static struct budget budget;
static struct walk walk;
static struct stretch stretch;

static void find_moves(void)
{
	for (uint32_t i = 0; i < MOVES; i++)
		*array_push(&walk.moves) = (struct move){ .time = TIME, .g = i, .kind = MOVE_WAKE };
	walk.latest = TIME;
}

/* However often: those who do not get further do not look through all of them again. */
static void a_stretch_of_no_length(void)
{
	const struct move *before = walk.moves.items;

	walk_hand_over(&walk, &stretch, TIME, TIME);
	ok(stretch.begin == TIME && stretch.end == TIME && stretch.is_ahead, "it is told");
	is_u64(stretch.moves.count, 0, "nothing is in it");
	is_u64(walk.moves.count, MOVES, "all stays");
	ok(walk.moves.items == before, "where it was");
}

static void a_longer_one(void)
{
	uint64_t wrong = 0;

	walk_hand_over(&walk, &stretch, TIME, TIME + 1);
	is_u64(stretch.moves.count, MOVES, "the next one has it");
	for (uint32_t i = 0; i < stretch.moves.count; i++)
		wrong += stretch.moves.items[i].g != i;
	ok(wrong == 0 && walk.moves.count == 0 && !stretch.is_ahead, "in order");
}

static void what_comes_later_stays(void)
{
	stretch_clear(&stretch, SIZE_MAX);
	find_moves();
	walk_hand_over(&walk, &stretch, 0, TIME);
	is_u64(stretch.moves.count, 0, "of one that ends before");
	is_u64(walk.moves.count, MOVES, "all stays");
}

int main(void)
{
	walk_init(&walk, &budget);
	stretch_init(&stretch, &budget);
	find_moves();
	a_stretch_of_no_length();
	a_longer_one();
	what_comes_later_stays();
	stretch_free(&stretch);
	walk_free(&walk);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
