/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/command.h"

#include "tests/fake_model.h"
#include "tests/tap.h"

/* Which rows there are after commands that fold, hide, pin and move them. */

static struct model model;
static struct state state;

static unsigned run(const char *line)
{
	state.message[0] = '\0';
	state.is_error = false;
	return command_run(&state, &model, line);
}

/* Three Ps; numbers in the model are the reverse of ids. */
static void begin_procs(void)
{
	model = fake_model(3, 1000);
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 10);
}

/* Lanes of four goroutines of two functions, in turn. */
static void begin_gos(void)
{
	uint32_t gos[4];

	begin_procs();
	for (uint32_t i = 0; i < 4; i++)
		gos[i] = fake_go(&model, i + 1, i % 2 == 0 ? "main.a" : "main.b");
	rows_show_gos(&state.rows, &model, gos, 4);
	state.at.cursor = rows_lane(&state.rows, 1);
}

static void end(void)
{
	state_free(&state);
	fake_free(&model);
}

/* The lines behind the fixed ones: a letter for their kind, and their index. */
static const char *lines(void)
{
	static char text[256];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = ROWS_FIXED; i < state.rows.list.count && len < 200; i++) {
		struct row row = state.rows.list.items[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%c%u",
		                        len == 0 ? "" : " ", "RIGTF"[row.kind - ROW_RUN],
		                        row.index);
	}
	return text;
}

static void a_lane_folds_into_its_first_row(void)
{
	begin_procs();
	is_text(lines(), "R2 I2 R1 I1 R0 I0", "two rows a P");
	run("row 1"), run("fold");
	is_text(lines(), "R2 R1 I1 R0 I0", "one");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_RUN, .index = 2 }),
	   "the cursor of the inner row goes to what stays");
	run("fold all");
	is_text(lines(), "R2 I2 R1 I1 R0 I0", "as the lane of the cursor is not");
	run("fold all");
	is_text(lines(), "R2 R1 R0", "all");
	end();
}

static void goroutines_fold_by_function(void)
{
	begin_gos();
	is_text(lines(), "G0 G1 G2 G3", "a row each");
	run("fold");
	is_text(lines(), "G0 G2 F1", "those of one function together, in the order of functions");
	is_u64(rows_group_size(&state.rows, state.at.cursor), 2, "it has two");
	run("select row");
	ok(state.is_error, "nothing to select among many");
	run("move up");
	ok(state.is_error, "they have an order");
	run("fold all");
	is_text(lines(), "G0 G2 G1 G3", "unfolded");
	run("fold all");
	is_text(lines(), "F0 F1", "all");
	run("hide");
	is_text(lines(), "F0", "a group is hidden whole");
	run("unhide");
	is_text(lines(), "F0 F1", "and comes back");
	end();
}

static void rows_are_hidden(void)
{
	begin_procs();
	run("hide"), run("hide");
	is_text(lines(), "R0 I0", "two Ps less");
	is_u64(rows_hidden(&state.rows), 2, "which is known");
	run("hide heap");
	ok(!state.is_error && state.rows.is_hidden[ROW_HEAP], "a counter by its name");
	run("hide stw"), run("row first");
	ok(state.at.cursor.kind == ROW_GC, "the cursor is at GC");
	run("row 1");
	ok(state.at.cursor.kind == ROW_RUN, "and passes over what is hidden");
	run("hide nothing");
	ok(state.is_error, "no such row");
	run("unhide");
	ok(rows_hidden(&state.rows) == 0 && rows_lanes(&state.rows) == 6, "all again");
	run("unhide");
	ok(state.is_error, "nothing to show");
	end();
}

static void a_pinned_lane_does_not_scroll(void)
{
	begin_procs();
	run("row 4"), run("pin");
	is_text(lines(), "R0 I0 R2 I2 R1 I1", "on top");
	ok(state.rows.pinned == 2 && rows_lanes(&state.rows) == 4, "two lines less scroll");
	state.page = 2;
	run("scroll 2");
	ok(state.at.scroll == 2 && row_equal(state.at.cursor, (struct row){ .kind = ROW_RUN }),
	   "the cursor stays on a pinned row");
	run("pin");
	is_text(lines(), "R2 I2 R1 I1 R0 I0", "back in its place");
	end();
}

static void lanes_are_tall_and_move(void)
{
	begin_procs();
	run("height 3");
	is_text(lines(), "R2 R2 R2 I2 R1 I1 R0 I0", "a line each");
	run("row 1");
	ok(state.at.cursor.kind == ROW_INNER, "but one row for the cursor");
	run("height -9");
	ok(!state.is_error && rows_lanes(&state.rows) == 6, "one line at least");
	run("height -1");
	ok(state.is_error, "not less");
	run("height +99");
	ok(rows_lanes(&state.rows) == 5 + ROW_LINES_MAX, "and not too many");
	run("height 4 heap");
	is_u64(state.rows.lines[ROW_HEAP], 4, "of a counter");
	run("height 1"), run("move down");
	is_text(lines(), "R1 I1 R2 I2 R0 I0", "down");
	run("move up");
	is_text(lines(), "R2 I2 R1 I1 R0 I0", "and up");
	run("move up");
	ok(state.is_error, "not beyond the first");
	end();
}

static void looks_are_undone(void)
{
	begin_procs();
	run("fold"), run("move down"), run("pin");
	is_text(lines(), "R2 R1 I1 R0 I0", "folded, moved and pinned");
	run("hide"), run("hide heap");
	run("undo");
	is_text(lines(), "R1 I1 R0 I0", "the lane is hidden");
	ok(!state.rows.is_hidden[ROW_HEAP], "but not the heap");
	run("undo");
	is_text(lines(), "R2 R1 I1 R0 I0", "nothing hidden");
	run("undo"), run("undo");
	is_text(lines(), "R2 R1 I1 R0 I0", "not pinned and not moved");
	run("undo");
	is_text(lines(), "R2 I2 R1 I1 R0 I0", "not folded");
	run("undo");
	ok(state.is_error, "nothing before");
	run("redo"), run("redo"), run("redo"), run("redo");
	is_text(lines(), "R1 I1 R0 I0", "and forth");
	run("mark set a"), run("unhide"), run("mark go a");
	is_text(lines(), "R1 I1 R0 I0", "a mark knows it, too");
	end();
}

static void lanes_that_come_are_no_step(void)
{
	begin_procs();
	run("fold");
	array_push(&model.procs)->id = 77;
	array_resize(&model.lanes, model.procs.count);
	state_follow(&state, &model, 100, 10);
	run("row 1");
	run("undo");
	state_follow(&state, &model, 100, 10);
	is_text(lines(), "R2 I2 R1 I1 R0 I0 R3 I3", "the fold is undone, the new P stays");
	end();
}

int main(void)
{
	a_lane_folds_into_its_first_row();
	goroutines_fold_by_function();
	rows_are_hidden();
	a_pinned_lane_does_not_scroll();
	lanes_are_tall_and_move();
	looks_are_undone();
	lanes_that_come_are_no_step();
	return tap_done();
}
