/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

/* What the mouse holds and moves: the window, the rows, the range. */

enum { SNAP_CELLS = 2, GRAB_CELLS = 1 };

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

static struct viewport *window_of(struct state *state)
{
	return &state->at.viewport;
}

static void center_on(struct state *state, int64_t time_ns)
{
	struct viewport *window = window_of(state);
	int64_t first = window->first;

	viewport_pan(window, viewport_cell_at(window, time_ns) - window->first - window->cols / 2);
	if (window->first == first)
		state_say(state, window->is_whole ? "the window is the whole trace: w zooms in"
		                                  : "the window is there");
}

static unsigned center_on_selection(struct state *state)
{
	const struct span *selected = &state->at.selected;

	if (state_has_selection(state))
		center_on(state, selected->begin_ns + (selected->end_ns - selected->begin_ns) / 2);
	else
		state_refuse(state, "nothing is selected");
	return EFFECT_REDRAW;
}

unsigned command_window(struct state *state, const struct model *model, int argc, char **argv)
{
	if (argc == 2 && is(argv[1], "selection"))
		return center_on_selection(state);
	if (argc != 2 || !is(argv[1], "pointer"))
		return command_misuse(state, argv[0]);
	center_on(state, state->pointer.strip_ns);
	return EFFECT_REDRAW | command_grab(state, model, argc, argv);
}

/* ---- the range */

static int64_t distance(const struct viewport *window, int64_t a_ns, int64_t b_ns)
{
	int64_t cells = viewport_col_of(window, a_ns) - viewport_col_of(window, b_ns);

	return cells < 0 ? -cells : cells;
}

/* The end of the span under the mouse that is near, or where the mouse is. */
static int64_t snapped_ns(const struct state *state, const struct pointer *pointer, bool is_free)
{
	const struct viewport *window = &state->at.viewport;
	const struct span *span = &pointer->span;
	int64_t at = pointer->time_ns;
	int64_t to_begin, to_end;

	if (is_free || span->kind == SPAN_NONE)
		return at;
	to_begin = distance(window, span->begin_ns, at);
	to_end = distance(window, span->end_ns, at);
	if (to_begin <= SNAP_CELLS && to_begin <= to_end)
		return span->begin_ns;
	return to_end <= SNAP_CELLS ? span->end_ns : at;
}

/* An end that is under the mouse is moved, else a new range begins. */
static void grab_range(struct state *state)
{
	const struct viewport *window = &state->at.viewport;
	const struct range *range = &state->range;
	int64_t at = state->pointer.time_ns;

	state->grab_other_ns = snapped_ns(state, &state->pointer, false);
	if (!range->is_set)
		return;
	if (distance(window, range->begin_ns, at) <= GRAB_CELLS)
		state->grab_other_ns = range->end_ns;
	else if (distance(window, range->end_ns, at) <= GRAB_CELLS)
		state->grab_other_ns = range->begin_ns;
}

static void drag_range(struct state *state, bool is_free)
{
	int64_t a = state->grab_other_ns, b = snapped_ns(state, &state->pointer, is_free);

	state->range = (struct range){
		.begin_ns = a < b ? a : b,
		.end_ns = a < b ? b : a,
		.is_set = distance(window_of(state), a, b) > 0,
	};
}

/* ---- holding and letting go */

unsigned command_grab(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model, (void)argc, (void)argv;
	state->grab = state->pointer;
	state->grab_window = state->at.viewport;
	state->grab_scroll = state->at.scroll;
	state->grab_more = state->detail_more;
	state->is_grabbed = true;
	state->grab_is_click = false;
	grab_range(state);
	return 0;
}

unsigned command_release(struct state *state, const struct model *model, int argc, char **argv)
{
	bool was_once = state->mouse_is_once && state->is_grabbed;

	(void)argc, (void)argv;
	if (state->is_grabbed && state->grab_is_click)
		many_clear(&state->many);
	state->is_grabbed = state->grab_is_click = false;
	if (was_once)
		state->mouse_is_once = false;
	if (state->box.is_drawn)
		return command_run(state, model, "select box");
	return was_once ? EFFECT_REDRAW : 0;
}

/* ---- dragging */

/* A click selects, a drag does not. */
static void unclick(struct state *state)
{
	state->grab_is_click = false;
	state->at.selected = state->grab_selected;
	state->shows_many = state->grab_shows_many;
}

static void drag_pan(struct state *state)
{
	const struct pointer *to = &state->pointer;
	const struct place before = state->at;

	viewport_pan(window_of(state), state->grab_window.first - (to->col - state->grab.col) -
	                                       state->at.viewport.first);
	state_scroll(state, state->grab_scroll - (to->row - state->grab.row) - state->at.scroll);
	if (before.viewport.first == state->at.viewport.first && before.scroll == state->at.scroll)
		state_say(state, "no farther that way");
}

/* The pane's border goes with the mouse. */
static void drag_pane(struct state *state)
{
	state->detail_more = state->grab_more + state->grab.row - state->pointer.row;
}

/* A row up is 1.25 times in, around where the mouse was pressed. */
static void drag_zoom(struct state *state)
{
	struct viewport window = state->grab_window;
	int nudges = state->grab.row - state->pointer.row;
	int anchor = state->grab.plot_col;

	if (window.cols != state->at.viewport.cols || window.end_ns != state->at.viewport.end_ns)
		return; /* another screen meanwhile, or a longer trace */
	viewport_nudge(&window, nudges, anchor < 0 ? 0 : anchor);
	*window_of(state) = window;
}

