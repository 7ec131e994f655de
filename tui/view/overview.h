/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_OVERVIEW_H
#define TUI_VIEW_OVERVIEW_H

#include "core/model/sketches.h"
#include "tui/state/state.h"
#include "tui/view/cells.h"
#include "tui/view/layout.h"

/* The whole trace in one strip: how busy the Ps were, where the window is (reversed, at least one
 * cell), where the world stood still for long, where what is looked for is. It changes only as the
 * trace grows, or what is known of hits, so its bars are kept from picture to picture. */
struct overview {
	int cols; /* they were made for */
	int64_t end_ns;
	uint64_t generations;
	size_t procs, parts;
	uint64_t sketches; /* their version */
	uint8_t eighths[VIEWPORT_COLS_MAX];
	bool stopped[VIEWPORT_COLS_MAX];
	bool sketched[VIEWPORT_COLS_MAX];
	uint64_t search; /* the version of the search, whose hits are in */
	bool hits[VIEWPORT_COLS_MAX];
};

/* The strip has its own scale: that of the whole trace. */
struct viewport overview_viewport(const struct state *state);

void overview_draw(struct overview *overview, struct cells *cells, const struct layout *layout,
                   const struct state *state, const struct model *model,
                   const struct sketches *sketches);

#endif
