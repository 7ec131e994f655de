/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DAMAGE_VIEW_H
#define TUI_VIEW_DAMAGE_VIEW_H

#include "tui/state/state.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"
#include "tui/view/text.h"

/* What is lost of a trace, on the screen: a list, marks on the axes of time, a share. Of a trace
 * that is still read, of what is read of it. */

/* Marks the cells of an axis that something is lost from, from (row, col) on, over what stands
 * there. */
void damage_mark(struct cells *cells, int row, int col, const struct viewport *axis,
                 const struct model *model);

/* "2.1 % lost"; nothing if nothing is. */
void damage_add_share(struct line *line, const struct model *model);

/* Keeps cursor and scroll of the list inside it, in so many rows of the screen. */
void damage_settle(struct state *state, const struct model *model, int rows);

/* The list, in place of the timeline. */
void damage_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                 const struct model *model);

#endif
