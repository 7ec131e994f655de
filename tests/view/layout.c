/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/layout.h"

#include "tests/fake_model.h"
#include "tests/tap.h"

static struct layout make(int cols, int rows, int lanes, bool is_tall)
{
	return layout_make(cols, rows, &(struct layout_wish){ .lanes = lanes, .is_tall = is_tall });
}

static bool is_sound(const struct layout *l)
{
	int at = 3;

	for (int kind = 0; kind < ROWS_FIXED; kind++) {
		if (l->fixed[kind].row != at || l->fixed[kind].rows < 0)
			return false;
		at += l->fixed[kind].rows;
	}
	return l->pinned.row == at && l->lanes.row == at + l->pinned.rows && l->lanes.rows >= 1 &&
	       l->lanes.row + l->lanes.rows == l->detail.row && l->detail.rows >= 0 &&
	       l->detail.row + l->detail.rows == l->status && l->status == l->rows - 1 &&
	       l->fixed[ROW_STW].rows == 1 && l->plot_col + l->plot_cols == l->cols;
}

static void all_sizes(void)
{
	bool good = true;

	for (int cols = 40; cols <= 1000; cols += 37)
		for (int rows = 10; rows <= 300; rows++)
			for (int lanes = 0; lanes <= 512; lanes += 2 + lanes / 3)
				for (int tall = 0; tall < 2; tall++) {
					struct layout l = make(cols, rows, lanes, tall != 0);

					good = good && is_sound(&l) &&
					       (!tall || l.detail.rows >= 3 || rows < 11);
				}
	ok(good, "from 40x10 on all rows are used once");
	ok(make(39, 10, 8, false).is_too_small, "39 columns are too few");
	ok(make(40, 9, 8, false).is_too_small, "9 rows are too few");
}

static void usual_sizes(void)
{
	struct layout l = make(80, 24, 8, false);

	is_i64(l.lanes.rows, 8, "80x24 shows four Ps");
	is_i64(l.detail.rows, 7, "and a stack of some frames");
	l = make(80, 24, 8, true);
	ok(l.detail.rows >= 14, "a tall pane has most of it");
	l = make(120, 40, 8, false);
	ok(l.lanes.rows == 8 && l.detail.rows == 19,
	   "120x40: what lanes do not need, details have");
	l = make(200, 60, 128, false);
	ok(l.lanes.rows > l.detail.rows && l.detail.rows >= 15, "200x60 with 64 Ps");
	l = make(40, 10, 8, false);
	ok(l.lanes.rows >= 4 && l.detail.rows == 0, "40x10 shows lanes alone");
}

static void areas(void)
{
	struct layout l = make(80, 24, 8, false);

	is_text(area_name(layout_area(&l, 0, 0)), "title", "the first row");
	is_text(area_name(layout_area(&l, 1, 20)), "overview", "the strip");
	is_text(area_name(layout_area(&l, 2, 20)), "ruler", "the ruler");
	is_text(area_name(layout_area(&l, 9, 11)), "labels", "left of the plot");
	is_text(area_name(layout_area(&l, 9, 12)), "plot", "the plot");
	is_text(area_name(layout_area(&l, 20, 70)), "detail", "the pane");
	is_text(area_name(layout_area(&l, 23, 0)), "status", "the last row");
	is_text(area_name(layout_area(&l, 24, 0)), "", "outside");
}

int main(void)
{
	all_sizes();
	usual_sizes();
	areas();
	return tap_done();
}
