/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_VIEW_H
#define TUI_VIEW_DETAIL_VIEW_H

#include "tui/view/cells.h"
#include "tui/view/detail_text.h"
#include "tui/view/layout.h"

/* The pane below the timeline: title, facts, and below them, scrolling, notes and stacks side by
 * side; on a wide screen the notes stand beside the stacks. Draws from line `scroll` of them on. */
void detail_view_draw(struct cells *cells, const struct layout *layout,
                      const struct detail_text *text, const struct model *model, int scroll);

/* How far it can be scrolled. */
int detail_view_scroll_max(const struct layout *layout, const struct detail_text *text,
                           const struct model *model);

#endif
