/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/analysis/histogram.h"
#include "core/analysis/pattern.h"
#include "core/base/time_text.h"
#include "core/model/loader.h"

enum { COMPARED_MAX = 100 };

void desk_init(struct desk *desk, struct budget *budget)
{
	*desk = (struct desk){ .budget = budget };
	desk->as_made.budget = desk->shown.budget = budget;
	desk->hits.are.budget = desk->gos.budget = desk->room.budget = budget;
	filter_init(&desk->filter, budget);
	flame_init(&desk->flame, budget);
	table_init(&desk->table, budget);
	comparison_init(&desk->comparison, budget);
}

bool desk_is_busy(const struct desk *desk)
{
	return desk->is_reading || desk->is_asking;
}

static void forget_comparison(struct desk *desk)
{
	comparison_free(&desk->comparison);
	comparison_init(&desk->comparison, desk->budget);
}

static void stop(struct desk *desk)
{
	if (!desk_is_busy(desk))
		return;
	if (desk->is_asking)
		answering_free(&desk->answering);
	if (desk->is_reading)
		rival_end(&desk->rival);
	desk->is_asking = desk->is_reading = false;
	forget_comparison(desk);
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
	desk->options = (struct options){ .question = question_of_all() };
	desk->is_tree = false;
	desk->buckets = 0;
	desk->error = (struct error){ 0 };
	desk->is_made = desk->is_laid = false;
}

void desk_free(struct desk *desk)
{
	clear(desk);
	filter_free(&desk->filter);
	flame_free(&desk->flame);
	comparison_free(&desk->comparison);
	table_free(&desk->table);
	array_free(&desk->hits.are);
	array_free(&desk->gos);
	array_free(&desk->room);
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

	if (desk->as_made.count > 0)
		memcpy(desk->table.rows.items, desk->as_made.items,
		       desk->as_made.count * sizeof(desk->as_made.items[0]));
	if (has_order)
		table_sort_by(&desk->table, column);
	keep_rows(desk, sheet);
	desk->sum = desk->most = 0;
	if (has_order)
		sum_up(desk, column);
}

/* A row of the table, wherever it stands. */
static size_t row_under(const struct desk *desk, int cursor)
{
	return cursor > 0 && (size_t)cursor < desk->shown.count
	               ? desk->table.rows.items[desk->shown.items[cursor]]
	               : SIZE_MAX;
}

