/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/ruler.h"

#include <stdio.h>

#include "core/base/time_text.h"
#include "tui/view/look.h"

enum { TICK_CELLS = 12 };

int64_t ruler_step_ns(const struct viewport *viewport)
{
	static const int factors[] = { 1, 2, 5 };
	int64_t wanted = viewport_cell_ns(viewport, TICK_CELLS);

	for (int64_t power = 1; power < INT64_MAX / 50; power *= 10)
		for (int i = 0; i < 3; i++)
			if (power * factors[i] >= wanted)
				return power * factors[i];
	return VIEWPORT_MAX_NS;
}

/* The power of ten in a step. */
static int64_t power_of(int64_t step)
{
	int64_t power = 1;

	while (power * 10 <= step)
		power *= 10;
	return power;
}

/* Ten steps before the window at most, and a round time, so that it seldom changes. */
int64_t ruler_base_ns(const struct viewport *viewport)
{
	int64_t begin = viewport_begin_ns(viewport);
	int64_t power = power_of(ruler_step_ns(viewport));

	return begin < power * 1000 ? 0 : begin - begin % (power * 10);
}

/* That of the step, so that labels are whole; a larger one if they had five digits then. */
static int64_t unit_of(int64_t step, int64_t greatest)
{
	int64_t unit = time_unit_for(step);

	while (greatest / unit >= 10000 && unit < 1000000000)
		unit *= 1000;
	return unit;
}

static void draw_base(struct cells *cells, int row, int col, int width, int64_t base, int64_t step)
{
	char text[TIME_TEXT_MAX];

	time_text_tick(text, base, power_of(step) * 10, time_unit_for(base), look_is_ascii(cells));
	cells_print(cells, row, col, width, text, look_dim);
}

static void draw_tick(struct cells *cells, int row, int col, int width, int64_t at, int64_t step,
                      int64_t unit, bool relative)
{
	char text[TIME_TEXT_MAX + 2];

	cells_put(cells, row, col, look_sign(cells, SIGN_BAR), look_dim);
	text[0] = '+';
	time_text_tick(text + relative, at, step, unit, look_is_ascii(cells));
	if (cells_width(cells, bytes_of(text)) < width)
		cells_print(cells, row, col + 1, width - 1, text, look_dim);
}

void ruler_draw(struct cells *cells, int row, int col, int label_cols,
                const struct viewport *viewport)
{
	int64_t step = ruler_step_ns(viewport), base = ruler_base_ns(viewport);
	int64_t begin = viewport_begin_ns(viewport), end = viewport_end_ns(viewport);
	int64_t unit = unit_of(step, (end < viewport->end_ns ? end : viewport->end_ns) - base);

	cells_fill(cells, row, col, viewport->cols, look_dim);
	if (base != 0)
		draw_base(cells, row, col - label_cols, label_cols - 1, base, step);
	if (begin < base)
		begin = base;
	for (int64_t at = begin - begin % step; at < end && at <= viewport->end_ns; at += step) {
		int64_t tick = viewport_col_of(viewport, at);
		int64_t next = viewport_col_of(viewport, at + step);

		if (tick >= 0 && tick < viewport->cols)
			draw_tick(cells, row, col + (int)tick,
			          (int)((next < viewport->cols ? next : viewport->cols) - tick),
			          at - base, step, unit, base != 0);
	}
}

/* The length inside the range, else behind it, else before it; cut at the edge as a last resort. */
static void draw_length(struct cells *cells, int row, int col, int cols, int64_t first,
                        int64_t last, const char *text)
{
	int width = cells_width(cells, bytes_of(text));
	int64_t at;

	if (last - first - 1 >= width)
		at = first + 1 + (last - first - 1 - width) / 2;
	else if (last + width < cols)
		at = last + 1;
	else
		at = first - width > 0 ? first - width : 0;
	cells_print(cells, row, col + (int)at, width, text, look_title);
}

void ruler_draw_range(struct cells *cells, int row, int col, const struct viewport *viewport,
                      int64_t begin_ns, int64_t end_ns)
{
	int64_t first = viewport_col_of(viewport, begin_ns);
	int64_t last = viewport_col_of(viewport, end_ns > begin_ns ? end_ns - 1 : begin_ns);
	int64_t from = first < 0 ? 0 : first;
	int64_t to = last < viewport->cols ? last : viewport->cols - 1;
	char length[TIME_TEXT_MAX], text[TIME_TEXT_MAX + 2];

	if (from > to)
		return;
	for (int64_t i = from; i <= to; i++)
		cells_put(cells, row, col + (int)i, look_sign(cells, SIGN_RULE), look_title);
	if (first >= 0)
		cells_put(cells, row, col + (int)first, look_sign(cells, SIGN_BAR), look_title);
	if (last < viewport->cols)
		cells_put(cells, row, col + (int)last, look_sign(cells, SIGN_BAR), look_title);
	snprintf(text, sizeof(text), " %s ",
	         time_text_short(length, end_ns - begin_ns, look_is_ascii(cells)));
	draw_length(cells, row, col, viewport->cols, from, to, text);
}

void ruler_draw_mark(struct cells *cells, int row, int col, const struct viewport *viewport,
                     int64_t time_ns, char letter)
{
	int64_t at = viewport_col_of(viewport, time_ns);

	if (at >= 0 && at < viewport->cols)
		cells_put(cells, row, col + (int)at, (uint32_t)letter, look_title);
}
