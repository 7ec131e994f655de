/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table.h"
#include "core/base/sort.h"

/* Rows are not unpacked to be compared. For a column at a time each row gets a number in whose
 * order the values are; those are sorted, and then, by the next column, the rows of each number
 * that several have. */

/* Values of the first come first, whatever they are. */
enum group { GROUP_EMPTY, GROUP_NUMBERS, GROUP_TEXTS, GROUP_LAST };

/* There may be millions. */
struct place {
	uint64_t number;
	uint64_t group : 2;
	uint64_t row : 62; /* where it begins, as in table->rows */
};

struct sorter {
	struct table *table;
	struct arena arena;
	uint32_t *ranks; /* of texts among each other, by id; NULL: not made yet */
	ARRAY(struct place) places;
};

/* ---- ranks of texts */

struct ranked {
	struct bytes text;
	string_id id;
};

static int compare_texts(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return bytes_compare(x->text, y->text);
}

static uint32_t *rank_texts(struct arena *arena, const struct strings *strings)
{
	size_t count = strings->texts.count;
	uint32_t *ranks = ARENA_NEW(arena, count, uint32_t);
	ARRAY(struct ranked) texts = { .budget = arena->budget };

	array_resize(&texts, count);
	for (string_id i = 0; i < count; i++)
		texts.items[i] = (struct ranked){ strings_text(strings, i), i };
	SORT_ARRAY(&texts, compare_texts);
	for (uint32_t i = 0; i < count; i++)
		ranks[texts.items[i].id] = i;
	array_free(&texts);
	return ranks;
}

static uint32_t rank_of(struct sorter *sorter, string_id id)
{
	if (sorter->ranks == NULL)
		sorter->ranks = rank_texts(&sorter->arena, &sorter->table->texts);
	return sorter->ranks[id];
}

/* ---- rows */

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static void place(struct sorter *sorter, size_t row, const struct table_order *order)
{
	struct value value = table_value(sorter->table, row, order->column);
	uint64_t number = (uint64_t)value.number;
	enum group group = GROUP_NUMBERS;

	if (value.is_empty) {
		group = order->is_empty_last && !order->is_downwards ? GROUP_LAST : GROUP_EMPTY;
	} else if (value.kind == COLUMN_TEXT) {
		group = GROUP_TEXTS;
		number = rank_of(sorter, (string_id)number);
	} else if (value.kind != COLUMN_ID) {
		number ^= (uint64_t)1 << 63; /* those below 0 come first */
	}
	sorter->places.items[row] = (struct place){
		.number = order->is_downwards ? ~number : number,
		.group = (order->is_downwards ? GROUP_LAST - group : group) & 3,
		.row = sorter->table->rows.items[row] & (UINT64_MAX >> 2),
	};
}

/* Where the rows end that are equal to that at begin. */
static size_t end_of_equals(const struct sorter *sorter, size_t begin, size_t end)
{
	const struct place *places = sorter->places.items;
	size_t at = begin + 1;

	while (at < end && compare_places(&places[begin], &places[at]) == 0)
		at++;
	return at;
}

/* Rows [begin, end) by count columns. */
static void sort_rows(struct sorter *sorter, size_t begin, size_t end,
                      const struct table_order *orders, size_t count)
{
	for (size_t row = begin; row < end; row++)
		place(sorter, row, orders);
	sort_items(sorter->places.budget, sorter->places.items + begin, end - begin,
	           sizeof(struct place), compare_places);
	for (size_t row = begin; row < end; row++)
		sorter->table->rows.items[row] = sorter->places.items[row].row;
	for (size_t at = begin, next; at < end && count > 1; at = next) {
		next = end_of_equals(sorter, at, end);
		if (next - at > 1)
			sort_rows(sorter, at, next, orders + 1, count - 1);
	}
}

void table_sort(struct table *table, const struct table_order *orders, size_t count)
{
	struct budget *budget = table->arena.budget;
	struct sorter sorter = { .table = table,
		                 .arena = { .budget = budget },
		                 .places = { .budget = budget } };

	array_resize(&sorter.places, table_rows(table));
	if (count > 0)
		sort_rows(&sorter, 0, table_rows(table), orders, count);
	array_free(&sorter.places);
	arena_free(&sorter.arena);
}

static bool is_amount(enum column_kind kind)
{
	return kind == COLUMN_DURATION || kind == COLUMN_COUNT || kind == COLUMN_BYTES ||
	       kind == COLUMN_FRACTION || kind == COLUMN_RATE || kind == COLUMN_BOOL;
}

void table_sort_by(struct table *table, size_t column)
{
	const struct table_order order = {
		.column = column,
		.is_downwards = is_amount(table->columns.items[column].kind),
		.is_empty_last = true,
	};

	table_sort(table, &order, 1);
}
