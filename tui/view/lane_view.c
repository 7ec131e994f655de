/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/lane_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/model/user.h"
#include "tui/view/go_name.h"
#include "tui/view/look.h"

enum { LABEL_CELLS = 4, LABEL_MAX = GO_NAME_MAX + 32 };

struct canvas {
	struct cells *cells;
	int row, col;
	const struct row_picture *picture;
	const struct model *model;
	int cols;
	uint8_t ink; /* the one foreground of all slices of this row */
	bool of_marks;
	int line, lines; /* of the row: which of how many */
	bool has_letters;
};

/* ---- names */

static bool fits(const struct canvas *c, const char *text, int width)
{
	return cells_width(c->cells, bytes_of(text)) <= width;
}

/* The longest form of "G21 main.publish" that fits. */
static const char *go_label(const struct canvas *c, uint32_t go, int width, char out[LABEL_MAX])
{
	const struct goroutine g = roster_brief(&c->model->roster, go);
	struct bytes name = strings_text(&c->model->strings, g.name);
	char part[GO_NAME_MAX];

	for (int level = 0; level < GO_NAME_LEVELS && name.len > 0; level++) {
		snprintf(out, LABEL_MAX, "G%" PRIu64 " %s", g.id,
		         go_name_short(part, name, level, look_is_ascii(c->cells)));
		if (fits(c, out, width))
			return out;
	}
	for (int level = 2; level < GO_NAME_LEVELS && name.len > 0; level++) {
		go_name_short(out, name, level, look_is_ascii(c->cells));
		if (fits(c, out, width))
			return out;
	}
	snprintf(out, LABEL_MAX, "G%" PRIu64, g.id);
	return fits(c, out, width) ? out : "";
}

static const char *worker_label(enum worker worker, int width)
{
	switch (worker) {
	case WORKER_NONE:
		break;
	case WORKER_DEDICATED:
		return width >= 14 ? "GC (dedicated)" : "GC";
	case WORKER_FRACTIONAL:
		return width >= 15 ? "GC (fractional)" : "GC";
	case WORKER_IDLE:
		return width >= 9 ? "GC (idle)" : "GC";
	}
	return "";
}

static const char *stop_label(const struct canvas *c, const struct span *span, char out[LABEL_MAX])
{
	struct bytes reason = { NULL, 0 };

	if (span->index < c->model->stops.count)
		reason =
			strings_text(&c->model->strings, c->model->stops.items[span->index].reason);
	snprintf(out, LABEL_MAX, "%.*s", (int)reason.len, (const char *)reason.data);
	return out;
}

static const char *wait_label(const struct canvas *c, const struct span *span, char out[LABEL_MAX])
{
	struct bytes reason = strings_text(&c->model->strings, model_wait_reason(c->model, span));

	if (reason.len == 0) /* before the trace, or of a coroutine */
		return "waiting";
	snprintf(out, LABEL_MAX, "%.*s", (int)reason.len, (const char *)reason.data);
	return out;
}

static const char *region_label(const struct canvas *c, const struct span *span,
                                char out[LABEL_MAX])
{
	struct bytes name = strings_text(&c->model->strings,
	                                 user_region_at(c->model, span->part, span->index).name);

	snprintf(out, LABEL_MAX, "%.*s", (int)name.len, (const char *)name.data);
	return out;
}

static const char *task_label(const struct canvas *c, const struct span *span, char out[LABEL_MAX])
{
	struct bytes name =
		strings_text(&c->model->strings, c->model->said.tasks.items[span->index].name);

	snprintf(out, LABEL_MAX, "%.*s", (int)name.len, (const char *)name.data);
	return out;
}

static const char *label_of(const struct canvas *c, const struct span *span, int width,
                            char out[LABEL_MAX])
{
	if (span->is_on_trail && span->go < c->model->roster.count)
		return go_label(c, span->go, width, out);
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
		return "";
	case SPAN_RUN:
		if (span->worker != WORKER_NONE)
			return worker_label((enum worker)span->worker, width);
		return span->go < c->model->roster.count ? go_label(c, span->go, width, out) : "";
	case SPAN_SYSCALL:
		return width >= 7 ? "syscall" : "sys";
	case SPAN_ASSIST:
		return width >= 11 ? "mark assist" : "assist";
	case SPAN_SWEEP:
		return "sweep";
	case SPAN_STW:
		return stop_label(c, span, out);
	case SPAN_GC:
		return "mark";
	case SPAN_RUNNABLE:
		return width >= 8 ? "runnable" : "";
	case SPAN_WAITING:
		return wait_label(c, span, out);
	case SPAN_REGION:
		return region_label(c, span, out);
	case SPAN_TASK:
		return task_label(c, span, out);
	case SPAN_LOG:
	case SPAN_SAMPLE:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
	case SPAN_DAMAGE: /* in no row */
		break;
	}
	return "";
}

