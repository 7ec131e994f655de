/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_OVERLAY_H
#define TUI_VIEW_OVERLAY_H

#include "tui/state/flow.h"
#include "tui/state/state.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"

/* What lies over the lanes, in cells where they are idle: the grid, and, where that is wished, when
 * the GC was marking and when the world was stopped. Then the box that is being drawn, and the
 * other ends of wake-ups of the selection, which are seen wherever they are. */
void overlay_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                  const struct model *model, const struct flows *flows);

#endif
