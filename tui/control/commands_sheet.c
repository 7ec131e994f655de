/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <stdio.h>

#include "core/analysis/analysis.h"
#include "core/analysis/pattern.h"
#include "tui/control/number.h"

/* Tables in place of the timeline (tui/state/sheet.h). */

static bool is_open(const struct state *state)
{
	return state->mode == MODE_TABLE;
}

/* Whether a table can be of what is selected alone; says why not. */
static bool can_choose(struct state *state, const struct sheet *sheet)
{
	const struct analysis *analysis = analysis_find(bytes_of(sheet->name));

	if (analysis == NULL || analysis->filtered == FILTERED_NOT)
		state_refuse(state, "this is not about goroutines");
	else if (!state_has_gos(state))
		state_refuse(state, "no goroutine is selected on the timeline");
	else
		return true;
	return false;
}

/* A selector, what the command line has, or that only what is selected counts. */
static bool add_word(struct sheet *sheet, const char *word)
{
	if (strncmp(word, "--", 2) != 0)
		return sheet_select(sheet, word);
	if (strcmp(word, "--selected") != 0)
		return sheet_add_option(sheet, word);
	sheet->is_selected = true;
	return true;
}

/* With what is said of it behind its name: "--window=10ms" and the like, and a selector. */
static unsigned show(struct state *state, const char *name, int argc, char **argv)
{
	struct sheet sheet;
	bool fits = sheet_make(&sheet, name);

	for (int i = 0; i < argc && fits; i++)
		fits = add_word(&sheet, argv[i]);
	if (!fits) {
		state_refuse(state, "too much for one table");
		return EFFECT_REDRAW;
	}
	if (sheet.is_selected && !can_choose(state, &sheet))
		return EFFECT_REDRAW;
	sheets_push(&state->sheets, &sheet);
	state->mode = MODE_TABLE;
	return EFFECT_REDRAW;
}

static int selectors(int argc, char **argv)
{
	int count = 0;

	for (int i = 0; i < argc; i++)
		count += strncmp(argv[i], "--", 2) != 0;
	return count;
}

/* Without a name: the list of them, or back to the timeline. */
unsigned command_table(struct state *state, const struct model *model, int argc, char **argv)
{
	const struct analysis *analysis = argc > 1 ? analysis_find(bytes_of(argv[1])) : NULL;

	(void)model;
	if (argc == 1 && is_open(state)) {
		state->mode = MODE_TIMELINE;
		return EFFECT_REDRAW;
	}
	if (argc == 1) {
		state->sheets.depth = 0;
		return show(state, "", 0, NULL);
	}
	if (analysis == NULL || selectors(argc - 2, argv + 2) > 1)
		return command_misuse(state, "table");
	if (selectors(argc - 2, argv + 2) == 1 && analysis->selector == NULL) {
		state_refuse(state, "%s takes no name", analysis->name);
		return EFFECT_REDRAW;
	}
	return show(state, analysis->name, argc - 2, argv + 2);
}

/* With another trace; with none, the range that is measured with the window, or the halves of the
 * window. */
unsigned command_compare(struct state *state, const struct model *model, int argc, char **argv)
{
	const struct viewport *window = &state->at.viewport;
	int64_t begin_ns = viewport_begin_ns(window), end_ns = viewport_end_ns(window);
	const char *other = argc > 1 ? argv[1] : state->range.is_set ? NULL : state->rival;
	struct sheet sheet;

	if (argc > 2)
		return command_misuse(state, argv[0]);
	sheet_make(&sheet, "compare");
	if (other != NULL && !sheet_select(&sheet, other)) {
		state_refuse(state, "too long a name");
		return EFFECT_REDRAW;
	}
	if (other == NULL && state->range.is_set) {
		sheet.has_stretches = true;
		sheet.stretches[0] =
			(struct stretch_asked){ state->range.begin_ns, state->range.end_ns };
		sheet.stretches[1] =
			(struct stretch_asked){ begin_ns < 0 ? 0 : begin_ns,
			                        end_ns > model->end_ns ? model->end_ns : end_ns };
	} else if (other == NULL && (begin_ns > 0 || end_ns < model->end_ns)) {
		sheet.is_within = true;
		sheet.from_ns = begin_ns;
		sheet.to_ns = end_ns;
	}
	sheets_push(&state->sheets, &sheet);
	state->mode = MODE_TABLE;
	return EFFECT_REDRAW;
}

