/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account.h"

#include "core/base/sort.h"
#include "core/model/history.h"

/* Regions and logs, when it is known how goroutines ended: what of them the seam needs to know, or
 * the history. */

/* Lives of ids that come again, as far as they are over, by goroutine and time. */
struct lives {
	const struct account *account;
	u64_array past; /* own number << 32 | into account->past */
};

static const struct past_life *past_life(const struct lives *lives, size_t i)
{
	return &lives->account->past.items[(uint32_t)lives->past.items[i]];
}

/* The place of the first that is of a goroutine, and not over at a time; or of one behind it. */
static size_t life_at(const struct lives *lives, uint32_t g, part_time time)
{
	size_t low = 0, high = lives->past.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct past_life *life = past_life(lives, middle);

		if (life->g < g || (life->g == g && life->delta.last < time))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void find_lives(struct lives *lives, const struct walk *walk, u32_array *life_of)
{
	const struct account *account = lives->account;
	u64_array room = { .budget = walk->budget };

	if (account->past.count == 0)
		return;
	for (size_t i = 0; i < account->past.count; i++)
		*array_push(&lives->past) = (uint64_t)account->past.items[i].g << 32 | i;
	radix_sort(&lives->past, &room, 32, radix_bits(account->lives.count));
	array_free(&room);
	for (size_t i = 0; i < walk->notes.count; i++)
		*array_push(life_of) =
			(uint32_t)life_at(lives, walk->notes.items[i].g, walk->notes.items[i].time);
}

/* When the life that a note is of has ended; TIME_NONE: it goes on. */
static part_time ended(const struct lives *lives, const struct note_match *match, uint32_t at)
{
	uint32_t g = lives->account->walk->notes.items[at].g;
	const struct go_life *life = &lives->account->lives.items[g];
	uint32_t place = match->life.count > 0 ? match->life.items[at] : INDEX_NONE;

	if (place < lives->past.count && past_life(lives, place)->g == g)
		return past_life(lives, place)->delta.ended;
	return life->state == GO_DEAD ? life->last : TIME_NONE;
}

/* ---- for the seam: regions with one end here, of goroutines that go on */

static bool concerns_seam(const struct lives *lives, const struct note_match *match, uint32_t at)
{
	bool begins = lives->account->walk->notes.items[at].kind == NOTE_REGION_BEGIN;

	return match->mate.items[at] == INDEX_NONE &&
	       (!begins || ended(lives, match, at) == TIME_NONE);
}

static void keep_for_seam(const struct lives *lives, const struct note_match *match,
                          note_array *notes)
{
	note_array kept = { .budget = notes->budget };

	for (size_t i = 0; i < match->order.count; i++)
		if (concerns_seam(lives, match, match->order.items[i]))
			*array_push(&kept) = notes->items[match->order.items[i]];
	array_clear(notes);
	for (size_t i = 0; i < kept.count; i++)
		*array_push(notes) = kept.items[i];
	array_free(&kept);
}

/* ---- for the history */

/* One that is open when its goroutine ends, ends there. */
static void add_region(const struct lives *lives, const struct note_match *match, uint32_t at,
                       u32_array *region_of)
{
	struct history *history = lives->account->history;
	const note_array *notes = &lives->account->walk->notes;
	const struct note *note = &notes->items[at];
	uint32_t mate = match->mate.items[at], outer = match->outer.items[at];
	part_time end = mate != INDEX_NONE ? notes->items[mate].time : ended(lives, match, at);

	region_of->items[at] = (uint32_t)history->regions.count;
	*array_push(&history->regions) = (struct region){
		.begin = note->time,
		.end = end < note->time ? note->time : end,
		.g = note->g,
		.outer = outer == INDEX_NONE ? INDEX_NONE : region_of->items[outer],
		.task = note->task,
		.name = note->name,
		.stacks = { note->stack, mate != INDEX_NONE ? notes->items[mate].stack : 0 },
		.ends_with_go = mate == INDEX_NONE,
	};
}

static void add_log(struct history *history, const struct note *note)
{
	*array_push(&history->logs) = (struct log_note){
		.time = note->time,
		.g = note->g,
		.task = note->task,
		.category = note->name,
		.message = note->text,
		.stack = note->stack,
		.proc = note->proc,
	};
}

static int log_order(const void *a, const void *b)
{
	const struct log_note *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

static void keep_for_history(const struct lives *lives, const struct note_match *match)
{
	struct history *history = lives->account->history;
	const note_array *notes = &lives->account->walk->notes;
	u32_array region_of = { .budget = notes->budget };

	array_resize(&region_of, notes->count);
	for (size_t i = 0; i < match->order.count; i++) {
		uint32_t at = match->order.items[i];

		if (notes->items[at].kind == NOTE_REGION_BEGIN)
			add_region(lives, match, at, &region_of);
		else if (notes->items[at].kind == NOTE_LOG)
			add_log(history, &notes->items[at]);
	}
	array_free(&region_of);
	SORT_ARRAY(&history->logs, log_order);
}

void account_notes(struct account *account)
{
	struct walk *walk = account->walk;
	struct lives lives = { account, { .budget = walk->budget } };
	struct note_match match;

	note_match_init(&match, walk->budget);
	find_lives(&lives, walk, &match.life);
	note_match(&match, &walk->notes, account->lives.count, account->past.count);
	if (account->history != NULL)
		keep_for_history(&lives, &match);
	else
		keep_for_seam(&lives, &match, &walk->notes);
	note_match_free(&match);
	array_free(&lives.past);
}
