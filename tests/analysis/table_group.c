/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table_group.h"

#include <inttypes.h>
#include <stdio.h>

#include "tests/rows_text.h"
#include "tests/tap.h"

/* Rows summed up by what they have in a column. */
static struct budget budget;

static void fill(struct table *table)
{
	static const struct {
		const char *name;
		int64_t start_ns, duration_ns;
		uint64_t id;
	} rows[] = {
		{ "a", 5, 10, 1 }, { "b", 6, 100, 2 }, { "", 7, 1, 0 },
		{ "a", 8, 20, 2 }, { "", 9, 2, 0 },    { "c", 9, INT64_MAX, 1 },
	};

	table_init(table, &budget);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "duration_ns", COLUMN_DURATION);
	table_add_column(table, "goroutine", COLUMN_ID);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		table_add_text(table, bytes_of(rows[i].name));
		table_add_number(table, rows[i].start_ns);
		table_add_number(table, rows[i].duration_ns);
		if (rows[i].id == 0)
			table_add_empty(table);
		else
			table_add_id(table, rows[i].id);
	}
}

static const char *grouped(size_t column)
{
	static char out[1024];
	struct table from, table;

	fill(&from);
	table_init(&table, &budget);
	table_group(&table, &from, column);
	snprintf(out, sizeof(out), "%s", rows_text(&table));
	table_free(&table);
	table_free(&from);
	return out;
}

static void durations_are_summed_up(void)
{
	is_text(grouped(0), "c,1,9223372036854775807 | b,1,100 | a,2,30 | ,2,3",
	        "by a text, the most first; rows without one are a group, too");
	is_text(grouped(3), "1,2,9223372036854775807 | 2,2,120 | ,2,3", "by an id");
}

static void what_groups_is_no_sum(void)
{
	is_text(grouped(2), "1,1 | 2,1 | 10,1 | 20,1 | 100,1 | 9223372036854775807,1",
	        "by a duration there is none left");
}

static void nothing_is_no_groups(void)
{
	struct table from, table;

	table_init(&from, &budget);
	table_add_column(&from, "name", COLUMN_TEXT);
	table_init(&table, &budget);
	table_group(&table, &from, 0);
	ok(table_rows(&table) == 0 && table.columns.count == 2, "no rows");
	table_free(&table);
	table_free(&from);
}

int main(void)
{
	durations_are_summed_up();
	what_groups_is_no_sum();
	nothing_is_no_groups();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
