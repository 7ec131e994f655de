/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/slice_cells.h"

#include "tests/fake_model.h"
#include "tests/draw.h"
#include "tests/tap.h"

enum { CELLS = 8, SLICES = 8 };

/* Cells of 800 ns, so that an eighth is 100. */
static struct viewport viewport;
static struct slice slices[SLICES];
static size_t slice_count;
static struct slice_cell cells[CELLS];

static void begin(void)
{
	viewport_init(&viewport, 100);
	viewport_set_end(&viewport, 1000000000);
	viewport_set_center(&viewport, 0, 800, 1);
	slice_count = 0;
}

static void add(enum shade shade, int64_t begin_ns, int64_t end_ns)
{
	slices[slice_count] = (struct slice){
		.span = { .begin_ns = begin_ns, .end_ns = end_ns, .go = (uint32_t)slice_count },
		.shade = (uint8_t)shade,
	};
	slice_count++;
}

/* The cells as text: a letter of form and shade, a digit of eighths. */
static const char *picture(void)
{
	static const char shades[] = "bqrwvsagxucl][.m";
	static char text[CELLS * 4 + 1];
	char *at = text;

	slice_cells_make(&viewport, slices, slice_count, 0, CELLS, cells);
	for (int i = 0; i < CELLS; i++) {
		const struct slice_cell *cell = &cells[i];

		switch ((enum form)cell->form) {
		case FORM_IDLE:
			*at++ = '.';
			break;
		case FORM_FULL:
			*at++ = shades[cell->shade];
			break;
		case FORM_SEAM:
			*at++ = '|';
			break;
		case FORM_EDGE:
			at += sprintf(at, "%c%d%c", shades[cell->shade], cell->eighths,
			              shades[cell->under]);
			break;
		case FORM_LEFT:
			*at++ = '<';
			break;
		case FORM_RIGHT:
			*at++ = '>';
			break;
		case FORM_BAR:
			at += sprintf(at, "%d%c", cell->eighths, shades[cell->shade]);
			break;
		case FORM_SKETCH: /* made of mixes alone */
		case FORM_UNKNOWN:
			*at++ = '?';
			break;
		}
	}
	*at = '\0';
	return text;
}

static void edges_are_exact(void)
{
	begin();
	add(SHADE_RUN, 800, 2400);
	is_text(picture(), ".rr.....", "whole cells");
	begin();
	add(SHADE_RUN, 1100, 2700);
	is_text(picture(),
	        "..3rr"
	        "r3.....",
	        "edges inside of cells");
	begin();
	add(SHADE_RUN, 790, 2410);
	is_text(picture(), ".rr.....", "what is less than half an eighth is rounded away");
	begin();
	add(SHADE_RUN, 790, 810);
	is_text(picture(), ".7rr1.......", "unless nothing else is left of it");
	begin();
	add(SHADE_RUN, 0, 1100);
	add(SHADE_WORKER, 1100, 2400);
	is_text(picture(), "rr3ww.....", "two meet in a cell");
}

static void narrow_ones_stay(void)
{
	begin();
	add(SHADE_RUN, 810, 820);
	add(SHADE_RUN, 2300, 2300);
	is_text(picture(), ".<>.....", "a bit of a cell, and a moment");
	is_u64(cells[2].slice, 1, "it can be picked");
}

static void neighbours_have_a_seam(void)
{
	begin();
	add(SHADE_RUN, 0, 1600);
	add(SHADE_RUN, 1600, 3200);
	is_text(picture(), "rr|r....", "at the edge of a cell");
	begin();
	add(SHADE_RUN, 0, 1700);
	add(SHADE_RUN, 1710, 4000);
	is_text(picture(), "rr|rr...", "inside of a cell");
	begin();
	add(SHADE_RUN, 0, 1600);
	add(SHADE_WORKER, 1600, 3200);
	is_text(picture(), "rrww....", "not if they look different");
}

