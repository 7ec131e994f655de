/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/board_view.h"

#include <stdio.h>

#include "tui/view/look.h"
#include "tui/view/value_text.h"

enum { COLUMNS = 12, HEAD_ROWS = 2, NAME_MIN = 12, TITLE_MAX = 160 };

struct board {
	struct cells *cells;
	const struct layout *layout;
	const struct table *table;
	size_t columns;
	size_t first, end; /* rows that are seen */
	int widths[COLUMNS];
};

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

int board_view_scroll_max(const struct layout *layout, const struct table *table)
{
	int64_t beyond = (int64_t)table_rows(table) - (layout->detail.rows - HEAD_ROWS);

	return layout->detail.rows > 0 && beyond > 0 ? (int)(beyond < 1 << 20 ? beyond : 1 << 20)
	                                             : 0;
}

static void find_widths(struct board *b)
{
	int left = b->cells->cols;

	for (size_t c = 0; c < b->columns; c++)
		b->widths[c] = cells_width(b->cells, b->table->columns.items[c].name);
	for (size_t i = b->first; i < b->end; i++) {
		struct table_cursor cursor = table_row(b->table, i);
		struct value value;

		for (size_t c = 0; c < b->columns && table_next(&cursor, &value); c++) {
			char room[VALUE_TEXT_MAX];
			int width = cells_width(b->cells,
			                        value_text(&value, look_is_ascii(b->cells), room));

			b->widths[c] = width > b->widths[c] ? width : b->widths[c];
		}
	}
	for (size_t c = 1; c < b->columns; c++)
		left -= b->widths[c] + 2;
	b->widths[0] = smaller(b->widths[0], left > NAME_MIN ? left : NAME_MIN);
}

static void put_text(const struct board *b, int row, int col, size_t c, struct bytes text,
                     struct style style)
{
	int width = cells_width(b->cells, text);
	int room = smaller(b->widths[c], b->cells->cols - col);

	if (c == 0)
		cells_text(b->cells, row, col, room, text, style);
	else if (width <= room)
		cells_text(b->cells, row, col + room - width, width, text, style);
}

static void draw_row(const struct board *b, int row, size_t index, struct style style)
{
	struct table_cursor cursor = table_row(b->table, index);
	struct value value;
	int col = 0;

	for (size_t c = 0; c < b->columns && table_next(&cursor, &value); c++) {
		char room[VALUE_TEXT_MAX];

		put_text(b, row, col, c, value_text(&value, look_is_ascii(b->cells), room), style);
		col += b->widths[c] + 2;
	}
}

/* With a u for µ, where that is no character. */
static void to_ascii(char out[TITLE_MAX], const char *title)
{
	size_t len = 0;

	for (; *title != '\0' && len + 1 < TITLE_MAX; title++) {
		bool is_micro = title[0] == '\xc2' && title[1] == '\xb5';

		out[len++] = is_micro ? 'u' : *title;
		title += is_micro;
	}
	out[len] = '\0';
}

static void draw_title(struct cells *cells, const struct layout *layout, const char *text)
{
	char title[TITLE_MAX];
	int width;

	if (look_is_ascii(cells))
		to_ascii(title, text);
	else
		snprintf(title, sizeof(title), "%s", text);
	width = smaller(cells_width(cells, bytes_of(title)), layout->cols - 6);

	for (int i = 0; i < layout->cols; i++)
		cells_put(cells, layout->detail.row, i, look_sign(cells, SIGN_RULE), look_dim);
	cells_fill(cells, layout->detail.row, 2, width + 2, look_title);
	cells_print(cells, layout->detail.row, 3, width, title, look_title);
}

void board_view_draw(struct cells *cells, const struct layout *layout, const char *title,
                     const struct table *table, int scroll, int link)
{
	const struct style marked = { .attributes = ATTRIBUTE_REVERSE };
	struct board b = { .cells = cells, .layout = layout, .table = table };
	int rows = layout->detail.rows, col = 0;

	if (rows == 0)
		return;
	draw_title(cells, layout, title);
	b.columns = table->columns.count < COLUMNS ? table->columns.count : COLUMNS;
	b.first = (size_t)smaller(scroll, board_view_scroll_max(layout, table));
	b.end = b.first + (size_t)(rows > HEAD_ROWS ? rows - HEAD_ROWS : 0);
	b.end = b.end < table_rows(table) ? b.end : table_rows(table);
	find_widths(&b);
	for (size_t c = 0; c < b.columns && rows > 1; c++) {
		put_text(&b, layout->detail.row + 1, col, c, table->columns.items[c].name,
		         look_dim);
		col += b.widths[c] + 2;
	}
	for (size_t i = b.first; i < b.end; i++)
		draw_row(&b, layout->detail.row + HEAD_ROWS + (int)(i - b.first), i,
		         i + 1 == (size_t)link ? marked : look_plain);
}

/* ---- links */

static size_t link_count(const struct table *table)
{
	return table_rows(table) < LINKS_MAX ? table_rows(table) : LINKS_MAX;
}

/* Names of lanes begin with what goto knows: P3, "G12 main.f", M7. */
static int id_length(struct bytes name)
{
	int len = 0;

	while ((size_t)len < name.len && name.data[len] != ' ')
		len++;
	return len;
}

void board_view_find_links(struct links *links, const struct layout *layout,
                           const struct table *table, bool is_of_range)
{
	links->count = (int)link_count(table);
	links->rows = layout->detail.rows - HEAD_ROWS;
	for (int i = 0; i < links->count; i++) {
		struct table_cursor cursor = table_row(table, (size_t)i);
		struct link *link = &links->items[i];
		struct value name = { .text = { NULL, 0 } };
		int len;

		*link = (struct link){ .row = i };
		table_next(&cursor, &name);
		len = id_length(name.text);
		cells_clean(link->text, sizeof(link->text), name.text);
		if (is_of_range)
			snprintf(link->command, sizeof(link->command), "goto %.*s", len,
			         (const char *)name.text.data);
		else
			snprintf(link->command, sizeof(link->command), "tally row %d", i + 1);
	}
	links->at = links->at > links->count ? 0 : links->at;
}

int board_view_link_at(const struct layout *layout, const struct table *table, int scroll, int row)
{
	int most = board_view_scroll_max(layout, table);
	int at = row - layout->detail.row - HEAD_ROWS + smaller(scroll, most) + 1;

	return row >= layout->detail.row + HEAD_ROWS && at <= (int)link_count(table) ? at : 0;
}
