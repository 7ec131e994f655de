/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/note.h"

#include "tests/tap.h"

/* Which ends of regions belong together, in whatever order threads tell them. */

static struct budget budget;
static note_array notes;
static struct note_match match;

static void begin(void)
{
	array_clear(&notes);
	note_match_free(&match);
	note_match_init(&match, &budget);
	notes.budget = &budget;
}

static void add(uint32_t g, uint32_t order, enum note_kind kind)
{
	*array_push(&notes) = (struct note){ .g = g, .order = order, .kind = (uint8_t)kind };
}

static void find(void)
{
	note_match_begin(&match, &notes, 10);
	while (note_match_step(&match))
		;
}

/* The note at a place of the order; INDEX_NONE stays. */
static uint32_t at_place(uint32_t place)
{
	return place == INDEX_NONE ? INDEX_NONE : note_at(match.keys.items[place]);
}

static uint32_t place_of(uint32_t note)
{
	uint32_t place = 0;

	while (at_place(place) != note)
		place++;
	return place;
}

static uint32_t mate(uint32_t note)
{
	return at_place(match.mate.items[place_of(note)]);
}

static uint32_t outer(uint32_t note)
{
	return at_place(match.outer.items[place_of(note)]);
}

static void what_began_last_ends_first(void)
{
	begin();
	add(1, 3, NOTE_REGION_BEGIN);
	add(1, 3, NOTE_REGION_BEGIN);
	add(1, 3, NOTE_REGION_END);
	add(1, 3, NOTE_REGION_END);
	find();
	is_u64(mate(1), 2, "the inner one");
	is_u64(mate(0), 3, "and the one around it");
	is_u64(outer(1), 0, "which is known");
	is_u64(outer(0), INDEX_NONE, "nothing is around that");
}

static void order_is_that_of_the_goroutine(void)
{
	begin();
	add(1, 5, NOTE_REGION_END); /* of a later run, on a thread that is told first */
	add(2, 3, NOTE_REGION_END);
	add(1, 3, NOTE_REGION_BEGIN);
	find();
	is_u64(mate(2), 0, "a later run ends it");
	is_u64(mate(1), INDEX_NONE, "another goroutine does not");
	is_u64(at_place(0), 2, "it comes first");
	is_u64(at_place(2), 1, "goroutines one after the other");
}

static void lives_are_apart(void)
{
	begin();
	add(1, 3, NOTE_REGION_BEGIN);
	add(1, 3, NOTE_REGION_END);
	*array_push(&match.life) = 0;
	*array_push(&match.life) = 1;
	find();
	is_u64(mate(0), INDEX_NONE, "open when its life ends");
	is_u64(mate(1), INDEX_NONE, "the next one did not begin it");
}

static void logs_change_nothing(void)
{
	begin();
	add(1, 3, NOTE_REGION_BEGIN);
	add(1, 3, NOTE_LOG);
	add(1, 4, NOTE_REGION_END);
	find();
	is_u64(mate(0), 2, "nor what is between");
	is_u64(mate(1), INDEX_NONE, "a log has no mate");
	begin();
	find();
	is_u64(match.keys.count, 0, "nothing is nothing");
}

int main(void)
{
	what_began_last_ends_first();
	order_is_that_of_the_goroutine();
	lives_are_apart();
	logs_change_nothing();
	array_free(&notes);
	note_match_free(&match);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
