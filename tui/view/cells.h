/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_CELLS_H
#define TUI_VIEW_CELLS_H

#include "core/base/array.h"

/* The grid of character cells where drawing and terminal meet: views draw into it, tui/term/screen
 * shows it, `gander screen` and the tests print it. It is also the one door for text from a trace:
 * what is not known to be harmless and of known width becomes an escape (reliability.md 7.1). */

/* Roles, not colours: tui/term/theme gives each a colour for 256, 16, 8 colours and mono. */
enum colour {
	COLOUR_DEFAULT, /* the user's own */
	COLOUR_DIM,     /* of lesser weight: rules, grids, escapes */
	COLOUR_INK,     /* black: text on a slice */
	COLOUR_PAPER,   /* white: text on STW */
	COLOUR_RUNNING,
	COLOUR_RUNNABLE,
	COLOUR_BLOCKED,
	COLOUR_SYSCALL,
	COLOUR_GC,
	COLOUR_STW,
	COLOUR_ASSIST,
	COLOUR_SWEEP,
	COLOUR_REGION,
	COLOUR_IDLE,
	COLOUR_COUNTER, /* bars of counters */
	COLOUR_SELECTED,
	COLOUR_MIXED, /* many slices in a cell, none of them dominant */
	COLOUR_ERROR,
	COLOUR_COUNT,
};

enum attribute {
	ATTRIBUTE_BOLD = 1,
	ATTRIBUTE_UNDERLINE = 2,
	ATTRIBUTE_REVERSE = 4,
};

struct style {
	uint8_t fg, bg;     /* enum colour */
	uint8_t attributes; /* enum attribute, joined by | */
};

static inline bool style_is(struct style style, struct style other)
{
	return style.fg == other.fg && style.bg == other.bg && style.attributes == other.attributes;
}

enum { CELL_MARKS = 2 };

struct cell {
	uint32_t code; /* a Unicode scalar value; 0: the right half of the wide glyph to its left */
	uint32_t marks[CELL_MARKS]; /* combining marks on it; 0: none */
	struct style style;
};

/* Which glyphs a picture may use. */
enum glyphs {
	GLYPHS_EIGHTHS, /* block elements in eighths, arrows, lines */
	GLYPHS_HALVES,
	GLYPHS_ASCII,
};

struct cells {
	struct budget *budget;
	int cols, rows;
	struct cell *grid; /* rows x cols */
	enum glyphs glyphs;
	bool mono; /* no colours: states need letters */
};

enum { CELLS_COLS_MAX = 1024, CELLS_ROWS_MAX = 512 };

/* Makes it cols x rows (clamped to 1..1024 x 1..512) and blank. */
void cells_resize(struct cells *cells, int cols, int rows);
void cells_free(struct cells *cells);
void cells_clear(struct cells *cells);

/* One glyph of width 1 and of our own choice, not cleaned; outside of the grid nothing happens,
 * here and below. Whoever overwrites half of a wide glyph leaves a space in the other half. */
void cells_put(struct cells *cells, int row, int col, uint32_t code, struct style style);

/* Text, cleaned and clipped to width columns; a wide glyph that does not fit becomes a space.
 * Returns the columns it took. Escapes are dimmed; on a coloured ground, underlined. With
 * GLYPHS_ASCII, or if the locale is not UTF-8, all that is not ASCII is escaped. */
int cells_text(struct cells *cells, int row, int col, int width, struct bytes text,
               struct style style);

/* The same for a constant or a text of ours; it passes the same door. */
int cells_print(struct cells *cells, int row, int col, int width, const char *text,
                struct style style);

/* The same, but the end of a text that does not fit stays, behind an ellipsis (ASCII: ".."). */
int cells_text_tail(struct cells *cells, int row, int col, int width, struct bytes text,
                    struct style style);

/* The columns that cells_text would take in these cells with room enough. */
int cells_width(const struct cells *cells, struct bytes text);

/* Fills width cells with spaces of a style. */
void cells_fill(struct cells *cells, int row, int col, int width, struct style style);

/* The cleaned form of a text as UTF-8 with a NUL, cut to size; the same filter for messages on
 * standard error and reports on a terminal. Returns out. */
const char *cells_clean(char *out, size_t size, struct bytes text);

/* The colour a role has among 256 (terminal.md 3.5), -1: the user's own. The one palette: dumps
 * and tui/term/theme use it. */
int colour_of_256(enum colour colour);

/* The row as UTF-8 without styles, spaces at the end dropped; ansi adds SGR sequences of 256
 * colours. Appended to out. */
typedef ARRAY(char) text_array;
void cells_dump_row(const struct cells *cells, int row, bool ansi, text_array *out);

#endif
