/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/report.h"

#include "core/analysis/table_group.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_file(const struct report *report)
{
	return report->output != NULL && strcmp(report->output, "-") != 0;
}

bool report_format_find(struct bytes name, enum report_format *format)
{
	static const char *const names[] = { "text", "csv", "json", "pprof" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_equal(name, bytes_of(names[i]))) {
			*format = (enum report_format)i;
			return true;
		}
	return false;
}

/* Puts the name of the output in front of what is wrong with it, unless there is no word about it.
 */
static bool name_output(const struct report *report, struct error *err)
{
	struct error named = { 0 };

	if (err->kind == ERROR_OUTPUT && err->message[0] != '\0') {
		error_set(&named, ERROR_OUTPUT, ERROR_NO_OFFSET, "%.80s: %.70s",
		          is_file(report) ? report->output : "standard output", err->message);
		*err = named;
	}
	return false;
}

bool report_check_file(const struct report *report, const char *what, struct error *err)
{
	if (!is_file(report) && isatty(STDOUT_FILENO))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "%s is no text; try: --output=FILE, or a pipe", what);
	return report_check(report, err);
}

bool report_check(const struct report *report, struct error *err)
{
	struct stat stat_of;

	if (!is_file(report) || lstat(report->output, &stat_of) != 0)
		return true;
	error_set(err, ERROR_OUTPUT, ERROR_NO_OFFSET,
	          "is there already; --output makes new files only");
	return name_output(report, err);
}

static bool is_for_people(const struct report *report)
{
	return report->format == REPORT_TEXT || (!is_file(report) && isatty(STDOUT_FILENO));
}

static bool no_column(const struct table *table, const char *name, const char *what,
                      struct error *err)
{
	char list[100];
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < table->columns.count; i++) {
		struct bytes column = table->columns.items[i].name;

		if (column.len + 2 >= sizeof(list) - used)
			break;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%.*s",
		                         i == 0 ? "" : ", ", (int)column.len,
		                         (const char *)column.data);
	}
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "no column \"%.30s\" to %s by; try %s",
	                 name, what, list);
}

static void write_table(struct writer *writer, enum report_format format, const struct table *table)
{
	switch (format) {
	case REPORT_TEXT:
		report_text(writer, table);
		break;
	case REPORT_CSV:
		report_csv(writer, table);
		break;
	case REPORT_JSON:
		report_json(writer, table);
		break;
	case REPORT_PPROF:
		break;
	}
}

static bool open_output(const struct report *report, struct writer *writer, struct error *err)
{
	if (is_file(report))
		return writer_open_new(writer, report->output, err) || name_output(report, err);
	writer_open(writer, STDOUT_FILENO);
	return true;
}

static bool take(void *context, struct bytes bytes)
{
	struct writer *writer = context;

	writer_put(writer, bytes);
	return !writer_has_failed(writer);
}

bool report_put(const struct report *report, struct budget *budget,
                bool (*put)(void *context, struct text_out *out), void *context, struct error *err)
{
	struct text_out *out;
	struct writer writer;
	bool is_whole;

	if (!open_output(report, &writer, err))
		return false;
	out = budget_resize(budget, NULL, 0, sizeof(*out));
	text_out_init(out, take, &writer);
	is_whole = put(context, out);
	text_flush(out);
	budget_resize(budget, out, sizeof(*out), 0);
	if (!is_whole) {
		writer_drop(&writer);
		return false;
	}
	return writer_close(&writer, err) || name_output(report, err);
}

bool report_group(struct table *table, const char *name, struct error *err)
{
	struct table grouped;
	size_t column;

	if (table->is_list)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "a list has nothing to group by");
	if (!table_find_column(table, bytes_of(name), &column))
		return no_column(table, name, "group", err);
	table_init(&grouped, table->arena.budget);
	table_group(&grouped, table, column);
	table_free(table);
	*table = grouped;
	return !grouped.is_full ||
	       error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                 "memory limit reached before all rows were grouped; --memory raises it");
}

bool report_print(const struct report *report, struct table *table, struct error *err)
{
	struct writer writer;
	size_t column;

	if (report->group != NULL && !report_group(table, report->group, err))
		return false;
	if (report->sort != NULL) {
		if (!table_find_column(table, bytes_of(report->sort), &column))
			return no_column(table, report->sort, "sort", err);
		table_sort_by(table, column);
	}
	if (report->has_limit)
		table_cut(table, report->limit);
	if (report->clean != NULL && is_for_people(report))
		table_clean(table, report->clean);
	if (!open_output(report, &writer, err))
		return false;
	write_table(&writer, report->format, table);
	return writer_close(&writer, err) || name_output(report, err);
}
