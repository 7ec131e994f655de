/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/counter_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/model/moments.h"
#include "tui/view/look.h"

struct counter {
	struct cells *cells;
	const struct model *model;
	const struct sketches *sketches;
	const struct viewport *viewport;
	struct stripe stripe;
	int col;
	int64_t scale; /* of all rows together */
};

int64_t counter_scale(int64_t value)
{
	for (int64_t power = 1; power < INT64_MAX / 50; power *= 10)
		for (int factor = 1; factor <= 5; factor += factor == 1 ? 1 : 3)
			if (power * factor >= value)
				return power * factor;
	return INT64_MAX;
}

/* The goal counts unless it is far away: without a limit the runtime may aim at the sky. */
static int64_t heap_scale(const struct model *model, const struct sketches *sketches)
{
	struct level goal = model_level(model, SERIES_GOAL, 0, model->end_ns);
	int64_t heap = model->heap_max < INT64_MAX / 4 ? (int64_t)model->heap_max : INT64_MAX / 4;
	int64_t sketched = sketches_heap_max(sketches);

	if (sketched > heap)
		return sketched;

	return goal.is_known && goal.max > heap && goal.max / 4 <= heap ? goal.max : heap;
}

static int64_t running_scale(const struct model *model, const struct sketches *sketches)
{
	uint64_t ids[SKETCH_PROCS];
	uint64_t sketched = model->gomaxprocs > 0 ? 0 : sketches_procs(sketches, ids);

	return (int64_t)(model->gomaxprocs > sketched ? model->gomaxprocs : sketched);
}

static const struct {
	const char *name;
	enum series series;
} counters[] = {
	[ROW_RUNNABLE] = { "runnable", SERIES_RUNNABLE },
	[ROW_RUNNING] = { "running", SERIES_RUNNING },
	[ROW_GC_WAIT] = { "gc wait", SERIES_GC_WAIT },
	[ROW_HEAP] = { "heap", SERIES_HEAP },
	[ROW_THREADS] = { "threads", SERIES_PROCS },
	[ROW_CALLS] = { "in sysc", SERIES_CALLS },
};

static enum series series_of(enum row_kind kind)
{
	return counters[kind].series;
}

static int64_t scale_of(enum row_kind kind, const struct model *model,
                        const struct sketches *sketches)
{
	int64_t value = kind == ROW_HEAP       ? heap_scale(model, sketches)
	                : kind == ROW_RUNNABLE ? (int64_t)model->runnable_max
	                : kind == ROW_GC_WAIT || kind == ROW_CALLS
	                        ? model_level(model, series_of(kind), 0, model->end_ns).max
	                        : running_scale(model, sketches);

	return kind == ROW_HEAP ? (value > 0 ? value : 1) : counter_scale(value > 0 ? value : 1);
}

/* A value in eighths of a row, over all rows; what is not nothing is seen. */
static int eighths_of(const struct counter *c, int64_t value)
{
	int full = 8 * c->stripe.rows;
	int64_t eighths;

	if (value <= 0)
		return 0;
	if (value >= c->scale)
		return full;
	eighths = (int64_t)(((__int128)value * full * 2 + c->scale) / ((__int128)c->scale * 2));
	return eighths < 1 ? 1 : (int)eighths;
}

static void draw_bar(const struct counter *c, int i, int eighths, struct style style,
                     bool is_sketched)
{
	uint32_t (*look)(const struct cells *, int) = is_sketched ? look_sketch : look_lower;

	for (int row = 0; row < c->stripe.rows; row++) {
		int left = eighths - 8 * (c->stripe.rows - 1 - row);

		cells_put(c->cells, c->stripe.row + row, c->col + i,
		          look(c->cells, left < 0   ? 0
		                         : left > 8 ? 8
		                                    : left),
		          style);
	}
}

/* In the row above the bar, where the goal is; what the bar covers stays the bar's. */
static void draw_goal(const struct counter *c, int i, int filled, int goal)
{
	int row = c->stripe.rows - 1 - (goal > 0 ? goal - 1 : 0) / 8;
	int height = goal - 8 * (c->stripe.rows - 1 - row);

	if (filled > 8 * (c->stripe.rows - 1 - row))
		return;
	cells_put(c->cells, c->stripe.row + row, c->col + i,
	          height >= 6   ? look_sign(c->cells, SIGN_TOP)
	          : height >= 3 ? look_sign(c->cells, SIGN_RULE)
	                        : look_lower(c->cells, 1),
	          (struct style){ .fg = COLOUR_DIM, .bg = COLOUR_IDLE });
}

/* Where nothing is loaded yet. */
static void draw_sketch(const struct counter *c, int i, enum row_kind kind, int64_t begin,
                        int64_t end)
{
	struct level level = sketches_level(c->sketches, series_of(kind), begin, end);

	draw_bar(c, i, level.is_known ? eighths_of(c, level.max) : 0,
	         (struct style){ .fg = COLOUR_COUNTER, .bg = COLOUR_IDLE }, true);
	if (!level.is_known)
		cells_put(c->cells, c->stripe.row + c->stripe.rows - 1, c->col + i,
		          look_sign(c->cells, SIGN_UNKNOWN), look_dim);
}

