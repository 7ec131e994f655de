/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/sheet_view.h"

#include <stdio.h>

#include "tui/view/look.h"
#include "tui/view/plot_view.h"
#include "tui/view/prose_view.h"
#include "tui/view/value_text.h"

enum {
	GAP = 2,
	CUT_MIN = 16,   /* of a column that goes beyond the screen */
	SHARE_COLS = 8, /* "100.0 % " */
	BAR_COLS = 10,
	NAME_MAX_LEN = 200,
	COLUMNS_MAX = 64, /* side by side on the widest screen */
};

struct sheet_picture {
	struct cells *cells;
	const struct sheet_scene *scene;
	const struct sheet *sheet;
	int lines; /* of rows */
	struct shown_column {
		size_t column;
		int col, width;
	} columns[COLUMNS_MAX];
	int count;
};

int sheet_view_lines(int rows, const struct sheet_scene *scene)
{
	if (scene->table == NULL)
		return rows - SHEET_LINES_BEFORE;
	return rows - SHEET_LINES_BEFORE - plot_view_rows(scene->table, rows) -
	       prose_view_rows(scene->table, rows);
}

static bool is_histogram(const struct sheet_picture *p, size_t column)
{
	return p->scene->table->columns.items[column].kind == COLUMN_HISTOGRAM;
}

static struct bytes head_of(const struct sheet_picture *p, size_t column, char room[NAME_MAX_LEN])
{
	return value_head(p->scene->table->columns.items[column].name, room, NAME_MAX_LEN);
}

static bool is_ordering(const struct sheet_picture *p, size_t column)
{
	return p->sheet->order > 0 && column == (size_t)p->sheet->order - 1;
}

static bool has_share(const struct sheet_picture *p, size_t column)
{
	return is_ordering(p, column) && p->scene->sum > 0;
}

static size_t row_at(const struct sheet_picture *p, int line)
{
	return p->scene->shown->items[p->sheet->scroll + line];
}

static int line_count(const struct sheet_picture *p)
{
	int64_t left = (int64_t)p->scene->shown->count - p->sheet->scroll;

	return left < p->lines ? (int)(left > 0 ? left : 0) : p->lines;
}

/* No text takes more than half of the screen, and where numbers behind it are what counts no more
 * than they leave on the narrowest. */
static int most_cols(const struct sheet_picture *p, size_t column)
{
	int cols = p->cells->cols;

	return column > 0 && p->scene->table->name_cols > 0 ? cols * 3 / 10 : cols / 2;
}

/* As wide as what is seen of it. */
static int width_of(const struct sheet_picture *p, size_t column)
{
	char room[NAME_MAX_LEN], text[VALUE_TEXT_MAX];
	int width = cells_width(p->cells, head_of(p, column, room)) + 2 * is_ordering(p, column);

	if (is_histogram(p, column))
		return width > p->scene->buckets ? width : p->scene->buckets;
	for (int i = 0; i < line_count(p); i++) {
		struct value value = table_value(p->scene->table, row_at(p, i), column);
		int wide = cells_width(p->cells, value_text(&value, look_is_ascii(p->cells), text));

		width = wide > width ? wide : width;
	}
	return width > most_cols(p, column) ? most_cols(p, column) : width;
}

/* The begin of a text tells something, too. */
static bool can_be_cut(const struct sheet_picture *p, size_t column, int room)
{
	return value_is_left(p->scene->table->columns.items[column].kind) && room >= CUT_MIN;
}

/* From a column on, as many as there is room for; false: the one under the cursor is not seen. */
static bool lay_out(struct sheet_picture *p, size_t first)
{
	size_t all = p->scene->table->columns.count;
	bool has_cursor = p->sheet->column == 0;
	int col = 0;

	p->count = 0;
	for (size_t c = 0; c < all && p->count < COLUMNS_MAX && col < p->cells->cols;
	     c = c == 0 ? first : c + 1) {
		int width = width_of(p, c);
		int whole = width + (has_share(p, c) ? SHARE_COLS + BAR_COLS + 1 : 0);

		if (col + whole > p->cells->cols && c != 0 && p->count > 1 &&
		    !can_be_cut(p, c, p->cells->cols - col))
			break;
		p->columns[p->count++] = (struct shown_column){ c, col, width };
		has_cursor |= c == (size_t)p->sheet->column;
		col += whole + GAP;
		if (c == 0 && first >= all)
			break;
	}
	return has_cursor;
}

static void put(const struct sheet_picture *p, int row, const struct shown_column *column,
                struct bytes text, struct style style)
{
	enum column_kind kind = p->scene->table->columns.items[column->column].kind;
	int width = cells_width(p->cells, text), room = column->width;

