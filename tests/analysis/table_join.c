/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table_join.h"

#include "tests/report/capture.h"
#include "tests/tap.h"

/* Answers about several traces, as one. */

static struct budget budget;

static void begin(struct table *table, const char *const *columns)
{
	table_init(table, &budget);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "id", COLUMN_ID);
	for (; *columns != NULL; columns++)
		table_add_column(table, *columns, COLUMN_DURATION);
}

static const struct bytes files[] = { { (const uint8_t *)"a", 1 }, { (const uint8_t *)"b", 1 } };

static void is_joined(const struct table *tables, const char *want, const char *what)
{
	struct table joined;
	const char *got;

	table_init(&joined, &budget);
	table_join(&joined, files, tables, 2);
	got = capture(report_csv, &joined);
	is_text(got, want, what);
	table_free(&joined);
}

static void add(struct table *table, const char *name, uint64_t id, const int64_t *values,
                size_t count)
{
	table_add_text(table, bytes_of(name));
	table_add_id(table, id);
	for (size_t i = 0; i < count; i++)
		table_add_number(table, values[i]);
}

static void columns_of_families_come_in_order(void)
{
	struct table tables[2];

	begin(&tables[0], (const char *const[]){ "all_ns", "x_ns[b]", "y_ns[k]", NULL });
	begin(&tables[1], (const char *const[]){ "all_ns", "x_ns[a]", "x_ns[c]", NULL });
	add(&tables[0], "one", 1, (const int64_t[]){ 5, 2, 3 }, 3);
	add(&tables[1], "two", 2, (const int64_t[]){ 6, 4, 9 }, 3);
	is_joined(tables,
	          "file,name,id,all_ns,x_ns[a],x_ns[b],x_ns[c],y_ns[k]\n"
	          "a,one,1,5,0,2,0,3\n"
	          "b,two,2,6,4,0,9,0\n",
	          "families");
	table_free(&tables[0]);
	table_free(&tables[1]);
}

static void what_is_empty_stays_so(void)
{
	struct table tables[2];

	begin(&tables[0], (const char *const[]){ NULL });
	begin(&tables[1], (const char *const[]){ NULL });
	table_add_text(&tables[1], bytes_of("x"));
	table_add_empty(&tables[1]);
	is_joined(tables, "file,name,id\nb,x,\n", "an empty value, and a table without rows");
	table_free(&tables[0]);
	table_free(&tables[1]);
}

int main(void)
{
	columns_of_families_come_in_order();
	what_is_empty_stays_so();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
