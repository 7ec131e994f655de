/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "core/analysis/filter.h"

#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* What is asked of a stretch of the trace: of all of it that is what is asked of everything, and
 * stretches that follow each other add up to it. */

enum { STRETCHES = 5, SLACK_NS = 1000 };

static struct budget budget;

static void ask(struct table *table, const struct model *model, const char *name, int64_t from_ns,
                int64_t to_ns, const char *expression)
{
	struct question question = { .from_ns = from_ns, .to_ns = to_ns };
	struct error err = { 0 };
	struct filter filter;

	filter_init(&filter, &budget);
	table_init(table, &budget);
	if (expression != NULL && filter_parse(&filter, bytes_of(expression), &err))
		question.filter = &filter;
	if (!answer_now(table, analysis_find(bytes_of(name)), model, &question, &err))
		printf("# %s: %s\n", name, err.message);
	filter_free(&filter);
}

/* The sum of a column, in rows whose first value is first, or in all. */
static int64_t sum_of(const struct table *table, const char *name, const struct value *first)
{
	int64_t sum = 0;
	size_t column;

	if (!table_find_column(table, bytes_of(name), &column))
		return 0;
	for (size_t row = 0; row < table_rows(table); row++)
		if (first == NULL || table_value(table, row, 0).number == first->number)
			sum += table_value(table, row, column).number;
	return sum;
}

static bool is_near(int64_t a, int64_t b)
{
	return a - b <= SLACK_NS + b / 10000 && b - a <= SLACK_NS + b / 10000;
}

/* Two columns that are compared together: without its P a syscall of a v1 trace goes on executing
 * until that P is idle, which no lane shows; nor which of them lost it. */
static const struct columns {
	const char *name, *other;
	bool is_exact;
} times[] = {
	{ "exec_ns", NULL, false },
	{ "sched_wait_ns", NULL, false },
	{ "syscall_exec_ns", "syscall_block_ns", false },
	{ "block_ns", NULL, false },
	{ "run_ns", NULL, false },
	{ "idle_ns", NULL, false },
	{ "syscall_ns", NULL, false },
	{ "gc_ns", NULL, false },
	{ "flat_delay_ns", NULL, false },
	{ "runs", NULL, true },
	{ "syscall_losses", NULL, true },
};
enum { TIMES = sizeof(times) / sizeof(times[0]) };

static int64_t sum_both(const struct table *table, const struct columns *columns,
                        const struct value *first)
{
	int64_t sum = sum_of(table, columns->name, first);

	return columns->other == NULL ? sum : sum + sum_of(table, columns->other, first);
}

static bool is_v1;

static bool is_same(int64_t a, int64_t b, const struct columns *columns)
{
	if (is_v1 && strcmp(columns->name, "syscall_losses") == 0)
		return true;
	return columns->is_exact ? a == b : is_near(a, b);
}

/* Each row of all is there, with what it has. */
static uint64_t rows_differ(const struct table *all, const struct table *within)
{
	uint64_t differ = 0;

	for (size_t row = 0; row < table_rows(all); row++) {
		struct value first = table_value(all, row, 0);

		for (size_t i = 0; i < TIMES; i++)
			differ += !is_same(sum_both(all, &times[i], &first),
			                   sum_both(within, &times[i], &first), &times[i]);
	}
	return differ + (table_rows(all) != table_rows(within));
}

static bool adds_up(const struct model *model, const char *name, const struct table *all)
{
	int64_t sums[TIMES] = { 0 };
	bool good = true;

	for (int i = 0; i < STRETCHES; i++) {
		int64_t from_ns = i == 0 ? INT64_MIN : model->end_ns / STRETCHES * i;
		int64_t to_ns =
			i + 1 == STRETCHES ? INT64_MAX : model->end_ns / STRETCHES * (i + 1);
		struct table table;

		ask(&table, model, name, from_ns, to_ns, NULL);
		for (size_t j = 0; j < TIMES; j++)
			sums[j] += sum_both(&table, &times[j], NULL);
		table_free(&table);
	}
	for (size_t j = 0; j < TIMES; j++) {
		int64_t want = sum_both(all, &times[j], NULL);
		bool is_one = is_same(sums[j], want, &times[j]);

		if (!is_one)
			printf("# %s: %" PRId64 ", not %" PRId64 "\n", times[j].name, sums[j],
			       want);
		good &= is_one;
	}
	return good;
}

