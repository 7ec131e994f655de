/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_TABLE_VIEW_H
#define TUI_VIEW_TABLE_VIEW_H

#include "core/analysis/table.h"
#include "tui/view/cells.h"

/* Draws a table of texts into rows of the screen, its columns as wide as they need and the last one
 * as wide as there is room; from line `scroll` on, below a title. current: a row to stand out; -1 */
void table_view_draw(struct cells *cells, int row, int rows, const char *title,
                     const struct table *table, int scroll, int current);

/* How far it can be scrolled in so many rows. */
int table_view_scroll_max(const struct table *table, int rows);

#endif
