/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/analysis/histogram.h"
#include "core/analysis/pattern.h"
#include "core/model/loader.h"

void desk_init(struct desk *desk, struct budget *budget)
{
	*desk = (struct desk){ .budget = budget };
	desk->as_made.budget = desk->shown.budget = budget;
	desk->hits.are.budget = budget;
	filter_init(&desk->filter, budget);
	flame_init(&desk->flame, budget);
	table_init(&desk->table, budget);
}

static void stop(struct desk *desk)
{
	if (desk->is_asking)
		answering_free(&desk->answering);
	desk->is_asking = false;
}

static void clear(struct desk *desk)
{
	stop(desk);
	table_free(&desk->table);
	table_init(&desk->table, desk->budget);
	filter_free(&desk->filter);
	filter_init(&desk->filter, desk->budget);
	flame_free(&desk->flame);
	flame_init(&desk->flame, desk->budget);
	array_clear(&desk->hits.are);
	array_clear(&desk->as_made);
	array_clear(&desk->shown);
	desk->is_tree = false;
	desk->buckets = 0;
	desk->error = (struct error){ 0 };
	desk->is_made = false;
}

void desk_free(struct desk *desk)
{
	clear(desk);
	filter_free(&desk->filter);
	flame_free(&desk->flame);
	table_free(&desk->table);
	array_free(&desk->hits.are);
	array_free(&desk->as_made);
	array_free(&desk->shown);
}

/* ---- which rows, in which order */

static bool has_match(const struct table *table, size_t row, const struct pattern *pattern)
{
	struct table_cursor cursor = table_row(table, row);
	struct value value;

	while (table_next(&cursor, &value))
		if (value.kind == COLUMN_TEXT && !value.is_empty &&
		    pattern_match(pattern, value.text, NULL) == PATTERN_YES)
			return true;
	return false;
}

static void keep_rows(struct desk *desk, const struct sheet *sheet)
{
	struct pattern pattern;
	struct error err = { 0 };
	size_t rows = table_rows(&desk->table);
	bool is_all = desk->is_tree || sheet->keep[0] == '\0' ||
	              !pattern_open(&pattern, bytes_of(sheet->keep), &err);

	array_clear(&desk->shown);
	for (size_t i = 0; i < rows; i++) {
		size_t row = sheet->is_reversed ? rows - 1 - i : i;

		if (is_all || has_match(&desk->table, row, &pattern))
			*array_push(&desk->shown) = (uint32_t)row;
	}
	if (!is_all)
		pattern_close(&pattern);
}

static bool is_amount(enum column_kind kind)
{
	return kind == COLUMN_DURATION || kind == COLUMN_COUNT || kind == COLUMN_BYTES;
}

/* For the share that each row has of all that are shown. */
static void sum_up(struct desk *desk, size_t column)
{
	desk->sum = desk->most = 0;
	if (!is_amount(desk->table.columns.items[column].kind))
		return;
	for (size_t i = 0; i < desk->shown.count; i++) {
		struct value value = table_value(&desk->table, desk->shown.items[i], column);

		if (value.is_empty || value.number < 0)
			continue;
		if (__builtin_add_overflow(desk->sum, value.number, &desk->sum))
			desk->sum = INT64_MAX;
		desk->most = value.number > desk->most ? value.number : desk->most;
	}
}

static void arrange(struct desk *desk, const struct sheet *sheet)
{
	size_t column = (size_t)sheet->order - 1;
	bool has_order = !desk->is_tree && sheet->order > 0 && column < desk->table.columns.count;

	memcpy(desk->table.rows.items, desk->as_made.items,
	       desk->as_made.count * sizeof(desk->as_made.items[0]));
	if (has_order)
		table_sort_by(&desk->table, column);
	keep_rows(desk, sheet);
	desk->sum = desk->most = 0;
	if (has_order)
		sum_up(desk, column);
}

/* One scale for all of them. */
static void measure_histograms(struct desk *desk)
{
	struct histogram histogram;
	int first = HISTOGRAM_BUCKETS, last = -1;
	size_t column;

	if (!table_find_column(&desk->table, bytes_of("histogram"), &column))
		return;
	for (size_t i = 0; i < table_rows(&desk->table); i++)
		if (histogram_parse(&histogram, table_value(&desk->table, i, column).text)) {
			first = histogram.first < first ? histogram.first : first;
			last = histogram.last > last ? histogram.last : last;
		}
	desk->bucket = first;
	desk->buckets = last < first ? 0 : last - first + 1;
}

