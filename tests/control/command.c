/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/command.h"
#include "tui/control/commands.h"

#include "tests/fake_model.h"
#include "tests/tap.h"

static struct model model;
static struct state state;

/* Two Ps (P1 is the first in the model), one second, a stop, a GC cycle and two assists. */
static void begin(void)
{
	uint32_t go;

	model = fake_model(2, 1000000000);
	go = fake_go(&model, 21, "main.main");
	fake_span(1, SPAN_RUN, go, 100000000, 200000000);
	fake_span(1, SPAN_ASSIST, go, 110000000, 120000000);
	fake_span(0, SPAN_ASSIST, go, 250000000, 290000000);
	fake_span(1, SPAN_RUN, go, 300000000, 400000000);
	*array_push(&model.assists) =
		(struct assist){ .begin_ns = 110000000, .end_ns = 120000000, .go = go, .proc = 1 };
	*array_push(&model.assists) =
		(struct assist){ .begin_ns = 250000000, .end_ns = 290000000, .go = go, .proc = 0 };
	fake_stop(&model, 500000000, 500001000, "a");
	fake_stop(&model, 700000000, 700050000, "b");
	*array_push(&model.cycles) =
		(struct gc_cycle){ .begin_ns = 600000000, .end_ns = 650000000 };
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 4);
}

static void end(void)
{
	state_free(&state);
	fake_free(&model);
}

static unsigned run(const char *line)
{
	state.message[0] = '\0';
	return command_run(&state, &model, line);
}

static void lines_are_split(void)
{
	struct command_words words;
	const char *problem;
	int col;

	ok(command_split("  a \"b c\"  'd\\' e\\ f \"\"", &words, &problem, &col),
	   "quotes and spaces");
	is_u64((uint64_t)words.argc, 5, "words");
	is_text(words.argv[1], "b c", "double quotes");
	is_text(words.argv[2], "d\\", "single quotes");
	is_text(words.argv[3], "e f", "a backslash");
	is_text(words.argv[4], "", "an empty word");
	ok(!command_split("a 'b", &words, &problem, &col) && col == 2,
	   "an open quote has its column");
	ok(!command_split("a a a a a a a a a a a a a a a a a", &words, &problem, &col), "too many");
}

static void the_table_is_sorted_and_complete(void)
{
	size_t count;
	const struct command *list = command_list(&count);
	bool sorted = true, complete = true;

	for (size_t i = 0; i < count; i++) {
		sorted = sorted && (i == 0 || strcmp(list[i - 1].name, list[i].name) < 0);
		complete = complete && list[i].help[0] != '\0' && list[i].run != NULL;
	}
	ok(sorted, "by name, no name twice");
	ok(complete, "each has help and a function");
}

static void lanes_of_goroutines_need_some(void)
{
	begin();
	run("lanes goroutines");
	ok(state.is_error && state.rows.lanes_of == LANES_OF_PROCS, "none run in the window");
	run("lanes related");
	ok(state.is_error, "none is selected");
	run("longest assist"), run("lanes related");
	ok(!state.is_error && rows_lanes(&state.rows) == 1 &&
	           row_equal(state.at.cursor, (struct row){ .kind = ROW_GO }),
	   "the selected one itself is always there");
	run("select row");
	ok(state_has_selection(&state), "its spans are walked");
	run("lanes next");
	ok(state.is_error && state.rows.lanes_of == LANES_OF_GOS, "there are no threads");
	run("lanes procs");
	ok(state.rows.lanes_of == LANES_OF_PROCS && rows_lanes(&state.rows) == 4, "and back");
	end();
}

static void places_are_noted(void)
{
	int64_t whole;

	begin();
	whole = state.at.viewport.scale;
	run("undo");
	ok(state.is_error, "nowhere to go back to");
	run("longest stw"), run("zoom selection"), run("mark set a");
	run("zoom all");
	is_i64(state.at.viewport.scale, whole, "the whole again");
	run("undo");
	ok(state.at.viewport.scale < whole && state_has_selection(&state), "back to the stop");
	run("undo");
	is_i64(state.at.viewport.scale, whole, "and to where it began");
	run("redo");
	ok(state.at.viewport.scale < whole, "forth");
	run("zoom all"), run("mark go a");
	ok(state.at.viewport.scale < whole, "to the mark");
	run("mark back");
	is_i64(state.at.viewport.scale, whole, "and back from it");
	run("mark go b");
	ok(state.is_error, "no such mark");
	end();
}

