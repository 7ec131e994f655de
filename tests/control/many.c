/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/command.h"

#include "tests/fake_model.h"
#include "tests/tap.h"

/* Selecting several spans at once. */

static struct model model;
static struct state state;

static unsigned run(const char *line)
{
	state.message[0] = '\0';
	state.is_error = false;
	return command_run(&state, &model, line);
}

/* Two Ps of which one has a thousand runs and the other ten, of two functions in turn. */
static void begin(void)
{
	uint32_t a, b;

	model = fake_model(2, 1000000);
	a = fake_go(&model, 7, "main.a"), b = fake_go(&model, 8, "main.b");
	for (int i = 0; i < 1000; i++)
		fake_span(1, SPAN_RUN, i % 2 == 0 ? a : b, i * 1000, i * 1000 + 500);
	for (int i = 0; i < 10; i++)
		fake_span(0, SPAN_RUN, i % 2 == 0 ? a : b, i * 100000 + 5, i * 100000 + 50000);
	fake_stop(&model, 300000, 300700, "why");
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 10);
}

static void end(void)
{
	state_free(&state);
	fake_free(&model);
}

static size_t count(void)
{
	return state.many.spans.count;
}

static void several_have_bounds(void)
{
	begin();
	run("select lane");
	run("range selection");
	ok(state.range.is_set && !state.is_error, "several are measured");
	is_i64(state.range.begin_ns, 0, "from the first begin");
	is_i64(state.range.end_ns, 999500, "to the last end");
	run("range selection");
	ok(!state.range.is_set, "and once more: no range");
	state.range = (struct range){ 100250, 102000, true };
	run("select lane");
	state.range.is_set = false;
	run("zoom selection");
	ok(viewport_begin_ns(&state.at.viewport) >= 99000 &&
	           viewport_end_ns(&state.at.viewport) <= 103000,
	   "they fill the window");
	end();
}

static void boxes_hold_what_touches_them(void)
{
	begin();
	run("select lanes");
	is_u64(count(), 1010, "all of the window, in stretches that fit");
	ok(state_has_board(&state), "the pane tells about them");
	run("select lane");
	is_u64(count(), 1000, "those of the cursor's row, instead");
	state.range = (struct range){ 100250, 102000, true };
	run("select lane");
	is_u64(count(), 2, "of the range: what laps in counts, what begins at its end does not");
	run("select none");
	ok(count() == 0 && !state.is_error, "none");
	run("select none");
	ok(state.is_error, "which is said");
	end();
}

static void a_title_is_that_of_the_selection(void)
{
	begin();
	run("select title");
	ok(state.is_error, "of what?");
	run("select row"), run("select title");
	is_u64(count(), 505, "all of main.a, on both Ps");
	run("longest stw"), run("select title");
	is_u64(count(), 1, "a stop by its reason");
	ok(state.shows_many, "and the pane has their table");
	end();
}

static void one_more_or_less(void)
{
	begin();
	run("select toggle");
	ok(state.is_error && count() == 0, "nothing is selected");
	run("select row"), run("select toggle"), run("next span"), run("select toggle");
	is_u64(count(), 2, "two");
	ok(many_has(&state.many, &state.at.selected), "and this is one of them");
	run("select toggle");
	ok(count() == 1 && !many_has(&state.many, &state.at.selected), "not any more");
	run("cancel");
	ok(count() == 0 && state_has_selection(&state), "cancel lets them go first");
	end();
}

static void a_drag_draws_a_box(void)
{
	begin();
	run("mouse select");
	state.pointer = (struct pointer){ .area = AREA_PLOT,
		                          .plot_col = 20,
		                          .time_ns = viewport_col_ns(&state.at.viewport, 20),
		                          .has_lane = true,
		                          .lane = rows_lane(&state.rows, 0) };
	run("grab");
	state.pointer.plot_col = 40;
	state.pointer.time_ns = viewport_col_ns(&state.at.viewport, 40);
	state.pointer.lane = rows_lane(&state.rows, 2);
	run("drag mode");
	ok(state.box.is_drawn && count() == 0, "it is seen first");
	run("release");
	ok(!state.box.is_drawn && count() > 200 && count() < 230, "then it is what it holds");
	run("grab"), run("drag mode"), run("release");
	ok(count() > 200, "a box of one cell is none");
	end();
}

static void what_is_not_loaded_is_waited_for(void)
{
	begin();
	fake_has_history = true;
	run("select lanes");
	ok(state.want_part == INDEX_NONE && !state.many.is_unfinished, "all is there");
	end();
}

static void their_table_is_chosen(void)
{
	begin();
	run("tally next");
	ok(state.is_error, "there is none yet");
	run("select lanes"), run("tally goroutine"), run("tally max");
	ok(state.many.by == TALLY_GO && state.many.order == TALLY_MAX, "rows and order");
	run("tally next"), run("tally order");
	ok(state.many.by == TALLY_TITLE && state.many.order == TALLY_NAME, "go round");
	run("tally nonsense");
	ok(state.is_error, "no such one");
	end();
}

int main(void)
{
	boxes_hold_what_touches_them();
	several_have_bounds();
	a_title_is_that_of_the_selection();
	one_more_or_less();
	a_drag_draws_a_box();
	what_is_not_loaded_is_waited_for();
	their_table_is_chosen();
	return tap_done();
}
