/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_VIEWPORT_H
#define TUI_STATE_VIEWPORT_H

#include <stdbool.h>
#include <stdint.h>

/* The time window (terminal.md 3.1). Time is cut into cells on a grid anchored at the begin of the
 * trace; the window is a number of whole cells, so that what a cell shows depends only on its
 * number and the scale, never on where the window stands, and a pan can be shifted on the terminal.
 *
 * The scale is ns per cell in units of 1/1024 ns: a free one (base) and the steps taken from it. A
 * step back gives exactly the scale that was there before. */
struct viewport {
	int64_t end_ns; /* of the trace, as far as it is known */
	int64_t scale;  /* ns per cell, in 1/1024 */
	int64_t base;   /* the free scale that the steps started at */
	int steps;      /* in, by 1.5; negative: out */
	int leaps;      /* in, by 10 */
	int nudges;     /* in, by 1.25 */
	int64_t first;  /* number of the leftmost cell; cell 0 begins at time 0 */
	int cols;       /* how many */
	bool is_whole;  /* shows the whole trace, and goes on doing so as it grows */
};

enum {
	VIEWPORT_SCALE = 1024,
	VIEWPORT_MIN_NS = 8, /* per cell: an eighth of a cell is a ns */
	VIEWPORT_COLS_MAX = 1024,
};

/* What is longer is shown up to there: a month and a half. */
#define VIEWPORT_MAX_NS (INT64_C(1) << 52)

/* Shows the whole of a trace of no length, in that many columns (1..1024). */
void viewport_init(struct viewport *viewport, int cols);

/* Keeps scale and leftmost cell, unless the whole is shown. */
void viewport_set_cols(struct viewport *viewport, int cols);
void viewport_set_end(struct viewport *viewport, int64_t end_ns);

/* Cell k covers [viewport_cell_ns(k), viewport_cell_ns(k + 1)), its eighth j begins at
 * viewport_eighth_ns(8k + j). k is a number on the grid, not a column. */
int64_t viewport_cell_ns(const struct viewport *viewport, int64_t cell);
int64_t viewport_eighth_ns(const struct viewport *viewport, int64_t eighth);

/* The number of the cell that holds a time; and of the eighth of a cell. */
int64_t viewport_cell_at(const struct viewport *viewport, int64_t time_ns);
int64_t viewport_eighth_at(const struct viewport *viewport, int64_t time_ns);

/* The window: [begin, end). */
int64_t viewport_begin_ns(const struct viewport *viewport);
int64_t viewport_end_ns(const struct viewport *viewport);
int64_t viewport_col_ns(const struct viewport *viewport, int64_t col);
int64_t viewport_col_of(const struct viewport *viewport, int64_t time_ns); /* may be outside */

/* Whether all or a part of [begin, end) is in the window; an empty range is a moment. */
bool viewport_holds(const struct viewport *viewport, int64_t begin_ns, int64_t end_ns);
bool viewport_touches(const struct viewport *viewport, int64_t begin_ns, int64_t end_ns);

/* Moves by cells; positive: to later times. Here and below the window stops 2 % of its width beyond
 * either end of the trace, so that the trace cannot get lost. */
void viewport_pan(struct viewport *viewport, int64_t cells);

/* steps by 1.5 and leaps by 10, positive: in. The time in the middle of column anchor stays there.
 * Stops at VIEWPORT_MIN_NS and at the whole trace; false if it already was there. */
bool viewport_zoom(struct viewport *viewport, int steps, int leaps, int anchor);

/* The same by 1.25. */
bool viewport_nudge(struct viewport *viewport, int nudges, int anchor);

/* The whole trace with its margins. */
void viewport_zoom_whole(struct viewport *viewport);

/* A free scale at which [begin, end) fills the window, as far as scales go. */
void viewport_set_window(struct viewport *viewport, int64_t begin_ns, int64_t end_ns);

/* The scale at which a stretch is that many cells wide, with its middle in the middle. */
void viewport_set_center(struct viewport *viewport, int64_t begin_ns, int64_t end_ns, int cells);

/* Pans, only if there is need, until [begin, end) is in the window. One that is longer than the
 * window stays where it is, if something of it shows; else its begin is shown. */
void viewport_reveal(struct viewport *viewport, int64_t begin_ns, int64_t end_ns);

/* Whether now is before, moved by whole cells and nothing else: then a terminal can shift what it
 * shows. *cells: how far; may be 0. */
bool viewport_pan_cells(const struct viewport *before, const struct viewport *now, int64_t *cells);

#endif