static void few_show_the_dominant_one(void)
{
	begin();
	add(SHADE_RUN, 0, 100);
	add(SHADE_WORKER, 100, 500);
	add(SHADE_RUN, 500, 700);
	is_text(picture(), "w.......", "the one with the most time");
	is_u64(cells[0].slice, 1, "which is picked");
}

static void many_show_a_bar(void)
{
	begin();
	for (int i = 0; i < 4; i++)
		add(SHADE_RUN, i * 200, i * 200 + 100);
	is_text(picture(), "4r.......", "half busy");
	ok(cells[0].is_dense && cells[0].slice == SLICE_NONE, "none can be picked");
	slices[0].shade = slices[1].shade = SHADE_WORKER;
	is_text(picture(), "4m.......", "of no one's colour, if none has three fifths");
	slices[2].span.end_ns = slices[3].span.end_ns = 0;
	slices[2].span.begin_ns = slices[3].span.begin_ns = 0;
	is_text(picture(), "2w.......", "else of that one's");
}

static void must_see(void)
{
	begin();
	for (int i = 0; i < 4; i++)
		add(SHADE_RUN, i * 200, i * 200 + 100);
	slices[2].is_selected = true;
	picture();
	ok(cells[0].form == FORM_FULL && cells[0].is_selected && cells[0].slice == 2,
	   "the selected one among many");
	begin();
	add(SHADE_STW, 1000, 1001);
	is_text(picture(), ".x......", "a stop has its cell, however short");
}

static void mixes(void)
{
	struct mix mix = { .is_known = true, .spans = 9 };
	struct slice_cell cell;

	mix.spent_ns[LANE_RUN] = 300;
	mix.spent_ns[LANE_SYSCALL] = 100;
	cell = slice_cell_of_mix(&mix, false, 800);
	ok(cell.form == FORM_BAR && cell.eighths == 4 && cell.shade == SHADE_RUN, "half busy");
	cell = slice_cell_of_mix(&mix, true, 800);
	ok(cell.form == FORM_BAR && cell.eighths == 1 && cell.shade == SHADE_SYSCALL,
	   "inside of it");
	cell = slice_cell_of_sketch(&mix, false, 800);
	ok(cell.form == FORM_SKETCH && cell.eighths == 4 && !cell.is_dense, "a sketch of that");
	mix.is_known = false;
	ok(slice_cell_of_sketch(&mix, false, 800).form == FORM_UNKNOWN,
	   "unknown to a sketch is not idle");
	ok(slice_cell_of_sketch(&(struct mix){ .is_known = true }, false, 800).form == FORM_IDLE,
	   "idle is");
	ok(slice_cell_of_mix(&mix, false, 800).form == FORM_IDLE, "not known yet");
}

/* Whatever lies there, every slice is in some cell, and none where it is not. */
static void nothing_is_lost(void)
{
	uint64_t seed = 7;
	bool good = true;

	for (int round = 0; round < 20000; round++) {
		int64_t at, length;

		begin();
		at = (int64_t)draw(&seed, 4000);
		length = (int64_t)draw(&seed, 1 + draw(&seed, 2000));
		add(SHADE_RUN, at, at + length);
		picture();
		length = 0;
		for (int i = 0; i < CELLS; i++) {
			bool touches = slices[0].span.begin_ns < (i + 1) * 800 &&
			               (slices[0].span.end_ns > i * 800 ||
			                slices[0].span.begin_ns >= i * 800);

			length += cells[i].form != FORM_IDLE;
			good = good && (touches || cells[i].form == FORM_IDLE);
		}
		good = good && length > 0;
	}
	ok(good, "one slice of any length is seen where it is");
}

int main(void)
{
	edges_are_exact();
	narrow_ones_stay();
	neighbours_have_a_seam();
	few_show_the_dominant_one();
	many_show_a_bar();
	must_see();
	mixes();
	nothing_is_lost();
	return tap_done();
}
