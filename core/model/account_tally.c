/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_sums.h"

/* The numbers over time. What moves change they change in any order: in a stretch that is short, as
 * most are, each change goes to its unit of time, and the units are gone through once. Those of
 * others are put in order. */

enum {
	UNITS_MAX = 1 << 16,
	/* so many changes fit 16 bits, however they come: a move makes two at most */
	CHANGES_MAX = INT16_MAX / 4,
};

/* Numbers since the tally began, side by side, which a machine adds and compares at once. */
struct tally {
	change_tally now;
	change_tally min, max; /* in the bucket */
	part_time last;        /* of the last change */
	part_time until;       /* the bucket's end */
	bool in_middle;        /* of the steps: their sums are enough */
};

static inline change_tally lower_of(change_tally a, change_tally b)
{
	for (int number = 0; number < TALLIES; number++)
		a[number] = b[number] < a[number] ? b[number] : a[number];
	return a;
}

static inline change_tally higher_of(change_tally a, change_tally b)
{
	for (int number = 0; number < TALLIES; number++)
		a[number] = b[number] > a[number] ? b[number] : a[number];
	return a;
}

static struct tally tally_begin(const struct account *account, bool in_middle)
{
	return (struct tally){
		.last = account->counter.time,
		.until = account->counter.until,
		.in_middle = in_middle,
	};
}

static void fold_number(struct counter *counter, int at, const struct tally *tally, int number)
{
	int32_t base = counter->now[at];
	int32_t min = base + tally->min[number], max = base + tally->max[number];

	counter->now[at] = base + tally->now[number];
	counter->min[at] = min < counter->min[at] ? min : counter->min[at];
	counter->max[at] = max > counter->max[at] ? max : counter->max[at];
}

static void fold_steps(struct steps *steps, const struct tally *tally)
{
	int64_t most = steps->middle + tally->max[TALLY_RUNNABLE];

	steps->middle_most = most > steps->middle_most ? most : steps->middle_most;
	steps->middle += tally->now[TALLY_RUNNABLE];
}

/* So far: numbers count from here on. */
static void fold(struct account *account, struct tally *tally)
{
	fold_number(&account->counter, COUNT_RUNNING, tally, TALLY_RUNNING);
	fold_number(&account->counter, COUNT_RUNNABLE, tally, TALLY_RUNNABLE);
	fold_number(&account->counter, COUNT_GC_WAIT, tally, TALLY_GC_WAIT);
	fold_number(&account->call_counter, COUNT_CALLS % COUNTER_COUNTS, tally, TALLY_CALLS);
	if (tally->in_middle)
		fold_steps(&account->steps, tally);
	account->counter.time = account->call_counter.time = tally->last;
	tally->now = tally->min = tally->max = (change_tally){ 0 };
}

/* By value, as what a function has the address of is not in registers. */
static struct tally next_bucket(struct account *account, struct tally tally, part_time time)
{
	fold(account, &tally);
	counter_move(&account->counter, &account->buckets, COUNT_RUNNING, COUNT_GC_WAIT, time);
	counter_move(&account->call_counter, &account->buckets, COUNT_CALLS, COUNT_CALLS, time);
	tally.until = account->counter.until;
	return tally;
}

/* All that changes at a time, which is not before the last one. */
static inline __attribute__((always_inline)) void
tally_add(struct account *account, struct tally *tally, part_time time, change_tally add)
{
	if (time >= tally->until)
		*tally = next_bucket(account, *tally, time);
	tally->now += add;
	tally->min = lower_of(tally->min, tally->now);
	tally->max = higher_of(tally->max, tally->now);
	if (!tally->in_middle)
		steps_add(&account->steps, time, add[TALLY_RUNNABLE]);
	tally->last = time;
}

/* ---- by units */

/* Nothing is marked but where there are adds, and nothing is left of either. */
void account_tally_begin(struct account *account, const struct stretch *stretch, size_t moves)
{
	size_t units = stretch->end - stretch->begin;

	account->units_begin = stretch->begin;
	account->units = 0;
	if (units > UNITS_MAX || moves > CHANGES_MAX || account->noted.count > CHANGES_MAX ||
	    stretch->entries.count > CHANGES_MAX)
		return;
	account->units = (uint32_t)units;
	if (account->unit_adds.count < units) {
		array_resize(&account->unit_marks, units / 64 + 1);
		array_resize(&account->unit_adds, units);
	}
}

