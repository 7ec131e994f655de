/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_PROSE_VIEW_H
#define TUI_VIEW_PROSE_VIEW_H

#include "core/analysis/table.h"
#include "tui/view/cells.h"

/* Of a table whose rows end in a sentence that of the row under the cursor, whole, below the rows. */

/* Of how many rows of the screen; 0: it has none, or there is no room. */
int prose_view_rows(const struct table *table, int rows);

/* In so many rows from one on. */
void prose_view_draw(struct cells *cells, int row, int rows, const struct table *table,
                     size_t current);

#endif