/* In another order the cursor stays on its row; at the top, at the top. */
static void rearrange(struct desk *desk, struct sheet *sheet)
{
	size_t wanted = row_under(desk, sheet->row);

	arrange(desk, sheet);
	if (desk->is_tree)
		return;
	sheet->row = 0;
	for (size_t i = 0; i < desk->shown.count && wanted != SIZE_MAX; i++)
		if (desk->table.rows.items[desk->shown.items[i]] == wanted)
			sheet->row = (int)i;
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
	table_add_column(&desk->table, "in go tool trace", COLUMN_TEXT);
	table_add_column(&desk->table, "what it tells", COLUMN_TEXT);
	for (size_t i = 0; i < analyses_count; i++) {
		table_add_text(&desk->table, bytes_of(analyses[i].name));
		table_add_text(&desk->table, bytes_of(analyses[i].page));
		table_add_text(&desk->table, bytes_of(analyses[i].help));
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
	question->is_tree &= !question->has_peek && options->report.group == NULL;
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

/* False: the other trace has to be read first, or cannot be. */
static bool ask_to_compare(struct desk *desk)
{
	struct question *question = &desk->options.question;
	struct question other;

	forget_comparison(desk);
	question->has_places = true;
	question->has_stretches = desk->of.has_stretches;
	memcpy(question->stretches, desk->of.stretches, sizeof(question->stretches));
	if (!desk->of.has_selector)
		return true;
	question->has_selector = false;
	question->comparison = &desk->comparison;
	other = *question;
	other.is_after = true;
	desk->is_reading =
		rival_begin(&desk->rival, desk->budget, desk->of.selector, &other, &desk->error);
	return false;
}

static void begin(struct desk *desk, const struct state *state, struct loader *loader)
{
	const struct analysis *analysis = analysis_find(bytes_of(desk->of.name));
	struct question *question = &desk->options.question;

	desk->options = (struct options){ .question = question_of_all() };
	question->has_selector = desk->of.has_selector;
	question->selector = bytes_of(desk->of.selector);
	question->has_histogram = question->is_fine = true;
	desk->loader = loader;
	if (desk->of.is_within) {
		question->from_ns = desk->of.from_ns;
		question->to_ns = desk->of.to_ns;
	}
	if (desk->of.is_selected) {
		state_gos(state, &desk->gos, &desk->room);
		question->gos = &desk->gos;
	}
	if (!read_options(desk, analysis, loader->model, &desk->error) ||
	    (analysis->chase != NULL && !analysis->chase->check(question, &desk->error)))
		return;
	desk->is_tree = question->is_tree;
	if (analysis->operands != NULL && !ask_to_compare(desk))
		return;
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

static const char *write_selected(const struct desk *desk, char text[48])
{
	snprintf(text, 48, " (of %zu goroutine%s)", desk->gos.count,
	         desk->gos.count == 1 ? "" : "s");
	return desk->of.is_selected ? text : "";
}

/* What with what. */
static void write_compared(const struct desk *desk, char text[COMPARED_MAX])
{
	const struct stretch_asked *before = &desk->of.stretches[0], *after = before + 1;
	char times[4][TIME_TEXT_MAX];

	text[0] = '\0';
	if (desk->of.has_stretches)
		snprintf(text, COMPARED_MAX, " %s..%s with %s..%s",
		         time_text_short(times[0], before->from_ns, true),
		         time_text_short(times[1], before->to_ns, true),
		         time_text_short(times[2], after->from_ns, true),
		         time_text_short(times[3], after->to_ns, true));
	else if (strcmp(desk->of.name, "compare") == 0)
		snprintf(text, COMPARED_MAX, "%s",
		         !desk->of.has_selector   ? " of two halves"
		         : desk->rival.is_damaged ? ", which is damaged"
		                                  : "");
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
	                    : desk->is_reading             ? "the other one is being read ..."
	                    : !desk->is_made               ? "being made ..."
	                                                   : NULL;
	char options[SHEET_OPTIONS_MAX], selected[48], compared[COMPARED_MAX];
	int len;

	add_options(desk, options, sizeof(options));
	write_compared(desk, compared);
	len = snprintf(desk->title, sizeof(desk->title), "%s%s%s%s%s%s%s   ",
	               of->name[0] != '\0' ? of->name : "tables", of->has_selector ? " " : "",
	               of->selector, compared, options, write_selected(desk, selected),
	               of->is_within ? " (of the window)" : "");
	if (len < 0 || (size_t)len >= sizeof(desk->title))
		return;
	if (state != NULL)
		snprintf(desk->title + len, sizeof(desk->title) - (size_t)len, "%s", state);
	else if (desk->is_tree)
		write_tree_title(desk, desk->title + len, sizeof(desk->title) - (size_t)len);
	else
		snprintf(desk->title + len, sizeof(desk->title) - (size_t)len,
		         "%zu row%s%s%s   %s  s sort  / keep  w window  BS back  q close",
		         desk->shown.count, desk->shown.count == 1 ? "" : "s",
		         of->keep[0] != '\0' ? " with " : "", of->keep,
		         analysis_has_profile(analysis_find(bytes_of(of->name)))
		                 ? "t tree  p callers"
		                 : "CR go");
}

/* Another question, or the same of a trace that has grown. */
static bool is_stale(const struct desk *desk, const struct sheet *sheet, const struct model *model,
                     uint64_t selected)
{
	return !sheet_asks_same(&desk->of, sheet) ||
	       (sheet->is_selected && desk->selected != selected) ||
	       (!desk->is_made && !desk->is_asking && !desk->is_reading &&
	        desk->error.kind == ERROR_NONE) ||
	       (sheet->name[0] != '\0' && desk->events != model->events);
}

void desk_follow(struct desk *desk, struct state *state, struct loader *loader)
{
	const struct model *model = loader->model;
	struct sheet *sheet;
	struct sheet before = desk->of;
	uint64_t selected = (uint64_t)state->many.version << 32 | state_go(state);

	if (state->mode != MODE_TABLE && state->prompt.is_open)
		return;
	if (state->mode != MODE_TABLE || state->sheets.depth == 0) {
		stop(desk);
		return;
	}
	sheet = sheets_now(&state->sheets);
	if (is_stale(desk, sheet, model, selected)) {
		clear(desk);
		desk->of = *sheet;
		desk->events = model->events;
		desk->selected = selected;
		if (sheet->name[0] == '\0')
			list(desk, model);
		else if (model->is_whole)
			begin(desk, state, loader);
	}
	desk->of = *sheet;
	if (desk->is_made &&
	    (before.order != sheet->order || before.is_reversed != sheet->is_reversed ||
	     strcmp(before.keep, sheet->keep) != 0)) {
		rearrange(desk, sheet);
		climb_find(&desk->hits, &desk->flame, model, sheet->keep);
	}
	if (desk->is_made && !desk->is_laid && strcmp(sheet->name, "critical") == 0) {
		desk->is_laid = true;
		desk_lay_trail(desk, state, loader->model);
	}
	state->sheets.is_tree = desk->is_tree;
	if (desk->is_tree && desk->is_made)
		climb_follow(state, &desk->flame, &desk->hits);
	state->sheets.rows = (int)(desk->shown.count < INT32_MAX ? desk->shown.count : INT32_MAX);
	state->sheets.cols = (int)desk->table.columns.count;
	write_title(desk, model);
}

/* Its rows, or, if that is asked for, what they come to by a column. */
static bool make_table(struct desk *desk)
{
	const char *group = desk->options.report.group;

	return answering_end(&desk->answering, &desk->table, &desk->error) &&
	       (group == NULL || report_group(&desk->table, group, &desk->error));
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

/* The other trace, and then this one. */
static bool step_rival(struct desk *desk)
{
	enum rival_step step = rival_step(&desk->rival, &desk->error);

	desk->is_reading = step == RIVAL_GOES_ON;
	if (step != RIVAL_DONE)
		return desk->is_reading;
	answering_begin(&desk->answering, analysis_find(bytes_of(desk->of.name)), desk->loader,
	                &desk->options.question);
	desk->is_asking = true;
	return true;
}

bool desk_step(struct desk *desk)
{
	if (desk->is_reading)
		return step_rival(desk);
	switch (desk->is_asking ? answering_step(&desk->answering) : SURVEY_WAITS) {
	case SURVEY_MORE:
		return true;
	case SURVEY_WAITS:
		return false;
	case SURVEY_OVER:
		break;
	}
	if ((desk->is_tree ? make_tree(desk) : make_table(desk)) && desk->table.is_full)
		error_set(&desk->error, ERROR_LIMIT, ERROR_NO_OFFSET,
		          "memory is too short for all of it");
	finish(desk, desk->answering.model);
	stop(desk);
	return false;
}
