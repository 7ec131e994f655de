/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_PICK_H
#define TUI_VIEW_PICK_H

#include "tui/view/layout.h"
#include "tui/view/row_picture.h"

/* What is seen at a place of the screen: for state->pointer, before a gesture of the mouse is run.
 * It is found by making the row's picture again. */
struct pointer pick(struct row_picture *scratch, const struct layout *layout,
                    const struct state *state, const struct model *model, int row, int col);

/* The row of the timeline at a row of the screen; false if there is none. */
bool pick_row(const struct layout *layout, const struct state *state, int row, struct row *lane);

#endif
