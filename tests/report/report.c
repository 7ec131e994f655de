/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/report.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

/* A whole report, into a file. */
static struct budget budget;
static char directory[] = "gander-report-XXXXXX";
static char path[64];

static void fill(struct table *table)
{
	static const char *const names[] = { "a\x1b", "b", "c" };

	table_init(table, &budget);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	for (int64_t i = 0; i < 3; i++) {
		table_add_text(table, bytes_of(names[i]));
		table_add_number(table, i);
	}
}

static const char *clean(char *out, size_t size, struct bytes text)
{
	snprintf(out, size, "<%.*s>", text.len > 1 ? 1 : (int)text.len, (const char *)text.data);
	return out;
}

/* What ends up in the file, or the message. */
static const char *print(struct report report)
{
	static char out[512];
	struct table table;
	struct error err = { 0 };
	FILE *file;

	report.output = path;
	fill(&table);
	if (!report_check(&report, &err) || !report_print(&report, &table, &err)) {
		memcpy(out, err.message, sizeof(err.message));
	} else {
		file = fopen(path, "r");
		out[fread(out, 1, sizeof(out) - 1, file)] = '\0';
		fclose(file);
		unlink(path);
	}
	table_free(&table);
	return out;
}

static void sorted_and_cut(void)
{
	is_text(print((struct report){ .format = REPORT_CSV, .limit = 2, .has_limit = true }),
	        "name,count\na\x1b,0\nb,1\n", "the first rows");
	is_text(print((struct report){
			.format = REPORT_CSV, .sort = "count", .limit = 1, .has_limit = true }),
	        "name,count\nc,2\n", "the first rows by another order");
	is_text(print((struct report){ .format = REPORT_CSV, .sort = "size" }),
	        "no column \"size\" to sort by; try name, count", "a column that is not there");
}

static void only_what_people_read_is_cleaned(void)
{
	is_text(print((struct report){
			.format = REPORT_CSV, .limit = 1, .has_limit = true, .clean = clean }),
	        "name,count\na\x1b,0\n", "csv in a file has every byte");
	is_text(print((struct report){
			.format = REPORT_TEXT, .limit = 1, .has_limit = true, .clean = clean }),
	        "<n>  <c>\n<a>    0\n", "text has not");
}

static void the_output_is_named(void)
{
	char want[128];

	close(open(path, O_WRONLY | O_CREAT, 0600));
	snprintf(want, sizeof(want), "%s: is there already; --output makes new files only", path);
	is_text(print((struct report){ .format = REPORT_CSV }), want, "a file that is there");
	unlink(path);
}

int main(void)
{
	if (mkdtemp(directory) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/out", directory);
	sorted_and_cut();
	only_what_people_read_is_cleaned();
	the_output_is_named();
	is_i64(rmdir(directory), 0, "nothing is left behind");
	return tap_done();
}
