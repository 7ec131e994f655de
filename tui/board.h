/* SPDX-License-Identifier: MIT */
#ifndef TUI_BOARD_H
#define TUI_BOARD_H

#include "tui/state/state.h"

/* The table of numbers that stands in place of the pane of details: of several selected spans, or
 * of how a range of time was spent in each lane on the screen. Made again only when it is about
 * something else. */
struct board {
	struct table table;
	char title[160];
	bool is_made;
	struct board_of {
		unsigned many; /* version; 0: of a range */
		int64_t begin_ns, end_ns;
		int scroll, page;
		size_t lines;   /* of rows */
		uint64_t parts; /* joined, and what of them is at hand */
		bool has_spans;
		struct row first, last;
	} of;
};

void board_init(struct board *board, struct budget *budget);
void board_free(struct board *board);

/* NULL: there is nothing to tell. */
const struct table *board_update(struct board *board, const struct state *state,
                                 const struct model *model);

#endif
