/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_LAYOUT_H
#define TUI_VIEW_LAYOUT_H

#include "tui/state/state.h"

/* Where things are on a screen of a size. */
enum { LAYOUT_COLS_MIN = 40, LAYOUT_ROWS_MIN = 10 };

struct stripe {
	int row, rows; /* rows 0: not shown */
};

struct layout {
	int cols, rows;
	bool is_too_small;
	int title, overview, ruler, status; /* rows of the screen */
	struct stripe fixed[ROWS_FIXED];    /* by enum row_kind */
	struct stripe pinned, lanes, detail;
	int plot_col, plot_cols; /* up to the right edge, so that it can be shifted */
};

/* What is to be shown. */
struct layout_wish {
	int lanes;               /* lines that scroll */
	bool is_tall;            /* the detail pane has most of the screen */
	int pinned;              /* lines that do not */
	int detail_more;         /* lines more for the detail pane than it would have */
	const struct rows *rows; /* how fixed rows are shown; NULL: as is usual */
};

struct layout layout_make(int cols, int rows, const struct layout_wish *wish);

/* What is at a row of the screen and a column. */
enum area layout_area(const struct layout *layout, int row, int col);

#endif
