/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_ROW_PICTURE_H
#define TUI_VIEW_ROW_PICTURE_H

#include "core/analysis/search.h"
#include "core/model/sketches.h"
#include "tui/state/lens.h"
#include "tui/state/state.h"
#include "tui/view/slice_cells.h"

/* A picture may need so many cells beside the window. */
enum { ROW_STRETCH_CELLS = 40 };

/* What one row of spans shows: fetched from the model, cut into cells. Drawing and picking both ask
 * here, so that what is picked is what is seen. The memory is kept from row to row. */
struct row_picture {
	ARRAY(struct slice) slices;
	ARRAY(struct row_memo) memos;    /* of rows of many goroutines (row_picture_at.h) */
	const struct sketches *sketches; /* of what is not loaded; NULL: there are none */
	struct search *search;           /* whose hits are marked; NULL: none */
	struct lens *filter, *highlight; /* the same; and what does not pass is dim */
	struct slice_cell cells[VIEWPORT_COLS_MAX]; /* one a column of the plot */
};

void row_picture_init(struct row_picture *picture, struct budget *budget);
void row_picture_free(struct row_picture *picture);

/* Work: at most a few spans a column, whatever the scale: stretches of the row with more are made
 * from their mix. Which stretches those are depends on the grid alone, not on the window. */
void row_picture_make(struct row_picture *picture, const struct state *state,
                      const struct model *model, struct row row);

/* The row of a P that the model does not know yet. */
void row_picture_sketch(struct row_picture *picture, const struct state *state, uint64_t proc,
                        bool inner);

#endif