/* The rows and the time between where the mouse was pressed and where it is. */
static void drag_box(struct state *state, bool adds)
{
	const struct viewport *window = &state->at.viewport;
	const struct pointer *from = &state->grab, *to = &state->pointer;
	int64_t a = viewport_col_of(window, from->time_ns), b = to->plot_col;

	if (!from->has_lane || !to->has_lane)
		return;
	state->box = (struct box){
		.first = from->lane,
		.last = to->lane,
		.begin_ns = viewport_col_ns(window, a < b ? a : b),
		.end_ns = viewport_col_ns(window, (a < b ? b : a) + 1),
		.adds = adds,
		.is_drawn = a != b || !row_equal(from->lane, to->lane),
	};
}

static void drag_by_mode(struct state *state, bool is_free)
{
	enum mouse_mode mode = state->mouse_is_once ? MOUSE_PAN : (enum mouse_mode)state->mouse;

	switch (mode) {
	case MOUSE_PAN:
		drag_pan(state);
		break;
	case MOUSE_ZOOM:
		drag_zoom(state);
		break;
	case MOUSE_TIMING:
		drag_range(state, is_free);
		break;
	case MOUSE_SELECT:
		drag_box(state, is_free);
		break;
	case MOUSE_MODES:
		break;
	}
}

unsigned command_drag(struct state *state, const struct model *model, int argc, char **argv)
{
	const char *how = argc >= 2 ? argv[1] : "";
	bool is_free = argc == 3 && is(argv[2], "free");

	if (argc > 3 || (argc == 3 && !is_free) ||
	    (!is(how, "pan") && !is(how, "window") && !is(how, "range") && !is(how, "mode") &&
	     !is(how, "box") && !is(how, "pane")))
		return command_misuse(state, argv[0]);
	if (!state->is_grabbed)
		command_grab(state, model, argc, argv);
	if (state->grab_is_click)
		unclick(state);
	if (is(how, "window"))
		center_on(state, state->pointer.strip_ns);
	else if (is(how, "range"))
		drag_range(state, is_free);
	else if (is(how, "box"))
		drag_box(state, is_free);
	else if (is(how, "pane"))
		drag_pane(state);
	else if (is(how, "mode"))
		drag_by_mode(state, is_free);
	else
		drag_pan(state);
	return EFFECT_REDRAW;
}

/* ---- modes */

unsigned command_mouse(struct state *state, const struct model *model, int argc, char **argv)
{
	static const char *const does[MOUSE_MODES] = {
		"a drag pans",
		"a drag up zooms in, down out",
		"a drag measures time; m: that of the selection",
		"a drag selects what is in its box; with Alt: more",
	};

	(void)model;
	if (argc == 2 && is(argv[1], "report"))
		return EFFECT_MOUSE;
	if (argc == 2 && is(argv[1], "once")) {
		if (state->mouse_is_once)
			state->mouse = MOUSE_PAN;
		state->mouse_is_once = !state->mouse_is_once;
		state_say(state, state->mouse_is_once ? "the next drag pans" : "a drag pans");
		return EFFECT_REDRAW;
	}
	for (uint8_t mode = 0; argc == 2 && mode < MOUSE_MODES; mode++)
		if (is(argv[1], mouse_mode_name((enum mouse_mode)mode))) {
			state->mouse = mode;
			state->mouse_is_once = false;
			state_say(state, "mouse: %s", does[mode]);
			return EFFECT_REDRAW;
		}
	return command_misuse(state, argv[0]);
}

/* ---- the range by keys */

static bool is_range(const struct state *state, int64_t begin_ns, int64_t end_ns)
{
	return state->range.is_set && state->range.begin_ns == begin_ns &&
	       state->range.end_ns == end_ns;
}

/* Once: that of the selection; once more: none. */
static unsigned set_to_selection(struct state *state)
{
	int64_t begin_ns, end_ns;

	if (!state_bounds(state, &begin_ns, &end_ns)) {
		state->range.is_set = false;
		state_refuse(state, "nothing is selected to measure");
	} else if (is_range(state, begin_ns, end_ns)) {
		state->range.is_set = false;
	} else {
		state->range = (struct range){ begin_ns, end_ns, true };
	}
	return EFFECT_REDRAW;
}

static unsigned set_to_span(struct state *state, const struct model *model)
{
	const struct span *span = &state->pointer.span;

	if (state->mouse == MOUSE_SELECT && span->kind != SPAN_NONE)
		return command_run(state, model, "select title");
	if (state->mouse != MOUSE_TIMING)
		state_say(state, "a double click selects all of a title (1), or measures (4)");
	else if (span->kind == SPAN_NONE)
		state_refuse(state, "nothing is there to be measured");
	else
		state->range = (struct range){ span->begin_ns, span->end_ns, true };
	return EFFECT_REDRAW;
}

unsigned command_range(struct state *state, const struct model *model, int argc, char **argv)
{
	if (argc == 2 && is(argv[1], "selection"))
		return set_to_selection(state);
	if (argc == 2 && is(argv[1], "pointer"))
		return set_to_span(state, model);
	if (argc == 2 && is(argv[1], "window")) {
		const struct viewport *window = &state->at.viewport;
		int64_t begin = viewport_begin_ns(window), end = viewport_end_ns(window);

		state->range = (struct range){ begin < 0 ? 0 : begin,
			                       end > window->end_ns ? window->end_ns : end, true };
		return EFFECT_REDRAW;
	}
	if (argc != 2 || !is(argv[1], "none"))
		return command_misuse(state, argv[0]);
	state->range.is_set = false;
	return EFFECT_REDRAW;
}