static void finish(struct desk *desk, const struct model *model)
{
	size_t rows = table_rows(&desk->table);

	desk->is_made = true;
	measure_histograms(desk);
	array_resize(&desk->as_made, rows);
	if (rows > 0)
		memcpy(desk->as_made.items, desk->table.rows.items,
		       rows * sizeof(desk->as_made.items[0]));
	arrange(desk, &desk->of);
	climb_find(&desk->hits, &desk->flame, model, desk->of.keep);
}

/* ---- making it */

/* What there is, by the pages of Go's tool. */
static void list(struct desk *desk, const struct model *model)
{
	table_add_column(&desk->table, "table", COLUMN_TEXT);
	table_add_column(&desk->table, "what it tells", COLUMN_TEXT);
	table_add_column(&desk->table, "in go tool trace", COLUMN_TEXT);
	for (size_t i = 0; i < analyses_count; i++) {
		table_add_text(&desk->table, bytes_of(analyses[i].name));
		table_add_text(&desk->table, bytes_of(analyses[i].help));
		table_add_text(&desk->table, bytes_of(analyses[i].page));
	}
	finish(desk, model);
}

/* What is said behind its name, as on the command line. */
static bool read_options(struct desk *desk, const struct analysis *analysis,
                         const struct model *model, struct error *err)
{
	struct options *options = &desk->options;
	struct question *question = &options->question;

	for (const char *option = sheet_option(&desk->of); option != NULL;
	     option = sheet_next_option(option))
		if (!options_ask(options, analysis, option, err))
			return false;
	if (options->has_from)
		question->from_ns = options_time(options->from_ns, model->end_ns);
	if (options->has_to)
		question->to_ns = options_time(options->to_ns, model->end_ns);
	if (options->filter == NULL)
		return true;
	if (analysis->filtered == FILTERED_NOT)
		return options_wrong(err, "%s takes no --filter", analysis->name);
	question->filter = &desk->filter;
	return filter_parse(&desk->filter, bytes_of(options->filter), err);
}

static void begin(struct desk *desk, struct loader *loader)
{
	const struct analysis *analysis = analysis_find(bytes_of(desk->of.name));
	struct question *question = &desk->options.question;

	desk->options = (struct options){ .question = question_of_all() };
	question->has_selector = desk->of.has_selector;
	question->selector = bytes_of(desk->of.selector);
	question->has_histogram = question->is_fine = true;
	if (desk->of.is_within) {
		question->from_ns = desk->of.from_ns;
		question->to_ns = desk->of.to_ns;
	}
	if (!read_options(desk, analysis, loader->model, &desk->error))
		return;
	desk->is_tree = question->is_tree;
	answering_begin(&desk->answering, analysis, loader, question);
	desk->is_asking = true;
}

static void add_options(struct desk *desk, char *title, size_t size)
{
	size_t len = 0;

	title[0] = '\0';
	for (const char *option = sheet_option(&desk->of); option != NULL && len < size;
	     option = sheet_next_option(option))
		len += (size_t)snprintf(title + len, size - len, " %s", option);
}

/* How much of all is what is looked for. */
static void write_tree_title(const struct desk *desk, char *title, size_t size)
{
	const struct flame *flame = &desk->flame;
	int64_t all = flame_weight(flame, &flame->all);
	int len = 0;

	if (desk->hits.are.count > 0)
		len = snprintf(title, size, "%" PRIu64 " with %s: %.1f %%   n N next   ",
		               desk->hits.count, desk->of.keep,
		               all > 0 ? 100.0 * (double)flame_weight(flame, &desk->hits.sum) /
		                                 (double)all
		                       : 0.0);
	snprintf(title + len, size - (size_t)len, "CR zoom  BS back  / find  t table  q close");
}

