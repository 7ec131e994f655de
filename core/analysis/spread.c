/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spread.h"

#include "core/base/sort.h"

void spread_init(struct spread *spread, struct budget *budget)
{
	*spread = (struct spread){ .items = { .budget = budget } };
}

void spread_free(struct spread *spread)
{
	array_free(&spread->items);
}

void spread_add(struct spread *spread, uint32_t group, int64_t ns)
{
	*array_push(&spread->items) = (struct spread_item){ group, ns };
}

static int order(const void *a, const void *b)
{
	const struct spread_item *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

void spread_sort(struct spread *spread)
{
	SORT_ARRAY(&spread->items, order);
	spread->at = 0;
}

void spread_add_columns(struct table *table, const char *count_name)
{
	table_add_column(table, count_name, COLUMN_COUNT);
	table_add_column(table, "min_ns", COLUMN_DURATION);
	table_add_column(table, "p50_ns", COLUMN_DURATION);
	table_add_column(table, "p99_ns", COLUMN_DURATION);
	table_add_column(table, "max_ns", COLUMN_DURATION);
}

void spread_add_group(struct spread *spread, struct table *table, uint32_t group)
{
	static const size_t percents[] = { 0, 50, 99, 100 };
	const struct spread_item *items = spread->items.items;
	size_t first, count;

	while (spread->at < spread->items.count && items[spread->at].group < group)
		spread->at++;
	for (first = spread->at;
	     spread->at < spread->items.count && items[spread->at].group == group;)
		spread->at++;
	count = spread->at - first;
	table_add_number(table, (int64_t)count);
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
		size_t rank = (percents[i] * count + 99) / 100;

		if (count == 0)
			table_add_empty(table);
		else
			table_add_number(table, items[first + (rank > 0 ? rank - 1 : 0)].ns);
	}
}
