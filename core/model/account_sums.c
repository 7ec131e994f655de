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
