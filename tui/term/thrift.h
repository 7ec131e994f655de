/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_THRIFT_H
#define TUI_TERM_THRIFT_H

#include "tui/term/theme.h"

/* Rows that look nearly the same and take fewer bytes: each change of colours costs a terminal up
 * to 22 of them (terminal.md 4.1). Between the edges of slices, which are glyphs in their colour on
 * the user's own ground, a short slice is blocks in that colour, and a short gap keeps it. Many
 * blocks in a row, as of counters, are spaces on that colour, which take a third.
 *
 * Slices begin where a glyph is that needs no reversal, if that is near: of less than two cells
 * within two eighths of a cell (terminal.md 4.3), of less than eight within one.
 *
 * What becomes of a cell depends on a few beside it alone, so that a picture that moves is the same
 * picture. Pure. */

enum thrift {
	THRIFT_NONE, /* without glyphs for blocks all stays as it is */
	THRIFT_USUAL,
	THRIFT_SLOW, /* of a slow line: exact begins are for slices of four cells */
};

/* out has room for count. */
void thrift_row(enum theme theme, enum thrift thrift, const struct cell *row, int count,
                struct cell *out);

#endif