static unsigned move_column(struct state *state, int columns)
{
	struct sheet *sheet = sheets_now(&state->sheets);
	int before = sheet->column;

	if (state->sheets.is_tree) {
		state->sheets.steps.right += columns;
		return EFFECT_REDRAW;
	}
	sheet->column += columns;
	if (sheet->column < 0 || sheet->column >= state->sheets.cols) {
		sheet->column = before;
		state_refuse(state, "this is the %s column", columns < 0 ? "first" : "last");
	}
	return EFFECT_REDRAW;
}

/* By the column under the cursor; again: the other way round; once more: as they came. */
static unsigned order(struct state *state)
{
	struct sheet *sheet = sheets_now(&state->sheets);

	if (state->sheets.is_tree) {
		state_refuse(state, "the most expensive calls come first");
		return EFFECT_REDRAW;
	}
	if (sheet->order != sheet->column + 1) {
		sheet->order = sheet->column + 1;
		sheet->is_reversed = false;
	} else if (!sheet->is_reversed) {
		sheet->is_reversed = true;
	} else {
		sheet->order = 0;
		sheet->is_reversed = false;
	}
	return EFFECT_REDRAW;
}

/* Another tree has other calls. */
static void start_tree(struct sheet *sheet)
{
	sheet->zoom = 0;
	if (sheet_find_option(sheet, "--tree") != NULL)
		sheet->row = 0;
}

/* Of the range that is measured, or else of the window; again: of the whole trace. */
static unsigned narrow(struct state *state)
{
	struct sheet *sheet = sheets_now(&state->sheets);
	const struct viewport *window = &state->at.viewport;

	if (sheet->has_stretches) {
		state_refuse(state, "this is about two stretches already");
		return EFFECT_REDRAW;
	}
	start_tree(sheet);
	sheet->is_within = !sheet->is_within;
	sheet->from_ns = state->range.is_set ? state->range.begin_ns : viewport_begin_ns(window);
	sheet->to_ns = state->range.is_set ? state->range.end_ns : viewport_end_ns(window);
	state_say(state, "%s",
	          !sheet->is_within     ? "of the whole trace"
	          : state->range.is_set ? "of the range; w: of the whole trace"
	                                : "of the window; w: of the whole trace");
	return EFFECT_REDRAW;
}

/* The row under the mouse, behind the title and the heads. */
static unsigned point(struct state *state)
{
	struct sheet *sheet = sheets_now(&state->sheets);
	int line = state->pointer.row - SHEET_LINES_BEFORE;

	if (state->sheets.is_tree) {
		state->sheets.steps.to_pointer = true;
		state->sheets.steps.row = state->pointer.row;
		state->sheets.steps.col = state->pointer.col;
		return EFFECT_REDRAW;
	}
	if (line >= 0 && line < state->sheets.lines && sheet->scroll + line < state->sheets.rows)
		sheet->row = sheet->scroll + line;
	return EFFECT_REDRAW;
}

/* A call of a tree is made as wide as the screen; once it is, and in tables, one goes where it
 * leads. */
static unsigned open_row(struct state *state)
{
	struct sheet next = *sheets_now(&state->sheets);

	if (!state->sheets.is_tree || next.zoom == (uint32_t)next.row + 1)
		return EFFECT_OPEN;
	next.zoom = (uint32_t)next.row + 1;
	sheets_push(&state->sheets, &next);
	return EFFECT_REDRAW;
}

/* What shows the same as other rows. */
static bool is_shape(const char *option)
{
	return strcmp(option, "--tree") == 0 || strncmp(option, "--peek=", 7) == 0 ||
	       strncmp(option, "--group=", 8) == 0;
}

