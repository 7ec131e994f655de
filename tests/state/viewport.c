/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/viewport.h"

#include "tests/tap.h"

enum { ROUNDS = 2000 };

/* The same numbers in every run. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static int64_t random_below(uint64_t *seed, int64_t limit)
{
	return (int64_t)(next_random(seed) % (uint64_t)limit);
}

/* A window of any size and place in a trace of any length. */
static struct viewport random_viewport(uint64_t *seed)
{
	struct viewport v;
	int64_t begin;

	viewport_init(&v, (int)random_below(seed, 300) + 8);
	viewport_set_end(&v, random_below(seed, INT64_C(1) << (10 + random_below(seed, 42))) + 1);
	begin = random_below(seed, v.end_ns);
	viewport_set_window(&v, begin, begin + random_below(seed, v.end_ns - begin + 1));
	return v;
}

static void cells_tile_time(void)
{
	uint64_t seed = 1;
	bool tiled = true, found = true, eighths = true;

	for (int i = 0; i < ROUNDS; i++) {
		struct viewport v = random_viewport(&seed);
		int64_t cell = v.first + random_below(&seed, v.cols);
		int64_t begin = viewport_cell_ns(&v, cell), end = viewport_cell_ns(&v, cell + 1);

		tiled = tiled && begin < end;
		found = found && viewport_cell_at(&v, begin) == cell &&
		        viewport_cell_at(&v, end - 1) == cell &&
		        viewport_cell_at(&v, end) == cell + 1;
		eighths = eighths && viewport_eighth_ns(&v, 8 * cell) == begin &&
		          viewport_eighth_ns(&v, 8 * cell + 8) == end;
		for (int j = 0; j < 8; j++) {
			int64_t at = viewport_eighth_ns(&v, 8 * cell + j);

			eighths = eighths && at < viewport_eighth_ns(&v, 8 * cell + j + 1) &&
			          viewport_eighth_at(&v, at) == 8 * cell + j;
		}
	}
	ok(tiled, "no cell is empty");
	ok(found, "a time is in the cell that covers it, and in no other");
	ok(eighths, "eighths tile their cell");
}

static void zoom_keeps_the_anchor(void)
{
	uint64_t seed = 2;
	bool kept = true, back = true;

	for (int i = 0; i < ROUNDS; i++) {
		struct viewport v = random_viewport(&seed), w;
		int anchor = (int)random_below(&seed, v.cols);
		int leap = (int)random_below(&seed, 2);
		int64_t middle =
			(viewport_col_ns(&v, anchor) + viewport_col_ns(&v, anchor + 1)) / 2;
		int64_t scale = v.scale, cell;

		if (!viewport_zoom(&v, !leap, leap, anchor))
			continue;
		cell = viewport_cell_at(&v, middle) - v.first;
		if (v.first > 0 && viewport_end_ns(&v) < v.end_ns) /* not held at an end */
			kept = kept && cell == anchor;
		w = v;
		if (v.scale > VIEWPORT_MIN_NS * VIEWPORT_SCALE) {
			viewport_zoom(&w, -!leap, -leap, anchor);
			back = back && w.scale == scale;
		}
	}
	ok(kept, "the anchor's time stays in its column");
	ok(back, "a step back gives the very scale of before");
}

static void panning_keeps_the_grid(void)
{
	uint64_t seed = 3;
	bool good = true;

	for (int i = 0; i < ROUNDS; i++) {
		struct viewport v = random_viewport(&seed), w = v;
		int64_t by = random_below(&seed, 2 * v.cols) - v.cols, moved;

		viewport_pan(&w, by);
		good = good && viewport_pan_cells(&v, &w, &moved) && moved == w.first - v.first &&
		       (moved == by ||
		        (by > 0 ? moved >= 0 && moved < by : moved <= 0 && moved > by));
	}
	ok(good, "a pan is whole cells, in its direction, and no farther");
}

