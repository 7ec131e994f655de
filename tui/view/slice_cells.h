/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_SLICE_CELLS_H
#define TUI_VIEW_SLICE_CELLS_H

#include "core/model/model.h"
#include "tui/state/viewport.h"

/* From slices of time to cells: the rules of terminal.md 3.3, and nothing else. Pure: what a cell
 * shows depends on the scale, the cell's number and the slices that touch it or its neighbours. */

/* What a slice shows; a later one goes before an earlier one of the same length in a cell. */
enum shade {
	SHADE_WAITING,
	SHADE_RUNNABLE,
	SHADE_RUN,
	SHADE_WORKER,
	SHADE_SWEEP,
	SHADE_SYSCALL,
	SHADE_ASSIST,
	SHADE_GC,
	SHADE_STW,
	SHADE_REGION,
	SHADE_SAMPLE,
	SHADE_LOG,
	SHADE_STOP,
	SHADE_START,
	SHADES,
	SHADE_IDLE = SHADES, /* no slice */
	SHADE_MIXED,         /* many, and none of them has most of the time */
};

struct slice {
	struct span span;
	uint8_t shade;
	bool is_selected;
	bool is_hit; /* of what is looked for */
	bool is_dim; /* it does not pass the filter */
};

enum form {
	FORM_IDLE,
	FORM_FULL,
	FORM_SEAM,    /* full, but a slice begins here that looks like the one before it */
	FORM_EDGE,    /* shade up to so many eighths, then under; one of them may be SHADE_IDLE */
	FORM_LEFT,    /* a slice of so many eighths with idle time around it, left of the middle */
	FORM_RIGHT,   /* right of it */
	FORM_BAR,     /* many slices: so many eighths of the time are busy */
	FORM_SKETCH,  /* not loaded: about so many eighths are */
	FORM_UNKNOWN, /* not loaded, and a sketch does not tell */
};

#define SLICE_NONE UINT32_MAX

struct slice_cell {
	uint8_t form;  /* enum form */
	uint8_t shade; /* enum shade */
	uint8_t under;
	uint8_t eighths;
	uint8_t level; /* of a bar: the same in 64ths */
	bool is_selected;
	bool is_hit;    /* or holds one */
	bool is_dim;    /* and holds none that is not */
	bool is_dense;  /* more slices than can be told apart */
	uint32_t slice; /* the one that is seen; SLICE_NONE */
};

enum { SLICE_CELLS_MAX = 64 };

/* The cells [first, first + count) of the grid, count at most SLICE_CELLS_MAX. Slices are in order
 * of their begin; more than those that touch the cells do no harm, and the one before is needed to
 * see that a neighbour looks alike. */
void slice_cells_make(const struct viewport *viewport, const struct slice *slices,
                      size_t slice_count, int64_t first, int count, struct slice_cell *cells);

/* The cell of which only the mix is known; inner: of what was done inside runs. */
struct slice_cell slice_cell_of_mix(const struct mix *mix, bool inner, int64_t length_ns);

/* The same of a goroutine's lane; NULL: nobody knows. */
struct slice_cell slice_cell_of_go_mix(const struct go_mix *mix, int64_t length_ns);

/* The same of regions and marks that are too many to be told apart: for how long there was any. */
struct slice_cell slice_cell_of_said(const struct span *spans, size_t count, int64_t begin_ns,
                                     int64_t end_ns);

/* The same of what is not loaded yet, by its sketch. */
struct slice_cell slice_cell_of_sketch(const struct mix *mix, bool inner, int64_t length_ns);

/* The shade of a span; all that the GC's workers run is SHADE_WORKER. */
enum shade shade_of_span(const struct span *span);

#endif