static void draw_cells(const struct counter *c, enum row_kind kind)
{
	int64_t sketched = sketches_from_ns(c->sketches);

	for (int i = 0; i < c->viewport->cols; i++) {
		int64_t begin = viewport_col_ns(c->viewport, i);
		int64_t end = viewport_col_ns(c->viewport, i + 1);
		struct style style = { .fg = COLOUR_COUNTER, .bg = COLOUR_IDLE };
		struct level level = { 0 };
		int eighths;

		if (begin + (end - begin) / 2 >= sketched && end > 0 &&
		    begin < c->viewport->end_ns) {
			draw_sketch(c, i, kind, begin, end);
			continue;
		}
		if (end > 0 && begin < c->model->end_ns)
			level = model_level(c->model, series_of(kind), begin, end);
		if (level.is_known && level.max - level.min > c->scale / 8)
			style.fg = COLOUR_DIM;
		eighths = level.is_known ? eighths_of(c, level.max) : 0;
		draw_bar(c, i, eighths, style, false);
		if (kind != ROW_HEAP || !level.is_known)
			continue;
		level = model_level(c->model, SERIES_GOAL, begin, end);
		if (level.is_known && level.max <= c->scale)
			draw_goal(c, i, eighths, eighths_of(c, level.max));
	}
}

/* "41 MB": three digits at most, in Go's units of 1024. */
static void bytes_text(char *out, size_t size, int64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
	int unit = 0;

	for (; bytes >= 1000 && unit < 5; unit++)
		bytes = (bytes + 512) / 1024;
	snprintf(out, size, "%" PRId64 " %s", bytes, units[unit]);
}

static void draw_label(const struct counter *c, enum row_kind kind)
{
	int64_t end = viewport_end_ns(c->viewport);
	char value[32] = "", text[48];
	struct level level;

	end = end > c->viewport->end_ns ? c->viewport->end_ns : end;
	level = end > 0 && end <= sketches_from_ns(c->sketches)
	                ? model_level(c->model, series_of(kind), end - 1, end)
	                : (struct level){ 0 };
	if (level.is_known && kind == ROW_HEAP)
		bytes_text(value, sizeof(value), level.last);
	else if (level.is_known)
		snprintf(value, sizeof(value), "%" PRId64, level.last);
	snprintf(text, sizeof(text), "%s %s", counters[kind].name, value);
	cells_print(c->cells, c->stripe.row, 0, ROWS_COLS - 1, text, look_plain);
}

/* ---- wake-ups */

static enum moment moment_of(enum row_kind kind)
{
	return kind == ROW_NETWORK  ? MOMENT_NETWORK
	       : kind == ROW_TIMERS ? MOMENT_TIMER
	                            : MOMENT_SYSCALL;
}

/* How many there are in each cell, to the scale of the most; on the left how many in the window. */
static void draw_moments_label(const struct counter *c, enum row_kind kind, uint64_t sum,
                               bool is_exact)
{
	static const char *const names[] = { "net", "timer", "sysc" };
	char text[48];

	/* "+": of some that were woken it is not known yet what they had waited for */
	snprintf(text, sizeof(text), "%s %" PRIu64 "%s%s", names[kind - ROW_NETWORK],
	         sum < 100000 ? sum : sum / 1000, sum < 100000 ? "" : "k", is_exact ? "" : "+");
	cells_print(c->cells, c->stripe.row, 0, ROWS_COLS - 1, text, look_plain);
}

/* How many there are in each cell, to the scale of the most; on the left how many in the window. */
static void draw_moments(struct counter *c, enum row_kind kind)
{
	int64_t times[VIEWPORT_COLS_MAX + 1];
	uint32_t counts[VIEWPORT_COLS_MAX], most = 0;
	uint64_t sum = 0;
	bool is_known, is_exact;

	for (int i = 0; i <= c->viewport->cols; i++)
		times[i] = viewport_col_ns(c->viewport, i);
	is_known = model_moments(c->model, moment_of(kind), times, (size_t)c->viewport->cols,
	                         counts, &is_exact);
	for (int i = 0; is_known && i < c->viewport->cols; i++) {
		most = counts[i] > most ? counts[i] : most;
		sum += counts[i];
	}
	c->scale = counter_scale(most > 0 ? most : 1);
	for (int i = 0; i < c->viewport->cols; i++)
		if (is_known)
			draw_bar(c, i, eighths_of(c, counts[i]),
			         (struct style){ .fg = COLOUR_COUNTER, .bg = COLOUR_IDLE }, false);
		else
			cells_put(c->cells, c->stripe.row + c->stripe.rows - 1, c->col + i,
			          look_sign(c->cells, SIGN_UNKNOWN), look_dim);
	if (is_known)
		draw_moments_label(c, kind, sum, is_exact);
	else
		cells_print(c->cells, c->stripe.row, 0, ROWS_COLS - 1, row_name(kind), look_plain);
}

void counter_view_draw(struct cells *cells, const struct layout *layout, enum row_kind kind,
                       const struct state *state, const struct model *model,
                       const struct sketches *sketches)
{
	struct counter c = { .cells = cells,
		             .model = model,
		             .sketches = sketches,
		             .viewport = &state->at.viewport,
		             .stripe = layout->fixed[kind],
		             .col = layout->plot_col };

	if (c.stripe.rows == 0)
		return;
	if (row_is_of_wakeups(kind)) {
		draw_moments(&c, kind);
		return;
	}
	c.scale = scale_of(kind, model, sketches);
	draw_label(&c, kind);
	draw_cells(&c, kind);
}
