/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/layout.h"

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* Lines of the fixed rows: on a small screen the counters go first, GC and STW last. */
static int fixed_rows(enum row_kind kind, int rows, bool is_tall)
{
	if (kind == ROW_HEAP && rows >= 40 && !is_tall)
		return 2;
	if (kind == ROW_STW)
		return 1;
	if (kind == ROW_GC)
		return rows >= 12 || !is_tall;
	if (row_is_of_wakeups(kind))
		return rows >= 18;
	if (kind == ROW_CALLS)
		return rows >= (is_tall ? 48 : 40);
	if (kind == ROW_GC_WAIT || kind == ROW_THREADS)
		return rows >= (is_tall ? 48 : 30);
	return rows >= (is_tall ? 30 : kind == ROW_RUNNING ? 14 : 18);
}

/* As the user has it, as far as there is room: three lines stay for lanes, and one each for GC and
 * STW. */
static int wished_rows(enum row_kind kind, int rows, int at, const struct layout_wish *wish)
{
	int lines = fixed_rows(kind, rows, wish->is_tall);

	if (row_is_of_wakeups(kind) && (wish->rows == NULL || !wish->rows->shows_wakeups))
		return 0;
	if (wish->rows == NULL)
		return lines;
	if (wish->rows->lines[kind] > 0)
		lines = smaller(wish->rows->lines[kind], larger(rows - 1 - at -
		                                                        (kind < ROW_GC    ? 5
		                                                         : kind == ROW_GC ? 4
		                                                                          : 3),
		                                                lines));
	return wish->rows->is_hidden[kind] ? 0 : lines;
}

/* Of the rows left: lanes have what they need, details the rest; if that is too little, at least
 * two fifths, but a small screen shows lanes alone. */
static int detail_rows(int left, int lanes, const struct layout_wish *wish)
{
	int rows;

	lanes = larger(lanes, 2);
	if (wish->is_tall)
		return left - smaller(lanes, larger(2, left / 6));
	if (left < 9)
		return 0;
	rows = larger(left - lanes, smaller(left * 2 / 5 + 1, larger(7, left / 3)));
	return larger(smaller(rows + wish->detail_more, left - 2), 0);
}

/* Lanes that do not scroll leave most of their stripe to those that do. */
static void part_lanes(struct layout *l, struct stripe stripe, int pinned)
{
	int most = larger(stripe.rows * 2 / 3, stripe.rows - 4);

	pinned = smaller(pinned, smaller(most, stripe.rows - 1));
	l->pinned = (struct stripe){ stripe.row, pinned };
	l->lanes = (struct stripe){ stripe.row + pinned, stripe.rows - pinned };
}

struct layout layout_make(int cols, int rows, const struct layout_wish *wish)
{
	struct layout l = { .cols = cols,
		            .rows = rows,
		            .overview = 1,
		            .ruler = 2,
		            .status = rows - 1,
		            .plot_col = ROWS_COLS };
	int at = 3;

	l.is_too_small = cols < LAYOUT_COLS_MIN || rows < LAYOUT_ROWS_MIN;
	l.plot_cols = smaller(larger(cols - ROWS_COLS, 1), VIEWPORT_COLS_MAX);
	if (l.is_too_small)
		return l;
	for (int kind = 0; kind < ROWS_FIXED; kind++) {
		l.fixed[kind] =
			(struct stripe){ at, wished_rows((enum row_kind)kind, rows, at, wish) };
		at += l.fixed[kind].rows;
	}
	l.detail.rows = detail_rows(l.status - at, wish->lanes + wish->pinned, wish);
	l.detail.row = l.status - l.detail.rows;
	part_lanes(&l, (struct stripe){ at, l.detail.row - at }, wish->pinned);
	return l;
}

static bool is_in(struct stripe stripe, int row)
{
	return row >= stripe.row && row < stripe.row + stripe.rows;
}

enum area layout_area(const struct layout *l, int row, int col)
{
	if (l->is_too_small || row < 0 || row >= l->rows || col < 0 || col >= l->cols)
		return AREA_NONE;
	if (row == l->title)
		return AREA_TITLE;
	if (row == l->status)
		return AREA_STATUS;
	if (is_in(l->detail, row))
		return row == l->detail.row ? AREA_BORDER : AREA_DETAIL;
	if (col < l->plot_col)
		return AREA_LABELS;
	return row == l->overview ? AREA_OVERVIEW : row == l->ruler ? AREA_RULER : AREA_PLOT;
}