	if (column->col + room > p->cells->cols)
		room = p->cells->cols - column->col;
	if (value_is_left(kind) || width > room)
		cells_text(p->cells, row, column->col, room, text, style);
	else
		cells_text(p->cells, row, column->col + room - width, width, text, style);
}

static void draw_heads(const struct sheet_picture *p)
{
	for (int i = 0; i < p->count; i++) {
		size_t column = p->columns[i].column;
		struct style style = look_dim;
		char room[NAME_MAX_LEN], text[NAME_MAX_LEN + 3];
		struct bytes head = head_of(p, column, room);

		if (column == (size_t)p->sheet->column)
			style = (struct style){ .attributes = ATTRIBUTE_REVERSE };
		snprintf(text, sizeof(text), "%.*s%s", (int)head.len, (const char *)head.data,
		         !is_ordering(p, column) ? ""
		         : p->sheet->is_reversed ? " ^"
		                                 : " v");
		put(p, 1, &p->columns[i], bytes_of(text), style);
	}
}

/* What of all a value is, and a bar that is full for the largest. */
static void draw_share(const struct sheet_picture *p, int row, const struct shown_column *column,
                       int64_t value, struct style style)
{
	int col = column->col + column->width + 1, eighths;
	char text[16];

	if (value < 0 || p->scene->most <= 0)
		return;
	snprintf(text, sizeof(text), "%5.1f %%", 100.0 * (double)value / (double)p->scene->sum);
	cells_print(p->cells, row, col, SHARE_COLS, text, style);
	eighths = (int)((double)value / (double)p->scene->most * BAR_COLS * 8 + 0.5);
	style = (struct style){ .fg = COLOUR_COUNTER }; /* as of all rows, under the cursor, too */
	for (int i = 0; i < BAR_COLS && eighths > 0; i++, eighths -= 8)
		cells_put(p->cells, row, col + SHARE_COLS + i,
		          look_left(p->cells, eighths > 8 ? 8 : eighths), style);
}

static void draw_spark(const struct sheet_picture *p, int row, const struct shown_column *column,
                       const struct value *value, struct style style)
{
	struct histogram histogram;

	style.fg = COLOUR_COUNTER;
	style.attributes = 0; /* as without the cursor */
	if (histogram_parse(&histogram, value->text))
		plot_view_spark(p->cells, row, column->col, p->scene->buckets, p->scene->bucket,
		                &histogram, style);
}

static void draw_row(const struct sheet_picture *p, int line)
{
	bool is_current = p->sheet->scroll + line == p->sheet->row;
	struct style style = look_plain;
	int row = SHEET_LINES_BEFORE + line;

	style.attributes |= is_current ? ATTRIBUTE_REVERSE : 0;
	if (is_current)
		cells_fill(p->cells, row, 0, p->cells->cols, style);
	for (int i = 0; i < p->count; i++) {
		struct value value =
			table_value(p->scene->table, row_at(p, line), p->columns[i].column);
		char text[VALUE_TEXT_MAX];

		if (is_histogram(p, p->columns[i].column)) {
			draw_spark(p, row, &p->columns[i], &value, style);
			continue;
		}
		put(p, row, &p->columns[i], value_text(&value, look_is_ascii(p->cells), text),
		    style);
		if (has_share(p, p->columns[i].column) && !value.is_empty)
			draw_share(p, row, &p->columns[i], value.number, style);
	}
}

void sheet_view_draw(struct cells *cells, int rows, const struct sheet_scene *scene,
                     const struct sheet *sheet)
{
	struct sheet_picture p = { .cells = cells,
		                   .scene = scene,
		                   .sheet = sheet,
		                   .lines = sheet_view_lines(rows, scene) };
	size_t first = (size_t)(sheet->first > 1 ? sheet->first : 1);

	cells_print(cells, 0, 0, cells->cols, scene->title, look_title);
	if (scene->table->columns.count == 0)
		return;
	while (!lay_out(&p, first) && first < (size_t)sheet->column)
		first++;
	draw_heads(&p);
	if (scene->shown->count == 0 && rows > SHEET_LINES_BEFORE)
		cells_print(cells, SHEET_LINES_BEFORE, 0, cells->cols, "(none)", look_dim);
	for (int i = 0; i < line_count(&p); i++)
		draw_row(&p, i);
	if (sheet->row < 0 || (size_t)sheet->row >= scene->shown->count)
		return;
	plot_view_draw(cells, SHEET_LINES_BEFORE + p.lines, plot_view_rows(scene->table, rows),
	               scene->table, scene->shown->items[sheet->row]);
	prose_view_draw(cells, rows - prose_view_rows(scene->table, rows),
	                prose_view_rows(scene->table, rows), scene->table,
	                scene->shown->items[sheet->row]);
}
