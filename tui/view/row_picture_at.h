/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_ROW_PICTURE_AT_H
#define TUI_VIEW_ROW_PICTURE_AT_H

#include "tui/view/row_picture.h"

/* Inside of a picture that is made. */

enum { STRETCH = 32 }; /* cells of the grid that are fetched at once */

struct stretch {
	struct row_picture *picture;
	const struct state *state;
	const struct model *model;
	struct row row;
	int64_t first;            /* cell; STRETCH of them */
	int64_t cells_ns, end_ns; /* of them */
	int64_t begin_ns;         /* a bit before, where a neighbour may end */
	size_t slices;            /* the first one of it */
	size_t before;            /* the first one of the stretch before it */
};

/* How the goroutines of a folded row spent the cells of a stretch, together: kept from picture to
 * picture, as each has to be asked. It is that of these goroutines, at this scale, of this model. */
struct row_memo {
	struct row_memo_key {
		uint32_t first_go, last_go;
		size_t count, parts;
		int64_t first, scale, end_ns;
	} of;
	struct go_mix sums[STRETCH];
};

/* What is looked for, or highlighted. */
bool stretch_is_hit(const struct stretch *s, const struct span *span);

/* The cells of one that has more spans than can be told apart, or of which no history is there: how
 * the time of each was spent, and whether it holds a hit. */
void stretch_mix(const struct stretch *s, struct slice_cell *cells);

#endif
