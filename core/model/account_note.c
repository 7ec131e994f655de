/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account.h"

#include "core/base/sort.h"
#include "core/model/history.h"

/* Regions and logs, when it is known how goroutines ended: what of them the seam needs to know, or
 * the history. */

enum { NOTES_A_STEP = 1 << 16, MANY = 1 << 14 };

/* ---- lives of ids that come again: first those that are over, by goroutine and time, then the
 * last of each goroutine */

static const struct past_life *past_life(const struct account *account, size_t i)
{
	return &account->past.items[(uint32_t)account->notes.past.items[i]];
}

/* The place of the first that is of a goroutine, and not over at a time; or of one behind it. */
static size_t past_at(const struct account *account, uint32_t g, part_time time)
{
	size_t low = 0, high = account->past.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct past_life *life = past_life(account, middle);

		if (life->g < g || (life->g == g && life->delta.last < time))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t life_at(const struct account *account, const struct note *note)
{
	size_t at = past_at(account, note->g, note->time);

	if (at < account->past.count && past_life(account, at)->g == note->g)
		return (uint32_t)at;
	return (uint32_t)account->past.count + note->g;
}

static void sort_past(struct account *account)
{
	u64_array *past = &account->notes.past, room = { .budget = past->budget };

	for (size_t i = 0; i < account->past.count; i++)
		*array_push(past) = (uint64_t)account->past.items[i].g << 32 | i;
	radix_sort(past, &room, 32, radix_bits(account->lives.count));
	array_free(&room);
}

/* False: all have one. */
static bool find_lives(struct account *account, size_t end)
{
	struct account_notes *notes = &account->notes;

	if (notes->at == 0)
		sort_past(account);
	for (; notes->at < end && account->past.count > 0; notes->at++)
		*array_push(&notes->match.life) =
			life_at(account, &account->notes.all.items[notes->at]);
	return notes->at < account->notes.all.count && account->past.count > 0;
}

/* When the life that a note is of has ended; TIME_NONE: it goes on. */
static part_time ended(const struct account *account, uint32_t at)
{
	const u32_array *lives = &account->notes.match.life;
	uint32_t g = account->notes.all.items[at].g;
	const struct go_life *life = &account->lives.items[g];

	if (lives->count > 0 && lives->items[at] < account->past.count)
		return past_life(account, lives->items[at])->delta.ended;
	return life->state == GO_DEAD ? life->last : TIME_NONE;
}

/* ---- for the seam: regions with one end here, of goroutines that go on */

static bool concerns_seam(const struct account *account, size_t place)
{
	uint64_t key = account->notes.match.keys.items[place];

	return account->notes.match.mate.items[place] == INDEX_NONE &&
	       (note_kind(key) != NOTE_REGION_BEGIN || ended(account, note_at(key)) == TIME_NONE);
}

static void keep_for_seam(struct account *account, size_t place)
{
	const struct account_notes *notes = &account->notes;

	if (concerns_seam(account, place))
		*array_push(&account->notes.kept) =
			account->notes.all.items[note_at(notes->match.keys.items[place])];
}

/* Those that are kept are all there are. */
static void leave_kept(struct account_notes *notes)
{
	note_array swap = notes->all;

	notes->all = notes->kept;
	notes->kept = swap;
	array_clear(&notes->kept);
}

/* ---- for the history */

/* mate: its end; NULL: that is the goroutine's, at end. outer: the region around it. */
static void add_region(struct account *account, const struct note *note, const struct note *mate,
                       part_time end, uint32_t outer)
{
	end = mate != NULL ? mate->time : end;
	*array_push(&account->history->regions) = (struct region){
		.begin = note->time,
		.end = end < note->time ? note->time : end,
		.g = note->g,
		.outer = outer,
		.task = note->task,
		.name = note->name,
		.stacks = { note->stack, mate != NULL ? mate->stack : 0 },
		.ends_with_go = mate == NULL,
	};
}

static const struct note *mate_of(const struct account *account, size_t place)
{
	const struct note_match *match = &account->notes.match;
	uint32_t mate = match->mate.items[place];

	return mate == INDEX_NONE ? NULL
	                          : &account->notes.all.items[note_at(match->keys.items[mate])];
}

/* One that is open when its goroutine ends, ends there. */
static void keep_region(struct account *account, size_t place)
{
	const struct note_match *match = &account->notes.match;
	u32_array *region_of = &account->notes.region_of;
	uint32_t at = note_at(match->keys.items[place]), outer = match->outer.items[place];

	region_of->items[place] = (uint32_t)account->history->regions.count;
	add_region(account, &account->notes.all.items[at], mate_of(account, place),
	           ended(account, at),
	           outer == INDEX_NONE ? INDEX_NONE : region_of->items[outer]);
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

static void keep_for_history(struct account *account, size_t place)
{
	uint64_t key = account->notes.match.keys.items[place];

	if (note_kind(key) == NOTE_REGION_BEGIN)
		keep_region(account, place);
	else if (note_kind(key) == NOTE_LOG)
		add_log(account->history, &account->notes.all.items[note_at(key)]);
}

/* Of each goroutine as they begin, those around others first. */
static int region_order(const void *a, const void *b)
{
	const struct region *x = a, *y = b;

	if (x->g != y->g)
		return x->g < y->g ? -1 : 1;
	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

static void sort_history(struct account *account)
{
	SORT_ARRAY(&account->history->logs, log_order);
	if (account->notes.is_told)
		SORT_ARRAY(&account->history->regions, region_order);
}

/* ---- pairs that are dropped meanwhile */

/* Nothing of the goroutine that is still to come is before its end: its mate stays what it is. */
static bool is_settled(const struct account *account, size_t place)
{
	const struct account_notes *notes = &account->notes;
	uint32_t mate = notes->match.mate.items[place];
	uint64_t key = notes->match.keys.items[place];
	uint64_t end = note_kind(key) == NOTE_REGION_END ? key : 0;

	if (mate == INDEX_NONE)
		return false;
	if (note_kind(key) == NOTE_REGION_BEGIN)
		end = notes->match.keys.items[mate];
	return end >> 32 < account->lives.items[notes->all.items[note_at(key)].g].expect;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}
/* Of a pass: it has ended here, and what is around it does not matter. */
static void tell_pair(struct account *account, size_t place)
{
	const struct account_notes *notes = &account->notes;
	uint64_t key = notes->match.keys.items[place];
	const struct note *note = &notes->all.items[note_at(key)];

	if (note_kind(key) == NOTE_LOG)
		add_log(account->history, note);
	else if (note_kind(key) == NOTE_REGION_BEGIN)
		add_region(account, note,
		           mate_of(account, place), note->time, INDEX_NONE);
}

void account_drop_pairs(struct account *account)
{
	struct account_notes *notes = &account->notes;

	if (notes->all.count < notes->enough || account->past.count > 0)
		return; /* where ids come again, nobody knows yet who was who */
	note_match_begin(&notes->match, &notes->all, account->lives.count);
	while (note_match_step(&notes->match))
		;
	for (size_t i = 0; i < notes->match.keys.count; i++) {
		uint64_t key = notes->match.keys.items[i];
		bool is_over = is_settled(account, i) ||
		               (account->history != NULL && note_kind(key) == NOTE_LOG);

		if (!is_over)
			*array_push(&notes->kept) = notes->all.items[note_at(key)];
		else if (account->history != NULL)
			tell_pair(account, i);
	}
	notes->is_told = account->history != NULL;
	leave_kept(notes);
	notes->enough = larger(MANY, larger(2 * notes->all.count, account->lives.count / 8));
}

/* ---- the steps */

enum { LIVES, MATCH, KEEP, SETTLE, OVER };

void account_notes_init(struct account_notes *notes, struct budget *budget)
{
	*notes = (struct account_notes){ .past = { .budget = budget } };
	notes->region_of.budget = notes->kept.budget = notes->all.budget = budget;
	note_match_init(&notes->match, budget);
}

void account_notes_begin(struct account_notes *notes)
{
	array_clear(&notes->all);
	array_clear(&notes->kept);
	notes->enough = MANY;
	notes->is_told = false;
}

/* All but what is left for the seam. */
static void free_scratch(struct account_notes *notes)
{
	note_match_free(&notes->match);
	array_free(&notes->past);
	array_free(&notes->region_of);
}

void account_notes_free(struct account_notes *notes)
{
	free_scratch(notes);
	array_free(&notes->kept);
	array_free(&notes->all);
}

static bool keep_some(struct account *account, size_t end)
{
	struct account_notes *notes = &account->notes;

	if (account->history != NULL && notes->at == 0) {
		array_reserve(&notes->region_of, notes->match.keys.count);
		notes->region_of.count = notes->match.keys.count;
	}
	for (; notes->at < end && notes->at < notes->match.keys.count; notes->at++)
		if (account->history != NULL)
			keep_for_history(account, notes->at);
		else
			keep_for_seam(account, notes->at);
	return notes->at < notes->match.keys.count;
}

/* False: the phase is over. */
static bool step(struct account *account)
{
	struct account_notes *notes = &account->notes;
	size_t rest = account->notes.all.count - notes->at;
	size_t end = notes->at + (rest < NOTES_A_STEP ? rest : NOTES_A_STEP);

	switch (notes->phase) {
	case LIVES:
		if (find_lives(account, end))
			return true;
		note_match_begin(&notes->match, &account->notes.all,
		                 account->past.count + account->lives.count);
		return false;
	case MATCH:
		return note_match_step(&notes->match);
	case KEEP:
		return keep_some(account, end);
	default:
		if (account->history != NULL)
			sort_history(account);
		else
			leave_kept(notes);
		return false;
	}
}

bool account_notes(struct account *account)
{
	struct account_notes *notes = &account->notes;

	if (!step(account)) {
		notes->phase++;
		notes->at = 0;
	}
	if (notes->phase < OVER)
		return true;
	free_scratch(notes);
	notes->phase = LIVES;
	return false;
}
