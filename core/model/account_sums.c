/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_sums.h"

static void set_late(struct account *account)
{
	account->late_from =
		account->late.count > 0 ? (part_time)account->late.items[0].time_ns : TIME_NONE;
}

void account_count_late(struct account *account, part_time time, enum change change)
{
	order_heap_insert(&account->late, time, (uint32_t)change);
	set_late(account);
}

void account_late(struct account *account, part_time until)
{
	while (account->late_from <= until && account->late.count > 0) {
		struct order_place first = account->late.items[0];

		order_heap_remove(&account->late, 0);
		account->late_from = TIME_NONE;
		account_count(account, (part_time)first.time_ns, (enum change)first.thread);
		set_late(account);
	}
}

/* ---- threads in syscalls */

/* For the history, which has them in order later. */
static void keep_times(u32_array *times, const u32_array *more)
{
	size_t count = times->count;

	array_resize(times, count + more->count);
	if (more->count > 0)
		memcpy(times->items + count, more->items, more->count * sizeof(part_time));
}

/* Those of 2^31 units from a time on, in order, as times since then; first: with those that are
 * late, as of then. False: there are later ones. */
static bool sort_entries(struct account *account, const struct stretch *stretch, part_time begin,
                         bool is_first)
{
	size_t count = stretch->entries[0].count + stretch->entries[1].count, given = 0, past = 0;
	uint32_t latest = 0, *order;

	array_resize(&account->entry_order, count);
	order = account->entry_order.items;
	for (uint32_t enters = 0; enters < 2; enters++)
		for (size_t i = 0; i < stretch->entries[enters].count; i++) {
			part_time time = stretch->entries[enters].items[i];
			part_time since = time < begin ? 0 : time - begin;

			past += time < begin && !is_first;
			if ((time < begin && !is_first) || since > INT32_MAX)
				continue;
			latest = since > latest ? since : latest;
			order[given++] = since << 1 | enters;
		}
	account->entry_order.count = given;
	radix_sort_u32(&account->entry_order, &account->sort_room, 1, radix_bits(latest));
	return given + past == count;
}

/* One number alone: as counter_advance does for several. */
static void count_entries(struct account *account, part_time begin)
{
	struct counter *calls = &account->call_counter;
	int32_t now = calls->now[0], min = calls->min[0], max = calls->max[0];
	part_time last = calls->time;

	for (size_t i = 0; i < account->entry_order.count; i++) {
		uint32_t entry = account->entry_order.items[i];
		part_time time = begin + (entry >> 1);

		if (time > last) {
			min = now < min ? now : min;
			max = now > max ? now : max;
			last = time;
			if (time >= calls->until) {
				calls->now[0] = now;
				calls->min[0] = min;
				calls->max[0] = max;
				counter_move(calls, &account->buckets, COUNT_CALLS, COUNT_CALLS,
				             time);
				min = max = now;
			}
			calls->time = time;
		}
		now += (entry & 1) != 0 ? 1 : -1;
	}
	calls->now[0] = now;
	calls->min[0] = min;
	calls->max[0] = max;
}

void account_take_entries(struct account *account, const struct stretch *stretch)
{
	part_time begin = stretch->begin;

	if (account->history != NULL) {
		keep_times(&account->entries[0], &stretch->entries[0]);
		keep_times(&account->entries[1], &stretch->entries[1]);
		return;
	}
	if (!sort_entries(account, stretch, begin, true)) {
		count_entries(account, begin);
		begin += (part_time)1 << 31;
		sort_entries(account, stretch, begin, false);
	}
	count_entries(account, begin);
}

static inline void step(struct account *account, const struct counter *counter)
{
	int32_t runnable = counter->now[COUNT_RUNNABLE];

	steps_add(&account->steps, counter->time, runnable - account->runnable);
	account->runnable = runnable;
}

void account_step(struct account *account)
{
	step(account, &account->counter);
}

void account_tally(struct account *account)
{
	struct counter counter = account->counter; /* in registers */
	const uint64_t *next = account->noted.items, *end = next + account->noted.count;

	for (; next < end; next++) {
		part_time time = (part_time)(*next >> CHANGE_BITS);

		if (time > counter.time) {
			step(account, &counter);
			counter_widen(&counter);
			if (time >= counter.until) {
				account->counter = counter;
				counter_move(&account->counter, &account->buckets, COUNT_RUNNING,
				             COUNT_GC_WAIT, time);
				counter = account->counter;
			}
			counter.time = time;
		}
		counter.now +=
			*(const counts_vector *)change_adds[*next & ((1 << CHANGE_BITS) - 1)];
	}
	account->counter = counter;
	array_clear(&account->noted);
}