/* Rows of the summary of a stretch that is all of the trace, which are not those of the summary. */
static uint64_t summaries_differ(const struct model *model)
{
	struct table all, within;
	uint64_t differ = 0;

	ask(&all, model, "summary", INT64_MIN, INT64_MAX, NULL);
	ask(&within, model, "summary", 0, INT64_MAX, NULL);
	for (size_t row = 0; row < table_rows(&within); row++) {
		struct value a = table_value(&all, row, 1), b = table_value(&within, row, 1);

		if (b.is_unknown || (a.kind == COLUMN_TEXT && b.kind == COLUMN_TEXT))
			continue;
		if (a.is_empty != b.is_empty || a.number != b.number) {
			struct bytes name = table_value(&all, row, 0).text;

			printf("# %.*s: %" PRId64 ", not %" PRId64 "\n", (int)name.len,
			       (const char *)name.data, b.number, a.number);
			differ++;
		}
	}
	table_free(&all);
	table_free(&within);
	return differ;
}

static void look(const struct model *model, const char *trace)
{
	static const char *const names[] = { "procs", "goroutines", "goroutine", "net",
		                             "sync",  "syscall",    "sched" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct table all, within;

		ask(&all, model, names[i], INT64_MIN, INT64_MAX, NULL);
		ask(&within, model, names[i], 0, INT64_MAX, NULL);
		if (i < 3 && table_rows(&all) < 3000) /* compared row by row */
			ok(rows_differ(&all, &within) == 0, "%s %s from 0 on", trace, names[i]);
		ok(adds_up(model, names[i], &all), "%s %s in stretches", trace, names[i]);
		table_free(&all);
		table_free(&within);
	}
	ok(summaries_differ(model) == 0, "%s: the summary from 0 is that of all", trace);
}

static void of_shared(const char *directory, const char *name, struct version version)
{
	static struct loaded loaded;
	struct error err = { 0 };
	char path[PATH_MAX];

	is_v1 = !version_is_v2(version);
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (!load_whole(&loaded, path, &err))
		return;
	look(&loaded.model, name);
	load_free(&loaded);
}

static int64_t ask_sum(const struct model *model, const char *name, const char *filter,
                       const char *column)
{
	struct table table;
	int64_t sum;

	ask(&table, model, name, INT64_MIN, INT64_MAX, filter);
	sum = sum_of(&table, column, NULL);
	table_free(&table);
	return sum;
}

static size_t ask_rows(const struct model *model, const char *name, int64_t from_ns, int64_t to_ns,
                       const char *filter)
{
	struct table table;
	size_t rows;

	ask(&table, model, name, from_ns, to_ns, filter);
	rows = table_rows(&table);
	table_free(&table);
	return rows;
}

/* What a filter accepts is what the column of that state has. */
static void filters_say_what_counts(const struct model *model)
{
	int64_t runs = ask_sum(model, "goroutines", NULL, "exec_ns");

	ok(runs > 0 && is_near(ask_sum(model, "goroutines", "state=running", "exec_ns"), runs),
	   "runs alone");
	is_i64(ask_sum(model, "goroutines", "state=running", "block_ns"), 0, "and nothing else");
	is_i64(ask_sum(model, "goroutines", "state=running", "unknown_ns"), 0, "is not unknown");
	ok(is_near(ask_sum(model, "goroutine", "state=waiting", "block_ns"),
	           ask_sum(model, "goroutine", NULL, "block_ns")),
	   "waits");
	ok(ask_rows(model, "stw", INT64_MIN, INT64_MAX, "dur>=0ns") == model->stops.count,
	   "every stop");
	is_u64(ask_rows(model, "stw", INT64_MIN, INT64_MAX, "dur>100s"), 0, "no stop is so long");
	is_u64(ask_rows(model, "gc", INT64_MIN, INT64_MAX, "state=stw"), 0, "a cycle is no stop");
	ok(ask_rows(model, "goroutine", INT64_MIN, INT64_MAX, "g=1") == 1, "one goroutine");
}

