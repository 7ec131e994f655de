/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/note.h"

void note_match_init(struct note_match *match, struct budget *budget)
{
	*match = (struct note_match){ .order = { .budget = budget } };
	match->mate.budget = match->outer.budget = match->life.budget = budget;
	match->keys.budget = match->room.budget = budget;
}

void note_match_free(struct note_match *match)
{
	array_free(&match->order);
	array_free(&match->mate);
	array_free(&match->outer);
	array_free(&match->life);
	array_free(&match->keys);
	array_free(&match->room);
}

enum sort_by { BY_ORDER, BY_LIFE, BY_GO };

static void sort_by(struct note_match *match, const note_array *notes, enum sort_by by,
                    uint64_t most)
{
	for (size_t i = 0; i < notes->count; i++) {
		uint32_t at = (uint32_t)match->keys.items[i];
		uint64_t key = by == BY_GO     ? notes->items[at].g
		               : by == BY_LIFE ? match->life.items[at]
		                               : notes->items[at].order;

		match->keys.items[i] = key << 32 | at;
	}
	radix_sort(&match->keys, &match->room, 32, radix_bits(most));
}

static uint32_t last_order(const note_array *notes)
{
	uint32_t last = 0;

	for (size_t i = 0; i < notes->count; i++)
		last = notes->items[i].order > last ? notes->items[i].order : last;
	return last;
}

static void sort(struct note_match *match, const note_array *notes, size_t gos, size_t lives)
{
	array_clear(&match->keys);
	array_reserve(&match->keys, notes->count);
	for (size_t i = 0; i < notes->count; i++)
		*array_push(&match->keys) = i;
	sort_by(match, notes, BY_ORDER, last_order(notes));
	if (match->life.count > 0)
		sort_by(match, notes, BY_LIFE, lives);
	sort_by(match, notes, BY_GO, gos);
	array_resize(&match->order, notes->count);
	for (size_t i = 0; i < notes->count; i++)
		match->order.items[i] = (uint32_t)match->keys.items[i];
}

static bool is_other_life(const struct note_match *match, const note_array *notes, uint32_t a,
                          uint32_t b)
{
	return notes->items[a].g != notes->items[b].g ||
	       (match->life.count > 0 && match->life.items[a] != match->life.items[b]);
}

void note_match(struct note_match *match, const note_array *notes, size_t gos, size_t lives)
{
	uint32_t open = INDEX_NONE; /* the innermost of the life at hand */

	sort(match, notes, gos, lives);
	array_resize(&match->mate, notes->count);
	array_resize(&match->outer, notes->count);
	for (size_t i = 0; i < notes->count; i++) {
		uint32_t at = match->order.items[i];

		if (i == 0 || is_other_life(match, notes, match->order.items[i - 1], at))
			open = INDEX_NONE;
		match->mate.items[at] = match->outer.items[at] = INDEX_NONE;
		if (notes->items[at].kind == NOTE_REGION_BEGIN) {
			match->outer.items[at] = open;
			open = at;
		} else if (notes->items[at].kind == NOTE_REGION_END && open != INDEX_NONE) {
			match->mate.items[at] = open;
			match->mate.items[open] = at;
			open = match->outer.items[open];
		}
	}
}