static void bad_lines_are_refused(void)
{
	static const char *const lines[] = { "fly",       "zoom",     "zoom in 7",  "pan",      "zoom 0",
		                             "pan x",     "row",      "next",       "next year",
		                             "longest",   "select",   "drag",       "zoom 'in",
		                             "mark",      "mark set", "mark set A", "mark set ab",
		                             "mark at a", "count x" };

	begin();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct place before = state.at;

		run(lines[i]);
		ok(state.is_error && state.message[0] != '\0' &&
		           before.viewport.first == state.at.viewport.first,
		   "%s: %s", lines[i], state.message);
	}
	end();
}

static void the_window_moves(void)
{
	int64_t first;

	begin();
	run("pan 30%");
	is_text(state.message, "the trace ends here", "the whole trace cannot be panned");
	run("zoom in 10");
	first = state.at.viewport.first;
	run("pan 30%");
	is_i64(state.at.viewport.first, first + 30, "by a part of the window");
	run("pan -1");
	is_i64(state.at.viewport.first, first + 29, "by a cell");
	run("pan -5ms");
	is_i64(state.at.viewport.first, first + 29 - 4, "by a duration");
	run("zoom all");
	ok(state.at.viewport.is_whole, "zoom all");
	run("zoom out");
	is_text(state.message, "this is the whole trace", "no farther out");
	run("zoom selection");
	ok(state.is_error, "nothing to zoom to");
	run("zoom in");
	run("zoom in");
	first = state.at.viewport.scale;
	run("zoom all");
	run("zoom 2");
	is_i64(state.at.viewport.scale, first, "two steps at once");
	run("zoom -2");
	ok(state.at.viewport.is_whole, "and back");
	run("zoom 1000000");
	is_i64(state.at.viewport.scale, (int64_t)VIEWPORT_MIN_NS * VIEWPORT_SCALE,
	       "as close as it gets");
	end();
}

static void zoom_has_an_anchor(void)
{
	int64_t before;

	begin();
	state.pointer = (struct pointer){ .area = AREA_PLOT, .plot_col = 20 };
	state.pointer_is_fresh = true;
	before = (viewport_col_ns(&state.at.viewport, 20) +
	          viewport_col_ns(&state.at.viewport, 21)) /
	         2;
	run("zoom in 10");
	is_i64(viewport_col_of(&state.at.viewport, before), 20, "the mouse, if it is fresh");
	state.pointer_is_fresh = false;
	run("zoom all");
	run("longest stw");
	run("zoom in 10");
	run("zoom in 10");
	ok(viewport_holds(&state.at.viewport, 700000000, 700050000), "else the selection");
	run("zoom selection");
	is_i64(viewport_begin_ns(&state.at.viewport) / 1000, 699993, "an eighth before it");
	end();
}

static void the_cursor_walks_rows(void)
{
	begin();
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_RUN, .index = 1 }),
	   "it begins at the first P by id");
	run("row 1");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_INNER, .index = 1 }), "one down");
	run("row last");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_INNER, .index = 0 }), "the last");
	run("row 1");
	is_text(state.message, "this is the last row", "no farther");
	run("row first");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_GC, .index = 0 }),
	   "the first that has spans");
	end();
}

static void spans_of_a_row_are_walked(void)
{
	begin();
	run("next span");
	is_i64(state.at.selected.begin_ns, 100000000, "the first that is seen");
	run("next span");
	is_i64(state.at.selected.begin_ns, 300000000, "the next");
	run("next span");
	is_text(state.message, "this is the last one of the row", "no farther");
	run("previous span");
	is_i64(state.at.selected.begin_ns, 100000000, "back");
	fake_has_history = false;
	is_u64(run("next span"), EFFECT_REDRAW | EFFECT_WANT, "a history is wanted");
	is_u64(state.want_part, 7, "and which");
	end();
}

