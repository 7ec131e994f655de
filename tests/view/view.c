/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/view.h"

#include "tui/state/seek.h"

#include <locale.h>

#include "tests/fake_model.h"
#include "tests/tap.h"

static struct model model;
static struct state state;
static struct view view;
static struct cells cells;
static struct scene scene;

/* Two Ps in a trace of a second: long runs, assists, a dense stretch, stops. */
static void begin(void)
{
	uint32_t main_go, grpc;

	model = fake_model(2, 1000000000);
	model.events = 1234567;
	model.generations = 1;
	main_go = fake_go(&model, 21, "main.publish");
	grpc = fake_go(&model, 8006, "google.golang.org/grpc.(*Server).serveStreams");
	fake_span(1, SPAN_RUN, main_go, 100000000, 300000000);
	fake_span(0, SPAN_RUN, grpc, 150000000, 400000000);
	fake_span(0, SPAN_ASSIST, grpc, 250000000, 290000000);
	for (int i = 0; i < 100; i++)
		fake_span(1, SPAN_RUN, main_go, 400000000 + i * 1000000, 400600000 + i * 1000000);
	fake_stop(&model, 500000000, 500001000, "GC sweep termination");
	fake_stop(&model, 800000000, 830000000, "GC mark termination");
	*array_push(&model.cycles) =
		(struct gc_cycle){ .seq = 3, .begin_ns = 510000000, .end_ns = 790000000 };
	*array_push(&model.assists) = (struct assist){
		.begin_ns = 250000000, .end_ns = 290000000, .on_cpu_ns = 40000000, .go = grpc
	};
	state_init(&state, &fake_budget);
	view_init(&view, &fake_budget);
	cells = (struct cells){ .budget = &fake_budget, .mono = true };
	scene = (struct scene){ .file = "/tmp/trace.out", .done = 1, .total = 1 };
}

static void end(void)
{
	cells_free(&cells);
	view_free(&view);
	state_free(&state);
	fake_free(&model);
}

static void draw(int cols, int rows)
{
	cells_resize(&cells, cols, rows);
	view_settle(&view, &state, &model, &scene, cols, rows);
	view_draw(&view, &cells, &state, &model, &scene);
}

static const char *row_text(int row)
{
	static char text[8192];
	text_array out = { .budget = &fake_budget };

	cells_dump_row(&cells, row, false, &out);
	snprintf(text, sizeof(text), "%.*s", (int)out.count, out.count > 0 ? out.items : "");
	array_free(&out);
	return text;
}

static void show(void)
{
	for (int i = 0; i < cells.rows; i++)
		printf("# |%s\n", row_text(i));
}

/* The first row of the screen that holds a text; -1. */
static int find_row(const char *text)
{
	for (int i = 0; i < cells.rows; i++)
		if (strstr(row_text(i), text) != NULL)
			return i;
	return -1;
}

static void the_whole_screen(void)
{
	begin();
	draw(100, 24);
	show();
	ok(strstr(row_text(0), "trace.out  go1.26  2 P") == row_text(0), "the title");
	ok(find_row("P0") >= 0 && find_row("P1") > find_row("P0"), "Ps by id");
	ok(find_row("G21 publish") == find_row("P0"), "a run has its name");
	ok(find_row("G8006 serveStreams") == find_row("P1"),
	   "cut from the left where it is too long");
	ok(find_row("A") >= 0 && find_row("mark assist") > 0, "mark assists are offered");
	ok(find_row("GC sweep term") == find_row("STW"), "why the world stopped");
	ok(strstr(row_text(23), "?:help q:quit") != NULL, "the last line");
	end();
}

static void all_sizes_are_drawn(void)
{
	bool good = true;

	begin();
	for (int cols = 1; cols <= 300; cols += 13)
		for (int rows = 1; rows <= 100; rows += 7) {
			draw(cols, rows);
			good = good && (cols < 40 || rows < 10
			                        ? strstr(row_text(0), "is") != NULL || cols < 10
			                        : find_row("STW") >= 0);
		}
	ok(good, "from 1x1 to 300x100");
	draw(39, 10);
	is_text(row_text(0), "39x10 is too small: gander needs 40x10", "too small says so");
	end();
}

