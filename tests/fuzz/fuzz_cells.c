/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"
#include "tui/state/utf8.h"
#include "tui/view/cells.h"

#include <locale.h>
#include <wchar.h>
#include <wctype.h>

/* Any text through the door to the terminal. The first three bytes say where it is drawn, and how
 * wide. What has to hold: nothing comes out that a terminal would obey or not show; it takes the
 * columns that were told before, as the C library counts them; nothing is drawn beside its place;
 * and what is clean stays as it is. */

enum { COLS = 32, ROWS = 3, ROW = 1 };

static struct budget budget;
static const struct style plain;

/* ---- what a terminal may get; of our own, not by the tables of tui/state/code_point.c */

static bool is_format(uint32_t code)
{
	return code == 0xad || code == 0x61c || code == 0x180e ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff);
}

static bool is_private(uint32_t code)
{
	return (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000;
}

static void check_code(uint32_t code)
{
	must(code >= 0x20 && (code < 0x7f || code > 0x9f), "no controls");
	must(!is_format(code), "no format characters");
	must(!is_private(code), "nothing of private meaning");
	must(code < 0xfe00 || code > 0xfe0f, "no variants");
	must(iswprint((wint_t)code) != 0, "the C library can show it");
}

/* Returns the columns of a clean text, as the C library counts them. */
static int check_clean(struct bytes text)
{
	int width = 0;

	while (text.len > 0) {
		uint32_t code;
		size_t len = utf8_decode(text, &code);

		must(len > 0, "whole characters");
		check_code(code);
		width += wcwidth((wchar_t)code);
		text.data += len;
		text.len -= len;
	}
	return width;
}

/* ---- */

static void clean(struct bytes text, const struct cells *cells)
{
	static char once[1 << 16], twice[1 << 16];

	if (text.len > sizeof(once) / 12)
		text.len = sizeof(once) / 12;
	cells_clean(once, sizeof(once), text);
	must(check_clean(bytes_of(once)) == cells_width(cells, text), "as wide as told");
	must(strcmp(cells_clean(twice, sizeof(twice), bytes_of(once)), once) == 0,
	     "what is clean stays");
	cells_clean(twice, 1 + text.len / 2, text);
	must(strlen(twice) <= text.len / 2 && strncmp(once, twice, strlen(twice)) == 0,
	     "what is cut is its begin");
	check_clean(bytes_of(twice));
}

static void check_row(const struct cells *cells, int row, int begin, int end)
{
	for (int col = 0; col < COLS; col++) {
		const struct cell *cell = &cells->grid[row * COLS + col];

		if (col < begin || col >= end) {
			must(cell->code == '.' || row == ROW, "nothing is drawn in other rows");
			must(cell->code == '.', "nor beside its place");
			continue;
		}
		if (cell->code == 0) {
			must(col > begin && wcwidth((wchar_t)cell[-1].code) == 2,
			     "the right half of something");
			continue;
		}
		check_code(cell->code);
		must(wcwidth((wchar_t)cell->code) == 1 || (col + 1 < end && cell[1].code == 0),
		     "no glyph is cut in half");
		for (int i = 0; i < CELL_MARKS && cell->marks[i] != 0; i++)
			must(wcwidth((wchar_t)cell->marks[i]) == 0, "marks take no column");
	}
}

typedef int draw_fn(struct cells *cells, int row, int col, int width, struct bytes text,
                    struct style style);

static void draw(struct cells *cells, draw_fn *fn, int col, int width, struct bytes text)
{
	int most = width < COLS - col ? width : COLS - col, used;

	for (int i = 0; i < COLS * ROWS; i++)
		cells->grid[i] = (struct cell){ .code = '.' };
	used = fn(cells, ROW, col, width, text, plain);
	must(used >= 0 && (used <= most || used == 0), "no wider than allowed");
	for (int row = 0; row < ROWS; row++)
		check_row(cells, row, row == ROW ? col : 0, row == ROW ? col + used : 0);
}

static bool all_ascii(const struct cells *cells)
{
	for (int i = 0; i < COLS * ROWS; i++)
		if (cells->grid[i].code < 0x20 || cells->grid[i].code > 0x7e)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cells cells = { .budget = &budget };
	struct bytes text = { data + 3, size - 3 };
	int col, width;

	if (size < 3)
		return 0;
	must(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "there is a locale");
	col = data[0] % 64 - 16;
	width = data[1] % 64 - 8;
	cells_resize(&cells, COLS, ROWS);
	cells.glyphs = data[2] % 2 == 0 ? GLYPHS_EIGHTHS : GLYPHS_ASCII;
	draw(&cells, cells_text, col, width, text);
	must(cells.glyphs != GLYPHS_ASCII || all_ascii(&cells), "ASCII is ASCII");
	draw(&cells, cells_text_tail, col, width, text);
	must(cells.glyphs != GLYPHS_ASCII || all_ascii(&cells), "ASCII is ASCII");
	cells.glyphs = GLYPHS_EIGHTHS;
	clean(text, &cells);
	cells_free(&cells);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return 0;
}
