/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/overlay.h"

#include <stdio.h>

#include "tui/view/look.h"
#include "tui/view/pick.h"
#include "tui/view/ruler.h"

enum { GRID_CELLS_MIN = 3 /* finer ones would hide what they divide */ };

struct overlay {
	struct cells *cells;
	const struct layout *layout;
	const struct state *state;
	const struct model *model;
	const struct viewport *window;
	struct cell marks[VIEWPORT_COLS_MAX]; /* code 0: none */
};

/* ---- what lies behind all lanes */

static void mark_cols(struct overlay *o, int64_t begin_ns, int64_t end_ns, uint32_t code,
                      enum colour colour)
{
	int64_t first = viewport_col_of(o->window, begin_ns);
	int64_t last = viewport_col_of(o->window, end_ns > begin_ns ? end_ns - 1 : begin_ns);

	for (int64_t i = first < 0 ? 0 : first; i <= last && i < o->window->cols; i++)
		o->marks[i] =
			(struct cell){ .code = code,
			               .style = { .fg = (uint8_t)colour, .bg = COLOUR_IDLE } };
}

/* A line a period, from a moment on in both directions. */
static void mark_grid(struct overlay *o)
{
	const struct grid *grid = &o->state->grid;
	int64_t begin = viewport_begin_ns(o->window), end = viewport_end_ns(o->window);
	int64_t at = begin - grid->anchor_ns;

	if (!grid->is_on || viewport_cell_ns(o->window, GRID_CELLS_MIN) > grid->period_ns)
		return;
	at = grid->anchor_ns + at / grid->period_ns * grid->period_ns - grid->period_ns;
	for (; at < end; at += grid->period_ns)
		if (at >= begin)
			mark_cols(o, at, at, look_sign(o->cells, SIGN_BAR), COLOUR_DIM);
}

/* Stops after cycles: they count more. Both are in order, and few of them are seen. */
static void mark_gc(struct overlay *o)
{
	int64_t begin = viewport_begin_ns(o->window), end = viewport_end_ns(o->window);

	for (size_t i = 0; i < o->model->cycles.count; i++) {
		const struct gc_cycle *cycle = &o->model->cycles.items[i];

		if (cycle->begin_ns < end && cycle->end_ns > begin)
			mark_cols(o, cycle->begin_ns, cycle->end_ns,
			          look_sign(o->cells, SIGN_UNKNOWN), COLOUR_GC);
	}
	for (size_t i = 0; i < o->model->stops.count; i++) {
		const struct stw *stop = &o->model->stops.items[i];

		if (stop->begin_ns < end && stop->end_ns >= begin)
			mark_cols(o, stop->begin_ns, stop->end_ns,
			          o->cells->mono ? '!' : look_sign(o->cells, SIGN_BAR), COLOUR_STW);
	}
}

static struct cell *cell_at(const struct overlay *o, int row, int col)
{
	return &o->cells->grid[(size_t)row * (size_t)o->cells->cols +
	                       (size_t)(o->layout->plot_col + col)];
}

static bool is_idle(const struct cell *cell)
{
	return cell->code == ' ' && cell->style.bg == COLOUR_IDLE && cell->style.attributes == 0;
}

static void put_marks(const struct overlay *o, int row)
{
	for (int i = 0; i < o->window->cols; i++)
		if (o->marks[i].code != 0 && is_idle(cell_at(o, row, i)))
			*cell_at(o, row, i) = o->marks[i];
}

static void draw_marks(struct overlay *o)
{
	struct row row;

	if (!o->state->grid.is_on && !o->state->highlights_gc)
		return;
	mark_grid(o);
	if (o->state->highlights_gc)
		mark_gc(o);
	for (int at = 0; at < o->layout->rows; at++)
		if (pick_row(o->layout, o->state, at, &row) && row_is_lane(row))
			put_marks(o, at);
}

/* ---- the box */