/* Picking each cell gives the slice that is drawn there, and selecting it shows it. */
static void what_is_picked_is_seen(void)
{
	struct pointer p;
	int row;

	begin();
	draw(80, 24);
	row = find_row("P0");
	p = view_pick(&view, &state, &model, 80, 24, row, 12 + 10);
	is_i64(p.span.begin_ns, 100000000, "the run under the pointer");
	ok(p.area == AREA_PLOT && p.has_lane && p.lane.kind == ROW_RUN, "and its row");
	p = view_pick(&view, &state, &model, 80, 24, row, 12 + 2);
	ok(p.span.kind == SPAN_NONE && !p.is_dense, "nothing, where the P idles");
	p = view_pick(&view, &state, &model, 80, 24, row, 12 + 30);
	ok(p.span.kind == SPAN_NONE && p.is_dense, "many, where they are too many");
	p = view_pick(&view, &state, &model, 80, 24, find_row("STW"), 12 + 34);
	is_i64(p.span.begin_ns, 500000000, "a stop of a microsecond has a cell");
	p = view_pick(&view, &state, &model, 80, 24, 1, 12 + 34);
	ok(p.area == AREA_OVERVIEW && p.strip_ns > 490000000 && p.strip_ns < 510000000,
	   "the strip");
	end();
}

/* It begins among so many that they are only counted there, and goes on where each is drawn. */
static void the_selected_one_is_one(void)
{
	const char *name;

	begin();
	fake_count = 0;
	for (int i = 0; i < 250; i++)
		fake_span(1, SPAN_RUN, 0, i * 1000000, i * 1000000 + 500000);
	fake_span(1, SPAN_RUN, 0, 250000000, 900000000);
	state_select(&state, &fake_spans[250]);
	draw(80, 24);
	name = strstr(row_text(find_row("P0")), "G21");
	ok(name != NULL && strstr(name + 1, "G21") == NULL, "its name is there once");
	end();
}

static void details_are_told(void)
{
	struct span span;

	begin();
	draw(120, 40);
	span = (struct span){ .begin_ns = 800000000,
		              .end_ns = 830000000,
		              .kind = SPAN_STW,
		              .index = 1,
		              .go = INDEX_NONE,
		              .proc = INDEX_NONE };
	state_select(&state, &span);
	draw(120, 40);
	show();
	ok(find_row("STW  GC mark termination") > 0, "the title of a stop");
	ok(find_row("stopping 15.00 ms") > 0, "its stopping time");
	ok(find_row("No other P had to be waited for.") > 0, "nobody stopped late");
	model.stops.items[1].last_proc = 1;
	model.stops.items[1].last_go = 0;
	draw(120, 40);
	ok(find_row("last P to stop: P0 after 15.00 ms, it ran G21 main.publish") > 0, "who did");
	end();
}

/* Cells of the pane that are marked, and those of them at which its link is picked. */
static void count_marked(int *marked, int *picked)
{
	int top = find_row("STW  GC") < 0 ? 0 : find_row("STW  GC");

	*marked = *picked = 0;
	for (int row = top; row < cells.rows - 1; row++)
		for (int col = 0; col < cells.cols; col++) {
			if (!(cells.grid[row * cells.cols + col].style.attributes &
			      ATTRIBUTE_REVERSE))
				continue;
			++*marked;
			*picked +=
				view_pick(&view, &state, &model, cells.cols, cells.rows, row, col)
					.link == state.links.at;
		}
}

/* A link is where it is seen. */
static void links_are_picked(void)
{
	static const int cols[] = { 60, 80, 120, 200 };

	begin();
	model.stops.items[1].last_proc = 1;
	model.stops.items[1].last_go = 0;
	for (int i = 0; i < 4; i++) {
		struct span span = seek_span(&model, SEEK_STW, 1);
		int bad = 0;

		draw(cols[i], 40);
		state_select(&state, &span);
		draw(cols[i], 40);
		for (int link = 1; link <= state.links.count; link++) {
			int marked, picked;

			state.links.at = link;
			draw(cols[i], 40);
			count_marked(&marked, &picked);
			bad += marked == 0 || picked != marked;
		}
		ok(state.links.count >= 3 && bad == 0,
		   "each of %d links is where it shows, %d wide", state.links.count, cols[i]);
	}
	end();
}

/* A cell's picture does not depend on where the window stands. */
static void pans_shift_the_picture(void)
{
	static struct cell before[24][80];
	struct viewport old;
	int64_t moved;
	bool shifts[24];
	int differ = 0;

	begin();
	cells.mono = false;
	draw(80, 24);
	for (int i = 0; i < 4; i++)
		viewport_zoom(&state.at.viewport, 1, 0, 30);
	draw(80, 24);
	old = state.at.viewport;
	memcpy(before, cells.grid, sizeof(before));
	viewport_pan(&state.at.viewport, 7);
	draw(80, 24);
	ok(viewport_pan_cells(&old, &state.at.viewport, &moved) && moved == 7, "a pan by 7");
	view_shifting_rows(&view, &state, 80, 24, shifts);
	ok(shifts[2] && !shifts[0] && !shifts[1] && !shifts[23],
	   "the ruler moves, the overview stays");
	for (int row = 0; row < 24; row++)
		for (int col = 12; col < 80 - 7 && shifts[row]; col++) {
			const struct cell *now = &cells.grid[row * 80 + col];

			differ += now->style.bg != before[row][col + 7].style.bg;
		}
	ok(differ == 0, "cells are where they were, 7 to the left: %d differ", differ);
	end();
}