/* ---- cells */

static struct style slice_style(const struct canvas *c, const struct slice_cell *cell,
                                uint8_t shade)
{
	struct style style = { .fg = c->ink, .bg = (uint8_t)look_colour(shade) };

	if (c->cells->mono)
		style = look_plain;
	else if (shade == SHADE_STW && c->ink == COLOUR_INK && !cell->is_selected)
		style.fg = COLOUR_PAPER;
	if (cell->is_selected && !c->cells->mono) {
		style.bg = COLOUR_SELECTED;
		style.fg = style.fg == COLOUR_PAPER ? COLOUR_INK : style.fg;
	}
	if (cell->is_selected)
		style.attributes = c->cells->mono ? ATTRIBUTE_REVERSE : ATTRIBUTE_UNDERLINE;
	if (cell->is_hit)
		style.attributes |= ATTRIBUTE_UNDERLINE | ATTRIBUTE_BOLD;
	return style;
}

static void put(const struct canvas *c, int i, uint32_t code, struct style style)
{
	cells_put(c->cells, c->row, c->col + i, code, style);
}

/* The colour of a part of a cell as foreground, and that of the rest as background. */
static struct style edge_style(const struct canvas *c, const struct slice_cell *cell, uint8_t glyph,
                               uint8_t ground)
{
	struct style style = { .fg = (uint8_t)look_colour(glyph),
		               .bg = (uint8_t)look_colour(ground) };

	if (c->cells->mono)
		return cell->is_selected ? (struct style){ .attributes = ATTRIBUTE_REVERSE }
		                         : look_plain;
	if (cell->is_selected && glyph != SHADE_IDLE)
		style.fg = COLOUR_SELECTED;
	else if (cell->is_selected)
		style.bg = COLOUR_SELECTED;
	return style;
}

static void put_full(const struct canvas *c, int i, const struct slice_cell *cell)
{
	uint32_t code = cell->form == FORM_SEAM ? look_sign(c->cells, SIGN_SEAM)
	                : c->cells->mono        ? look_fill(c->cells, cell->shade)
	                                        : ' ';

	put(c, i, code, slice_style(c, cell, cell->shade));
}

/* A part on the right, on idle ground. The ground has no colour that could be a foreground, so that
 * the exact edge is the left part of the reverse. */
static void put_right_part(const struct canvas *c, int i, const struct slice_cell *cell,
                           uint8_t shade, int eighths)
{
	struct style style = edge_style(c, cell, shade, SHADE_IDLE);

	if (c->cells->glyphs == GLYPHS_EIGHTHS && !c->cells->mono && eighths > 1 && eighths != 4) {
		style.attributes |= ATTRIBUTE_REVERSE;
		put(c, i, look_left(c->cells, 8 - eighths), style);
	} else {
		put(c, i, look_sign(c->cells, eighths < 3 ? SIGN_RIGHT : SIGN_RIGHT_HALF), style);
	}
}

/* Without eighths the larger part has the cell. */
static void put_coarse_edge(const struct canvas *c, int i, const struct slice_cell *cell)
{
	uint8_t shade = cell->eighths >= 4 ? cell->shade : cell->under;
	uint8_t other = cell->eighths >= 4 ? cell->under : cell->shade;
	struct slice_cell whole = *cell;

	whole.form = FORM_FULL;
	whole.shade = shade != SHADE_IDLE ? shade : other;
	if (shade != SHADE_IDLE)
		put_full(c, i, &whole);
	else
		put(c, i, look_sign(c->cells, cell->under == SHADE_IDLE ? SIGN_SEAM : SIGN_RIGHT),
		    edge_style(c, cell, other, SHADE_IDLE));
}

static void put_edge(const struct canvas *c, int i, const struct slice_cell *cell)
{
	bool two = cell->shade != SHADE_IDLE && cell->under != SHADE_IDLE;

	if (look_is_ascii(c->cells) || (two && c->cells->mono))
		put_coarse_edge(c, i, cell);
	else if (cell->shade == SHADE_IDLE)
		put_right_part(c, i, cell, cell->under, 8 - cell->eighths);
	else
		put(c, i, look_left(c->cells, cell->eighths),
		    edge_style(c, cell, cell->shade, cell->under));
}

/* What of a bar is in this line, in eighths of it: a tall row tells more levels. */
static int bar_eighths(const struct canvas *c, const struct slice_cell *cell)
{
	int all = c->lines > 1 ? (cell->level * c->lines + 4) / 8 : cell->eighths;
	int here = (all > 0 ? all : 1) - 8 * (c->lines - 1 - c->line);

	return here < 0 ? 0 : here > 8 ? 8 : here;
}

