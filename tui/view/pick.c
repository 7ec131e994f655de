/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/pick.h"

#include "tui/view/overview.h"

static bool is_in(struct stripe stripe, int row)
{
	return row >= stripe.row && row < stripe.row + stripe.rows;
}

bool pick_row(const struct layout *layout, const struct state *state, int row, struct row *lane)
{
	for (uint8_t kind = 0; kind < ROWS_FIXED; kind++)
		if (is_in(layout->fixed[kind], row)) {
			*lane = (struct row){ .kind = kind };
			return true;
		}
	if (is_in(layout->pinned, row)) {
		*lane = state->rows.list.items[ROWS_FIXED + row - layout->pinned.row];
		return true;
	}
	if (!is_in(layout->lanes, row))
		return false;
	row += state->at.scroll - layout->lanes.row;
	if (row >= rows_lanes(&state->rows))
		return false;
	*lane = rows_lane(&state->rows, row);
	return true;
}

static void pick_span(struct row_picture *scratch, const struct state *state,
                      const struct model *model, struct pointer *p)
{
	const struct slice_cell *cell;

	row_picture_make(scratch, state, model, p->lane);
	cell = &scratch->cells[p->plot_col];
	p->is_dense = cell->is_dense;
	if (cell->slice != SLICE_NONE)
		p->span = scratch->slices.items[cell->slice].span;
}

struct pointer pick(struct row_picture *scratch, const struct layout *layout,
                    const struct state *state, const struct model *model, int row, int col)
{
	const struct viewport *window = &state->at.viewport;
	struct viewport strip = overview_viewport(state);
	struct pointer p = { .row = row, .col = col, .plot_col = col - layout->plot_col };

	p.area = (uint8_t)layout_area(layout, row, col);
	if (state->mode != MODE_TIMELINE && p.area != AREA_NONE && p.area != AREA_STATUS)
		p.area = AREA_TABLE;
	p.time_ns = viewport_col_ns(window, p.plot_col);
	p.strip_ns = viewport_col_ns(&strip, p.plot_col);
	if (p.area != AREA_PLOT && p.area != AREA_LABELS)
		return p;
	p.has_lane = pick_row(layout, state, row, &p.lane);
	if (p.has_lane && p.area == AREA_PLOT && row_has_spans(p.lane) && p.plot_col < window->cols)
		pick_span(scratch, state, model, &p);
	return p;
}
