/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/cells.h"

#include <stdio.h>

#include "tui/state/utf8.h"
#include "tui/view/glyph.h"

/* What is longer is not looked at: no screen is that wide. */
enum { TEXT_MAX = 1 << 16 };

_Static_assert(GLYPH_MARKS <= (int)CELL_MARKS, "a cell holds the marks of a glyph");

static const struct cell blank = { .code = ' ' };

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static size_t area(const struct cells *cells)
{
	return (size_t)cells->cols * (size_t)cells->rows;
}

void cells_resize(struct cells *cells, int cols, int rows)
{
	size_t old = area(cells) * sizeof(*cells->grid);

	cells->cols = clamp(cols, 1, CELLS_COLS_MAX);
	cells->rows = clamp(rows, 1, CELLS_ROWS_MAX);
	cells->grid =
		budget_resize(cells->budget, cells->grid, old, area(cells) * sizeof(*cells->grid));
	cells_clear(cells);
}

void cells_free(struct cells *cells)
{
	cells->grid =
		budget_resize(cells->budget, cells->grid, area(cells) * sizeof(*cells->grid), 0);
	cells->cols = cells->rows = 0;
}

void cells_clear(struct cells *cells)
{
	for (size_t i = 0; i < area(cells); i++)
		cells->grid[i] = blank;
}

static struct cell *cell_at(const struct cells *cells, int row, int col)
{
	if (row < 0 || row >= cells->rows || col < 0 || col >= cells->cols)
		return NULL;
	return &cells->grid[(size_t)row * (size_t)cells->cols + (size_t)col];
}

static void make_space(struct cell *cell)
{
	*cell = (struct cell){ .code = ' ', .style = cell->style };
}

/* Before the cell is overwritten: the other half of a wide glyph it is part of becomes a space. */
static void part_halves(struct cells *cells, int row, int col)
{
	struct cell *cell = cell_at(cells, row, col);
	struct cell *left = cell_at(cells, row, col - 1);
	struct cell *right = cell_at(cells, row, col + 1);

	if (cell->code == 0 && left != NULL)
		make_space(left);
	if (cell->code != 0 && right != NULL && right->code == 0)
		make_space(right);
}

static void set_cell(struct cells *cells, int row, int col, struct cell value)
{
	struct cell *cell = cell_at(cells, row, col);

	if (cell == NULL)
		return;
	part_halves(cells, row, col);
	*cell = value;
}

void cells_put(struct cells *cells, int row, int col, uint32_t code, struct style style)
{
	set_cell(cells, row, col, (struct cell){ .code = code != 0 ? code : ' ', .style = style });
}

/* There is something to draw, and sums of these do not overflow. */
static bool is_room(const struct cells *cells, int col, int width)
{
	return width > 0 && col < cells->cols && col > -TEXT_MAX;
}

void cells_fill(struct cells *cells, int row, int col, int width, struct style style)
{
	int end;

	if (!is_room(cells, col, width))
		return;
	end = width < cells->cols - col ? col + width : cells->cols;
	for (int i = col < 0 ? 0 : col; i < end; i++)
		cells_put(cells, row, i, ' ', style);
}

/* Where text goes: from at on, up to end. */
struct pen {
	struct cells *cells;
	int row, at, end;
	struct style style;
};

static struct style escape_style(struct style style)
{
	if (style.bg == COLOUR_DEFAULT || style.bg == COLOUR_IDLE)
		style.fg = COLOUR_DIM;
	else
		style.attributes |= ATTRIBUTE_UNDERLINE;
	return style;
}

static void pen_escape(struct pen *pen, const char *escape)
{
	struct style style = escape_style(pen->style);

	for (; *escape != '\0' && pen->at < pen->end; escape++)
		cells_put(pen->cells, pen->row, pen->at++, (uint8_t)*escape, style);
}

static void pen_glyph(struct pen *pen, const struct glyph *glyph)
{
	struct cell cell = { .code = glyph->code, .style = pen->style };
	bool whole = pen->at >= 0 && pen->at + glyph->width <= pen->end;

	if (glyph->width == 2 && !whole) { /* cut by an edge */
		for (int i = 0; i < 2 && pen->at < pen->end; i++)
			cells_put(pen->cells, pen->row, pen->at++, ' ', pen->style);
		return;
	}
	memcpy(cell.marks, glyph->marks, sizeof(glyph->marks));
	set_cell(pen->cells, pen->row, pen->at++, cell);
	if (glyph->width == 2)
		set_cell(pen->cells, pen->row, pen->at++, (struct cell){ .style = pen->style });
}

static bool shows_unicode(const struct cells *cells)
{
	return cells->glyphs != GLYPHS_ASCII && glyph_locale_is_utf8();
}

int cells_text(struct cells *cells, int row, int col, int width, struct bytes text,
               struct style style)
{
	struct pen pen = { .cells = cells, .row = row, .at = col, .style = style };
	bool unicode = shows_unicode(cells);
	struct glyph glyph;

	if (!is_room(cells, col, width))
		return 0;
	pen.end = width < cells->cols - col ? col + width : cells->cols;
	while (pen.at < pen.end && glyph_next(&text, unicode, &glyph)) {
		if (glyph.code == 0)
			pen_escape(&pen, glyph.escape);
		else
			pen_glyph(&pen, &glyph);
	}
	return pen.at - col;
}

