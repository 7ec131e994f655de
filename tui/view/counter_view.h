/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_COUNTER_VIEW_H
#define TUI_VIEW_COUNTER_VIEW_H

#include "core/model/sketches.h"
#include "tui/state/state.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"

/* A step function as bars from below, their top the largest value in a cell; where the smallest is
 * much less, the bar is dim. The scale is one of the whole trace. The heap has its goal as a line,
 * where that is above its bar. What is not
 * loaded is sketched. On the left: name, and the value at the end of the window. */
void counter_view_draw(struct cells *cells, const struct layout *layout, enum row_kind kind,
                       const struct state *state, const struct model *model,
                       const struct sketches *sketches);

/* The smallest of 1, 2, 5 times a power of ten (or of 1024 and ten) that is not less. */
int64_t counter_scale(int64_t value);

#endif
