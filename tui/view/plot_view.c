/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/plot_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/view/look.h"
#include "tui/view/text.h"

enum {
	ROWS_MIN = 6, /* of the picture, with a caption and the axis, */
	ROWS_MAX = 16,
	TABLE_MIN = 16, /* beside which the table needs some */
	SCALE_COLS = 7, /* "100 % |" */
	BAR_MAX = 9,
	POINTS_MAX = 192,
	EIGHTHS = 8,
	LABEL_MAX = 32,
	WHOLE = 1000000, /* of what is in millionths */
};

struct plot {
	struct cells *cells;
	int row, rows; /* of the bars, between caption and axis */
	int col, cols;
	int64_t most;
};

static bool find_histogram(const struct table *table, size_t *column)
{
	return table_find_column(table, bytes_of("histogram"), column);
}

static bool find_curve(const struct table *table, size_t *window, size_t *share)
{
	return table_find_column(table, bytes_of("window_ns"), window) &&
	       table_find_column(table, bytes_of("mmu"), share);
}

int plot_view_rows(const struct table *table, int rows)
{
	size_t a, b;
	int wanted = rows / 3 < ROWS_MAX ? rows / 3 : ROWS_MAX;

	if (rows < TABLE_MIN || table_rows(table) == 0 ||
	    (!find_histogram(table, &a) && !find_curve(table, &a, &b)))
		return 0;
	return wanted < ROWS_MIN ? ROWS_MIN : wanted;
}

/* ---- what both have */

/* Up to a height of so many, from below. */
static void draw_bar(const struct plot *plot, int col, int64_t amount, struct style style)
{
	int eighths =
		plot->most <= 0
			? 0
			: (int)((double)amount / (double)plot->most * (plot->rows * EIGHTHS) + 0.5);

	if (amount > 0 && eighths == 0)
		eighths = 1;
	for (int i = 0; i < plot->rows && eighths > 0; i++, eighths -= EIGHTHS)
		cells_put(plot->cells, plot->row + plot->rows - 1 - i, col,
		          look_lower(plot->cells, eighths > EIGHTHS ? EIGHTHS : eighths), style);
}

/* What the top of the highest is, to the left. */
static void draw_scale(const struct plot *plot, const char *top, const char *bottom)
{
	cells_print(plot->cells, plot->row, 0, SCALE_COLS - 1, top, look_dim);
	cells_print(plot->cells, plot->row + plot->rows - 1, 0, SCALE_COLS - 1, bottom, look_dim);
	for (int i = 0; i < plot->rows; i++)
		cells_put(plot->cells, plot->row + i, SCALE_COLS - 1,
		          look_sign(plot->cells, SIGN_BAR), look_dim);
}

/* "10 ms" of a power of ten; false: it is none. */
static bool is_decade(char text[LABEL_MAX], int64_t ns, bool ascii)
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	int unit = 0;

	for (int64_t power = 1; power < ns; power *= 10)
		if (power > INT64_MAX / 10)
			return false;
		else if (power * 10 > ns)
			return false;
	for (; ns >= 1000 && unit < 3; unit++)
		ns /= 1000;
	snprintf(text, LABEL_MAX, "%" PRId64 " %s", ns, unit == 1 && ascii ? "us" : units[unit]);
	return true;
}

/* A label of the axis, unless it would run into the one before; *end: behind that. */
static void draw_tick(const struct plot *plot, int col, const char *text, int *end)
{
	int width = cells_width(plot->cells, bytes_of(text));

	if (col < *end || col + width + 1 > plot->col + plot->cols + SCALE_COLS)
		return;
	cells_put(plot->cells, plot->row + plot->rows, col, look_sign(plot->cells, SIGN_BAR),
	          look_dim);
	cells_print(plot->cells, plot->row + plot->rows, col + 1, width, text, look_dim);
	*end = col + width + 3;
}

/* ---- the mmu */

struct curve {
	struct point {
		int64_t window_ns, share;
	} points[POINTS_MAX];
	int count, current;
};

/* By windows, however the table is ordered. */
static void read_curve(struct curve *curve, const struct table *table, size_t current)
{
	size_t window, share, rows = table_rows(table);
	struct point now;

	*curve = (struct curve){ .count = 0 };
	if (!find_curve(table, &window, &share))
		return;
	now.window_ns = table_value(table, current, window).number;
	for (size_t i = 0; i < rows && curve->count < POINTS_MAX; i++) {
		struct point point = { table_value(table, i, window).number,
			               table_value(table, i, share).number };
		int at = curve->count++;

		for (; at > 0 && curve->points[at - 1].window_ns > point.window_ns; at--)
			curve->points[at] = curve->points[at - 1];
		curve->points[at] = point;
	}
	while (curve->current + 1 < curve->count &&
	       curve->points[curve->current].window_ns < now.window_ns)
		curve->current++;
}

/* Rows are about as far from each other on a logarithmic axis: between two it is a straight line.
 */