static inline void count_entry(struct account *account, struct units units, part_time time,
                               enum change change)
{
	if (time != TIME_NONE)
		account_count_in(account, units, time > units.begin ? time : units.begin, change);
}

/* What was noted before belongs to now. */
static void mark_noted(struct account *account, part_time end)
{
	size_t kept = 0;

	for (size_t i = 0; i < account->noted.count; i++) {
		uint64_t note = account->noted.items[i];
		part_time time = (part_time)(note >> CHANGE_BITS);

		if (time < end)
			account_count(account,
			              time > account->units_begin ? time : account->units_begin,
			              noted_change(note));
		else
			account->noted.items[kept++] = note;
	}
	account->noted.count = kept;
}

/* All of 64 units of one bucket, in the middle of the steps. */
static inline __attribute__((always_inline)) void tally_word(struct tally *tally, uint64_t marks,
                                                             change_tally adds[64])
{
	for (; marks != 0; marks &= marks - 1) {
		size_t unit = (size_t)__builtin_ctzll(marks);

		tally->now += adds[unit];
		adds[unit] = (change_tally){ 0 };
		tally->min = lower_of(tally->min, tally->now);
		tally->max = higher_of(tally->max, tally->now);
	}
}

static void tally_units(struct account *account, bool in_middle)
{
	struct tally tally = tally_begin(account, in_middle), end;
	uint64_t *all = account->unit_marks.items;
	change_tally *adds = account->unit_adds.items;

	for (uint32_t at = 0; at < account->units; at += 64) {
		uint64_t marks = all[at / 64];
		part_time begin = account->units_begin + at;

		if (marks == 0)
			continue;
		all[at / 64] = 0;
		if (in_middle && begin < tally.until && tally.until - begin >= 64) {
			tally_word(&tally, marks, &adds[at]);
			tally.last = begin + 63 - (part_time)__builtin_clzll(marks);
			continue;
		}
		for (; marks != 0; marks &= marks - 1) {
			unsigned unit = (unsigned)__builtin_ctzll(marks);
			change_tally add = adds[at + unit];

			adds[at + unit] = (change_tally){ 0 };
			tally_add(account, &tally, begin + unit, add);
		}
	}
	end = tally;
	fold(account, &end);
}

/* ---- in order */

static void tally_noted(struct account *account, struct tally *tally, part_time end)
{
	size_t i = 0, count = account->noted.count;

	radix_sort(&account->noted, &account->noted_room, CHANGE_BITS, 32);
	while (i < count && account->noted.items[i] >> CHANGE_BITS < end) {
		uint64_t time = account->noted.items[i] >> CHANGE_BITS;
		change_tally add = { 0 };
		size_t until = i + CHANGES_MAX < count ? i + CHANGES_MAX : count;

		for (; i < until && account->noted.items[i] >> CHANGE_BITS == time; i++)
			add += change_tallies[noted_change(account->noted.items[i])];
		tally_add(account, tally, time > tally->last ? (part_time)time : tally->last, add);
		fold(account, tally); /* 16 bits hold no more than that */
	}
	memmove(account->noted.items, account->noted.items + i, (count - i) * sizeof(uint64_t));
	account->noted.count = count - i;
}

/* ---- */

static void keep_entry(struct account *account, struct call_span entry)
{
	if (entry.end != TIME_NONE)
		*array_push(&account->entries[0]) = entry.end;
	if (entry.begin != TIME_NONE)
		*array_push(&account->entries[1]) = entry.begin;
}

void account_take_entries(struct account *account, const struct stretch *stretch)
{
	const struct call_span *entries = stretch->entries.items;
	size_t count = account->pass != 0 ? 0 : stretch->entries.count;
	struct units units = account_units(account);

	if (account->history != NULL) { /* which has them in order later */
		for (size_t i = 0; i < count; i++)
			keep_entry(account, entries[i]);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		count_entry(account, units, entries[i].begin, CHANGE_CALL);
		count_entry(account, units, entries[i].end, CHANGE_CALL_END);
	}
}

void account_tally(struct account *account, part_time end)
{
	const struct steps *steps = &account->steps;
	struct tally tally;

	if (account->units > 0) {
		mark_noted(account, end);
		tally_units(account,
		            account->units_begin >= steps->hold && end <= steps->middle_end);
		account->units = 0;
	} else if (account->noted.count > 0) {
		tally = tally_begin(account, false);
		tally_noted(account, &tally, end);
	}
}