static void ranges_are_found_on_any_row(void)
{
	begin();
	run("next gc stw");
	is_i64(state.at.selected.begin_ns, 500000000, "the first stop");
	run("next gc stw");
	is_i64(state.at.selected.begin_ns, 600000000, "the cycle after it");
	ok(state.at.cursor.kind == ROW_GC, "the cursor goes to its row");
	run("previous stw");
	is_i64(state.at.selected.begin_ns, 500000000, "back to the stop");
	run("previous stw");
	is_text(state.message, "none earlier", "no farther");
	run("select none");
	run("next assist");
	is_i64(state.at.selected.begin_ns, 110000000, "an assist");
	is_u64(state.at.selected.index, 1, "as the lane knows it");
	run("longest assist");
	is_i64(state.at.selected.begin_ns, 250000000, "the longest");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_INNER, .index = 0 }), "in its row");
	run("longest stw");
	is_i64(state.at.selected.end_ns, 700050000, "the longest stop");
	end();
}

static void selections_of_no_history_find_it_later(void)
{
	begin();
	fake_has_history = false;
	run("next assist");
	is_u64(state.at.selected.part, INDEX_NONE, "from the model alone");
	fake_has_history = true;
	state_follow(&state, &model, 100, 4);
	is_u64(state.at.selected.index, 1, "its place in the history came later");
	end();
}

static void what_matches_is_looked_for(void)
{
	begin();
	is_u64(run("next hit"), EFFECT_REDRAW, "without a search");
	is_text(state.message, "nothing is looked for: / asks", "there is no hit");
	run("search ^STW$");
	is_i64(state.at.selected.begin_ns, 500000000, "the first hit");
	run("next hit");
	is_i64(state.at.selected.begin_ns, 700000000, "the next one");
	run("next hit");
	is_i64(state.at.selected.begin_ns, 500000000, "around");
	is_text(state.message, "no hit behind: on from the begin", "which is told");
	run("previous hit");
	is_i64(state.at.selected.begin_ns, 700000000, "back, around as well");
	run("goto nowhere");
	is_text(state.message, "nothing is called nowhere", "a name that nothing has");
	run("next hit");
	is_i64(state.at.selected.begin_ns, 500000000, "leaves the search that was there");
	run("search nowhere");
	is_text(state.message, "no hit", "nothing matches");
	run("search");
	run("next hit");
	is_text(state.message, "nothing is looked for: / asks", "no more of it");
	end();
}

static void expressions_are_taken_as_they_stand(void)
{
	begin();
	run("search  \\w+ \"(x  ");
	is_text(state.hunt.text, "\\w+ \"(x", "quotes and all");
	is_text(state.message, "missing closing parenthesis", "what is wrong with it");
	is_i64(state.wrong_at, 15, "and where in the line");
	end();
}

static void what_is_like_the_selection_is_found(void)
{
	begin();
	run("like next");
	is_text(state.message, "nothing with a name is selected", "nothing to begin with");
	run("next stw");
	run("like next");
	is_i64(state.at.selected.begin_ns, 500000000, "no other one has its reason");
	ok(state.hunt.text[0] == '^', "found by %s", state.hunt.text);
	end();
}

static void lanes_match(void)
{
	begin();
	run("match no such");
	is_text(state.message, "no goroutine of this window matches", "nobody does");
	run("match [");
	is_i64(state.wrong_at, 7, "nonsense is told with its place");
	end();
}

/* Many are looked at in steps, between which keys are taken. */
static void lanes_match_in_steps(void)
{
	int steps = 0;

	begin();
	for (uint64_t id = 100; id < 30000; id++) {
		uint32_t go = fake_go(&model, id, id % 1000 == 0 ? "main.rare" : "main.often");

		roster_edit(&model.roster, go)->created_ns = 0;
	}
	run("match rare");
	ok(strncmp(state.message, "looking at ", 11) == 0, "%s", state.message);
	ok(state.rows.lanes_of == LANES_OF_PROCS, "the lanes are those of before");
	while (match_step(&state, &model) == 0 && steps < 100)
		steps++;
	ok(steps > 1 && steps < 100, "in %d steps", steps + 2);
	is_u64(state.rows.lanes.count, 29, "then they are those that match");
	run("undo");
	ok(state.rows.lanes_of == LANES_OF_PROCS, "and before that those of Ps");
	run("match often");
	run("cancel");
	ok(!state.sieve.is_on, "Esc ends it");
	end();
}