static int64_t share_at(const struct curve *curve, int col, int cols)
{
	int64_t steps = curve->count - 1, place = cols > 1 ? col * steps : 0;
	int64_t i = cols > 1 ? place / (cols - 1) : 0, rest = cols > 1 ? place % (cols - 1) : 0;
	const struct point *point = &curve->points[i];

	return rest == 0 ? point->share
	                 : point->share + (point[1].share - point->share) * rest / (cols - 1);
}

static int col_of(const struct plot *plot, const struct curve *curve, int i)
{
	return plot->col +
	       (curve->count > 1 ? (int)((int64_t)i * (plot->cols - 1) / (curve->count - 1)) : 0);
}

static void draw_curve(struct plot *plot, const struct curve *curve)
{
	const struct point *now = &curve->points[curve->current];
	int current = col_of(plot, curve, curve->current), end = 0;
	struct line line = { .ascii = look_is_ascii(plot->cells) };
	char text[LABEL_MAX];

	plot->most = WHOLE;
	line_add(&line, "of any window of ");
	line_add_duration(&line, now->window_ns);
	line_add(&line, " the program has at least %.2f %%   CR: the worst",
	         (double)now->share / (WHOLE / 100));
	line_draw(&line, plot->cells, plot->row - 1, 0, plot->cells->cols, look_title);
	draw_scale(plot, "100 %", "  0 %");
	for (int col = 0; col < plot->cols; col++) {
		int64_t share = share_at(curve, col, plot->cols);
		struct style style = { .fg = COLOUR_COUNTER };

		if (plot->col + col == current)
			for (int i = 0; i < plot->rows; i++)
				cells_put(plot->cells, plot->row + i, current,
				          look_sign(plot->cells, SIGN_BAR), look_plain);
		if (plot->col + col == current)
			style.fg = COLOUR_SELECTED;
		draw_bar(plot, plot->col + col, share, style);
	}
	for (int i = 0; i < curve->count; i++)
		if (is_decade(text, curve->points[i].window_ns, line.ascii))
			draw_tick(plot, col_of(plot, curve, i), text, &end);
}

/* ---- durations */

static void draw_histogram(struct plot *plot, const struct histogram *h, struct bytes name)
{
	int buckets = h->last - h->first + 1, width = plot->cols / buckets, end = 0;
	struct line line = { .ascii = look_is_ascii(plot->cells) };
	char text[LABEL_MAX];

	width = width > BAR_MAX ? BAR_MAX : width < 1 ? 1 : width;
	plot->most = 0;
	for (int i = h->first; i <= h->last; i++)
		plot->most =
			(int64_t)h->counts[i] > plot->most ? (int64_t)h->counts[i] : plot->most;
	line_add(&line, "how long how many took: ");
	line_add_bytes(&line, name);
	line_draw(&line, plot->cells, plot->row - 1, 0, plot->cells->cols, look_title);
	snprintf(text, sizeof(text), "%6" PRId64, plot->most);
	draw_scale(plot, text, "     0");
	for (int i = 0; i < buckets; i++) {
		int bucket = h->first + i, col = plot->col + i * width;

		for (int c = 0; c < width - (width > 2); c++)
			draw_bar(plot, col + c, (int64_t)h->counts[bucket],
			         (struct style){ .fg = COLOUR_COUNTER });
		if (!is_decade(text, histogram_edge_ns(bucket), line.ascii)) {
			struct line edge = { .ascii = line.ascii };

			line_add_duration(&edge, histogram_edge_ns(bucket));
			if (i == 0 || width > 2)
				snprintf(text, sizeof(text), "%.*s", (int)edge.len, edge.text);
			else
				continue;
		}
		draw_tick(plot, col, text, &end);
	}
}

void plot_view_spark(struct cells *cells, int row, int col, int buckets, int first,
                     const struct histogram *histogram, struct style style)
{
	uint64_t most = 1;

	for (int i = histogram->first; i <= histogram->last; i++)
		most = histogram->counts[i] > most ? histogram->counts[i] : most;
	for (int i = 0; i < buckets && first + i < HISTOGRAM_BUCKETS; i++) {
		uint64_t count = histogram->counts[first + i];
		int eighths = (int)((double)count / (double)most * EIGHTHS + 0.5);

		if (count > 0)
			cells_put(cells, row, col + i, look_lower(cells, eighths < 1 ? 1 : eighths),
			          style);
	}
}

/* ---- */

void plot_view_draw(struct cells *cells, int row, int rows, const struct table *table,
                    size_t current)
{
	struct plot plot = { .cells = cells,
		             .row = row + 1,
		             .rows = rows - 2,
		             .col = SCALE_COLS,
		             .cols = cells->cols - 2 * SCALE_COLS };
	struct histogram histogram;
	struct curve curve;
	size_t column;

	if (plot.cols < 1)
		return;
	if (find_histogram(table, &column)) {
		if (histogram_parse(&histogram, table_value(table, current, column).text))
			draw_histogram(&plot, &histogram, table_value(table, current, 0).text);
		return;
	}
	read_curve(&curve, table, current);
	if (curve.count > 0)
		draw_curve(&plot, &curve);
}
