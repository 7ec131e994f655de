/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "core/analysis/comparison.h"

#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLACK_NS = 1000 };

static struct budget budget;

/* ---- rows */

static bool find_row(const struct table *table, const char *what, struct bytes name, size_t *row)
{
	for (*row = 0; *row < table_rows(table); ++*row)
		if (bytes_equal(table_value(table, *row, 0).text, bytes_of(what)) &&
		    bytes_equal(table_value(table, *row, 1).text, name))
			return true;
	return false;
}

static int64_t number_in(const struct table *table, size_t row, const char *column)
{
	size_t at;

	return table_find_column(table, bytes_of(column), &at) ? table_value(table, row, at).number
	                                                       : -1;
}

/* -1: there is no such row. */
static int64_t number_of(const struct table *table, const char *what, const char *name,
                         const char *column)
{
	size_t row;

	return find_row(table, what, bytes_of(name), &row) ? number_in(table, row, column) : -1;
}

static bool is_change(const struct table *table, const char *what, const char *name)
{
	size_t row, at;

	return find_row(table, what, bytes_of(name), &row) &&
	       table_find_column(table, bytes_of("change"), &at) &&
	       !table_value(table, row, at).is_empty;
}

static uint64_t changes(const struct table *table)
{
	uint64_t count = 0;
	size_t at;

	table_find_column(table, bytes_of("change"), &at);
	for (size_t row = 0; row < table_rows(table); row++)
		count += !table_value(table, row, at).is_empty;
	return count;
}

/* ---- what is made of numbers */

enum { LENGTH_NS = 1000000000 };

static void put(struct comparison *comparison, const char *name, const int64_t each[3],
                const int count[3])
{
	uint32_t subject = comparison_subject(comparison, COMPARE_WAIT, bytes_of(name));

	for (unsigned part = 0; part < 3; part++)
		for (int i = 0; i < count[part]; i++) {
			struct comparison_place place = { part, each[part], INDEX_NONE, 0 };

			comparison_spend(comparison, subject, part, each[part], &place);
			comparison_count(comparison, subject, part, each[part], &place);
		}
}

static void of_numbers(void)
{
	struct comparison comparison;
	struct error err = { 0 };
	struct table table;

	comparison_init(&comparison, &budget);
	table_init(&table, &budget);
	comparison.length_ns[COMPARISON_EARLY] = comparison.length_ns[COMPARISON_LATE] = LENGTH_NS;
	comparison.length_ns[COMPARISON_AFTER] = 4ll * LENGTH_NS;
	put(&comparison, "same", (int64_t[]){ 1000000, 1000000, 1000000 }, (int[]){ 20, 20, 80 });
	put(&comparison, "noise", (int64_t[]){ 1000000, 3000000, 2500000 }, (int[]){ 20, 20, 80 });
	put(&comparison, "twice", (int64_t[]){ 1000000, 1100000, 2100000 }, (int[]){ 20, 20, 80 });
	put(&comparison, "new", (int64_t[]){ 0, 0, 1000000 }, (int[]){ 0, 0, 80 });
	put(&comparison, "gone", (int64_t[]){ 1000000, 1000000, 0 }, (int[]){ 20, 20, 0 });
	put(&comparison, "huge", (int64_t[]){ INT64_MAX, INT64_MAX, INT64_MAX },
	    (int[]){ 2, 1, 2 });
	ok(comparison_table(&comparison, &table, true, &err), "a table of numbers");
	is_i64(number_of(&table, "wait_ns_per_s", "same", "before"), 20000000, "a rate before");
	is_i64(number_of(&table, "wait_ns_per_s", "same", "after"), 20000000,
	       "and after, which is longer");
	ok(!is_change(&table, "wait_ns_per_s", "same"), "no change");
	is_i64(number_of(&table, "wait_per_s", "same", "before"), 20000000, "how many, before");
	ok(!is_change(&table, "wait_ns_per_s", "noise"), "no more than noise");
	is_i64(number_of(&table, "wait_ns_per_s", "noise", "noise"), 40000000,
	       "which is how the halves differ");
	is_i64(number_of(&table, "wait_p50_ns", "noise", "noise"), 2000000, "in lengths, too");
	is_i64(number_of(&table, "wait_ns_per_s", "twice", "change"), 21000000, "a change");
	is_i64(number_of(&table, "wait_max_ns", "twice", "before"), 1100000, "the longest of both");
	is_i64(number_of(&table, "wait_max_ns", "twice", "start_ns"), 1, "and where it is");
	is_i64(number_of(&table, "wait_max_ns", "twice", "after_start_ns"), 2, "afterwards, too");
	is_i64(number_of(&table, "wait_ns_per_s", "new", "change"), 20000000, "what is new");
	is_i64(number_of(&table, "wait_p50_ns", "new", "after"), -1, "has no length to compare");
	is_i64(number_of(&table, "wait_ns_per_s", "gone", "change"), -20000000, "what is gone");
	is_i64(number_of(&table, "wait_ns_per_s", "huge", "before"), INT64_MAX / 2,
	       "sums do not overflow");
	is_i64(number_of(&table, "wait_p99_ns", "same", "before"), -1,
	       "of few, the largest is as good as the 99th percentile");
	table_free(&table);
	comparison_free(&comparison);
}

