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
