/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/finds.h"

int finds_alarms(const struct finds *finds)
{
	int count = 0;

	for (size_t i = 0; finds->list != NULL && i < finds->list->items.count; i++)
		count += finds->list->items.items[i].is_alarm;
	return count;
}