/* What lasts no time has no rate, and nothing is divided by it. */
static void of_no_time(void)
{
	struct comparison comparison;
	struct error err = { 0 };
	struct table table;

	comparison_init(&comparison, &budget);
	table_init(&table, &budget);
	put(&comparison, "at once", (int64_t[]){ 0, 0, 5 }, (int[]){ 1, 1, 1 });
	ok(comparison_table(&comparison, &table, false, &err), "nothing lasts any time");
	is_u64(table_rows(&table), 2, "lengths alone are told");
	is_i64(number_of(&table, "wait_max_ns", "at once", "change"), 5, "with its change");
	table_free(&table);
	comparison_free(&comparison);
}

/* ---- of a trace */

static void ask(struct table *table, const char *name, const struct model *model,
                const struct question *question)
{
	struct error err = { 0 };

	if (!answer_now(table, analysis_find(bytes_of(name)), model, question, &err))
		printf("# %s: %s\n", name, err.message);
}

/* Two traces, which may be one. */
static void compare(struct table *table, const struct model *before, const struct model *after)
{
	struct question question = question_of_all();
	struct comparison comparison;

	comparison_init(&comparison, &budget);
	question.comparison = &comparison;
	question.is_after = true;
	ask(table, "compare", after, &question);
	is_u64(table->columns.count, 0, "the second side alone has no table");
	question.is_after = false;
	ask(table, "compare", before, &question);
	comparison_free(&comparison);
}

static bool is_near(int64_t a, int64_t b)
{
	int64_t off = a > b ? a - b : b - a;

	return off <= SLACK_NS + b / 10000;
}

/* An amount of a stretch, as a rate. */
static int64_t per_second(int64_t ns, int64_t length_ns)
{
	return length_ns == 0 ? 0 : (int64_t)((__int128)ns * 1000000000 / length_ns);
}

struct side {
	const char *column;
	int64_t from_ns, to_ns, length_ns;
};

/* Each name of goroutines has the time that goroutines --from --to has. */
static uint64_t goroutines_differ(const struct model *model, const struct table *compared,
                                  const struct side *side)
{
	static const struct {
		const char *what, *column, *other;
	} amounts[] = {
		{ "exec_ns_per_s", "exec_ns", NULL },
		{ "sched_wait_ns_per_s", "sched_wait_ns", NULL },
		{ "block_ns_per_s", "block_ns", NULL },
		{ "syscall_ns_per_s", "syscall_exec_ns", "syscall_block_ns" },
	};
	struct question question = { .from_ns = side->from_ns, .to_ns = side->to_ns };
	uint64_t differ = 0;
	struct table groups;
	size_t at;

	table_init(&groups, &budget);
	ask(&groups, "goroutines", model, &question);
	for (size_t row = 0; row < table_rows(&groups); row++)
		for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
			int64_t want = number_in(&groups, row, amounts[i].column), got = 0;

			if (amounts[i].other != NULL)
				want += number_in(&groups, row, amounts[i].other);
			if (find_row(compared, amounts[i].what, table_value(&groups, row, 0).text,
			             &at))
				got = number_in(compared, at, side->column);
			differ += !is_near(got, per_second(want, side->length_ns));
		}
	table_free(&groups);
	return differ;
}

static void halves_are_as_goroutines(const struct model *model, const char *trace)
{
	struct question question = question_of_all();
	int64_t end_ns = model->end_ns, middle_ns = end_ns / 2;
	struct table compared;

	table_init(&compared, &budget);
	ask(&compared, "compare", model, &question);
	is_u64(goroutines_differ(model, &compared,
	                         &(struct side){ "before", INT64_MIN, middle_ns, middle_ns }),
	       0, "the first half has what goroutines --to has");
	is_u64(goroutines_differ(
		       model, &compared,
		       &(struct side){ "after", middle_ns, INT64_MAX, end_ns - middle_ns }),
	       0, "the second what goroutines --from has");
	ok(true, "%s, in its halves: %" PRIu64 " of %zu are changes", trace, changes(&compared),
	   table_rows(&compared));
	table_free(&compared);
}

/* Of a list's column, what ends in the trace: the sum, the largest, and how many. */
struct amounts {
	int64_t sum, most, count;
};

