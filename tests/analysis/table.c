/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table.h"

#include "tests/draw.h"
#include "tests/tap.h"

#include <stdio.h>

static struct budget budget;

/* A table of names and numbers. */
static void fill(struct table *table, size_t count, const char *const *names,
                 const int64_t *numbers)
{
	table_init(table, &budget);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "exec_ns", COLUMN_DURATION);
	for (size_t i = 0; i < count; i++) {
		table_add_text(table, bytes_of(names[i]));
		if (numbers[i] < 0)
			table_add_empty(table);
		else
			table_add_number(table, numbers[i]);
	}
}

/* The first letters of all rows. */
static const char *letters(const struct table *table, char *out)
{
	size_t i;

	for (i = 0; i < table_rows(table); i++)
		out[i] = (char)table_value(table, i, 0).text.data[0];
	out[i] = '\0';
	return out;
}

static void rows_that_are_equal_keep_their_order(void)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g" };
	static const int64_t numbers[] = { 2, 1, 2, 1, 2, 1, 0 };
	struct table table;
	char text[16];

	fill(&table, 7, names, numbers);
	table_sort(&table, &(struct table_order){ .column = 1 }, 1);
	is_text(letters(&table, text), "gbdface", "a sort is stable");
	table_free(&table);
}

static void amounts_sort_downwards_and_texts_upwards(void)
{
	static const char *const names[] = { "c", "a", "d", "b" };
	static const int64_t numbers[] = { -1, 5, 7, 6 };
	struct table table;
	char text[16];

	fill(&table, 4, names, numbers);
	table_sort_by(&table, 1);
	is_text(letters(&table, text), "dbac", "the largest first, none last");
	table_sort_by(&table, 0);
	is_text(letters(&table, text), "abcd", "texts in byte order");
	table_cut(&table, 2);
	is_text(letters(&table, text), "ab", "cut to two rows");
	table_cut(&table, 5);
	is_u64(table_rows(&table), 2, "cutting adds nothing");
	table_free(&table);
}

static void many_rows_sort_like_the_obvious_way(void)
{
	enum { COUNT = 1000 };
	struct table table;
	uint64_t seed = 7;
	bool is_sorted = true;

	table_init(&table, &budget);
	table_add_column(&table, "goroutine", COLUMN_ID);
	table_add_column(&table, "at_ns", COLUMN_TIME);
	for (size_t i = 0; i < COUNT; i++) {
		table_add_id(&table, i);
		table_add_number(&table, (int64_t)draw(&seed, 256));
	}
	table_sort_by(&table, 1);
	for (size_t i = 1; i < COUNT; i++) {
		int64_t a = table_value(&table, i - 1, 1).number;
		int64_t b = table_value(&table, i, 1).number;

		is_sorted &= a < b || (a == b && table_value(&table, i - 1, 0).number <
		                                         table_value(&table, i, 0).number);
	}
	ok(is_sorted, "%d rows are in order, equal ones by age", COUNT);
	table_free(&table);
}

static void columns_of_a_family(void)
{
	struct table table;
	size_t column = 9;

	table_init(&table, &budget);
	table_add_column(&table, "goroutine", COLUMN_ID);
	table_add_column_of(&table, "block_ns", bytes_of("chan receive"), COLUMN_DURATION);
	table_add_column_of(&table, "block_ns", bytes_of(""), COLUMN_DURATION);
	ok(table_find_column(&table, bytes_of("block_ns[chan receive]"), &column) && column == 1,
	   "a member has its name in brackets");
	ok(table_find_column(&table, bytes_of("block_ns[]"), &column) && column == 2,
	   "a member without a name has empty brackets");
	ok(!table_find_column(&table, bytes_of("block_ns"), &column), "no other is found");
	is_u64(table_rows(&table), 0, "no rows");
	table_free(&table);
}

static void ids_are_unsigned(void)
{
	struct table table;

	table_init(&table, &budget);
	table_add_column(&table, "thread", COLUMN_ID);
	table_add_id(&table, UINT64_MAX);
	table_add_id(&table, 1);
	table_sort_by(&table, 0);
	is_i64(table_value(&table, 0, 0).number, 1, "the smallest id first");
	table_free(&table);
}

/* Columns of each kind in turn. */
static void begin(struct table *table, size_t columns)
{
	table_init(table, &budget);
	for (size_t i = 0; i < columns; i++)
		table_add_column(table, "x", (enum column_kind)(i % (COLUMN_BOOL + 1)));
}

