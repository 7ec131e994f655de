/* SPDX-License-Identifier: MIT */
#include "config.h"


#include "tests/demo.h"

#include <locale.h>

/* The mouse on the demo's first picture: what is clicked, dragged and let go is what is seen. */

enum { COLS = 100, ROWS = 30, P1 = 12, P1_INNER = 13, P3_INNER = 17, BORDER = 18, PLOT = 14 };

static struct cells cells;

static void press(const char *key, int row, int col)
{
	interface_press(&demo, key, row, col);
	script_settle(&demo, COLS, ROWS);
}

static void drag(const char *press_key, const char *drag_key, int row, int col, int to_row,
                 int to_col)
{
	press(press_key, row, col);
	press(drag_key, (row + to_row) / 2, (col + to_col) / 2);
	press(drag_key, to_row, to_col);
	press("<Release>", to_row, to_col);
}

/* Cells of a row from a column on that are shown as selected. */
static int selected_in(int row, int col, int end)
{
	int count = 0;

	interface_draw(&demo, &cells);
	for (; col < end; col++) {
		const struct style *style = &cells.grid[row * COLS + col].style;

		count += style->fg == COLOUR_SELECTED || style->bg == COLOUR_SELECTED;
	}
	return count;
}

/* Of the whole trace, where spans are so many that cells are made from their mix. */
static void a_box_is_seen(void)
{
	drag("<RightClick>", "<RightDrag>", P1, 20, P3_INNER, 59);
	ok(demo.state.many.spans.count > 1000, "a box selects %zu spans",
	   demo.state.many.spans.count);
	for (int row = P1; row <= P3_INNER; row++)
		ok(selected_in(row, 20, 60) > (row % 2 == 0 ? 36 : 20),
		   "they are seen in line %d: %d cells", row, selected_in(row, 20, 60));
	is_u64((uint64_t)selected_in(P1, PLOT, 20), 0, "and nothing before");
	is_u64((uint64_t)selected_in(P1, 61, COLS), 0, "nor behind");
	is_u64((uint64_t)selected_in(P1 - 2, PLOT, COLS), 0, "nor above");
}

static void a_drag_selects_nothing(void)
{
	size_t count = demo.state.many.spans.count;
	struct span selected;

	press("w", -1, 0);
	drag("<Click>", "<Drag>", P1, 40, P1, 60);
	is_u64(demo.state.many.spans.count, count, "a drag leaves what is selected together");
	ok(demo.state.shows_many && !state_has_selection(&demo.state),
	   "and the pane tells about that still");
	press("X", -1, 0);
	press("!", -1, 0);
	selected = demo.state.at.selected;
	drag("<Click>", "<Drag>", P1, 40, P1, 60);
	ok(span_is_same(&demo.state.at.selected, &selected), "and the one that is selected");
}

static void a_click_is_answered(void)
{
	press("0", -1, 0);
	press("b", -1, 0);
	ok(demo.state.many.spans.count > 0, "some are selected together");
	press("<Click>", 3, 40);
	press("<Release>", 3, 40);
	is_text(demo.state.message, "this row counts: nothing in it can be selected",
	        "what a click says stays when the button goes up");
	is_u64(demo.state.many.spans.count, 0, "and those are forgotten");
}

static int64_t window_ns(void)
{
	return viewport_end_ns(&demo.state.at.viewport) - viewport_begin_ns(&demo.state.at.viewport);
}

/* A row is a quarter, two rows are more than a step of w. */
static void a_drag_zooms(void)
{
	int64_t before;
	double in;

	press("z", -1, 0);
	press("w", -1, 0);
	press("3", -1, 0);
	before = window_ns();
	drag("<Click>", "<Drag>", P1, 40, P1 - 2, 40);
	in = (double)before / (double)window_ns();
	ok(in > 1.55 && in < 1.57, "two rows up are 1.56 times in: %.3f", in);
	drag("<Click>", "<Drag>", P1, 40, P1 + 2, 40);
	is_i64(window_ns(), before, "two down are where it was");
	press("1", -1, 0);
	press("z", -1, 0);
}

static void the_border_moves(void)
{
	int rows = demo.state.detail_rows;

	drag("<Click>", "<Drag>", BORDER, 30, BORDER - 4, 30);
	is_u64((uint64_t)demo.state.detail_rows, (uint64_t)rows + 4, "a taller pane");
	drag("<Click>", "<Drag>", BORDER - 4, 30, BORDER + 2, 30);
	is_u64((uint64_t)demo.state.detail_rows, (uint64_t)rows - 2, "a smaller one");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	cells = (struct cells){ .budget = &demo_budget, .glyphs = GLYPHS_EIGHTHS };
	cells_resize(&cells, COLS, ROWS);
	if (!demo_open(COLS, ROWS))
		return tap_done();
	a_box_is_seen();
	a_drag_selects_nothing();
	a_click_is_answered();
	a_drag_zooms();
	the_border_moves();
	cells_free(&cells);
	demo_close();
	return tap_done();
}
