/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/finds.h"

#include "tui/state/state.h"

int finds_alarms(const struct finds *finds)
{
	int count = 0;

	for (size_t i = 0; finds->list != NULL && i < finds->list->items.count; i++)
		count += finds->list->items.items[i].is_alarm;
	return count;
}

const struct finding *finds_current(const struct finds *finds, const struct span *selected)
{
	bool is_it = finds->of.kind == SPAN_NONE ? selected->kind == SPAN_NONE
	                                         : span_is_same(&finds->of, selected);

	return finds->is_told && is_it ? &finds->list->items.items[finds->at - 1] : NULL;
}
