/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/state.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/model/trail.h"
#include "tui/state/seek.h"

static const struct span no_span = {
	.go = INDEX_NONE, .proc = INDEX_NONE, .part = INDEX_NONE, .index = INDEX_NONE
};

static int clamp(int value, int low, int high)
{
	return value > high ? high : value < low ? low : value;
}

const char *mode_name(enum mode mode)
{
	static const char *const names[MODE_COUNT] = { "timeline", "help",  "damage",
		                                       "about",    "table", "prompt" };

	return names[mode];
}

enum mode state_keys_mode(const struct state *state)
{
	return state->prompt.is_open ? MODE_PROMPT : state->mode;
}

const char *mouse_mode_name(enum mouse_mode mode)
{
	static const char *const names[MOUSE_MODES] = { "pan", "zoom", "timing", "select" };

	return names[mode];
}

const char *area_name(enum area area)
{
	static const char *const names[AREA_COUNT] = { "",       "title",  "overview",
		                                       "ruler",  "labels", "plot",
		                                       "border", "detail", "status",
		                                       "table" };

	return names[area];
}

void state_init(struct state *state, struct budget *budget)
{
	*state = (struct state){ .want_part = INDEX_NONE, .wrong_at = -1 };
	state->at.selected = state->pointer.span = state->grab.span = no_span;
	state->at.cursor = (struct row){ .kind = ROW_STW };
	viewport_init(&state->at.viewport, 1);
	rows_init(&state->rows, budget);
	looks_init(&state->looks, budget);
	hunt_init(&state->hunt, budget);
	sieve_init(&state->sieve, budget);
	many_init(&state->many, budget);
	state->grid.period_ns = GRID_PERIOD_NS;
}

void state_free(struct state *state)
{
	rows_free(&state->rows);
	looks_free(&state->looks);
	hunt_free(&state->hunt);
	sieve_free(&state->sieve);
	many_free(&state->many);
}

static void clamp_scroll(struct state *state)
{
	int beyond = rows_lanes(&state->rows) - state->page;

	state->at.scroll = clamp(state->at.scroll, 0, beyond > 0 ? beyond : 0);
}

/* -1: the cursor is in a row that does not scroll. */
static int cursor_lane(const struct state *state)
{
	int at = rows_find(&state->rows, state->at.cursor) - ROWS_FIXED - state->rows.pinned;

	return at < 0 ? -1 : at;
}

static void scroll_to_cursor(struct state *state)
{
	int lane = cursor_lane(state);

	if (lane >= 0)
		state->at.scroll = clamp(state->at.scroll, lane - state->page + 1, lane);
	clamp_scroll(state);
}

static void go_to_end(struct viewport *viewport)
{
	viewport_pan(viewport, viewport_cell_at(viewport, viewport->end_ns) - viewport->first);
}

/* A window at the end stays there, as long as more arrives. */
static void go_with_end(struct state *state, int64_t end_ns)
{
	struct viewport *viewport = &state->at.viewport;
	bool is_at_end = !viewport->is_whole && viewport->end_ns > 0 &&
	                 viewport_end_ns(viewport) >= viewport->end_ns;

	viewport_set_end(viewport, end_ns);
	if (state->is_live && !state->is_frozen && is_at_end)
		go_to_end(viewport);
}

void state_freeze(struct state *state, bool is_frozen)
{
	struct viewport *viewport = &state->at.viewport;

	state->is_frozen = is_frozen;
	if (is_frozen) {
		state->was_whole = viewport->is_whole;
		viewport->is_whole = false;
	} else if (state->was_whole) {
		viewport_zoom_whole(viewport);
	} else {
		go_to_end(viewport);
	}
}

void state_follow(struct state *state, const struct model *model, int plot_cols, int page)
{
	bool moved = page != state->page;
	int64_t end = model->end_ns > state->sketched_ns ? model->end_ns : state->sketched_ns;

	rows_update(&state->rows, model);
	if ((!state->has_cursor || rows_find(&state->rows, state->at.cursor) < 0) &&
	    rows_lanes(&state->rows) > 0)
		state->at.cursor = rows_lane(&state->rows, 0);
	state->page = page > 0 ? page : 0;
	if (moved)
		scroll_to_cursor(state);
	else
		clamp_scroll(state);
	if (plot_cols != state->at.viewport.cols)
		viewport_set_cols(&state->at.viewport, plot_cols);
	if (end != state->at.viewport.end_ns)
		go_with_end(state, end);
	seek_resolve(model, &state->at.selected);
	trail_resolve(model, &state->at.selected);
}

void state_say(struct state *state, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(state->message, sizeof(state->message), format, args);
	va_end(args);
	state->is_error = false;
}

void state_refuse(struct state *state, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(state->message, sizeof(state->message), format, args);
	va_end(args);
	state->is_error = true;
}

