/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table.h"

#include "tests/tap.h"

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
		out[i] = (char)table_row(table, i)[0].text[0];
	out[i] = '\0';
	return out;
}

static int by_number(const struct table *table, const struct value *a, const struct value *b)
{
	(void)table;
	return table_compare(a, b, 1);
}

static void rows_that_are_equal_keep_their_order(void)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g" };
	static const int64_t numbers[] = { 2, 1, 2, 1, 2, 1, 0 };
	struct table table;
	char text[16];

	fill(&table, 7, names, numbers);
	table_sort(&table, by_number);
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
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		table_add_id(&table, i);
		table_add_number(&table, (int64_t)(seed >> 56));
	}
	table_sort_by(&table, 1);
	for (size_t i = 1; i < COUNT; i++) {
		const struct value *a = table_row(&table, i - 1), *b = table_row(&table, i);

		is_sorted &= a[1].number < b[1].number ||
		             (a[1].number == b[1].number && a[0].number < b[0].number);
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
	is_i64(table_row(&table, 0)[0].number, 1, "the smallest id first");
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
	a_table_gives_back_what_it_took();
	return tap_done();
}
