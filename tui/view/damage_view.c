/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/damage_view.h"

#include <inttypes.h>

#include "tui/state/seek.h"
#include "tui/view/look.h"

enum { HEAD_ROWS = 2 };

static size_t row_count(const struct model *model)
{
	return model->damage.rows.count;
}

/* ---- on the axes */

/* begins[i]: how many more reach over column i than over the one before it. */
static void note_cells(int begins[VIEWPORT_COLS_MAX + 1], const struct viewport *axis,
                       const struct span *span)
{
	int64_t first = viewport_col_of(axis, span->begin_ns);
	int64_t last = viewport_col_of(axis, span->end_ns);

	first = first < 0 ? 0 : first;
	last = last >= axis->cols ? axis->cols - 1 : last;
	if (first > last)
		return;
	begins[first]++;
	begins[last + 1]--;
}

void damage_mark(struct cells *cells, int row, int col, const struct viewport *axis,
                 const struct model *model)
{
	const struct style style = { .fg = COLOUR_ERROR, .attributes = ATTRIBUTE_BOLD };
	int begins[VIEWPORT_COLS_MAX + 1] = { 0 }, lost = 0;

	for (size_t i = 0; i < row_count(model); i++) {
		struct span span = seek_span(model, SEEK_DAMAGE, i);

		if (span.kind != SPAN_NONE)
			note_cells(begins, axis, &span);
	}
	for (int i = 0; i < axis->cols; i++) {
		lost += begins[i];
		if (lost > 0)
			cells_put(cells, row, col + i, look_sign(cells, SIGN_DAMAGE), style);
	}
}

void damage_add_share(struct line *line, const struct model *model)
{
	char share[DAMAGE_SHARE_MAX];

	if (model->damage.bytes > 0)
		line_add(line, "  %s lost", damage_share(share, model->damage.bytes, model->bytes));
}

/* ---- the list */

static int clamp(int value, int low, int high)
{
	return value > high ? high : value < low ? low : value;
}

void damage_settle(struct state *state, const struct model *model, int rows)
{
	int last = (int)row_count(model) - 1, page = rows > HEAD_ROWS ? rows - HEAD_ROWS : 1;

	if (state->mode == MODE_DAMAGE && last < 0)
		state->mode = MODE_TIMELINE;
	state->damage_row = clamp(state->damage_row, 0, last < 0 ? 0 : last);
	state->damage_scroll =
		clamp(state->damage_scroll, state->damage_row - page + 1, state->damage_row);
	state->damage_scroll = clamp(state->damage_scroll, 0, last < page ? 0 : last - page + 1);
}

static void add_time(struct line *line, const struct damage_row *row)
{
	if (row->begin_ns == DAMAGE_TIME_UNKNOWN)
		return;
	line_add(line, "   ");
	line_add_instant(line, row->begin_ns);
	if (row->end_ns == DAMAGE_TIME_UNKNOWN || row->end_ns <= row->begin_ns)
		return;
	line_add(line, " .. ");
	line_add_instant(line, row->end_ns);
}

static void draw_row(struct cells *cells, int at, const struct damage_row *row, bool is_current)
{
	struct style style = row->grade == DAMAGE_NOTE ? look_dim : look_plain;
	struct line line = { .ascii = look_is_ascii(cells) }, size = line;

	if (is_current)
		style.attributes |= ATTRIBUTE_REVERSE;
	line_add_size(&size, row->len);
	line_add(&line, "%c%13" PRIu64 "  %9.*s  %-7s  ", is_current ? '>' : ' ', row->offset,
	         (int)size.len, size.text, damage_grade_name((enum damage_grade)row->grade));
	line_add(&line, "%s", row->expected);
	if (row->found[0] != '\0')
		line_add(&line, " (%s)", row->found);
	if (row->m != DAMAGE_NOBODY)
		line_add(&line, "   M%" PRIu64, row->m);
	add_time(&line, row);
	cells_fill(cells, at, 0, cells->cols, style);
	line_draw(&line, cells, at, 0, cells->cols, style);
}

static void draw_head(struct cells *cells, const struct model *model)
{
	struct line line = { .ascii = look_is_ascii(cells) };
	uint64_t more = 0;

	for (int grade = 0; grade < DAMAGE_GRADES; grade++)
		more += model->damage.more[grade];
	line_add(&line, "damage: ");
	line_add_size(&line, model->damage.bytes);
	line_add(&line, " of ");
	line_add_size(&line, model->bytes);
	line_add(&line, model->is_whole ? " not decoded" : " so far not decoded");
	if (more > 0)
		line_add(&line, ", and %" PRIu64 " more places", more);
	line_add(&line, "  (CR goes there, q closes)");
	line_draw(&line, cells, 0, 0, cells->cols, look_title);
	line_clear(&line);
	line_add(&line, "%14s  %9s  %-7s  what is wrong", "at byte", "lost", "grade");
	line_draw(&line, cells, 1, 0, cells->cols, look_dim);
}

void damage_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                 const struct model *model)
{
	int rows = layout->status - HEAD_ROWS;

	draw_head(cells, model);
	for (int i = 0; i < rows && (size_t)(state->damage_scroll + i) < row_count(model); i++)
		draw_row(cells, HEAD_ROWS + i, &model->damage.rows.items[state->damage_scroll + i],
		         state->damage_scroll + i == state->damage_row);
}