static void what_is_named_is_gone_to(void)
{
	int64_t middle;

	begin();
	run("goto 250ms");
	middle = viewport_col_of(&state.at.viewport, 250000000);
	ok(middle >= 40 && middle <= 60, "a time is in the middle: column %" PRId64, middle);
	run("goto +50ms");
	middle = viewport_col_of(&state.at.viewport, 300000000);
	ok(middle >= 38 && middle <= 62, "from there on: column %" PRId64, middle);
	run("goto -2s");
	is_text(state.message, "the trace has no such time", "before its begin");
	run("goto g21");
	is_i64(state.at.selected.begin_ns, 250000000, "a goroutine, from where one looks");
	run("goto P0");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_RUN, .index = 1 }), "a P");
	run("goto P7");
	is_text(state.message, "no P7", "none of that number");
	run("goto G8");
	is_text(state.message, "no G8", "nor that goroutine");
	run("goto M1");
	is_text(state.message, "no M1", "nor that thread");
	run("goto 12:30");
	is_text(state.message, "the trace does not tell the time of day", "nor of a clock");
	run("goto t=100ms+50ms,p=0");
	ok(viewport_col_of(&state.at.viewport, 100000000) <= 1, "a locator is a place");
	run("goto some.function(x");
	is_text(state.hunt.text, "\\Vsome.function(x", "names are looked for as they stand");
	end();
}

static void the_selection_leads_to_others(void)
{
	begin();
	run("next own");
	is_text(state.message, "nothing of a goroutine is selected", "of nobody");
	run("next kind");
	is_text(state.message, "nothing of this lane is selected", "of no lane");
	run("goto G21");
	run("next own");
	is_i64(state.at.selected.begin_ns, 110000000, "the next of the goroutine");
	run("next kind");
	is_text(state.message, "no later one of its kind in this lane", "the only one there");
	run("previous own");
	run("next kind");
	is_i64(state.at.selected.begin_ns, 300000000, "the next of its kind in the lane");
	run("next wake");
	is_text(state.message, "nothing is selected", "without a file nobody knows of wake-ups");
	end();
}

static void filters_are_places(void)
{
	begin();
	run("filter dur>2ms && func~x");
	is_text(state.at.filter, "dur>2ms && func~x", "a filter");
	run("filter dur>>2ms");
	is_text(state.at.filter, "dur>2ms && func~x", "stays when another makes no sense");
	is_i64(state.wrong_at, 11, "which is told with its place");
	run("highlight state=running");
	is_text(state.at.highlight, "state=running", "a highlight");
	run("undo");
	is_text(state.at.highlight, "", "is left");
	run("undo");
	is_text(state.at.filter, "", "and so is the filter");
	run("redo");
	is_text(state.at.filter, "dur>2ms && func~x", "and comes back");
	run("filter");
	is_text(state.at.filter, "", "until it is ended");
	end();
}

static void the_mouse_drags(void)
{
	int64_t first;

	begin();
	run("zoom in 10");
	first = state.at.viewport.first;
	state.pointer = (struct pointer){ .area = AREA_PLOT, .col = 50, .plot_col = 38 };
	run("grab");
	state.pointer.col = 40;
	run("drag pan");
	is_i64(state.at.viewport.first, first + 10, "the window goes against the hand");
	run("release");
	state.pointer.strip_ns = 500000000;
	run("drag window");
	is_i64(viewport_col_of(&state.at.viewport, 500000000), 50,
	       "the overview centres the window");
	end();
}

static void move_to(int row, int col)
{
	state.pointer = (struct pointer){ .area = AREA_PLOT,
		                          .row = row,
		                          .col = col + ROWS_COLS,
		                          .plot_col = col,
		                          .time_ns = viewport_col_ns(&state.at.viewport, col) };
}