static void write_title(struct desk *desk, const struct model *model)
{
	const struct sheet *of = &desk->of;
	const char *state = desk->error.kind != ERROR_NONE ? desk->error.message
	                    : !model->is_whole             ? "comes when all is loaded"
	                    : !desk->is_made               ? "being made ..."
	                                                   : NULL;
	char options[SHEET_OPTIONS_MAX];
	int len;

	add_options(desk, options, sizeof(options));
	len = snprintf(desk->title, sizeof(desk->title), "%s%s%s%s%s   ",
	               of->name[0] != '\0' ? of->name : "tables", of->has_selector ? " " : "",
	               of->selector, options, of->is_within ? " (of the window)" : "");
	if (len < 0 || (size_t)len >= sizeof(desk->title))
		return;
	if (state != NULL)
		snprintf(desk->title + len, sizeof(desk->title) - (size_t)len, "%s", state);
	else if (desk->is_tree)
		write_tree_title(desk, desk->title + len, sizeof(desk->title) - (size_t)len);
	else
		snprintf(desk->title + len, sizeof(desk->title) - (size_t)len,
		         "%zu row%s%s%s   CR go  s sort  / keep  w window  BS back  q close",
		         desk->shown.count, desk->shown.count == 1 ? "" : "s",
		         of->keep[0] != '\0' ? " with " : "", of->keep);
}

/* Another question, or the same of a trace that has grown. */
static bool is_stale(const struct desk *desk, const struct sheet *sheet, const struct model *model)
{
	return !sheet_asks_same(&desk->of, sheet) ||
	       (!desk->is_made && !desk->is_asking && desk->error.kind == ERROR_NONE) ||
	       (sheet->name[0] != '\0' && desk->events != model->events);
}

void desk_follow(struct desk *desk, struct state *state, struct loader *loader)
{
	const struct model *model = loader->model;
	const struct sheet *sheet;
	struct sheet before = desk->of;

	if (state->mode != MODE_TABLE && state->prompt.is_open)
		return;
	if (state->mode != MODE_TABLE || state->sheets.depth == 0) {
		stop(desk);
		return;
	}
	sheet = sheets_now(&state->sheets);
	if (is_stale(desk, sheet, model)) {
		clear(desk);
		desk->of = *sheet;
		desk->events = model->events;
		if (sheet->name[0] == '\0')
			list(desk, model);
		else if (model->is_whole)
			begin(desk, loader);
	}
	desk->of = *sheet;
	if (desk->is_made &&
	    (before.order != sheet->order || before.is_reversed != sheet->is_reversed ||
	     strcmp(before.keep, sheet->keep) != 0)) {
		arrange(desk, sheet);
		climb_find(&desk->hits, &desk->flame, model, sheet->keep);
	}
	state->sheets.is_tree = desk->is_tree;
	if (desk->is_tree && desk->is_made)
		climb_follow(state, &desk->flame, &desk->hits);
	state->sheets.rows = (int)(desk->shown.count < INT32_MAX ? desk->shown.count : INT32_MAX);
	state->sheets.cols = (int)desk->table.columns.count;
	write_title(desk, model);
}

static bool make_tree(struct desk *desk)
{
	const struct answering *answering = &desk->answering;
	const struct profile *profile = answering_profile(&desk->answering, &desk->error);

	if (profile == NULL)
		return false;
	flame_make(&desk->flame, profile, answering->model,
	           answering->analysis->kind == PROFILE_CPU ? PROFILE_COUNTS : PROFILE_DELAYS);
	flame_table(&desk->flame, answering->model, &desk->table);
	return true;
}

bool desk_step(struct desk *desk)
{
	switch (desk->is_asking ? answering_step(&desk->answering) : SURVEY_WAITS) {
	case SURVEY_MORE:
		return true;
	case SURVEY_WAITS:
		return false;
	case SURVEY_OVER:
		break;
	}
	if ((desk->is_tree ? make_tree(desk)
	                   : answering_end(&desk->answering, &desk->table, &desk->error)) &&
	    desk->table.is_full)
		error_set(&desk->error, ERROR_LIMIT, ERROR_NO_OFFSET,
		          "memory is too short for all of it");
	finish(desk, desk->answering.model);
	stop(desk);
	return false;
}

/* ---- where a row leads */

struct desk_row {
	const struct table *table;
	size_t at;
};

static bool find(const struct desk_row *row, const char *name, struct value *value)
{
	size_t column;

	if (!table_find_column(row->table, bytes_of(name), &column))
		return false;
	*value = table_value(row->table, row->at, column);
	return !value->is_empty;
}

static bool find_any(const struct desk_row *row, const char *const *names, struct value *value)
{
	for (; *names != NULL; names++)
		if (find(row, *names, value))
			return true;
	return false;
}

/* Quotes are for command_split: what can't be quoted is not gone to. */
static bool put_name(char line[LINE_COMMAND_MAX], const char *command, struct bytes name,
                     const char *behind)
{
	int len;

	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '\'' || name.data[i] < ' ')
			return false;
	len = snprintf(line, LINE_COMMAND_MAX, "%s%.*s%s", command, (int)name.len,
	               (const char *)name.data, behind);
	return len > 0 && len < LINE_COMMAND_MAX;
}