static int64_t ask_profile(const struct model *model, const struct question *question,
                           const char *column)
{
	struct error err = { 0 };
	struct table table;
	int64_t sum;

	table_init(&table, &budget);
	answer_now(&table, analysis_find(bytes_of("sync")), model, question, &err);
	sum = sum_of(&table, column, NULL);
	table_free(&table);
	return sum;
}

/* The profiles of the goroutines of each name come to that of all; what lies in regions is a part
 * of it; what is not clipped is not less. */
static void profiles_have_parts(const struct model *model)
{
	struct question question = question_of_all();
	int64_t all = ask_profile(model, &question, "flat_delay_ns"), some, sum = 0;
	struct table groups;

	ask(&groups, model, "goroutines", INT64_MIN, INT64_MAX, NULL);
	question.has_goroutines = true;
	for (size_t row = 0; row < table_rows(&groups); row++) {
		question.goroutines = table_value(&groups, row, 0).text;
		sum += ask_profile(model, &question, "flat_delay_ns");
	}
	is_i64(sum, all, "by the names of goroutines");
	table_free(&groups);
	question = question_of_all();
	question.has_region = true;
	ask(&groups, model, "regions", INT64_MIN, INT64_MAX, NULL);
	some = 0;
	for (size_t row = 0; row < table_rows(&groups); row++) {
		question.region = table_value(&groups, row, 0).text;
		sum = ask_profile(model, &question, "flat_delay_ns");
		some = sum > some ? sum : some;
	}
	ok(some > 0 && some < all, "in the regions of a name");
	table_free(&groups);
	question = question_of_all();
	question.is_unclipped = true;
	ok(ask_profile(model, &question, "flat_delay_ns") >= all, "unclipped");
}

/* As Go's page of tasks has them: by how long they took, whether they did, and what they logged. */
static void tasks_are_filtered(const struct model *model)
{
	size_t all = ask_rows(model, "task", INT64_MIN, INT64_MAX, NULL);
	size_t some = ask_rows(model, "task", INT64_MIN, INT64_MAX, "log~card");

	ok(some > 0 && some < all, "by what they logged");
	is_u64(ask_rows(model, "task", INT64_MIN, INT64_MAX, "log!~card"), all - some,
	       "or did not");
	ok(ask_rows(model, "task", INT64_MIN, INT64_MAX, "region=pay") > some, "by their regions");
	is_u64(ask_rows(model, "task", INT64_MIN, INT64_MAX, "state=complete"), all,
	       "by their ends");
	is_u64(ask_rows(model, "task", INT64_MIN, INT64_MAX, "state=open"), 0, "none is open");
	is_u64(ask_rows(model, "logs", INT64_MIN, INT64_MAX, "state=open"), 0, "nor is a log");
	is_u64(ask_rows(model, "tasks", INT64_MIN, INT64_MAX, "dur>5ms && log~card"), 1,
	       "by all of that, and by type");
}

/* The goroutines of a name. */
static void gos_of(const struct model *model, const char *name, u32_array *gos)
{
	for (uint32_t i = 0; i < model->roster.count; i++)
		if (bytes_equal(strings_text(&model->strings, roster_brief(&model->roster, i).name),
		                bytes_of(name)))
			*array_push(gos) = i;
}

static int64_t ask_of(const struct model *model, const u32_array *gos, const char *name,
                      const char *column)
{
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;
	int64_t sum;

	question.gos = gos;
	table_init(&table, &budget);
	answer_now(&table, analysis_find(bytes_of(name)), model, &question, &err);
	sum = column == NULL ? (int64_t)table_rows(&table) : sum_of(&table, column, NULL);
	table_free(&table);
	return sum;
}