static void every_value_comes_back(void)
{
	static const int64_t numbers[] = { 0,    -1,      1,         0,         0,         127,
		                           -128, 255,     INT64_MAX, INT64_MIN, INT64_MIN, 0,
		                           256,  1 << 20, 0,         INT64_MAX };
	enum { COUNT = sizeof(numbers) / sizeof(numbers[0]), COLUMNS = 9 };
	struct table table;
	bool is_same = true;

	begin(&table, COLUMNS);
	for (size_t row = 0; row < COUNT; row++) {
		table_add_text(&table, bytes_of(row % 2 == 0 ? "even" : "odd"));
		for (size_t i = 1; i < COLUMNS - 1; i++)
			table_add_number(&table, numbers[(row + i) % COUNT]);
		table_add_of_kind(&table, COLUMN_BYTES, numbers[row]);
	}
	for (size_t row = 0; row < COUNT; row++) {
		struct table_cursor cursor = table_row(&table, row);
		struct value value;
		size_t i;

		for (i = 0; table_next(&cursor, &value); i++) {
			struct value alone = table_value(&table, row, i);
			bool is_text = i == 0, is_odd = i == COLUMNS - 1;
			enum column_kind kind = is_odd ? COLUMN_BYTES : (enum column_kind)i;

			is_same &= alone.number == value.number && alone.kind == value.kind &&
			           bytes_equal(alone.text, value.text);
			is_same &= value.kind == kind && !value.is_empty && !value.is_unknown;
			is_same &= is_text ||
			           value.number == numbers[is_odd ? row : (row + i) % COUNT];
			is_same &= bytes_equal(value.text, bytes_of(!is_text       ? ""
			                                            : row % 2 == 0 ? "even"
			                                                           : "odd"));
		}
		is_same &= i == COLUMNS;
	}
	ok(is_same, "numbers of all lengths, texts, and another kind than the column's");
	table_free(&table);
}

static void what_is_nothing_comes_back(void)
{
	struct table table;
	struct value value;

	begin(&table, 3);
	table_add_text(&table, bytes_of(""));
	table_add_unknown(&table);
	table_add_number(&table, 0);
	table_add_number(&table, 5); /* of a row that is never whole */
	is_u64(table_rows(&table), 1, "a row counts when it is whole");
	value = table_value(&table, 0, 0);
	ok(value.is_empty && !value.is_unknown && value.text.len == 0, "a text of nothing is none");
	value = table_value(&table, 0, 1);
	ok(value.is_empty && value.is_unknown, "what is unknown is empty, too");
	value = table_value(&table, 0, 2);
	ok(!value.is_empty && value.number == 0, "0 is something");
	table_free(&table);
}

static size_t bytes_of_table(const struct table *table)
{
	return table->packed.count + table->rows.count * sizeof(*table->rows.items);
}

static void zeros_and_equal_texts_take_nearly_nothing(void)
{
	enum { ROWS = 1000, COLUMNS = 5000 };
	struct table table;

	table_init(&table, &budget);
	table_add_column(&table, "name", COLUMN_TEXT);
	for (size_t i = 1; i < COLUMNS; i++)
		table_add_column(&table, "block_ns", COLUMN_DURATION);
	for (size_t row = 0; row < ROWS; row++) {
		table_add_text(&table, bytes_of("some.function"));
		for (size_t i = 1; i < COLUMNS; i++)
			table_add_number(&table, i == 4000 ? (int64_t)row : 0);
	}
	ok(bytes_of_table(&table) < (size_t)ROWS * 22, "rows of 5000 columns: %zu bytes each",
	   bytes_of_table(&table) / ROWS);
	is_i64(table_value(&table, ROWS - 1, 4000).number, ROWS - 1, "what is not 0 is found");
	is_i64(table_value(&table, ROWS - 1, 4999).number, 0, "and what is");
	is_u64(table.texts.texts.count, 2, "a text is there once, beside the empty one");
	table_free(&table);
}

static void equal_rows_are_ordered_by_the_next_column(void)
{
	static const char *const names[] = { "b", "a", "d", "c", "e" };
	static const int64_t numbers[] = { 2, 2, -1, -1, 7 };
	struct table table;
	char text[16];

	fill(&table, 5, names, numbers);
	table_sort(&table,
	           (struct table_order[]){ { .column = 1, .is_downwards = true }, { .column = 0 } },
	           2);
	is_text(letters(&table, text), "eabcd", "downwards, then upwards");
	table_sort(&table, (struct table_order[]){ { .column = 1 }, { .column = 0 } }, 2);
	is_text(letters(&table, text), "cdabe", "nothing is less than anything");
	table_sort(&table, &(struct table_order){ .column = 1, .is_empty_last = true }, 1);
	is_text(letters(&table, text), "abecd", "or comes last");
	table_free(&table);
}

