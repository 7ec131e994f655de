/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/note.h"

#include "core/base/sort.h"

enum { NOTES_A_STEP = 1 << 16, LIVES_A_STEP = 1 << 17 };

/* They are counted and laid life by life, where most are in order then. */
enum { COUNT, SUM_UP, LAY, MATCH, OVER };

void note_match_init(struct note_match *match, struct budget *budget)
{
	*match = (struct note_match){ .life = { .budget = budget } };
	match->first.budget = match->keys.budget = budget;
	match->mate.budget = match->outer.budget = budget;
}

void note_match_free(struct note_match *match)
{
	array_free(&match->life);
	array_free(&match->first);
	array_free(&match->keys);
	array_free(&match->mate);
	array_free(&match->outer);
}

void note_match_begin(struct note_match *match, const note_array *notes, size_t lives)
{
	match->notes = notes;
	match->lives = lives;
	match->phase = notes->count > 0 ? COUNT : OVER;
	match->at = 0;
	array_clear(&match->first);
	array_clear(&match->keys);
}

static size_t count(const struct note_match *match)
{
	return match->notes->count < NOTES_MAX ? match->notes->count : NOTES_MAX;
}

static uint32_t life_of(const struct note_match *match, size_t i)
{
	return match->life.count > 0 ? match->life.items[i] : match->notes->items[i].g;
}

/* first[life + 2]: how many are of it; then, added up, first[life + 1]: where its next one goes. */
static bool count_some(struct note_match *match, size_t end)
{
	if (match->at == 0)
		array_resize(&match->first, match->lives + 2);
	for (; match->at < end; match->at++)
		match->first.items[life_of(match, match->at) + 2]++;
	return match->at < count(match);
}

/* Nothing of them is touched before it is written, so that no step has to do it for all. */
static void sum_up(struct note_match *match)
{
	size_t notes = count(match);

	for (size_t i = 1; i < match->first.count; i++)
		match->first.items[i] += match->first.items[i - 1];
	array_reserve(&match->keys, notes);
	array_reserve(&match->mate, notes);
	array_reserve(&match->outer, notes);
	match->keys.count = match->mate.count = match->outer.count = notes;
}

static bool lay_some(struct note_match *match, size_t end)
{
	for (; match->at < end; match->at++) {
		const struct note *note = &match->notes->items[match->at];
		uint32_t place = match->first.items[life_of(match, match->at) + 1]++;

		match->keys.items[place] =
			(uint64_t)note->order << 32 | match->at << NOTE_KIND_BITS | note->kind;
	}
	return match->at < count(match);
}

static int key_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sort_life(struct note_match *match, uint32_t first, uint32_t end)
{
	for (uint32_t i = first + 1; i < end; i++)
		if (match->keys.items[i - 1] > match->keys.items[i]) {
			sort_items(match->keys.budget, match->keys.items + first, end - first,
			           sizeof(uint64_t), key_order);
			return;
		}
}

static void match_life(struct note_match *match, uint32_t first, uint32_t end)
{
	uint32_t open = INDEX_NONE; /* the innermost */

	sort_life(match, first, end);
	for (uint32_t i = first; i < end; i++) {
		enum note_kind kind = note_kind(match->keys.items[i]);

		match->mate.items[i] = match->outer.items[i] = INDEX_NONE;
		if (kind == NOTE_REGION_BEGIN) {
			match->outer.items[i] = open;
			open = i;
		} else if (kind == NOTE_REGION_END && open != INDEX_NONE) {
			match->mate.items[i] = open;
			match->mate.items[open] = i;
			open = match->outer.items[open];
		}
	}
}

static bool match_some(struct note_match *match)
{
	const uint32_t *first = match->first.items;
	size_t begin = match->at;
	uint32_t notes = first[begin];

	for (; match->at < match->lives; match->at++) {
		if (first[match->at] - notes >= NOTES_A_STEP || match->at - begin == LIVES_A_STEP)
			return true;
		match_life(match, first[match->at], first[match->at + 1]);
	}
	return false;
}

/* False: the phase is over. */
static bool step(struct note_match *match)
{
	size_t rest = count(match) - match->at;
	size_t end = match->at + (rest < NOTES_A_STEP ? rest : NOTES_A_STEP);

	switch (match->phase) {
	case COUNT:
		return count_some(match, end);
	case SUM_UP:
		sum_up(match);
		return false;
	case LAY:
		return lay_some(match, end);
	case MATCH:
		return match_some(match);
	default:
		return false;
	}
}

bool note_match_step(struct note_match *match)
{
	if (!step(match)) {
		match->phase++;
		match->at = 0;
	}
	return match->phase < OVER;
}
