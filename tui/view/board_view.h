/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_BOARD_VIEW_H
#define TUI_VIEW_BOARD_VIEW_H

#include "core/analysis/table.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"

/* A table of numbers in the place of the pane of details: a title, the names of its columns, rows
 * from line `scroll` on. The first column is text, others stand to the right of theirs. */
void board_view_draw(struct cells *cells, const struct layout *layout, const char *title,
                     const struct table *table, int scroll);

/* How far it can be scrolled. */
int board_view_scroll_max(const struct layout *layout, const struct table *table);

#endif
