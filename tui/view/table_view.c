/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/table_view.h"

#include "tui/view/look.h"

enum { COLUMNS_MAX = 8, HEAD_ROWS = 1 };

int table_view_scroll_max(const struct table *table, int rows)
{
	int beyond = (int)table_rows(table) - (rows - HEAD_ROWS);

	return beyond > 0 ? beyond : 0;
}

/* No column but the last takes more than two fifths of the screen. */
static void find_widths(const struct cells *cells, const struct table *table,
                        int widths[COLUMNS_MAX])
{
	size_t columns = table->columns.count < COLUMNS_MAX ? table->columns.count : COLUMNS_MAX;
	struct value value;

	for (size_t i = 0; i < table_rows(table); i++) {
		struct table_cursor cursor = table_row(table, i);

		for (size_t c = 0; c < columns && table_next(&cursor, &value); c++) {
			int width = cells_width(cells, value.text);

			widths[c] = width > widths[c] ? width : widths[c];
		}
	}
	for (size_t c = 0; c < columns; c++)
		widths[c] = widths[c] > cells->cols * 2 / 5 ? cells->cols * 2 / 5 : widths[c];
	if (columns > 0)
		widths[columns - 1] = cells->cols;
}

static void draw_row(struct cells *cells, int row, const int widths[COLUMNS_MAX],
                     const struct table *table, size_t index, bool is_current)
{
	struct table_cursor cursor = table_row(table, index);
	struct value value;
	int col = 0;

	for (size_t c = 0; c < COLUMNS_MAX && table_next(&cursor, &value); c++) {
		struct style style = c == 1 && c + 1 < table->columns.count ? look_dim : look_plain;

		style.attributes |= is_current && c == 0 ? ATTRIBUTE_REVERSE : 0;
		cells_text(cells, row, col, widths[c], value.text, style);
		col += widths[c] + 2;
	}
}

void table_view_draw(struct cells *cells, int row, int rows, const char *title,
                     const struct table *table, int scroll, int current)
{
	int widths[COLUMNS_MAX] = { 0 };
	int most = table_view_scroll_max(table, rows);
	int first = scroll > most ? most : scroll < 0 ? 0 : scroll;

	for (int i = 0; i < rows; i++)
		cells_fill(cells, row + i, 0, cells->cols, look_plain);
	cells_print(cells, row, 0, cells->cols, title, look_title);
	find_widths(cells, table, widths);
	for (int i = first; i - first < rows - HEAD_ROWS && i < (int)table_rows(table); i++)
		draw_row(cells, row + HEAD_ROWS + i - first, widths, table, (size_t)i,
		         i == current);
}
