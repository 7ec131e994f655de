/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_STATUS_H
#define TUI_VIEW_STATUS_H

#include "tui/view/view.h"

/* The first and the last line of the screen. */
void status_draw_title(struct cells *cells, const struct layout *layout, const struct state *state,
                       const struct model *model, const struct scene *scene);
void status_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                 const struct model *model, const struct scene *scene);

#endif