static void the_help_is_a_table(void)
{
	struct table help;

	begin();
	table_init(&help, &fake_budget);
	table_add_column(&help, "keys", COLUMN_TEXT);
	table_add_column(&help, "help", COLUMN_TEXT);
	for (int i = 0; i < 50; i++) {
		table_add_text(&help, bytes_of(i == 49 ? "last" : "w"));
		table_add_text(&help, bytes_of("Zoom"));
	}
	scene.help = &help;
	state.mode = MODE_HELP;
	state.table_scroll = 1000;
	draw(80, 24);
	is_i64(state.table_scroll, 50 - 22, "it scrolls as far as there is something");
	ok(strstr(row_text(22), "last") == row_text(22), "to the last line");
	table_free(&help);
	end();
}

static void what_is_lost_is_listed(void)
{
	struct damage_row row = damage_row(DAMAGE_STRETCH, 70021, 5000, "expected a batch");

	begin();
	model.bytes = 100000;
	row.begin_ns = 600000000;
	row.end_ns = 620000000;
	for (int i = 0; i < 30; i++)
		damage_lose(&model.damage, DAMAGE_NOTE, (uint64_t)i, 0, "no time of day");
	damage_add(&model.damage, &row);
	draw(80, 24);
	ok(strstr(row_text(0), "5.0 % lost") != NULL, "how much, in the title");
	ok(strstr(row_text(1), "▒") != NULL && strstr(row_text(2), "▒") != NULL,
	   "where, on both axes");
	viewport_set_window(&state.at.viewport, 100000000, 200000000);
	draw(80, 24);
	ok(strstr(row_text(1), "▒") != NULL && strstr(row_text(2), "▒") == NULL,
	   "on the ruler if the window has it");
	state.mode = MODE_DAMAGE;
	state.damage_row = 1000;
	draw(80, 24);
	is_i64(state.damage_row, 30, "the cursor ends at the last");
	ok(strstr(row_text(22), ">        70021      5 KiB  stretch  expected a batch") ==
	           row_text(22),
	   "which shows");
	ok(strstr(row_text(22), "600.000 ms .. 620.000 ms") != NULL, "and says when");
	state.damage_row = -1;
	draw(80, 24);
	ok(state.damage_row == 0 && strstr(row_text(2), "> ") == row_text(2), "and at the first");
	model.damage.rows.count = 0;
	draw(80, 24);
	ok(state.mode == MODE_TIMELINE, "without any there is no list");
	damage_free(&model.damage);
	end();
}

static void loading_is_told(void)
{
	begin();
	scene.done = 30;
	scene.total = 100;
	draw(80, 24);
	ok(strstr(row_text(23), "reading 30 %") != NULL, "how much is read");
	model.end_ns = 0;
	model.procs.count = 0;
	scene.total = 0;
	draw(80, 24);
	ok(strstr(row_text(23), "reading ...") != NULL, "of a pipe nobody knows");
	scene.received = 300;
	draw(80, 24);
	ok(strstr(row_text(23), " receiving: 300 B ") != NULL, "but what has come");
	scene.seconds = "5";
	scene.received = 1300000;
	draw(80, 24);
	ok(strstr(row_text(23), " receiving 5 s: 1.2 MiB ") != NULL, "and for how long");
	scene.seconds = "";
	scene.is_followed = true;
	draw(80, 24);
	ok(strstr(row_text(23), " following: 1.2 MiB ") != NULL, "of a file that grows");
	end();
}

static void offers_are_settled(void)
{
	begin();
	model.is_whole = false;
	model.assists.items[0].end_ns = 1000000000; /* as far as is known: it goes on */
	draw(80, 24);
	ok(find_row("the longest 750.0 ms at 250.000 ms") >= 0, "an open assist is long");
	model.assists.items[0].end_ns = 290000000;
	model.is_whole = true;
	draw(80, 24);
	ok(find_row("the longest 40.00 ms at 250.000 ms") >= 0, "until all is known");
	end();
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	the_whole_screen();
	all_sizes_are_drawn();
	what_is_picked_is_seen();
	the_selected_one_is_one();
	details_are_told();
	links_are_picked();
	pans_shift_the_picture();
	the_help_is_a_table();
	what_is_lost_is_listed();
	loading_is_told();
	offers_are_settled();
	return tap_done();
}
