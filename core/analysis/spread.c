/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spread.h"

#include "core/analysis/histogram.h"
#include "core/base/sort.h"

enum { FEW = 1 << 16 };

void spread_init(struct spreads *spread, struct budget *budget)
{
	*spread = (struct spreads){ .items = { .budget = budget }, .enough = FEW };
}

void spread_free(struct spreads *spread)
{
	array_free(&spread->items);
}

static int by_group(const void *a, const void *b)
{
	const struct spread_item *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

static bool can_join(const struct spread_item *a, const struct spread_item *b)
{
	return by_group(a, b) == 0 && a->count <= UINT32_MAX - b->count;
}

/* In order, each once. */
static void join(struct spreads *spread)
{
	struct spread_item *items = spread->items.items;
	size_t kept = 0;

	SORT_ARRAY(&spread->items, by_group);
	for (size_t i = 0; i < spread->items.count; i++)
		if (kept > 0 && can_join(&items[kept - 1], &items[i]))
			items[kept - 1].count += items[i].count;
		else
			items[kept++] = items[i];
	spread->items.count = kept;
}

void spread_add(struct spreads *spread, uint32_t group, int64_t ns)
{
	*array_push(&spread->items) = (struct spread_item){ group, 1, ns };
	if (spread->items.count < spread->enough)
		return;
	join(spread);
	spread->enough = spread->items.count + spread->items.count / 2;
	spread->enough = spread->enough < FEW ? FEW : spread->enough;
}

void spread_sort(struct spreads *spread)
{
	join(spread);
	spread->at = 0;
}

void spread_add_columns(struct table *table, const char *count_name, bool has_histogram)
{
	table_add_column(table, count_name, COLUMN_COUNT);
	table_add_column(table, "min_ns", COLUMN_DURATION);
	table_add_column(table, "p50_ns", COLUMN_DURATION);
	table_add_column(table, "p99_ns", COLUMN_DURATION);
	table_add_column(table, "max_ns", COLUMN_DURATION);
	if (has_histogram)
		table_add_column(table, "histogram", COLUMN_HISTOGRAM);
}

/* Of items that come to count. */
static int64_t rank_ns(const struct spread_item *item, uint64_t count, uint64_t percent)
{
	uint64_t rank = (percent * count + 99) / 100;

	for (; rank > item->count; item++)
		rank -= item->count;
	return item->ns;
}

struct figures spread_of(struct spreads *spread, uint32_t group)
{
	const struct spread_item *items = spread->items.items, *first;
	size_t at = spread->at;
	uint64_t count = 0;

	while (at < spread->items.count && items[at].group < group)
		at++;
	for (spread->first = at; at < spread->items.count && items[at].group == group; at++)
		count += items[at].count;
	spread->at = at;
	if (count == 0)
		return (struct figures){ 0 };
	first = items + spread->first;
	return (struct figures){
		.count = count,
		.min_ns = rank_ns(first, count, 0),
		.p50_ns = rank_ns(first, count, 50),
		.p99_ns = rank_ns(first, count, 99),
		.max_ns = items[at - 1].ns,
	};
}

/* Of the group that was asked for last. */
static void add_histogram(const struct spreads *spread, struct table *table)
{
	char room[HISTOGRAM_TEXT_MAX];
	struct histogram histogram;

	histogram_init(&histogram);
	for (size_t i = spread->first; i < spread->at; i++)
		histogram_add(&histogram, spread->items.items[i].ns, spread->items.items[i].count);
	table_add_text(table, histogram_text(&histogram, room));
}

void spread_add_group(struct spreads *spread, struct table *table, uint32_t group,
                      bool has_histogram)
{
	struct figures figures = spread_of(spread, group);
	const int64_t values[] = { figures.min_ns, figures.p50_ns, figures.p99_ns, figures.max_ns };

	table_add_number(table, (int64_t)figures.count);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (figures.count == 0)
			table_add_empty(table);
		else
			table_add_number(table, values[i]);
	}
	if (has_histogram)
		add_histogram(spread, table);
}
