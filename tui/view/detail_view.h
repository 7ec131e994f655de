/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_VIEW_H
#define TUI_VIEW_DETAIL_VIEW_H

#include "tui/view/cells.h"
#include "tui/view/detail_text.h"
#include "tui/view/layout.h"

/* The pane below the timeline: title, facts, and below them, scrolling, notes, stacks side by side,
 * and what the program said; on a wide screen all notes stand beside the stacks. Draws from line
 * `scroll` of them on, and marks a link, from 1; 0: none. */
void detail_view_draw(struct cells *cells, const struct layout *layout,
                      const struct detail_text *text, const struct model *model, int scroll,
                      int link);

/* How wide its notes are on a screen of so many columns. */
int detail_view_note_cols(int cols, const struct detail_text *text, const struct model *model);

/* How far it can be scrolled. */
int detail_view_scroll_max(const struct layout *layout, const struct detail_text *text,
                           const struct model *model);

/* What the pane has that can be gone to, in the order of its lines; which is marked stays. */
void detail_view_find_links(struct links *links, const struct layout *layout,
                            const struct detail_text *text, const struct model *model);

/* The link at a place of the screen, from 1; 0: none. */
int detail_view_link_at(const struct layout *layout, const struct detail_text *text,
                        const struct model *model, int scroll, int row, int col);

#endif