/* Without colours only its fill tells that a goroutine waits most of the time, not runs. */
static bool is_told_by_fill(const struct canvas *c, const struct slice_cell *cell)
{
	return c->cells->mono && (cell->shade == SHADE_WAITING || cell->shade == SHADE_RUNNABLE);
}

static void put_bar(const struct canvas *c, int i, const struct slice_cell *cell)
{
	struct style style = { .fg = (uint8_t)look_colour(cell->shade), .bg = COLOUR_IDLE };
	int eighths = bar_eighths(c, cell);

	if (c->cells->mono)
		style = look_plain;
	if (cell->is_selected && c->cells->mono)
		style.attributes = ATTRIBUTE_REVERSE;
	else if (cell->is_selected || cell->is_hit)
		style.fg = COLOUR_SELECTED;
	put(c, i,
	    is_told_by_fill(c, cell) && eighths > 4 ? look_fill(c->cells, cell->shade)
	                                            : look_lower(c->cells, eighths),
	    style);
}

static void put_sketch(const struct canvas *c, int i, const struct slice_cell *cell)
{
	struct style style = { .fg = (uint8_t)look_colour(cell->shade), .bg = COLOUR_IDLE };

	put(c, i, look_sketch(c->cells, cell->eighths), c->cells->mono ? look_plain : style);
}

/* Where a hit is that has no place of its own. */
static void put_hit(const struct canvas *c, int i, const struct slice_cell *cell)
{
	struct style style = { .fg = COLOUR_SELECTED, .bg = COLOUR_IDLE };

	if (cell->is_selected && c->cells->mono)
		style.attributes = ATTRIBUTE_REVERSE;
	put(c, i, '*', style);
}

/* What does not pass the filter: where something is, and of what kind. */
static void put_faint(const struct canvas *c, int i, const struct slice_cell *cell)
{
	uint8_t shade = cell->shade != SHADE_IDLE ? cell->shade : cell->under;
	struct style style = { .fg = (uint8_t)look_colour(shade), .bg = COLOUR_IDLE };

	if (cell->is_selected)
		style.attributes = c->cells->mono ? ATTRIBUTE_REVERSE : ATTRIBUTE_UNDERLINE;
	put(c, i, look_faint(c->cells), style);
}

/* A log or a CPU sample, or many: a letter, where others have a part of a cell. */
static void put_mark(const struct canvas *c, int i, const struct slice_cell *cell)
{
	struct style style = { .fg = (uint8_t)look_colour(cell->shade), .bg = COLOUR_IDLE };

	if (c->cells->mono)
		style = look_plain;
	if (cell->is_selected)
		style.attributes = ATTRIBUTE_REVERSE;
	put(c, i, cell->shade == SHADE_MIXED ? '*' : look_letter(cell->shade), style);
}

/* A slice that is one, by its text and edges; a bar by its colour, as it tells how high it is, too.
 */
static bool shows_hit(const struct canvas *c, const struct slice_cell *cell)
{
	if (cell->form == FORM_BAR)
		return !c->cells->mono && !c->of_marks;
	return cell->form == FORM_FULL || cell->form == FORM_SEAM || cell->form == FORM_EDGE;
}

static void put_cell(const struct canvas *c, int i)
{
	const struct slice_cell *cell = &c->picture->cells[i];

	if (cell->is_dim && cell->form != FORM_IDLE && cell->form != FORM_UNKNOWN) {
		put_faint(c, i, cell);
		return;
	}

	if (cell->is_hit && !shows_hit(c, cell)) {
		put_hit(c, i, cell);
		return;
	}
	if (c->of_marks && cell->form != FORM_IDLE && cell->form != FORM_UNKNOWN) {
		put_mark(c, i, cell);
		return;
	}
	switch ((enum form)cell->form) {
	case FORM_IDLE:
		put(c, i, ' ', look_idle);
		break;
	case FORM_FULL:
	case FORM_SEAM:
		put_full(c, i, cell);
		break;
	case FORM_EDGE:
		put_edge(c, i, cell);
		break;
	case FORM_LEFT:
		put(c, i, look_left(c->cells, cell->eighths < 4 ? 1 : 4),
		    edge_style(c, cell, cell->shade, SHADE_IDLE));
		break;
	case FORM_RIGHT:
		put_right_part(c, i, cell, cell->shade, cell->eighths < 4 ? 1 : 4);
		break;
	case FORM_BAR:
		put_bar(c, i, cell);
		break;
	case FORM_SKETCH:
		put_sketch(c, i, cell);
		break;
	case FORM_UNKNOWN:
		put(c, i, look_sign(c->cells, SIGN_UNKNOWN), look_dim);
		break;
	}
}