void state_select(struct state *state, const struct span *span)
{
	struct row row = rows_of_span(&state->rows, span);

	state->at.selected = *span;
	state->detail_scroll = state->links.at = 0;
	state->shows_many = false;
	if (!rows_show_span(&state->rows, state->at.cursor, span) && row_has_spans(row))
		state_set_cursor(state, row);
	else
		scroll_to_cursor(state);
}

void state_deselect(struct state *state)
{
	state->at.selected = no_span;
	state->detail_scroll = state->links.at = 0;
	state->is_tall = false;
}

bool state_has_selection(const struct state *state)
{
	return state->at.selected.kind != SPAN_NONE;
}

uint32_t state_go(const struct state *state)
{
	struct row row = state->at.cursor;

	if (state_has_selection(state))
		return state->at.selected.go;
	return row_is_of_go(row) ? row.index : INDEX_NONE;
}

bool state_has_gos(const struct state *state)
{
	for (size_t i = 0; i < state->many.spans.count; i++)
		if (state->many.spans.items[i].go != INDEX_NONE)
			return true;
	return state->many.spans.count == 0 && state_go(state) != INDEX_NONE;
}

void state_gos(const struct state *state, u32_array *gos, u32_array *room)
{
	size_t kept = 0;

	array_clear(gos);
	for (size_t i = 0; i < state->many.spans.count; i++)
		if (state->many.spans.items[i].go != INDEX_NONE)
			*array_push(gos) = state->many.spans.items[i].go;
	if (state->many.spans.count == 0 && state_go(state) != INDEX_NONE)
		*array_push(gos) = state_go(state);
	radix_sort_u32(gos, room, 0, 32);
	for (size_t i = 0; i < gos->count; i++)
		if (i == 0 || gos->items[i] != gos->items[i - 1])
			gos->items[kept++] = gos->items[i];
	gos->count = kept;
}

/* The pane tells about several, not about one. */
static bool tells_of_many(const struct state *state)
{
	return state->many.spans.count > 0 && (state->shows_many || !state_has_selection(state));
}

bool state_bounds(const struct state *state, int64_t *begin_ns, int64_t *end_ns)
{
	if (tells_of_many(state)) {
		many_bounds(&state->many, begin_ns, end_ns);
		return true;
	}
	*begin_ns = state->at.selected.begin_ns;
	*end_ns = state->at.selected.end_ns;
	return state_has_selection(state);
}

bool state_has_board(const struct state *state)
{
	if (tells_of_many(state))
		return true;
	return state->range.is_set && !state_has_selection(state);
}

void state_set_cursor(struct state *state, struct row row)
{
	if (rows_find(&state->rows, row) < 0)
		return;
	state->at.cursor = row;
	state->has_cursor = true;
	scroll_to_cursor(state);
}

void state_scroll(struct state *state, int lanes)
{
	int lane = cursor_lane(state);

	state->at.scroll += clamp(lanes, -(1 << 20), 1 << 20);
	clamp_scroll(state);
	if (lane < 0 || state->page == 0)
		return;
	lane = clamp(lane, state->at.scroll, state->at.scroll + state->page - 1);
	state->at.cursor = rows_lane(&state->rows, lane);
	state->at.cursor.line = 0;
}

void state_note_look(struct state *state)
{
	state->at.look = looks_note(&state->looks, &state->rows);
}

void state_follow_look(struct state *state)
{
	unsigned look = state->at.look;

	if (look != state->looks.now && looks_restore(&state->looks, look, &state->rows))
		return;
	state_note_look(state);
}

bool span_is_same(const struct span *a, const struct span *b)
{
	if (a->kind != b->kind || a->is_on_trail != b->is_on_trail)
		return false;
	if (a->is_on_trail)
		return a->begin_ns == b->begin_ns && a->go == b->go;
	if (a->kind == SPAN_STW || a->kind == SPAN_GC || a->kind == SPAN_DAMAGE ||
	    a->kind == SPAN_TASK)
		return a->index == b->index;
	if (a->kind == SPAN_REGION || a->kind == SPAN_LOG || a->kind == SPAN_SAMPLE ||
	    a->kind == SPAN_PROC_START || a->kind == SPAN_PROC_STOP)
		return a->part == b->part && a->index == b->index && a->begin_ns == b->begin_ns;
	return a->begin_ns == b->begin_ns && a->go == b->go && a->proc == b->proc;
}

struct span state_reference(const struct state *state, int sign)
{
	const struct viewport *window = &state->at.viewport;
	const struct span *selected = &state->at.selected;

	if (state_has_selection(state) &&
	    viewport_touches(window, selected->begin_ns, selected->end_ns))
		return *selected;
	return (struct span){ .begin_ns = sign > 0 ? viewport_begin_ns(window)
		                                   : viewport_end_ns(window) };
}