static void drags_do_what_the_mode_says(void)
{
	int64_t first, scale;

	begin();
	run("zoom in 10");
	run("mouse zoom");
	scale = state.at.viewport.scale;
	move_to(10, 50), run("grab");
	move_to(8, 50), run("drag mode");
	ok(state.at.viewport.scale < scale, "up zooms in");
	move_to(10, 50), run("drag mode");
	is_i64(state.at.viewport.scale, scale, "back again is where it was");
	move_to(11, 50), run("drag mode");
	ok(state.at.viewport.scale > scale, "down zooms out");
	run("release"), run("mouse once"), run("zoom in 10");
	first = state.at.viewport.first;
	move_to(10, 50), run("grab");
	move_to(10, 40), run("drag mode");
	is_i64(state.at.viewport.first, first + 10, "one drag pans");
	run("release");
	ok(!state.mouse_is_once && state.mouse == MOUSE_ZOOM, "and only one");
	run("mouse once"), run("mouse once");
	ok(!state.mouse_is_once && state.mouse == MOUSE_PAN, "twice: it stays so");
	end();
}

static void time_is_measured(void)
{
	struct viewport *window = &state.at.viewport;

	begin();
	run("mouse timing");
	move_to(5, 20), run("grab");
	ok(!state.range.is_set, "a press measures nothing");
	move_to(5, 30), run("drag mode"), run("release");
	ok(state.range.is_set && state.range.begin_ns == viewport_col_ns(window, 20) &&
	           state.range.end_ns == viewport_col_ns(window, 30),
	   "a drag does");
	move_to(5, 29), run("grab");
	move_to(5, 40), run("drag mode"), run("release");
	ok(state.range.begin_ns == viewport_col_ns(window, 20) &&
	           state.range.end_ns == viewport_col_ns(window, 40),
	   "an end can be taken again");
	move_to(5, 60), run("grab");
	move_to(5, 70);
	state.pointer.span = (struct span){ .begin_ns = viewport_col_ns(window, 50),
		                            .end_ns = viewport_col_ns(window, 71) + 3,
		                            .kind = SPAN_RUN };
	run("drag mode");
	is_i64(state.range.end_ns, viewport_col_ns(window, 71) + 3, "the end of a span near by");
	run("drag mode free");
	is_i64(state.range.end_ns, viewport_col_ns(window, 70), "but not with Alt");
	run("range pointer");
	is_i64(state.range.begin_ns, viewport_col_ns(window, 50), "a double click: the span");
	run("range none");
	ok(!state.range.is_set, "none");
	run("range selection");
	ok(state.is_error, "nothing is selected");
	run("longest stw"), run("range selection");
	ok(state.range.is_set && state.range.begin_ns == 700000000, "that of the selection");
	run("range selection");
	ok(!state.range.is_set, "once more: none");
	run("range window");
	ok(state.range.is_set && state.range.begin_ns == 0 && state.range.end_ns == model.end_ns,
	   "the window, as far as there is a trace");
	end();
}

static void the_program_is_told(void)
{
	begin();
	is_u64(run("quit"), EFFECT_QUIT, "quit");
	is_u64(run("suspend"), EFFECT_SUSPEND, "suspend");
	ok((run("repaint") & EFFECT_REPAINT) != 0, "repaint");
	run("help");
	ok(state.mode == MODE_HELP, "help");
	run("cancel");
	ok(state.mode == MODE_TIMELINE, "cancel leaves it");
	run("help");
	run("stop");
	ok(state.mode == MODE_TIMELINE, "so does stop when the trace is whole");
	model.is_whole = false;
	ok(run("stop") == EFFECT_STOP, "else it stops what is coming");
	model.is_whole = true;
	run("longest stw");
	run("details");
	ok(state.is_tall, "details take the screen");
	run("cancel");
	ok(!state.is_tall && state_has_selection(&state), "cancel gives it back");
	run("cancel");
	ok(!state_has_selection(&state), "then clears the selection");
	end();
}

int main(void)
{
	lines_are_split();
	the_table_is_sorted_and_complete();
	lanes_of_goroutines_need_some();
	places_are_noted();
	bad_lines_are_refused();
	the_window_moves();
	zoom_has_an_anchor();
	the_cursor_walks_rows();
	spans_of_a_row_are_walked();
	ranges_are_found_on_any_row();
	selections_of_no_history_find_it_later();
	what_matches_is_looked_for();
	expressions_are_taken_as_they_stand();
	what_is_like_the_selection_is_found();
	lanes_match();
	lanes_match_in_steps();
	what_is_named_is_gone_to();
	the_selection_leads_to_others();
	filters_are_places();
	the_mouse_drags();
	drags_do_what_the_mode_says();
	time_is_measured();
	the_program_is_told();
	return tap_done();
}
