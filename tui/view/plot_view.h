/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_PLOT_VIEW_H
#define TUI_VIEW_PLOT_VIEW_H

#include "core/analysis/histogram.h"
#include "core/analysis/table.h"
#include "tui/view/cells.h"

/* What a table is about as a picture, below its rows: the mmu as a curve over the windows' lengths,
 * how the durations of a row's tasks or regions spread as bars. The axis of time is logarithmic. */

/* Whether a table has one, and of how many of rows of the screen; 0: there is none, or no room. */
int plot_view_rows(const struct table *table, int rows);

/* In so many rows from one on: of the table, and of the row that is under the cursor. */
void plot_view_draw(struct cells *cells, int row, int rows, const struct table *table,
                    size_t current);

/* A histogram in a row of a table: a cell a bucket, from one on. */
void plot_view_spark(struct cells *cells, int row, int col, int buckets, int first,
                     const struct histogram *histogram, struct style style);

#endif
