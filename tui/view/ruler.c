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

static int64_t floor_to(int64_t at, int64_t step)
{
	return at - ((at % step) + step) % step;
}

/* How much later a moment is than zero: of the clock, than the midnight before the trace. */
static int64_t shift_of(const struct ruler_zero *zero)
{
	int64_t day = INT64_C(86400) * 1000000000;

	return zero->is_clock ? ((zero->wall_ns % day) + day) % day : -zero->zero_ns;
}

/* Ten steps before the window at most, and a round time, so that it seldom changes. */
int64_t ruler_base_ns(const struct viewport *viewport, const struct ruler_zero *zero)
{
	int64_t begin = viewport_begin_ns(viewport) + shift_of(zero);
	int64_t power = power_of(ruler_step_ns(viewport));

	if (begin > -power * 1000 && begin < power * 1000)
		return 0;
	return floor_to(begin, power * 10);
}

/* That of the step, or a larger one: what is a whole one of that is not told in a thousand. */
static int64_t unit_of(int64_t step, int64_t greatest)
{
	int64_t unit = time_unit_for(step);

	while (greatest / unit >= 1000 && unit < 1000000000)
		unit *= 1000;
	return unit;
}

/* "15:04:05.123", with the digits that a step needs. */
static void clock_text(char text[TIME_TEXT_MAX], int64_t ns, int64_t step)
{
	int64_t seconds = ns / 1000000000;
	char digits[16];
	int count = 0;

	for (int64_t unit = 1000000000; unit > step && count < 9; unit /= 10)
		count++;
	snprintf(digits, sizeof(digits), "%09d", (int)(ns % 1000000000));
	snprintf(text, TIME_TEXT_MAX, "%02d:%02d:%02d%s%.*s", (int)(seconds / 3600 % 24),
	         (int)(seconds / 60 % 60), (int)(seconds % 60), count > 0 ? "." : "", count,
	         digits);
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void draw_base(struct cells *cells, int row, int col, int width, int64_t base, int64_t step,
                      bool is_clock)
{
	char text[TIME_TEXT_MAX + 1];

	if (is_clock)
		clock_text(text, base, power_of(step) * 10);
	else
		time_text_tick(text + (base < 0), base < 0 ? -base : base, power_of(step) * 10,
		               time_unit_for(base < 0 ? -base : base), look_is_ascii(cells));
	if (base < 0)
		text[0] = '-';
	if (cells_width(cells, bytes_of(text)) <= width)
		cells_print(cells, row, col, width, text, look_dim);
	else /* hours are known, digits are not */
		cells_text_tail(cells, row, col, width, bytes_of(text), look_dim);
}

static void draw_tick(struct cells *cells, int row, int col, int width, const char *text)
{
	cells_put(cells, row, col, look_sign(cells, SIGN_BAR), look_dim);
	if (cells_width(cells, bytes_of(text)) < width)
		cells_print(cells, row, col + 1, width - 1, text, look_dim);
}

/* Times here count from zero. */
struct axis {
	int64_t step, base, unit;
	bool is_clock, ascii;
};

static void tick_text(const struct axis *axis, int64_t at, char text[TIME_TEXT_MAX + 2])
{
	bool relative = axis->base != 0;

	if (axis->is_clock && axis->base == 0) {
		clock_text(text, at, axis->step);
		return;
	}
	at -= axis->base;
	text[0] = at < 0 ? '-' : '+';
	time_text_tick(text + (relative || at < 0), at < 0 ? -at : at,
	               at == 0 ? axis->unit : axis->step, axis->unit, axis->ascii);
}

/* As long as the base stands, or of any window with one: so that panning does not change the unit. */
static int64_t greatest_label(const struct axis *axis, int64_t begin, int64_t end)
{
	int64_t length = end - begin;

	return axis->base != 0 ? power_of(axis->step) * 10 + length : larger(end, -begin);
}

void ruler_draw(struct cells *cells, int row, int col, int label_cols,
                const struct viewport *viewport, const struct ruler_zero *zero)
{
	int64_t shift = shift_of(zero), step = ruler_step_ns(viewport);
	int64_t begin = viewport_begin_ns(viewport) + shift,
		end = viewport_end_ns(viewport) + shift;
	int64_t last = viewport->end_ns + shift;
	struct axis axis = { .step = step,
		             .base = ruler_base_ns(viewport, zero),
		             .is_clock = zero->is_clock,
		             .ascii = look_is_ascii(cells) };

	axis.unit = unit_of(step, greatest_label(&axis, larger(begin, shift), end < last ? end : last));
	cells_fill(cells, row, col, viewport->cols, look_dim);
	if (axis.base != 0)
		draw_base(cells, row, col - label_cols, label_cols - 1, axis.base, step,
		          zero->is_clock);
	begin = begin < shift ? shift : begin;
	begin = axis.base != 0 && begin < axis.base ? axis.base : begin;
	for (int64_t at = floor_to(begin, step); at < end && at <= last; at += step) {
		int64_t tick = viewport_col_of(viewport, at - shift);
		int64_t next = viewport_col_of(viewport, at + step - shift);
		char text[TIME_TEXT_MAX + 2];

		tick_text(&axis, at, text);
		if (tick >= 0 && tick < viewport->cols)
			draw_tick(cells, row, col + (int)tick,
			          (int)((next < viewport->cols ? next : viewport->cols) - tick),
			          text);
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
