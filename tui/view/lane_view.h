/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_LANE_VIEW_H
#define TUI_VIEW_LANE_VIEW_H

#include "tui/view/cells.h"
#include "tui/view/row_picture.h"

/* Draws a row of spans at (screen_row, col): slices, seams and edges, and names where they fit;
 * of a tall row, the line that row tells. */
void lane_view_draw(struct cells *cells, int screen_row, int col, const struct row_picture *picture,
                    const struct state *state, const struct model *model, struct row row);

#endif
