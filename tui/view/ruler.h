/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_RULER_H
#define TUI_VIEW_RULER_H

#include "tui/state/viewport.h"
#include "tui/view/cells.h"

/* The axis of time: ticks at multiples of 1, 2 or 5 times a power of ten, so far apart that their
 * labels fit. Where a label would need many digits more than its step, the ticks are relative to a
 * base, which then stands on the left. */

/* The step between ticks at a scale, in ns. */
int64_t ruler_step_ns(const struct viewport *viewport);

/* From when times count: zero_ns is that moment of the trace. A time of day has the time of the
 * trace's begin instead, ns since 1970. */
struct ruler_zero {
	int64_t zero_ns;
	bool is_clock;
	int64_t wall_ns;
};

/* What ticks are relative to; 0: that moment. */
int64_t ruler_base_ns(const struct viewport *viewport, const struct ruler_zero *zero);

/* Draws it at (row, col), and its base in the label_cols cells to the left. */
void ruler_draw(struct cells *cells, int row, int col, int label_cols,
                const struct viewport *viewport, const struct ruler_zero *zero);

/* A stretch of time that is measured, over the ticks, as far as it is seen:
 * |---- 1.23 ms ----|, its length beside it where there is no room inside. */
void ruler_draw_range(struct cells *cells, int row, int col, const struct viewport *viewport,
                      int64_t begin_ns, int64_t end_ns);

/* A letter at a time, if that is seen. */
void ruler_draw_mark(struct cells *cells, int row, int col, const struct viewport *viewport,
                     int64_t time_ns, char letter);

#endif
