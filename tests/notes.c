/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/user.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>

#include "tests/expected.h"
#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"

/* Regions, logs and tasks of the shared traces are those that Go's own analyses find
 * (../shared/traces/README.md): who, what, and when. Go tells times of v1 traces through a
 * conversion, so that of those the others count. */

enum { REGIONS = 1 << 14, LOGS = 1 << 15, LINE = 512 };

static struct budget budget;

typedef ARRAY(char *) line_array;

__attribute__((format(printf, 2, 3))) static void add(line_array *lines, const char *format, ...)
{
	char *line = budget_resize(&budget, NULL, 0, LINE);
	va_list args;

	va_start(args, format);
	vsnprintf(line, LINE, format, args);
	va_end(args);
	*array_push(lines) = line;
}

static int line_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(line_array *lines)
{
	if (lines->count > 1)
		qsort(lines->items, lines->count, sizeof(*lines->items), line_order);
}

static void free_lines(line_array *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		budget_resize(&budget, lines->items[i], LINE, 0);
	array_free(lines);
}

static bool are_same(const line_array *want, const line_array *got)
{
	size_t differences = want->count != got->count;

	for (size_t i = 0; i < want->count && i < got->count && differences < 3; i++)
		if (strcmp(want->items[i], got->items[i]) != 0) {
			differences++;
			printf("# want %s\n# got  %s\n", want->items[i], got->items[i]);
		}
	if (want->count != got->count)
		printf("# want %zu, got %zu\n", want->count, got->count);
	return differences == 0;
}

/* ---- what Go says: some columns of a table, by name; times last */

static size_t column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->columns; i++)
		if (bytes_equal(csv->cells.items[i], bytes_of(name)))
			return i;
	return 0;
}

static void take(const struct csv *csv, const char *const *names, size_t count, line_array *lines)
{
	for (size_t row = 1; row < csv->rows; row++) {
		char line[LINE];
		size_t len = 0;

		for (size_t i = 0; i < count; i++) {
			struct bytes cell =
				csv->cells.items[row * csv->columns + column(csv, names[i])];

			len += (size_t)snprintf(line + len, sizeof(line) - len, "%s%.*s",
			                        i > 0 ? "," : "", (int)cell.len,
			                        (const char *)cell.data);
		}
		add(lines, "%s", line);
	}
}

static bool read_table(const char *directory, const char *trace, const char *table,
                       const char *const *names, size_t count, line_array *lines)
{
	struct arena arena = { .budget = &budget };
	char path[PATH_MAX];
	struct bytes text;
	struct csv csv;
	bool good;

	snprintf(path, sizeof(path), "%s/%s/expect/%s.csv", directory, trace, table);
	good = file_read(&arena, path, &text);
	if (good) {
		csv_parse(&csv, &budget, text);
		take(&csv, names, count, lines);
		csv_free(&csv);
	}
	arena_free(&arena);
	return good;
}

/* ---- what we say */

struct asked {
	const struct model *model;
	bool with_times;
	line_array *lines;
};

static const char *text(const struct model *model, string_id id)
{
	static char out[4][LINE / 4];
	static unsigned next;
	struct bytes bytes = strings_text(&model->strings, id);
	char *to = out[next++ % 4];

	snprintf(to, LINE / 4, "%.*s", (int)bytes.len, (const char *)bytes.data);
	return to;
}

static const char *moment(bool is_known, int64_t ns)
{
	static char out[4][32];
	static unsigned next;
	char *to = out[next++ % 4];

	snprintf(to, sizeof(out[0]), "%" PRId64, ns);
	return is_known ? to : "";
}

static uint64_t id_of(const struct model *model, uint32_t go)
{
	return roster_brief(&model->roster, go).id;
}

static const char *id_text(uint64_t id)
{
	static char out[4][32];
	static unsigned next;
	char *to = out[next++ % 4];

	snprintf(to, sizeof(out[0]), "%" PRIu64, id);
	return id == 0 ? "" : to;
}

