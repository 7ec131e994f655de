/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spread.h"

#include "core/analysis/histogram.h"
#include "core/base/sort.h"

void spread_init(struct spreads *spread, struct budget *budget)
{
	*spread = (struct spreads){ .items = { .budget = budget } };
}

void spread_free(struct spreads *spread)
{
	array_free(&spread->items);
}

void spread_add(struct spreads *spread, uint32_t group, int64_t ns)
{
	*array_push(&spread->items) = (struct spread_item){ group, ns };
}

static int by_group(const void *a, const void *b)
{
	const struct spread_item *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

void spread_sort(struct spreads *spread)
{
	SORT_ARRAY(&spread->items, by_group);
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

static int64_t rank_ns(const struct spread_item *first, size_t count, size_t percent)
{
	size_t rank = (percent * count + 99) / 100;

	return first[rank > 0 ? rank - 1 : 0].ns;
}

struct figures spread_of(struct spreads *spread, uint32_t group)
{
	const struct spread_item *items = spread->items.items, *first;
	size_t at = spread->at, begin;

	while (at < spread->items.count && items[at].group < group)
		at++;
	for (begin = at; at < spread->items.count && items[at].group == group;)
		at++;
	spread->at = at;
	if (at == begin)
		return (struct figures){ 0 };
	first = items + begin;
	return (struct figures){
		.count = at - begin,
		.min_ns = rank_ns(first, at - begin, 0),
		.p50_ns = rank_ns(first, at - begin, 50),
		.p99_ns = rank_ns(first, at - begin, 99),
		.max_ns = rank_ns(first, at - begin, 100),
	};
}

/* Of the group that was asked for last. */
static void add_histogram(const struct spreads *spread, struct table *table, size_t count)
{
	char room[HISTOGRAM_TEXT_MAX];
	struct histogram histogram;

	histogram_init(&histogram);
	for (size_t i = spread->at - count; i < spread->at; i++)
		histogram_add(&histogram, spread->items.items[i].ns);
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
		add_histogram(spread, table, figures.count);
}
