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

const struct finding *finds_current(const struct finds *finds)
{
	bool is_there = finds->list != NULL && finds->of.kind != SPAN_NONE && finds->at > 0 &&
	                (size_t)finds->at <= finds->list->items.count;

	return is_there ? &finds->list->items.items[finds->at - 1] : NULL;
}
