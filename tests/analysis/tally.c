/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/tally.h"

#include "tests/fake_model.h"
#include "tests/tap.h"

static struct model model;
static struct table table;

/* A hundred runs of two goroutines of one function, and of one of another; a stop. */
static void begin(void)
{
	uint32_t a, b, c;

	model = fake_model(2, 1000000);
	a = fake_go(&model, 7, "main.a"), b = fake_go(&model, 8, "main.a");
	c = fake_go(&model, 9, "main.c");
	for (int i = 1; i <= 100; i++)
		fake_span(i % 2 == 0, SPAN_RUN, i <= 50 ? a : b, i * 1000, i * 1000 + i);
	fake_span(0, SPAN_RUN, c, 500000, 540000);
	fake_span(0, SPAN_SYSCALL, c, 510000, 520000);
	fake_stop(&model, 600000, 600700, "why");
	fake_span(1, SPAN_STW, c, 600000, 600700);
	fake_spans[fake_count - 1].index = 0;
	table_init(&table, &fake_budget);
}

static void end(void)
{
	table_free(&table);
	fake_free(&model);
}

static void make(enum tally_by by, enum tally_column order)
{
	table_free(&table);
	table_init(&table, &fake_budget);
	tally_make(&table, &model, fake_spans, fake_count, by, order);
}

static int64_t number(size_t row, enum tally_column column)
{
	return table_value(&table, row, column).number;
}

static void is_name(size_t row, const char *name)
{
	struct bytes text = table_value(&table, row, TALLY_NAME).text;

	ok(bytes_equal(text, bytes_of(name)), "row %zu is %s", row, name);
}

static void amounts_are_exact(void)
{
	begin();
	make(TALLY_TITLE, TALLY_TOTAL);
	is_u64(table_rows(&table), 4, "titles");
	is_name(0, "main.c");
	is_name(1, "syscall");
	is_name(2, "main.a");
	is_name(3, "stop the world: why");
	is_i64(number(2, TALLY_COUNT), 100, "how many");
	is_i64(number(2, TALLY_TOTAL), 5050, "together");
	is_i64(number(2, TALLY_MEAN), 51, "on average, rounded");
	is_i64(number(2, TALLY_P50), 50, "the median by nearest rank");
	is_i64(number(2, TALLY_P99), 99, "and the 99th");
	is_i64(number(2, TALLY_MAX), 100, "the longest");
	end();
}

static void rows_are_of_what_is_asked(void)
{
	begin();
	make(TALLY_GO, TALLY_COUNT);
	is_u64(table_rows(&table), 3, "goroutines");
	ok(number(0, TALLY_COUNT) == 50 && number(1, TALLY_COUNT) == 50 &&
	           number(2, TALLY_COUNT) == 3,
	   "by count");
	make(TALLY_STATE, TALLY_NAME);
	is_name(0, "running");
	is_name(1, "stop the world");
	is_name(2, "syscall");
	make(TALLY_PROC, TALLY_NAME);
	is_name(0, "P0");
	is_name(1, "P1");
	end();
}

static void nothing_has_no_rows(void)
{
	begin();
	fake_count = 0;
	make(TALLY_TITLE, TALLY_TOTAL);
	is_u64(table_rows(&table), 0, "of no spans");
	end();
}

static void shares_add_up(void)
{
	const struct lane_id lanes[] = { lane_of_proc(0, false), lane_of_proc(1, false) };
	enum { RUNNING = 1, SYSCALL = 4, IDLE = 6 };

	begin();
	shares_make(&table, &model, lanes, 2, 500000, 540000);
	is_u64(table_rows(&table), 2, "a row a lane");
	is_i64(table_value(&table, 0, SYSCALL).number, 10000, "in the syscall");
	is_i64(table_value(&table, 1, IDLE).number, 40000, "the other P idles");
	is_i64(table_value(&table, 1, RUNNING).number, 0, "all of it");
	end();
}

int main(void)
{
	amounts_are_exact();
	rows_are_of_what_is_asked();
	nothing_has_no_rows();
	shares_add_up();
	return tap_done();
}
