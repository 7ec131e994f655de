/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_FLAME_VIEW_H
#define TUI_VIEW_FLAME_VIEW_H

#include "core/analysis/flame.h"
#include "tui/state/sheet.h"
#include "tui/view/cells.h"

/* A profile as icicles, in place of the timeline: a row for each depth of calls, the outermost
 * functions on top, each call as wide as what it takes; what the one under the cursor is, in words,
 * below. */
struct flame_scene {
	const char *title;
	const struct flame *flame;
	const struct model *model;
	const uint8_t *hits; /* of what is looked for, a byte a call; NULL: nothing is */
};

void flame_view_draw(struct cells *cells, int rows, const struct flame_scene *scene,
                     const struct sheet *sheet);

/* The call at a place of a screen of that size; false: there is none. */
bool flame_view_at(const struct flame *flame, const struct sheet *sheet, int cols, int rows,
                   int row, int col, uint32_t *call);

#endif