/* A stretch of time, of a goroutine if there is one; window_ns: of rows that have one length. */
static bool put_place(char line[LINE_COMMAND_MAX], const struct desk_row *row, bool with_go,
                      int64_t window_ns)
{
	static const char *const begins[] = { "start_ns",   "when_ns", "time_ns",
		                              "created_ns", "from_ns", NULL };
	static const char *const lengths[] = { "duration_ns", "total_ns", "mark_ns", NULL };
	struct value begin, length = { 0 }, go;
	int len;

	if (!find_any(row, begins, &begin))
		return false;
	if (!find_any(row, lengths, &length) || length.number < 1)
		length.number = window_ns > 0 ? window_ns : 1000000;
	len = snprintf(line, LINE_COMMAND_MAX, "locate t=%" PRId64 "ns+%" PRId64 "ns", begin.number,
	               length.number);
	if (with_go && find(row, "goroutine", &go))
		snprintf(line + len, LINE_COMMAND_MAX - (size_t)len, ",g=%" PRIu64,
		         (uint64_t)go.number);
	return true;
}

static bool put_id(char line[LINE_COMMAND_MAX], const struct desk_row *row, const char *column,
                   char letter)
{
	struct value id;

	if (!find(row, column, &id))
		return false;
	snprintf(line, LINE_COMMAND_MAX, "goto %c%" PRIu64, letter, (uint64_t)id.number);
	return true;
}

/* What is asked of the table goes on. */
static bool put_options(char line[LINE_COMMAND_MAX], const struct sheet *sheet)
{
	size_t len = strlen(line);

	for (const char *option = sheet_option(sheet); option != NULL;
	     option = sheet_next_option(option)) {
		if (strchr(option, '\'') != NULL || len + strlen(option) + 4 > LINE_COMMAND_MAX)
			return false;
		len += (size_t)snprintf(line + len, LINE_COMMAND_MAX - len, " '%s'", option);
	}
	return true;
}

/* The worst of the mmu's windows of a length. */
static bool put_windows(char line[LINE_COMMAND_MAX], const struct sheet *sheet, int64_t window_ns)
{
	bool is_us = window_ns % 1000 == 0, is_ms = window_ns % 1000000 == 0;

	snprintf(line, LINE_COMMAND_MAX, "table mmu --window=%" PRId64 "%s",
	         window_ns / (is_ms   ? 1000000
	                      : is_us ? 1000
	                              : 1),
	         is_ms   ? "ms"
	         : is_us ? "us"
	                 : "ns");
	return put_options(line, sheet);
}

const char *desk_selecting(const struct desk *desk)
{
	static const char *const kinds[][2] = { { "stw", "next stw" },
		                                { "gc", "next gc" },
		                                { "assists", "next assist all" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(desk->of.name, kinds[i][0]) == 0)
			return kinds[i][1];
	return NULL;
}

bool desk_line(const struct desk *desk, const struct state *state, char line[LINE_COMMAND_MAX])
{
	static const struct {
		const char *name, *column, *command, *behind;
	} leads[] = {
		{ "", "table", "table '", "'" },
		{ "goroutines", "name", "table goroutine '", "'" },
		{ "tasks", "type", "table task '", "'" },
		{ "regions", "name", "table region '", "'" },
		{ "net", "function", "search \\V", "" },
		{ "sync", "function", "search \\V", "" },
		{ "syscall", "function", "search \\V", "" },
		{ "sched", "function", "search \\V", "" },
		{ "cpu", "function", "search \\V", "" },
	};
	int at = state->sheets.stack[state->sheets.depth - 1].row;
	struct desk_row row = { .table = &desk->table };
	struct value value;

	if (!desk->is_made || at < 0 || (size_t)at >= desk->shown.count)
		return false;
	row.at = desk->shown.items[at];
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (strcmp(leads[i].name, desk->of.name) == 0)
			return find(&row, leads[i].column, &value) &&
			       put_name(line, leads[i].command, value.text, leads[i].behind);
	if (find(&row, "window_ns", &value))
		return put_windows(line, &desk->of, value.number);
	return put_place(line, &row, desk_selecting(desk) == NULL,
	                 desk->options.question.window_ns) ||
	       put_id(line, &row, "goroutine", 'G') || put_id(line, &row, "proc", 'P') ||
	       put_id(line, &row, "thread", 'M');
}
