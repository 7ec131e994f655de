/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/prose_view.h"

#include "tui/view/look.h"

enum {
	SHARE = 4, /* of the rows */
	LEAST = 3, /* with a free one before it, */
	MOST = 8,
};

/* The column of sentences; false: it has none. */
static bool find_prose(const struct table *table, size_t *column)
{
	return table_find_column(table, bytes_of("because"), column) ||
	       table_find_column(table, bytes_of("sentence"), column);
}

int prose_view_rows(const struct table *table, int rows)
{
	size_t column;
	int lines = rows / SHARE < MOST ? rows / SHARE : MOST;

	return lines >= LEAST && find_prose(table, &column) ? lines : 0;
}

/* The bytes that fit into a line, up to the end of a word if one ends there. */
static size_t line_length(const struct cells *cells, struct bytes text)
{
	size_t whole = 0;

	for (size_t at = 0; at <= text.len; at++) {
		if (at < text.len && text.data[at] != ' ')
			continue;
		if (cells_width(cells, (struct bytes){ text.data, at }) > cells->cols)
			return whole > 0 ? whole : at;
		whole = at;
	}
	return whole;
}

void prose_view_draw(struct cells *cells, int row, int rows, const struct table *table,
                     size_t current)
{
	struct bytes text;
	size_t column;

	if (rows == 0 || !find_prose(table, &column))
		return;
	text = table_value(table, current, column).text;
	for (int line = 1; line < rows && text.len > 0; line++) {
		size_t len = line_length(cells, text);

		cells_text(cells, row + line, 0, cells->cols, (struct bytes){ text.data, len },
		           look_plain);
		len += len < text.len; /* the space */
		text = (struct bytes){ text.data + len, text.len - len };
	}
}