static void the_trace_stays_in_reach(void)
{
	uint64_t seed = 4;
	bool good = true;

	for (int i = 0; i < ROUNDS; i++) {
		struct viewport v = random_viewport(&seed);
		int64_t margin = v.cols / 50 + 1;

		for (int j = 0; j < 20; j++) {
			viewport_pan(&v, random_below(&seed, 2000000) - 1000000);
			viewport_zoom(&v, (int)random_below(&seed, 9) - 4,
			              (int)random_below(&seed, 3) - 1,
			              (int)random_below(&seed, v.cols));
			viewport_set_cols(&v, (int)random_below(&seed, 300) + 8);
			margin = v.cols / 50 + 1;
			good = good && viewport_end_ns(&v) > 0 &&
			       viewport_begin_ns(&v) < v.end_ns &&
			       v.scale >= VIEWPORT_MIN_NS * VIEWPORT_SCALE &&
			       (v.first >= -margin || viewport_end_ns(&v) >= v.end_ns);
		}
	}
	ok(good, "whatever is done, a part of the trace is seen");
}

static void the_whole_is_shown_and_followed(void)
{
	struct viewport v;

	viewport_init(&v, 100);
	viewport_set_end(&v, 1000000);
	ok(viewport_holds(&v, 0, 1000000) && v.first == -2, "the whole, with 2 %% on the left");
	is_i64(viewport_col_of(&v, 999999), 97, "and on the right");
	viewport_set_end(&v, 5000000);
	ok(viewport_holds(&v, 0, 5000000), "it grows with the trace");
	ok(!viewport_zoom(&v, -1, 0, 50), "no farther out");
	viewport_zoom(&v, 1, 0, 50);
	viewport_set_end(&v, 9000000);
	ok(!viewport_holds(&v, 0, 5000000), "after a zoom it stays");
	for (int i = 0; i < 60; i++)
		viewport_zoom(&v, 1, 0, 50);
	is_i64(v.scale, VIEWPORT_MIN_NS * VIEWPORT_SCALE, "it stops at 8 ns a cell");
	ok(!viewport_zoom(&v, 0, 1, 50), "and says so");
}

static bool is_longer(const struct viewport *v, int64_t begin, int64_t end)
{
	return viewport_cell_at(v, end > begin ? end - 1 : begin) - viewport_cell_at(v, begin) >=
	       v->cols;
}

static void windows_are_set(void)
{
	uint64_t seed = 5;
	bool good = true, shown = true, stays = true, moved = true;
	struct viewport before;

	for (int i = 0; i < ROUNDS; i++) {
		struct viewport v = random_viewport(&seed);
		int64_t begin = random_below(&seed, v.end_ns);
		int64_t end = begin + random_below(&seed, v.end_ns - begin) + 1;

		viewport_set_window(&v, begin, end);
		good = good && viewport_holds(&v, begin, end);
		v = random_viewport(&seed);
		begin = random_below(&seed, v.end_ns);
		end = begin + random_below(&seed, v.end_ns - begin);
		before = v;
		viewport_reveal(&v, begin, end);
		shown = shown && viewport_touches(&v, begin, end) &&
		        (viewport_holds(&v, begin, end) || is_longer(&v, begin, end));
		stays = stays &&
		        (!is_longer(&v, begin, end) || !viewport_touches(&before, begin, end) ||
		         v.first == before.first);
		moved = moved &&
		        (viewport_touches(&before, begin, end) || viewport_holds(&v, begin, begin));
	}
	ok(good, "a window that is set holds all of its range");
	ok(shown, "what is revealed is in the window, or all around it");
	ok(moved, "what was outside begins in the window then");
	ok(stays, "what is longer than the window and touches it is left where it is");
}

static void extremes(void)
{
	struct viewport v;

	viewport_init(&v, 1);
	viewport_set_end(&v, INT64_MAX);
	viewport_zoom(&v, 3, 2, 0);
	viewport_pan(&v, INT64_MAX);
	viewport_pan(&v, INT64_MIN);
	ok(v.first <= 0 && viewport_end_ns(&v) > 0, "one column, a trace without end");
	viewport_set_end(&v, 0);
	viewport_set_window(&v, INT64_MIN, INT64_MAX);
	viewport_reveal(&v, INT64_MAX, INT64_MIN);
	ok(viewport_begin_ns(&v) <= 0, "nothing at all");
}

int main(void)
{
	cells_tile_time();
	zoom_keeps_the_anchor();
	panning_keeps_the_grid();
	the_trace_stays_in_reach();
	the_whole_is_shown_and_followed();
	windows_are_set();
	extremes();
	return tap_done();
}
