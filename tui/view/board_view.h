/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_BOARD_VIEW_H
#define TUI_VIEW_BOARD_VIEW_H

#include "core/analysis/table.h"
#include "tui/state/links.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"

/* A table of numbers in the place of the pane of details: a title, the names of its columns, rows
 * from line `scroll` on. The first column is text, others stand to the right of theirs. link: the
 * row that is marked, from 1; 0: none. */
void board_view_draw(struct cells *cells, const struct layout *layout, const char *title,
                     const struct table *table, int scroll, int link);

/* How far it can be scrolled. */
int board_view_scroll_max(const struct layout *layout, const struct table *table);

/* Where rows lead to: of several spans to the longest of a row, of a range to the lane. */
void board_view_find_links(struct links *links, const struct layout *layout,
                           const struct table *table, bool is_of_range);

/* The link at a row of the screen, from 1; 0: none. */
int board_view_link_at(const struct layout *layout, const struct table *table, int scroll, int row);

#endif
