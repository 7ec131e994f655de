/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/viewport.h"

#define SCALE_MIN ((int64_t)VIEWPORT_MIN_NS * VIEWPORT_SCALE)

/* 128 bits: a cell's number times its scale, and an eighth of it, must not overflow. */
typedef __int128 wide;

static wide floor_div(wide a, wide b)
{
	wide quotient = a / b;

	return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

static wide ceil_div(wide a, wide b)
{
	return -floor_div(-a, b);
}

static int64_t narrow(wide value)
{
	return value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Cells left and right of a trace that is shown whole. */
static int margin(const struct viewport *v)
{
	return v->cols < 8 ? 0 : v->cols < 100 ? 1 : v->cols / 50;
}

static int64_t whole_scale(const struct viewport *v)
{
	int64_t cells = v->cols - 2 * margin(v);

	return clamp(narrow(ceil_div((wide)v->end_ns * VIEWPORT_SCALE, cells)), SCALE_MIN,
	             INT64_MAX);
}

/* The base with its steps taken, always in the same order, so that it depends on nothing else. */
static int64_t stepped_scale(int64_t base, int steps, int leaps, int nudges)
{
	wide scale = (wide)base << 16;

	for (int i = 0; i < leaps; i++)
		scale /= 10;
	for (int i = 0; i < steps; i++)
		scale = scale * 2 / 3;
	for (int i = 0; i < nudges; i++)
		scale = scale * 4 / 5;
	for (int i = 0; i > leaps && scale >> 16 < INT64_MAX; i--)
		scale *= 10;
	for (int i = 0; i > steps && scale >> 16 < INT64_MAX; i--)
		scale = scale * 3 / 2;
	for (int i = 0; i > nudges && scale >> 16 < INT64_MAX; i--)
		scale = scale * 5 / 4;
	return narrow((scale + (1 << 15)) >> 16);
}

static void set_free_scale(struct viewport *v, int64_t scale)
{
	v->base = v->scale = clamp(scale, SCALE_MIN, whole_scale(v));
	v->steps = v->leaps = v->nudges = 0;
	v->is_whole = false;
}

/* Keeps the window over the trace; one that is wider than it stands still around it. */
static void hold_trace(struct viewport *v)
{
	int64_t cells = viewport_cell_at(v, v->end_ns > 0 ? v->end_ns - 1 : 0) + 1;
	int64_t low = -(int64_t)margin(v);
	int64_t high = cells + margin(v) - v->cols;

	v->first = high < low ? -(v->cols - cells) / 2 : clamp(v->first, low, high);
}

void viewport_zoom_whole(struct viewport *v)
{
	set_free_scale(v, whole_scale(v));
	hold_trace(v);
	v->is_whole = true;
}

void viewport_init(struct viewport *v, int cols)
{
	*v = (struct viewport){ .cols = (int)clamp(cols, 1, VIEWPORT_COLS_MAX) };
	viewport_zoom_whole(v);
}

static void settle(struct viewport *v)
{
	if (v->is_whole || v->scale > whole_scale(v))
		viewport_zoom_whole(v);
	else
		hold_trace(v);
}

void viewport_set_cols(struct viewport *v, int cols)
{
	v->cols = (int)clamp(cols, 1, VIEWPORT_COLS_MAX);
	settle(v);
}

void viewport_set_end(struct viewport *v, int64_t end_ns)
{
	v->end_ns = clamp(end_ns, 0, VIEWPORT_MAX_NS);
	settle(v);
}

/* floor(part * scale / unit); nearly always without 128 bits, as drawing does little else. */
static int64_t part_ns(const struct viewport *v, int64_t part, int64_t unit)
{
	int64_t product;

	if (__builtin_mul_overflow(part, v->scale, &product) || product < 0)
		return narrow(floor_div((wide)part * v->scale, unit));
	return product / unit;
}

int64_t viewport_cell_ns(const struct viewport *v, int64_t cell)
{
	return part_ns(v, cell, VIEWPORT_SCALE);
}

int64_t viewport_eighth_ns(const struct viewport *v, int64_t eighth)
{
	return part_ns(v, eighth, VIEWPORT_SCALE * 8);
}

/* The last k that begins at or before the time: k * scale / unit < time + 1. */
static int64_t part_at(const struct viewport *v, int64_t time_ns, int64_t unit)
{
	int64_t product;

	if (time_ns < 0 || time_ns == INT64_MAX ||
	    __builtin_mul_overflow(time_ns + 1, unit, &product))
		return narrow(ceil_div(((wide)time_ns + 1) * unit, v->scale) - 1);
	return (product - 1) / v->scale;
}

int64_t viewport_cell_at(const struct viewport *v, int64_t time_ns)
{
	return part_at(v, time_ns, VIEWPORT_SCALE);
}

int64_t viewport_eighth_at(const struct viewport *v, int64_t time_ns)
{
	return part_at(v, time_ns, VIEWPORT_SCALE * 8);
}

int64_t viewport_col_ns(const struct viewport *v, int64_t col)
{
	return viewport_cell_ns(v, v->first + col);
}

int64_t viewport_col_of(const struct viewport *v, int64_t time_ns)
{
	return narrow((wide)viewport_cell_at(v, time_ns) - v->first);
}

int64_t viewport_begin_ns(const struct viewport *v)
{
	return viewport_col_ns(v, 0);
}

int64_t viewport_end_ns(const struct viewport *v)
{
	return viewport_col_ns(v, v->cols);
}

static int64_t last_of(int64_t begin_ns, int64_t end_ns)
{
	return end_ns > begin_ns ? end_ns - 1 : begin_ns;
}

bool viewport_holds(const struct viewport *v, int64_t begin_ns, int64_t end_ns)
{
	return viewport_col_of(v, begin_ns) >= 0 &&
	       viewport_col_of(v, last_of(begin_ns, end_ns)) < v->cols;
}

bool viewport_touches(const struct viewport *v, int64_t begin_ns, int64_t end_ns)
{
	return viewport_col_of(v, begin_ns) < v->cols &&
	       viewport_col_of(v, last_of(begin_ns, end_ns)) >= 0;
}

void viewport_pan(struct viewport *v, int64_t cells)
{
	int64_t first = v->first;

	v->first = narrow((wide)v->first + cells);
	hold_trace(v);
	v->is_whole = v->is_whole && v->first == first;
}

static int64_t middle(int64_t begin_ns, int64_t end_ns)
{
	return narrow(floor_div((wide)begin_ns + end_ns, 2));
}

static bool zoom(struct viewport *v, int steps, int leaps, int nudges, int anchor)
{
	int64_t kept_ns = middle(viewport_col_ns(v, anchor), viewport_col_ns(v, anchor + 1));
	int64_t scale = stepped_scale(v->base, v->steps + steps, v->leaps + leaps,
	                              v->nudges + nudges);
	int64_t before = v->scale;

	if (scale >= whole_scale(v)) {
		bool moves = !v->is_whole;

		viewport_zoom_whole(v);
		return moves;
	}
	if (scale <= SCALE_MIN) {
		set_free_scale(v, SCALE_MIN);
	} else {
		v->scale = scale;
		v->steps += steps;
		v->leaps += leaps;
		v->nudges += nudges;
		v->is_whole = false;
	}
	v->first = viewport_cell_at(v, kept_ns) - anchor;
	hold_trace(v);
	return v->scale != before;
}

bool viewport_zoom(struct viewport *v, int steps, int leaps, int anchor)
{
	return zoom(v, steps, leaps, 0, anchor);
}

bool viewport_nudge(struct viewport *v, int nudges, int anchor)
{
	return zoom(v, 0, 0, nudges, anchor);
}

static void center(struct viewport *v, int64_t begin_ns, int64_t end_ns)
{
	wide twice = (wide)begin_ns + end_ns;

	/* the edge of a cell in the middle of an even number, a cell's middle in that of an odd one
	 */
	v->first = narrow(floor_div(twice * VIEWPORT_SCALE + (v->cols % 2 ? 0 : v->scale),
	                            (wide)2 * v->scale) -
	                  v->cols / 2);
	hold_trace(v);
}

void viewport_set_window(struct viewport *v, int64_t begin_ns, int64_t end_ns)
{
	wide length = end_ns > begin_ns ? (wide)end_ns - begin_ns : 0;

	set_free_scale(v, narrow(ceil_div(length * VIEWPORT_SCALE, v->cols > 1 ? v->cols - 1 : 1)));
	center(v, begin_ns, end_ns);
}

void viewport_set_center(struct viewport *v, int64_t begin_ns, int64_t end_ns, int cells)
{
	wide length = end_ns > begin_ns ? (wide)end_ns - begin_ns : 0;

	set_free_scale(v, narrow(ceil_div(length * VIEWPORT_SCALE, cells > 0 ? cells : 1)));
	center(v, begin_ns, end_ns);
}

void viewport_reveal(struct viewport *v, int64_t begin_ns, int64_t end_ns)
{
	int64_t first = v->first;
	int64_t begin = viewport_cell_at(v, begin_ns);
	int64_t end = viewport_cell_at(v, last_of(begin_ns, end_ns)) + 1;

	if (viewport_holds(v, begin_ns, end_ns) ||
	    (end - begin > v->cols && viewport_touches(v, begin_ns, end_ns)))
		return;
	if (end - begin > v->cols)
		v->first = begin - v->cols / 8;
	else
		v->first = begin - (v->cols - (end - begin)) / 2;
	hold_trace(v);
	v->is_whole = v->is_whole && v->first == first;
}

bool viewport_pan_cells(const struct viewport *before, const struct viewport *now, int64_t *cells)
{
	*cells = narrow((wide)now->first - before->first);
	return before->scale == now->scale && before->cols == now->cols;
}
