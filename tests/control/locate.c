/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/command.h"

#include "tests/fake_model.h"
#include "tests/tap.h"

/* Going to places that stand in a text. */

static struct model model;
static struct state state;

static unsigned run(const char *line)
{
	state.message[0] = '\0';
	state.is_error = false;
	return command_run(&state, &model, line);
}

/* Two Ps with a run each, one of them with a syscall; a stop. */
static void begin(void)
{
	uint32_t go;

	model = fake_model(2, 1000000000);
	go = fake_go(&model, 21, "main.main");
	fake_span(1, SPAN_RUN, go, 100000000, 200000000);
	fake_span(1, SPAN_SYSCALL, go, 150000000, 160000000);
	fake_span(0, SPAN_RUN, go, 300000000, 400000000);
	fake_stop(&model, 500000000, 500001000, "a");
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 4);
}

static void end(void)
{
	state_free(&state);
	fake_free(&model);
}

static void a_window_is_shown(void)
{
	begin();
	run("locate t=100ms+200ms");
	ok(!state.is_error && viewport_begin_ns(&state.at.viewport) <= 100000000 &&
	           viewport_end_ns(&state.at.viewport) >= 300000000 &&
	           viewport_begin_ns(&state.at.viewport) > 95000000,
	   "begin and length");
	run("locate t=800ms");
	ok(viewport_holds(&state.at.viewport, 800000000, 800000000), "a moment, at the same scale");
	run("undo");
	ok(viewport_begin_ns(&state.at.viewport) <= 100000000, "and back");
	end();
}

static void lanes_are_found(void)
{
	begin();
	run("locate p=1");
	ok(row_equal(state.at.cursor, (struct row){ .kind = ROW_RUN }), "a P by its id");
	run("locate p=7");
	ok(state.is_error, "there is no such one");
	run("locate g=21");
	ok(state.rows.lanes_of == LANES_OF_GOS && state.at.cursor.kind == ROW_GO, "a goroutine");
	run("locate g=22");
	ok(state.is_error, "none of that id");
	run("locate row=stw,s=500ms");
	ok(state.at.selected.kind == SPAN_STW, "a stop");
	end();
}

static void what_was_selected_is_again(void)
{
	begin();
	run("locate p=0,s=150ms");
	is_i64(state.at.selected.begin_ns, 150000000, "by its begin");
	ok(state.at.selected.kind == SPAN_SYSCALL && state.at.cursor.kind == ROW_INNER,
	   "in the row below, where it is");
	run("locate p=1,s=320ms");
	is_i64(state.at.selected.begin_ns, 300000000, "or what is going on then");
	run("locate p=1,s=600ms");
	ok(state.is_error, "or nothing");
	run("locate nonsense");
	ok(state.is_error && strstr(state.message, "nonsense") != NULL, "nonsense is told");
	end();
}

int main(void)
{
	a_window_is_shown();
	lanes_are_found();
	what_was_selected_is_again();
	return tap_done();
}