/* Those that are selected, one by one, are as those of a name. */
static void chosen_goroutines_are_asked_for(const struct model *model)
{
	static const char name[] = "net/http.(*conn).serve";
	struct question question = question_of_all();
	u32_array gos = { .budget = &budget };
	int64_t all = ask_sum(model, "procs", NULL, "run_ns"), some;

	gos_of(model, name, &gos);
	question.goroutines = bytes_of(name);
	question.has_goroutines = true;
	is_i64(ask_of(model, &gos, "sync", "flat_delay_ns"),
	       ask_profile(model, &question, "flat_delay_ns"), "their profile");
	is_i64(ask_of(model, &gos, "goroutine", NULL), (int64_t)gos.count, "a row each");
	is_i64(ask_of(model, &gos, "goroutines", NULL), 1, "they have one name");
	some = ask_of(model, &gos, "procs", "run_ns");
	ok(some > 0 && some < all, "what they ran on each P");
	ok(ask_of(model, &gos, "regions", NULL) < ask_of(model, NULL, "regions", NULL),
	   "not all regions are theirs");
	gos.count = 0;
	is_i64(ask_of(model, &gos, "sync", NULL) + ask_of(model, &gos, "goroutine", NULL), 0,
	       "of none");
	array_free(&gos);
}

static void waits_are_called_by_their_reason(const struct model *model)
{
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;
	size_t reasons = 0;
	int64_t sum = 0;

	question.is_tree = true;
	table_init(&table, &budget);
	answer_now(&table, analysis_find(bytes_of("stacks")), model, &question, &err);
	for (size_t row = 0; row < table_rows(&table); row++)
		if (table_value(&table, row, 4).text.data[0] != ' ') {
			sum += table_value(&table, row, 0).number;
			reasons++;
		}
	ok(reasons > 3 && is_near(sum, ask_sum(model, "stacks", NULL, "delay_ns")),
	   "all waits, by why they are");
	table_free(&table);
}

/* A row of the summary of a stretch. */
static int64_t ask_value(const struct model *model, int64_t from_ns, int64_t to_ns,
                         const char *name)
{
	struct table table;
	int64_t found = -1;

	ask(&table, model, "summary", from_ns, to_ns, NULL);
	for (size_t row = 0; row < table_rows(&table); row++)
		if (bytes_equal(table_value(&table, row, 0).text, bytes_of(name)))
			found = table_value(&table, row, 1).number;
	table_free(&table);
	return found;
}

/* Lists have what laps into the stretch, whole. */
static void lists_have_what_laps(const struct model *model)
{
	const struct stw *stop = &model->stops.items[0];
	int64_t middle_ns = (stop->begin_ns + stop->end_ns) / 2, left, right;

	is_u64(ask_rows(model, "stw", middle_ns, middle_ns + 1, NULL), 1, "the stop that is then");
	is_i64(ask_value(model, middle_ns, middle_ns + 1, "stw_count"), 1, "and in the summary");
	is_i64(ask_value(model, 100, 5100, "duration_ns"), 5000, "how long it is");
	left = ask_value(model, 0, middle_ns, "heap_max_bytes");
	right = ask_value(model, middle_ns, INT64_MAX, "heap_max_bytes");
	is_i64(left > right ? left : right, (int64_t)model->heap_max,
	       "the heap was largest in one half");
	ok(ask_value(model, model->end_ns - 1, INT64_MAX, "heap_max_bytes") > 0,
	   "where nothing is told of it, it is as it was before");
	is_u64(ask_rows(model, "stw", INT64_MAX - 1, INT64_MAX, NULL), 0, "none later");
	ok(ask_rows(model, "logs", 0, model->end_ns / 2, NULL) +
	                   ask_rows(model, "logs", model->end_ns / 2, INT64_MAX, NULL) ==
	           ask_rows(model, "logs", INT64_MIN, INT64_MAX, NULL),
	   "each log is in one half");
}

int main(void)
{
	static struct loaded loaded;
	struct error err = { 0 };
	const char *source = getenv("srcdir");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (!ok(load_whole(&loaded, path, &err), "the demo is read"))
		return tap_done();
	look(&loaded.model, "demo");
	filters_say_what_counts(&loaded.model);
	profiles_have_parts(&loaded.model);
	tasks_are_filtered(&loaded.model);
	chosen_goroutines_are_asked_for(&loaded.model);
	waits_are_called_by_their_reason(&loaded.model);
	lists_have_what_laps(&loaded.model);
	load_free(&loaded);
	shared_each("within", of_shared);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
