/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_PROMPT_VIEW_H
#define TUI_VIEW_PROMPT_VIEW_H

#include "core/analysis/table.h"
#include "tui/state/state.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"

/* The prompt in the last line of the screen, and over it what is wrong with the line, with a mark
 * above the place, or what it could become. Over what stands there: it is drawn last. choices:
 * completion_table's; NULL: none. */
void prompt_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                 const struct model *model, const struct table *choices);

#endif