static struct amounts amounts_of(const struct model *model, const char *name, const char *column)
{
	struct question question = question_of_all();
	struct amounts amounts = { 0 };
	struct table list;

	table_init(&list, &budget);
	ask(&list, name, model, &question);
	for (size_t row = 0; row < table_rows(&list); row++) {
		int64_t number = number_in(&list, row, column);

		amounts.sum += number;
		amounts.most = number > amounts.most ? number : amounts.most;
		amounts.count++;
	}
	table_free(&list);
	return amounts;
}

static bool has_open(const struct model *model)
{
	bool any = false;

	for (size_t i = 0; i < model->stops.count; i++)
		any |= model->stops.items[i].is_open;
	for (size_t i = 0; i < model->cycles.count; i++)
		any |= model->cycles.items[i].is_open;
	return any;
}

/* The collector, as stw and gc have it: those have what is open at the end as well. */
static void collector_is_as_lists(const struct model *model, const struct table *same)
{
	static const struct {
		const char *list, *column, *base;
	} lists[] = { { "stw", "duration_ns", "stw" }, { "gc", "mark_ns", "gc_mark" } };
	bool good = true;
	char what[40];

	for (size_t i = 0; i < 2; i++) {
		struct amounts amounts = amounts_of(model, lists[i].list, lists[i].column);

		if (amounts.count == 0)
			continue;
		snprintf(what, sizeof(what), "%s_ns_per_s", lists[i].base);
		good &= number_of(same, what, "", "before") ==
		        per_second(amounts.sum, model->end_ns);
		snprintf(what, sizeof(what), "%s_max_ns", lists[i].base);
		good &= has_open(model) || number_of(same, what, "", "before") == amounts.most;
		snprintf(what, sizeof(what), "%s_per_s", lists[i].base);
		good &= has_open(model) ||
		        number_of(same, what, "", "before") ==
		                per_second(amounts.count * 1000000, model->end_ns);
	}
	ok(good, "stops and cycles are those of stw and gc");
}

static void look(const struct model *model, const char *name)
{
	struct table same;

	table_init(&same, &budget);
	compare(&same, model, model);
	ok(table_rows(&same) > 0, "%s against itself", name);
	is_u64(changes(&same), 0, "has no row beyond noise");
	collector_is_as_lists(model, &same);
	table_free(&same);
	halves_are_as_goroutines(model, name);
}

static bool load_shared(struct loaded *loaded, const char *directory, const char *name)
{
	struct error err = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	return load_whole(loaded, path, &err);
}

static void of_shared(const char *directory, const char *name, struct version version)
{
	static struct loaded loaded, older;
	struct table table;

	(void)version;
	if (!load_shared(&loaded, directory, name))
		return;
	look(&loaded.model, name);
	if (strcmp(name, "go1.26-service") == 0 &&
	    load_shared(&older, directory, "go1.25-service")) {
		table_init(&table, &budget);
		compare(&table, &older.model, &loaded.model);
		ok(is_change(&table, "stw_ns_per_s", "GC sweep termination"),
		   "its stops take longer than those of the other version");
		ok(number_of(&table, "created_per_s", "net.(*netFD).connect.func2", "after") == 0,
		   "and some goroutines are made no more");
		ok(number_of(&table, "stw_per_s", "", "noise") >= 0, "all have their noise");
		table_free(&table);
		load_free(&older);
	}
	load_free(&loaded);
}

/* Two stretches of one trace are those of the question. */
static void of_stretches(const struct model *model)
{
	int64_t end_ns = model->end_ns, fourth_ns = end_ns / 4;
	struct question question = question_of_all();
	struct table table;

	question.has_stretches = true;
	question.stretches[0] = (struct stretch_asked){ fourth_ns, 2 * fourth_ns };
	question.stretches[1] = (struct stretch_asked){ 3 * fourth_ns, INT64_MAX };
	table_init(&table, &budget);
	ask(&table, "compare", model, &question);
	is_u64(goroutines_differ(model, &table,
	                         &(struct side){ "before", fourth_ns, 2 * fourth_ns, fourth_ns }),
	       0, "the first stretch");
	is_u64(goroutines_differ(
		       model, &table,
		       &(struct side){ "after", 3 * fourth_ns, INT64_MAX, end_ns - 3 * fourth_ns }),
	       0, "the second");
	table_free(&table);
}

int main(void)
{
	static struct loaded loaded;
	struct error err = { 0 };
	const char *source = getenv("srcdir");
	char path[PATH_MAX];

	of_numbers();
	of_no_time();
	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (!ok(load_whole(&loaded, path, &err), "the demo is read"))
		return tap_done();
	look(&loaded.model, "demo");
	of_stretches(&loaded.model);
	load_free(&loaded);
	shared_each("compare", of_shared);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