static void ask_regions(const struct asked *a)
{
	struct user_region *regions = budget_resize(&budget, NULL, 0, REGIONS * sizeof(*regions));

	for (uint32_t go = 0; go < a->model->roster.count; go++) {
		size_t count = user_regions(a->model, go, 0, INT64_MAX, regions, REGIONS);

		for (size_t i = 0; i < count; i++) {
			const struct user_region *r = &regions[i];

			add(a->lines, "%s,%" PRIu64 ",%s%s%s%s%s", text(a->model, r->name),
			    id_of(a->model, r->go), id_text(r->task), a->with_times ? "," : "",
			    a->with_times ? moment(!r->begins_before, r->begin_ns) : "",
			    a->with_times ? "," : "",
			    a->with_times ? moment(!r->is_open, r->end_ns) : "");
		}
	}
	budget_resize(&budget, regions, REGIONS * sizeof(*regions), 0);
}

static void ask_logs(const struct asked *a)
{
	struct user_log *logs = budget_resize(&budget, NULL, 0, LOGS * sizeof(*logs));
	struct user_of any = { INDEX_NONE, INDEX_NONE };
	size_t count = user_logs(a->model, any, 0, INT64_MAX, logs, LOGS);

	for (size_t i = 0; i < count; i++)
		add(a->lines, "%" PRIu64 ",%s,%s,%s%s%s", id_of(a->model, logs[i].go),
		    id_text(logs[i].task), text(a->model, logs[i].category),
		    text(a->model, logs[i].message), a->with_times ? "," : "",
		    a->with_times ? moment(true, logs[i].time_ns) : "");
	budget_resize(&budget, logs, LOGS * sizeof(*logs), 0);
}

static void ask_tasks(const struct asked *a)
{
	for (size_t i = 0; i < a->model->said.tasks.count; i++) {
		const struct user_task *task = &a->model->said.tasks.items[i];

		add(a->lines, "%" PRIu64 ",%s,%s%s%s%s%s", task->id, text(a->model, task->name),
		    id_text(task->parent), a->with_times ? "," : "",
		    a->with_times ? moment(task->begin_ns != TIME_UNKNOWN, task->begin_ns) : "",
		    a->with_times ? "," : "",
		    a->with_times ? moment(task->end_ns != TIME_UNKNOWN, task->end_ns) : "");
	}
}

/* ---- side by side */

static const struct {
	const char *table;
	void (*ask)(const struct asked *asked);
	const char *columns[5];
	size_t columns_count, times;
} tables[] = {
	{ "region", ask_regions, { "name", "goroutine", "task", "start_ns", "end_ns" }, 5, 2 },
	{ "logs", ask_logs, { "goroutine", "task", "category", "message", "time_ns" }, 5, 1 },
	{ "task", ask_tasks, { "task", "type", "parent", "start_ns", "end_ns" }, 5, 2 },
};

static void compare(const struct model *model, const char *directory, const char *trace, size_t i,
                    bool with_times)
{
	line_array want = { .budget = &budget }, got = { .budget = &budget };
	struct asked asked = { model, with_times, &got };
	size_t columns = tables[i].columns_count - (with_times ? 0 : tables[i].times);

	if (!read_table(directory, trace, tables[i].table, tables[i].columns, columns, &want)) {
		skip(trace, "Go does not read it");
	} else {
		tables[i].ask(&asked);
		sort(&want);
		sort(&got);
		ok(are_same(&want, &got), "%s %s: %zu", trace, tables[i].table, want.count);
	}
	free_lines(&want);
	free_lines(&got);
}

static void try_trace(const char *directory, const char *name, struct version version)
{
	static struct loaded loaded;
	struct error err = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		compare(&loaded.model, directory, name, i, version.minor >= 22);
	load_free(&loaded);
}

int main(void)
{
	shared_each("shared traces", try_trace);
	is_u64(atomic_load(&budget.used), 0, "memory of the test comes back");
	return tap_done();
}