int cells_print(struct cells *cells, int row, int col, int width, const char *text,
                struct style style)
{
	return cells_text(cells, row, col, width, bytes_of(text), style);
}

int cells_width(const struct cells *cells, struct bytes text)
{
	bool unicode = shows_unicode(cells);
	struct glyph glyph;
	int width = 0;

	if (text.len > TEXT_MAX)
		text.len = TEXT_MAX;
	while (glyph_next(&text, unicode, &glyph))
		width += glyph.width;
	return width;
}

int cells_text_tail(struct cells *cells, int row, int col, int width, struct bytes text,
                    struct style style)
{
	bool unicode = shows_unicode(cells);
	const char *ellipsis = unicode ? "…" : "..";
	int ellipsis_width = unicode ? 1 : 2;
	struct glyph glyph;
	int left, used;

	if (text.len > TEXT_MAX) {
		text.data += text.len - TEXT_MAX;
		text.len = TEXT_MAX;
	}
	left = cells_width(cells, text);
	if (left <= width || !is_room(cells, col, width))
		return cells_text(cells, row, col, width, text, style);
	while (left > width - ellipsis_width && glyph_next(&text, unicode, &glyph))
		left -= glyph.width;
	used = cells_print(cells, row, col, width, ellipsis, style);
	return used + cells_text(cells, row, col + used, width - used, text, style);
}

const char *cells_clean(char *out, size_t size, struct bytes text)
{
	bool unicode = glyph_locale_is_utf8();
	struct glyph glyph;
	size_t at = 0;

	if (size == 0)
		return "";
	while (glyph_next(&text, unicode, &glyph)) {
		char piece[UTF8_MAX * (1 + GLYPH_MARKS)];
		const char *from = glyph.code != 0 ? piece : glyph.escape;
		size_t len =
			glyph.code != 0 ? utf8_encode(glyph.code, piece) : strlen(glyph.escape);

		for (int i = 0; i < GLYPH_MARKS && glyph.marks[i] != 0; i++)
			len += utf8_encode(glyph.marks[i], piece + len);
		if (len >= size - at)
			break;
		memcpy(out + at, from, len);
		at += len;
	}
	out[at] = '\0';
	return out;
}

int colour_of_256(enum colour colour)
{
	/* clang-format off */
	static const int16_t palette[COLOUR_COUNT] = {
		[COLOUR_DEFAULT]  =  -1, [COLOUR_DIM]      = 244, [COLOUR_INK]      =   0,
		[COLOUR_PAPER]    =  15, [COLOUR_RUNNING]  =  48, [COLOUR_RUNNABLE] = 101,
		[COLOUR_BLOCKED]  =  33, [COLOUR_SYSCALL]  = 219, [COLOUR_GC]       = 208,
		[COLOUR_STW]      = 160, [COLOUR_ASSIST]   = 163, [COLOUR_SWEEP]    = 132,
		[COLOUR_REGION]   = 115, [COLOUR_IDLE]     =  -1, [COLOUR_COUNTER]  =  67,
		[COLOUR_SELECTED] = 226, [COLOUR_MIXED]    = 250, [COLOUR_ERROR]    = 196,
	};
	/* clang-format on */

	return (unsigned)colour < COLOUR_COUNT ? palette[colour] : -1;
}

static void append(text_array *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*array_push(out) = text[i];
}

static void append_sgr(text_array *out, struct style style)
{
	static const uint8_t attributes[][2] = { { ATTRIBUTE_BOLD, 1 },
		                                 { ATTRIBUTE_UNDERLINE, 4 },
		                                 { ATTRIBUTE_REVERSE, 7 } };
	int fg = colour_of_256(style.fg), bg = colour_of_256(style.bg);
	char text[64];
	int len = snprintf(text, sizeof(text), "\033[0");

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if ((style.attributes & attributes[i][0]) != 0)
			len += snprintf(text + len, sizeof(text) - (size_t)len, ";%d",
			                attributes[i][1]);
	if (fg >= 0)
		len += snprintf(text + len, sizeof(text) - (size_t)len, ";38;5;%d", fg);
	if (bg >= 0)
		len += snprintf(text + len, sizeof(text) - (size_t)len, ";48;5;%d", bg);
	append(out, text, (size_t)len);
	append(out, "m", 1);
}

/* Looks the same as a cell behind the end of the row. */
static bool is_bare(const struct cell *cell, bool ansi)
{
	if (cell->code != ' ')
		return false;
	return !ansi || (colour_of_256(cell->style.bg) < 0 &&
	                 (cell->style.attributes & ~ATTRIBUTE_BOLD) == 0);
}

void cells_dump_row(const struct cells *cells, int row, bool ansi, text_array *out)
{
	const struct cell *cell = cell_at(cells, row, 0);
	struct style last = { 0 };
	char text[UTF8_MAX];
	int end = cells->cols;

	if (cell == NULL)
		return;
	while (end > 0 && is_bare(&cell[end - 1], ansi))
		end--;
	for (int col = 0; col < end; col++, cell++) {
		if (ansi && !style_is(cell->style, last))
			append_sgr(out, cell->style);
		last = cell->style;
		if (cell->code != 0)
			append(out, text, utf8_encode(cell->code, text));
		for (int i = 0; i < CELL_MARKS && cell->marks[i] != 0; i++)
			append(out, text, utf8_encode(cell->marks[i], text));
	}
	if (ansi && !style_is(last, (struct style){ 0 }))
		append(out, "\033[m", 3);
}
