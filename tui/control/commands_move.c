/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"
#include "tui/control/number.h"

/* Moving about: time window and rows. */

enum { ROWS_ALL = 1 << 20 /* more than there can be of any kind */ };

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

static struct viewport *window_of(struct state *state)
{
	return &state->at.viewport;
}

/* ---- time */

unsigned command_pan(struct state *state, const struct model *model, int argc, char **argv)
{
	struct viewport *window = window_of(state);
	int64_t first = window->first;
	int64_t cells;

	(void)model;
	if (argc != 2 || !number_parse_pan(argv[1], window, &cells))
		return command_misuse(state, argv[0]);
	viewport_pan(window, cells);
	if (window->first == first)
		state_refuse(state, "the trace %s here", cells < 0 ? "begins" : "ends");
	return EFFECT_REDRAW;
}

/* The column that keeps its time: of the mouse, if it just moved; of the selection; the middle. */
static int anchor_col(const struct state *state)
{
	const struct viewport *window = &state->at.viewport;
	const struct span *selected = &state->at.selected;
	int64_t begin, end;

	if (state->pointer_is_fresh && state->pointer.area == AREA_OVERVIEW &&
	    viewport_holds(window, state->pointer.strip_ns, state->pointer.strip_ns))
		return (int)viewport_col_of(window, state->pointer.strip_ns);
	if (state->pointer_is_fresh && state->pointer.area != AREA_OVERVIEW &&
	    state->pointer.plot_col >= 0 && state->pointer.plot_col < window->cols)
		return state->pointer.plot_col;
	if (!state_has_selection(state) ||
	    !viewport_touches(window, selected->begin_ns, selected->end_ns))
		return window->cols / 2;
	begin = viewport_col_of(window, selected->begin_ns);
	end = viewport_col_of(window, selected->end_ns);
	begin = begin < 0 ? 0 : begin;
	end = end >= window->cols ? window->cols - 1 : end;
	return (int)((begin + end) / 2);
}

/* Steps in, or out, of 1.5 and of 10. */
static unsigned zoom_by(struct state *state, int steps, int leaps)
{
	bool moved = viewport_zoom(window_of(state), steps, leaps, anchor_col(state));

	if (!moved && steps + leaps > 0)
		state_refuse(state, "%d ns a cell is as close as it gets", VIEWPORT_MIN_NS);
	else if (!moved)
		state_refuse(state, "this is the whole trace");
	return EFFECT_REDRAW;
}

static unsigned zoom_step(struct state *state, int sign, const char *factor)
{
	bool leap = is(factor, "10");

	if (!leap && !is(factor, "1.5"))
		return command_misuse(state, "zoom");
	return zoom_by(state, leap ? 0 : sign, leap ? sign : 0);
}

/* The selection with an eighth of its length on both sides; of a moment, twenty cells. */
static unsigned zoom_selection(struct state *state)
{
	struct viewport *window = window_of(state);
	int64_t begin_ns, end_ns, around;
	struct viewport before;

	if (!state_bounds(state, &begin_ns, &end_ns)) {
		state_refuse(state,
		             "nothing is selected: Tab selects in the row, ! the longest STW");
		return EFFECT_REDRAW;
	}
	around = end_ns > begin_ns ? (end_ns - begin_ns) / 8 : viewport_cell_ns(window, 10);
	before = *window;
	viewport_set_window(window, begin_ns - around, end_ns + around);
	if (before.scale == window->scale && before.first == window->first)
		state_say(state, "the selection fills the window");
	return EFFECT_REDRAW;
}

unsigned command_zoom(struct state *state, const struct model *model, int argc, char **argv)
{
	int steps;

	(void)model;
	if (argc == 2 && number_parse(argv[1], &steps) && steps != 0)
		return zoom_by(state, steps, 0);
	if (argc == 2 && is(argv[1], "all")) {
		if (window_of(state)->is_whole)
			state_refuse(state, "this is the whole trace");
		viewport_zoom_whole(window_of(state));
		return EFFECT_REDRAW;
	}
	if (argc == 2 && is(argv[1], "selection"))
		return zoom_selection(state);
	if ((argc == 2 || argc == 3) && is(argv[1], "in"))
		return zoom_step(state, 1, argc == 3 ? argv[2] : "1.5");
	if ((argc == 2 || argc == 3) && is(argv[1], "out"))
		return zoom_step(state, -1, argc == 3 ? argv[2] : "1.5");
	return command_misuse(state, argv[0]);
}

/* ---- rows */

static unsigned move_row(struct state *state, int rows)
{
	struct row before = state->at.cursor;

	state_set_cursor(state, rows_step(&state->rows, before, rows));
	if (row_equal(before, state->at.cursor))
		state_refuse(state, "this is the %s row", rows < 0 ? "first" : "last");
	return EFFECT_REDRAW;
}

static unsigned move_cursor(struct state *state, int rows)
{
	if (state->mode == MODE_DAMAGE) {
		state->damage_row += rows; /* view_settle knows how many there are */
		return EFFECT_REDRAW;
	}
	if (state->mode == MODE_TABLE) {
		struct sheet *sheet = sheets_now(&state->sheets);
		int before = sheet->row;

		if (state->sheets.is_tree) {
			state->sheets.steps.down += rows;
			return EFFECT_REDRAW;
		}
		sheet->row = rows > 0 && sheet->row > state->sheets.rows - 1 - rows
		                     ? state->sheets.rows - 1
		                     : sheet->row + rows;
		sheet->row = sheet->row < 0 ? 0 : sheet->row;
		if (sheet->row == before)
			state_refuse(state, "this is the %s row", rows < 0 ? "first" : "last");
		return EFFECT_REDRAW;
	}
	return move_row(state, rows);
}

unsigned command_row(struct state *state, const struct model *model, int argc, char **argv)
{
	int rows;

	(void)model;
	if (argc == 2 && is(argv[1], "first"))
		return move_cursor(state, -ROWS_ALL);
	if (argc == 2 && is(argv[1], "last"))
		return move_cursor(state, ROWS_ALL);
	if (argc != 2 || !number_parse(argv[1], &rows))
		return command_misuse(state, argv[0]);
	return move_cursor(state, rows);
}

unsigned command_page(struct state *state, const struct model *model, int argc, char **argv)
{
	int pages;

	(void)model;
	if (argc != 2 || !number_parse(argv[1], &pages))
		return command_misuse(state, argv[0]);
	return move_cursor(state, pages * (state->page > 1 ? state->page - 1 : 1));
}

unsigned command_scroll(struct state *state, const struct model *model, int argc, char **argv)
{
	int before = state->at.scroll;
	int rows;

	(void)model;
	if (argc != 2 || !number_parse(argv[1], &rows))
		return command_misuse(state, argv[0]);
	if (state->mode == MODE_HELP || state->mode == MODE_ABOUT) {
		state->table_scroll += rows;
		return EFFECT_REDRAW;
	}
	if (state->mode == MODE_DAMAGE || state->mode == MODE_TABLE)
		return move_cursor(state, rows);
	state_scroll(state, rows);
	if (state->at.scroll == before)
		state_refuse(state, "no more rows %s", rows < 0 ? "above" : "below");
	return EFFECT_REDRAW;
}