static void numbers_below_zero_come_first(void)
{
	struct table table;

	table_init(&table, &budget);
	table_add_column(&table, "at_ns", COLUMN_TIME);
	table_add_number(&table, 3);
	table_add_number(&table, INT64_MIN);
	table_add_number(&table, -3);
	table_sort_by(&table, 0);
	ok(table_value(&table, 0, 0).number == INT64_MIN &&
	           table_value(&table, 1, 0).number == -3 && table_value(&table, 2, 0).number == 3,
	   "numbers below 0 come first");
	table_free(&table);
}

static unsigned cleaned;

static const char *clean(char *room, size_t size, struct bytes text)
{
	cleaned++;
	snprintf(room, size, "%s", text.len == 1 ? "longer than before" : "x");
	return room;
}

static void each_text_is_cleaned_once(void)
{
	static const char *const names[] = { "a", "b", "a", "a", "b" };
	static const int64_t numbers[] = { 0, 1, 2, 3, 4 };
	struct table table;

	fill(&table, 5, names, numbers);
	cleaned = 0;
	table_clean(&table, clean);
	is_u64(cleaned, 2 + 2, "two texts, two names of columns");
	ok(bytes_equal(table_value(&table, 3, 0).text, bytes_of("longer than before")) &&
	           bytes_equal(table.columns.items[1].name, bytes_of("x")),
	   "what was made of them is in their place");
	table_free(&table);
}

static void what_memory_is_too_short_for_is_dropped(void)
{
	enum { ROWS = 400000 };
	struct budget small = { .limit = 8 << 20 };
	struct table table;

	table_init(&table, &small);
	table_add_column(&table, "goroutine", COLUMN_ID);
	table_add_column(&table, "name", COLUMN_TEXT);
	for (uint64_t i = 0; i < ROWS; i++) {
		table_add_id(&table, ROWS - i);
		table_add_text(&table, bytes_of("a"));
	}
	ok(table.is_full && table_rows(&table) > 100000, "there is room for %zu rows",
	   table_rows(&table));
	table_sort_by(&table, 0);
	ok(atomic_load(&small.peak) <= small.limit, "and for sorting them: %zu bytes",
	   atomic_load(&small.peak));
	is_u64((uint64_t)table_value(&table, 0, 0).number, ROWS + 1 - table_rows(&table),
	       "they are the first ones, and whole");
	table_free(&table);
}

/* The first of many rows are found so: what is dropped leaves its place to others. */
static void what_is_cut_takes_nothing(void)
{
	struct budget small = { .limit = 1 << 20 };
	struct table table;

	table_init(&table, &small);
	table_add_column(&table, "goroutine", COLUMN_ID);
	table_add_column(&table, "name", COLUMN_TEXT);
	for (uint64_t i = 0; i < 200000; i++) {
		table_add_id(&table, i * 7919 % 200003);
		table_add_text(&table, bytes_of(i % 2 != 0 ? "a" : "b"));
		if (table_rows(&table) < 200)
			continue;
		table_sort_by(&table, 0);
		table_cut(&table, 100);
	}
	ok(!table.is_full && atomic_load(&small.peak) < 1 << 16, "in %zu bytes",
	   atomic_load(&small.peak));
	table_sort_by(&table, 0);
	ok(table_value(&table, 0, 0).number == 0 && table_value(&table, 99, 0).number == 99 &&
	           bytes_equal(table_value(&table, 0, 1).text, bytes_of("b")),
	   "the first are there");
	table_free(&table);
}

static void a_table_gives_back_what_it_took(void)
{
	is_u64(budget.used, 0, "nothing is left in the budget");
}

int main(void)
{
	rows_that_are_equal_keep_their_order();
	amounts_sort_downwards_and_texts_upwards();
	many_rows_sort_like_the_obvious_way();
	columns_of_a_family();
	ids_are_unsigned();
	every_value_comes_back();
	what_is_nothing_comes_back();
	zeros_and_equal_texts_take_nearly_nothing();
	equal_rows_are_ordered_by_the_next_column();
	numbers_below_zero_come_first();
	each_text_is_cleaned_once();
	what_is_cut_takes_nothing();
	what_memory_is_too_short_for_is_dropped();
	a_table_gives_back_what_it_took();
	return tap_done();
}