/* ---- labels */

/* How many cells from i on one slice fills. */
static int filled_from(const struct canvas *c, int i)
{
	const struct slice_cell *first = &c->picture->cells[i];
	int end = i;

	if (first->form != FORM_FULL || first->slice == SLICE_NONE || first->is_dim)
		return 0;
	while (end < c->cols && c->picture->cells[end].form == FORM_FULL &&
	       c->picture->cells[end].slice == first->slice)
		end++;
	return end - i;
}

static int step(int filled)
{
	return filled > 0 ? filled : 1;
}

static int idle_from(const struct canvas *c, int i)
{
	int end = i;

	while (end < c->cols && c->picture->cells[end].form == FORM_IDLE)
		end++;
	return end - i;
}

static void put_label(const struct canvas *c, int i, int width)
{
	const struct slice_cell *cell = &c->picture->cells[i];
	const struct span *span = &c->picture->slices.items[cell->slice].span;
	uint32_t letter = cell->is_hit ? '*' : look_letter(cell->shade);
	struct style style = slice_style(c, cell, cell->shade);
	char text[LABEL_MAX];

	if (c->has_letters) {
		cells_put(c->cells, c->row, c->col + i, letter, style);
		cells_put(c->cells, c->row, c->col + i + 1, ' ', style);
		i += 2;
		width -= 2;
	} else if (i == 0 && width > LABEL_CELLS) { /* an arrow may point out of the window */
		i++;
		width--;
	}
	cells_print(c->cells, c->row, c->col + i, width - 1, label_of(c, span, width - 1, text),
	            style);
}

/* A slice that is too short for its letter and name still tells what it is, without colours. */
static void put_letters(const struct canvas *c)
{
	for (int i = 0, filled; i < c->cols; i += step(filled)) {
		const struct slice_cell *cell = &c->picture->cells[i];

		filled = filled_from(c, i);
		if (filled > 0 && filled < LABEL_CELLS + 2)
			put(c, i, cell->is_hit ? '*' : look_letter(cell->shade),
			    slice_style(c, cell, cell->shade));
	}
}

static int label_cells(const struct canvas *c)
{
	return c->has_letters ? LABEL_CELLS + 2 : LABEL_CELLS;
}

/* How many cells up to i one slice has. */
static int length_until(const struct canvas *c, int i)
{
	int begin = i;

	while (begin >= 0 && c->picture->cells[begin].slice == c->picture->cells[i].slice)
		begin--;
	return i - begin;
}

/* Why the world stopped, to the right of a stop that has no room for it. */
static void put_notes(const struct canvas *c)
{
	for (int i = 0; i + 1 < c->cols; i++) {
		const struct slice_cell *cell = &c->picture->cells[i];
		int room = idle_from(c, i + 1);
		char text[LABEL_MAX];

		if (cell->slice == SLICE_NONE || cell->is_dim || room < LABEL_CELLS + 2 ||
		    length_until(c, i) >= label_cells(c))
			continue;
		stop_label(c, &c->picture->slices.items[cell->slice].span, text);
		cells_print(c->cells, c->row, c->col + i + 2, room - 2, text, look_idle);
	}
}

static bool has_label(const struct canvas *c)
{
	for (int i = 0, filled; i < c->cols; i += step(filled)) {
		filled = filled_from(c, i);
		if (filled >= label_cells(c))
			return true;
	}
	return false;
}

void lane_view_draw(struct cells *cells, int screen_row, int col, const struct row_picture *picture,
                    const struct state *state, const struct model *model, struct row row)
{
	struct canvas c = { .cells = cells,
		            .row = screen_row,
		            .col = col,
		            .picture = picture,
		            .model = model,
		            .cols = state->at.viewport.cols,
		            .of_marks = row_is_of_marks(row),
		            .has_letters = cells->mono || state->rows.is_fine,
		            .line = row.line,
		            .lines = row.lines > 0 ? row.lines : 1 };

	c.ink = has_label(&c) ? COLOUR_INK : COLOUR_DEFAULT;
	for (int i = 0; i < c.cols; i++)
		put_cell(&c, i);
	if (c.has_letters && c.line == 0)
		put_letters(&c);
	if (c.line > 0)
		return;
	for (int i = 0, filled; i < c.cols; i += step(filled)) {
		filled = filled_from(&c, i);
		if (filled >= label_cells(&c))
			put_label(&c, i, filled);
	}
	if (row.kind == ROW_STW)
		put_notes(&c);
}
