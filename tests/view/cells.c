/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/cells.h"

#include <locale.h>

#include "tests/tap.h"

static struct budget budget;
static const struct style plain = { 0 };

static struct cells make_cells(int cols, int rows)
{
	struct cells cells = { .budget = &budget };

	cells_resize(&cells, cols, rows);
	return cells;
}

/* The row as text; good until the next call. */
static const char *row_text(const struct cells *cells, int row, bool ansi)
{
	static char text[4096];
	text_array out = { .budget = &budget };

	cells_dump_row(cells, row, ansi, &out);
	snprintf(text, sizeof(text), "%.*s", (int)out.count, out.items);
	array_free(&out);
	return text;
}

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static void hostile_text_is_escaped(void)
{
	static const struct {
		struct bytes in;
		const char *utf8, *ascii; /* as shown in either mode */
	} cases[] = {
		{ BYTES("plain\\n"), "plain\\n", "plain\\n" },
		{ BYTES("a\nb\tc\033d"), "a\\nb\\tc\\ed", "a\\nb\\tc\\ed" },
		{ BYTES("\0\a\r\b\x7f"), "\\x00\\x07\\x0d\\x08\\x7f", "\\x00\\x07\\x0d\\x08\\x7f" },
		{ BYTES("\033[31mred\033]0;title\a"), "\\e[31mred\\e]0;title\\x07",
		  "\\e[31mred\\e]0;title\\x07" },
		{ BYTES("\xc2\x9b"
		        "2J"),
		  "\\u009b2J", "\\u009b2J" },
		{ BYTES("\x9b"
		        "2J"),
		  "\\x9b2J", "\\x9b2J" },
		{ BYTES("\xc0\x80|\xe0\x80\x80"), "\\xc0\\x80|\\xe0\\x80\\x80",
		  "\\xc0\\x80|\\xe0\\x80\\x80" },
		{ BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80", "\\xed\\xa0\\x80" },
		{ BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80" },
		{ BYTES("\xf5\xff\xc3"), "\\xf5\\xff\\xc3", "\\xf5\\xff\\xc3" },
		{ BYTES("x\u202ey\u2066z"), "x\\u202ey\\u2066z", "x\\u202ey\\u2066z" },
		{ BYTES("\u200b\u200d\ufeff\u00ad"), "\\u200b\\u200d\\ufeff\\u00ad",
		  "\\u200b\\u200d\\ufeff\\u00ad" },
		{ BYTES("\u2028\u2029\xc2\x85"), "\\u2028\\u2029\\u0085", "\\u2028\\u2029\\u0085" },
		{ BYTES("\U000e0041\ue000\U0010ffff"), "\\U000e0041\\ue000\\U0010ffff",
		  "\\U000e0041\\ue000\\U0010ffff" },
		{ BYTES("\u3164\u115f\U0001f3fb\ufe0f"), "\\u3164\\u115f\\U0001f3fb\\ufe0f",
		  "\\u3164\\u115f\\U0001f3fb\\ufe0f" },
		{ BYTES("\u0378"), "\\u0378", "\\u0378" },
		{ BYTES("e\u0301"), "e\u0301", "e\\u0301" },
		{ BYTES("e\u0301\u0302\u0303"), "e\u0301\u0302\\u0303", "e\\u0301\\u0302\\u0303" },
		{ BYTES("1\u0301 \u0301"), "1\\u0301 \\u0301", "1\\u0301 \\u0301" },
		{ BYTES("main.(*T)·f"), "main.(*T)·f", "main.(*T)\\u00b7f" },
		{ BYTES("世界"), "世界", "\\u4e16\\u754c" },
	};
	struct cells cells = make_cells(80, 1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int used, width;

		cells_clear(&cells);
		cells.glyphs = GLYPHS_EIGHTHS;
		used = cells_text(&cells, 0, 0, 80, cases[i].in, plain);
		width = cells_width(&cells, cases[i].in);
		is_text(row_text(&cells, 0, false), cases[i].utf8, "in UTF-8");
		ok(used == width, "%d columns are the width told before, %d", used, width);
		cells_clear(&cells);
		cells.glyphs = GLYPHS_ASCII;
		cells_text(&cells, 0, 0, 80, cases[i].in, plain);
		is_text(row_text(&cells, 0, false), cases[i].ascii, "in ASCII");
	}
	cells_free(&cells);
}

static void a_locale_without_utf8_gets_ascii(void)
{
	struct cells cells = make_cells(40, 1);

	setlocale(LC_CTYPE, "C");
	cells_print(&cells, 0, 0, 40, "µ·世", plain);
	is_text(row_text(&cells, 0, false), "\\u00b5\\u00b7\\u4e16", "escapes");
	setlocale(LC_CTYPE, "C.UTF-8");
	cells_free(&cells);
}

static void widths_are_columns(void)
{
	struct cells cells = make_cells(10, 1);

	is_i64(cells_width(&cells, bytes_of("")), 0, "nothing");
	is_i64(cells_width(&cells, bytes_of("main·f")), 6, "narrow");
	is_i64(cells_width(&cells, bytes_of("世界")), 4, "wide");
	is_i64(cells_width(&cells, bytes_of("e\u0301")), 1, "a mark takes none");
	is_i64(cells_width(&cells, bytes_of("\n")), 2, "an escape is text");
	cells_free(&cells);
}

static void wide_glyphs_are_never_split(void)
{
	struct cells cells = make_cells(5, 1);

	is_i64(cells_print(&cells, 0, 0, 5, "世界世", plain), 5, "fills the width");
	is_text(row_text(&cells, 0, false), "世界", "cut at the right edge");
	cells_clear(&cells);
	cells_print(&cells, 0, -1, 5, "世界", plain);
	is_text(row_text(&cells, 0, false), " 界", "cut at the left edge");
	cells_clear(&cells);
	cells_print(&cells, 0, 0, 3, "世界", plain);
	is_text(row_text(&cells, 0, false), "世", "cut by its own width");
	cells_put(&cells, 0, 0, 'x', plain);
	is_text(row_text(&cells, 0, false), "x", "left half overwritten");
	cells_print(&cells, 0, 0, 5, "世", plain);
	cells_put(&cells, 0, 1, 'x', plain);
	is_text(row_text(&cells, 0, false), " x", "right half overwritten");
	cells_print(&cells, 0, 0, 5, "世界", plain);
	cells_print(&cells, 0, 1, 2, "世", plain);
	is_text(row_text(&cells, 0, false), " 世", "a wide one over two halves");
	cells_free(&cells);
}

static void outside_of_the_grid_nothing_happens(void)
{
	struct cells cells = make_cells(4, 2);

	cells_put(&cells, -1, 0, 'x', plain);
	cells_put(&cells, 0, 4, 'x', plain);
	cells_put(&cells, 2, 0, 'x', plain);
	cells_fill(&cells, 5, 0, 4, plain);
	cells_fill(&cells, 0, INT32_MIN, INT32_MAX, plain);
	cells_print(&cells, 9, 0, 4, "x", plain);
	is_i64(cells_print(&cells, 0, INT32_MIN, INT32_MAX, "x", plain), 0, "far left");
	is_i64(cells_print(&cells, 0, INT32_MAX, INT32_MAX, "x", plain), 0, "far right");
	is_i64(cells_print(&cells, 0, 0, -1, "x", plain), 0, "no width");
	is_text(row_text(&cells, 0, false), "", "row 0 is blank");
	is_text(row_text(&cells, 1, false), "", "row 1 is blank");
	is_i64(cells_print(&cells, 0, -2, INT32_MAX, "abcdefgh", plain), 6,
	       "columns from the start");
	is_text(row_text(&cells, 0, false), "cdef", "clipped on both sides");
	cells_free(&cells);
}

static void tails_keep_the_end(void)
{
	struct cells cells = make_cells(20, 1);
	struct bytes name = bytes_of("net/http.(*conn).serve");

	is_i64(cells_text_tail(&cells, 0, 0, 9, name, plain), 9, "as wide as allowed");
	is_text(row_text(&cells, 0, false), "…n).serve", "ellipsis and end");
	cells_clear(&cells);
	cells_text_tail(&cells, 0, 0, 20, bytes_of("short"), plain);
	is_text(row_text(&cells, 0, false), "short", "what fits stays");
	cells_clear(&cells);
	is_i64(cells_text_tail(&cells, 0, 0, 4, bytes_of("x世界世"), plain), 3,
	       "no half of a glyph");
	is_text(row_text(&cells, 0, false), "…世", "nor a picture of one");
	cells_clear(&cells);
	cells_text_tail(&cells, 0, 0, 1, name, plain);
	is_text(row_text(&cells, 0, false), "…", "one column");
	cells_clear(&cells);
	cells.glyphs = GLYPHS_ASCII;
	cells_text_tail(&cells, 0, 0, 9, name, plain);
	is_text(row_text(&cells, 0, false), "..).serve", "ASCII");
	cells_free(&cells);
}

static void our_own_glyphs_are_not_cleaned(void)
{
	struct cells cells = make_cells(4, 1);

	cells_put(&cells, 0, 0, 0x2588, plain);
	cells_put(&cells, 0, 1, 0x258f, plain);
	is_text(row_text(&cells, 0, false), "█▏", "blocks");
	cells_free(&cells);
}

static void escapes_have_their_own_style(void)
{
	struct cells cells = make_cells(8, 1);
	struct style slice = { .fg = COLOUR_INK, .bg = COLOUR_RUNNING };

	cells_print(&cells, 0, 0, 8, "a\n", plain);
	cells_print(&cells, 0, 4, 8, "a\n", slice);
	ok(cells.grid[0].style.fg == COLOUR_DEFAULT && cells.grid[1].style.fg == COLOUR_DIM,
	   "dimmed");
	ok(cells.grid[5].style.fg == COLOUR_INK &&
	           cells.grid[5].style.attributes == ATTRIBUTE_UNDERLINE,
	   "underlined on a slice");
	cells_free(&cells);
}

static void dumps_with_colours(void)
{
	struct cells cells = make_cells(8, 1);
	struct style slice = { .fg = COLOUR_INK, .bg = COLOUR_GC };
	struct style bold = { .attributes = ATTRIBUTE_BOLD };

	is_text(row_text(&cells, 0, true), "", "a blank row is empty");
	cells_print(&cells, 0, 0, 1, "a", bold);
	cells_fill(&cells, 0, 2, 2, slice);
	is_text(row_text(&cells, 0, true), "\033[0;1ma\033[0m \033[0;38;5;0;48;5;208m  \033[m",
	        "slices stay, the end is cut");
	is_text(row_text(&cells, 0, false), "a", "without colours");
	cells_free(&cells);
}

static void sizes_are_clamped(void)
{
	struct cells cells = make_cells(0, -5);

	ok(cells.cols == 1 && cells.rows == 1, "at least one cell");
	cells_resize(&cells, 65535, 65535);
	ok(cells.cols == 1024 && cells.rows == 512, "at most 1024 x 512");
	cells_free(&cells);
	is_u64(atomic_load(&budget.used), 0, "all memory is given back");
}

static void messages_pass_the_same_filter(void)
{
	char out[16];

	is_text(cells_clean(out, sizeof(out), bytes_of("a\033[Jé")), "a\\e[Jé", "file name");
	is_text(cells_clean(out, 6, bytes_of("abcd\n")), "abcd", "no half of an escape");
	is_text(cells_clean(out, 6, bytes_of("abcdé")), "abcd", "no half of a character");
	is_text(cells_clean(out, 1, bytes_of("abc")), "", "no room");
}

static void every_byte_pair_is_printable_ascii_or_utf8(void)
{
	char out[64];
	int bad = 0;

	for (unsigned pair = 0; pair < 65536; pair++) {
		uint8_t bytes[2] = { (uint8_t)(pair >> 8), (uint8_t)pair };

		cells_clean(out, sizeof(out), (struct bytes){ bytes, 2 });
		for (const char *c = out; *c != '\0'; c++)
			bad += (uint8_t)*c < 0x20 || *c == 0x7f;
	}
	is_u64((uint64_t)bad, 0, "control bytes let through");
}

int main(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
		skip("cells", "no UTF-8 locale");
		return tap_done();
	}
	hostile_text_is_escaped();
	a_locale_without_utf8_gets_ascii();
	widths_are_columns();
	wide_glyphs_are_never_split();
	outside_of_the_grid_nothing_happens();
	tails_keep_the_end();
	our_own_glyphs_are_not_cleaned();
	escapes_have_their_own_style();
	dumps_with_colours();
	sizes_are_clamped();
	messages_pass_the_same_filter();
	every_byte_pair_is_printable_ascii_or_utf8();
	return tap_done();
}