/* Its rows by their labels, its time over the ruler, and both its sides. */
static void draw_box(const struct overlay *o)
{
	const struct box *box = &o->state->box;
	const struct rows *rows = &o->state->rows;
	int first = rows_find(rows, box->first), last = rows_find(rows, box->last);
	int64_t left = viewport_col_of(o->window, box->begin_ns);
	int64_t right = viewport_col_of(o->window, box->end_ns - 1);
	struct row row;

	if (!box->is_drawn)
		return;
	ruler_draw_range(o->cells, o->layout->ruler, o->layout->plot_col, o->window, box->begin_ns,
	                 box->end_ns);
	for (int at = 0; at < o->layout->rows; at++) {
		int place;

		if (!pick_row(o->layout, o->state, at, &row))
			continue;
		place = rows_find(rows, row);
		if (place < (first < last ? first : last) || place > (first < last ? last : first))
			continue;
		if (left >= 0 && left < o->window->cols)
			cell_at(o, at, (int)left)->style.attributes ^= ATTRIBUTE_REVERSE;
		if (right != left && right >= 0 && right < o->window->cols)
			cell_at(o, at, (int)right)->style.attributes ^= ATTRIBUTE_REVERSE;
	}
}

/* ---- wake-ups */

static bool is_its_row(const struct flow *flow, struct row row)
{
	if (row.line > 0)
		return false;
	return row.kind == ROW_RUN ? flow->proc == row.index
	                           : row.kind == ROW_GO && flow->go == row.index;
}

/* The line of the screen where an end is; -1: above all that are seen, -2: below, -3: nowhere. */
static int row_of(const struct overlay *o, const struct flow *flow)
{
	const struct rows *rows = &o->state->rows;
	bool of_gos = rows->lanes_of == LANES_OF_GOS;
	struct row wanted = { .kind = of_gos ? ROW_GO : ROW_RUN,
		              .index = of_gos ? flow->go : flow->proc };
	struct row row;
	int place;

	for (int at = 0; at < o->layout->rows; at++)
		if (pick_row(o->layout, o->state, at, &row) && is_its_row(flow, row))
			return at;
	place = rows_find(rows, wanted);
	if (place < 0)
		return -3;
	return place - ROWS_FIXED - rows->pinned < o->state->at.scroll ? -1 : -2;
}

static void draw_end(const struct overlay *o, const struct flow *flow, int row)
{
	int64_t col = viewport_col_of(o->window, flow->time_ns);
	struct cell *cell;

	col = col < 0 ? 0 : col >= o->window->cols ? o->window->cols - 1 : col;
	cell = cell_at(o, row, (int)col);
	cell->code = look_sign(o->cells, flow->is_incoming ? SIGN_IN : SIGN_OUT);
	cell->style.attributes |= ATTRIBUTE_BOLD;
	if (cell->style.bg != COLOUR_IDLE)
		cell->style.fg = COLOUR_INK;
}

/* How many there are on one side, in the corner of the labels. */
static void draw_count(const struct overlay *o, int row, const char *sign, const char *ascii,
                       int count)
{
	char text[16];

	snprintf(text, sizeof(text), "%s%-2d", look_is_ascii(o->cells) ? ascii : sign, count);
	cells_print(o->cells, row, ROWS_COLS - 5, 4, text, look_title);
}

static void draw_hidden(const struct overlay *o, int above, int below)
{
	const struct stripe *lanes = &o->layout->lanes;

	if (above > 0 && lanes->rows > 0)
		draw_count(o, lanes->row, "\xe2\x96\xb2", "^", above);
	if (below > 0 && lanes->rows > 0)
		draw_count(o, lanes->row + lanes->rows - 1, "\xe2\x96\xbc", "v", below);
}

static void draw_flows(const struct overlay *o, const struct flows *flows)
{
	int above = 0, below = 0;

	for (size_t i = 0; i < flows->count; i++) {
		int row = row_of(o, &flows->items[i]);

		above += row == -1;
		below += row == -2;
		if (row >= 0)
			draw_end(o, &flows->items[i], row);
	}
	draw_hidden(o, above, below);
}

void overlay_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                  const struct model *model, const struct flows *flows)
{
	struct overlay o = { .cells = cells,
		             .layout = layout,
		             .state = state,
		             .model = model,
		             .window = &state->at.viewport };

	draw_marks(&o);
	draw_box(&o);
	if (flows != NULL && state_has_selection(state))
		draw_flows(&o, flows);
}