/* From the functions of a profile to its tree of calls, or back. */
static unsigned turn(struct state *state)
{
	const struct sheet *sheet = sheets_now(&state->sheets);
	const struct analysis *analysis = analysis_find(bytes_of(sheet->name));
	struct sheet other;

	if (!analysis_has_profile(analysis)) {
		state_refuse(state, "only profiles are trees of calls: cpu, sync, sched ...");
		return EFFECT_REDRAW;
	}
	other = *sheet;
	memset(other.options, 0, sizeof(other.options));
	for (const char *o = sheet_option(sheet); o != NULL; o = sheet_next_option(o))
		if (!is_shape(o))
			sheet_add_option(&other, o);
	if (sheet_find_option(sheet, "--tree") == NULL && !sheet_add_option(&other, "--tree")) {
		state_refuse(state, "too much for one table");
		return EFFECT_REDRAW;
	}
	other.row = other.scroll = other.column = other.order = 0;
	start_tree(&other);
	other.keep[0] = '\0';
	sheets_push(&state->sheets, &other);
	return EFFECT_REDRAW;
}

/* Of the goroutines that are selected on the timeline; again: of all. */
static unsigned choose(struct state *state)
{
	struct sheet *sheet = sheets_now(&state->sheets);

	if (!sheet->is_selected && !can_choose(state, sheet))
		return EFFECT_REDRAW;
	start_tree(sheet);
	sheet->is_selected = !sheet->is_selected;
	state_say(state, "%s",
	          sheet->is_selected ? "of the selected goroutines; o: of all"
	                             : "of all goroutines");
	return EFFECT_REDRAW;
}

static unsigned seek_hit(struct state *state, int hits)
{
	if (!state->sheets.is_tree || sheets_now(&state->sheets)->keep[0] == '\0')
		state_refuse(state, "nothing is looked for in a tree of calls; / does");
	else
		state->sheets.steps.hits += hits;
	return EFFECT_REDRAW;
}

static unsigned go_back(struct state *state)
{
	if (!sheets_back(&state->sheets))
		state->mode = MODE_TIMELINE;
	return EFFECT_REDRAW;
}

unsigned command_sheet(struct state *state, const struct model *model, int argc, char **argv)
{
	int columns;

	(void)model;
	if (argc < 2)
		return command_misuse(state, argv[0]);
	if (!is_open(state)) {
		state_refuse(state, "no table is open; I lists them");
		return EFFECT_REDRAW;
	}
	if (argc == 3 && strcmp(argv[1], "column") == 0 && number_parse(argv[2], &columns))
		return move_column(state, columns);
	if (argc == 3 && strcmp(argv[1], "hit") == 0 && number_parse(argv[2], &columns))
		return seek_hit(state, columns);
	if (argc != 2)
		return command_misuse(state, argv[0]);
	if (strcmp(argv[1], "open") == 0)
		return open_row(state);
	if (strcmp(argv[1], "tree") == 0)
		return turn(state);
	if (strcmp(argv[1], "goroutines") == 0)
		return choose(state);
	if (strcmp(argv[1], "peek") == 0) {
		state->sheets.wish = SHEET_PEEKS;
		return EFFECT_OPEN;
	}
	if (strcmp(argv[1], "group") == 0) {
		state->sheets.wish = SHEET_GROUPS;
		return EFFECT_OPEN;
	}
	if (strcmp(argv[1], "pointer") == 0)
		return point(state);
	if (strcmp(argv[1], "back") == 0)
		return go_back(state);
	if (strcmp(argv[1], "order") == 0)
		return order(state);
	if (strcmp(argv[1], "window") == 0)
		return narrow(state);
	return command_misuse(state, argv[0]);
}

unsigned command_keep(struct state *state, const struct model *model, int argc, char **argv)
{
	struct pattern pattern;
	struct error err = { 0 };
	struct sheet *sheet;

	(void)model;
	if (!is_open(state)) {
		state_refuse(state, "no table is open; I lists them");
		return EFFECT_REDRAW;
	}
	sheet = sheets_now(&state->sheets);
	if (argc > 1 && strlen(argv[1]) >= sizeof(sheet->keep)) {
		state_refuse(state, "too long an expression");
		return EFFECT_REDRAW;
	}
	if (argc > 1 && !pattern_open(&pattern, bytes_of(argv[1]), &err)) {
		state_refuse(state, "%s", err.message);
		command_blame(state, (size_t)err.offset);
		return EFFECT_REDRAW;
	}
	if (argc > 1)
		pattern_close(&pattern);
	snprintf(sheet->keep, sizeof(sheet->keep), "%s", argc > 1 ? argv[1] : "");
	state->sheets.steps.to_best = state->sheets.is_tree && argc > 1;
	return EFFECT_REDRAW;
}
