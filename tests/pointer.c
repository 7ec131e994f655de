/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include "tests/tap.h"

#include <locale.h>
#include <stdlib.h>

/* The mouse on the demo's first picture: what is clicked, dragged and let go is what is seen. */

enum { COLS = 100, ROWS = 30, P1 = 12, P1_INNER = 13, P3_INNER = 17, BORDER = 18, PLOT = 14 };

static struct budget budget;
static struct session session;
static struct interface interface;
static struct cells cells;

static void press(const char *key, int row, int col)
{
	interface_press(&interface, key, row, col);
	script_settle(&interface, COLS, ROWS);
}

static void drag(const char *press_key, const char *drag_key, int row, int col, int to_row,
                 int to_col)
{
	press(press_key, row, col);
	press(drag_key, (row + to_row) / 2, (col + to_col) / 2);
	press(drag_key, to_row, to_col);
	press("<Release>", to_row, to_col);
}

static bool open_demo(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	if (!session_open(&session, &budget, path, 0, &err) ||
	    !interface_open(&interface, &session, "demo.trace", NULL, &err))
		return false;
	script_settle(&interface, COLS, ROWS);
	return true;
}

/* Cells of a row from a column on that are shown as selected. */
static int selected_in(int row, int col, int end)
{
	int count = 0;

	interface_draw(&interface, &cells);
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
	ok(interface.state.many.spans.count > 1000, "a box selects %zu spans",
	   interface.state.many.spans.count);
	for (int row = P1; row <= P3_INNER; row++)
		ok(selected_in(row, 20, 60) > (row % 2 == 0 ? 36 : 20),
		   "they are seen in line %d: %d cells", row, selected_in(row, 20, 60));
	is_u64((uint64_t)selected_in(P1, PLOT, 20), 0, "and nothing before");
	is_u64((uint64_t)selected_in(P1, 61, COLS), 0, "nor behind");
	is_u64((uint64_t)selected_in(P1 - 2, PLOT, COLS), 0, "nor above");
}

static void a_drag_selects_nothing(void)
{
	size_t count = interface.state.many.spans.count;
	struct span selected;

	press("w", -1, 0);
	drag("<Click>", "<Drag>", P1, 40, P1, 60);
	is_u64(interface.state.many.spans.count, count, "a drag leaves what is selected together");
	ok(interface.state.shows_many && !state_has_selection(&interface.state),
	   "and the pane tells about that still");
	press("X", -1, 0);
	press("!", -1, 0);
	selected = interface.state.at.selected;
	drag("<Click>", "<Drag>", P1, 40, P1, 60);
	ok(span_is_same(&interface.state.at.selected, &selected), "and the one that is selected");
}

static void a_click_is_answered(void)
{
	press("0", -1, 0);
	press("b", -1, 0);
	ok(interface.state.many.spans.count > 0, "some are selected together");
	press("<Click>", 3, 40);
	press("<Release>", 3, 40);
	is_text(interface.state.message, "this row counts: nothing in it can be selected",
	        "what a click says stays when the button goes up");
	is_u64(interface.state.many.spans.count, 0, "and those are forgotten");
}

static void the_border_moves(void)
{
	int rows = interface.state.detail_rows;

	drag("<Click>", "<Drag>", BORDER, 30, BORDER - 4, 30);
	is_u64((uint64_t)interface.state.detail_rows, (uint64_t)rows + 4, "a taller pane");
	drag("<Click>", "<Drag>", BORDER - 4, 30, BORDER + 2, 30);
	is_u64((uint64_t)interface.state.detail_rows, (uint64_t)rows - 2, "a smaller one");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	cells = (struct cells){ .budget = &budget, .glyphs = GLYPHS_EIGHTHS };
	cells_resize(&cells, COLS, ROWS);
	if (!ok(open_demo(), "the trace opens"))
		return tap_done();
	a_box_is_seen();
	a_drag_selects_nothing();
	a_click_is_answered();
	the_border_moves();
	interface_close(&interface);
	session_close(&session);
	cells_free(&cells);
	is_u64(budget.used, 0, "all memory is given back");
	return tap_done();
}
