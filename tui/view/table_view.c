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

	for (size_t i = 0; i < table_rows(table); i++)
		for (size_t c = 0; c < columns; c++) {
			int width = cells_width(cells, table_row(table, i)[c].text);

			widths[c] = width > widths[c] ? width : widths[c];
		}
	for (size_t c = 0; c < columns; c++)
		widths[c] = widths[c] > cells->cols * 2 / 5 ? cells->cols * 2 / 5 : widths[c];
	if (columns > 0)
		widths[columns - 1] = cells->cols;
}

void table_view_draw(struct cells *cells, int row, int rows, const char *title,
                     const struct table *table, int scroll)
{
	int widths[COLUMNS_MAX] = { 0 };
	int most = table_view_scroll_max(table, rows);
	size_t first = (size_t)(scroll > most ? most : scroll < 0 ? 0 : scroll);

	for (int i = 0; i < rows; i++)
		cells_fill(cells, row + i, 0, cells->cols, look_plain);
	cells_print(cells, row, 0, cells->cols, title, look_title);
	find_widths(cells, table, widths);
	for (int i = 0; i < rows - HEAD_ROWS && first + (size_t)i < table_rows(table); i++) {
		const struct value *values = table_row(table, first + (size_t)i);
		int col = 0;

		for (size_t c = 0; c < table->columns.count && c < COLUMNS_MAX; c++) {
			cells_text(cells, row + HEAD_ROWS + i, col, widths[c], values[c].text,
			           c == 1 ? look_dim : look_plain);
			col += widths[c] + 2;
		}
	}
}
