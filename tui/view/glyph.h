/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_GLYPH_H
#define TUI_VIEW_GLYPH_H

#include "core/base/bytes.h"

/* The filter behind cells_text: hostile bytes in, things that are harmless in a terminal out. */
enum { GLYPH_MARKS = 2, GLYPH_ESCAPE_MAX = 12 };

/* A character of known width with its marks; or, if code is 0, an escape in ASCII: \n \x07 \u202e
 * \U000e0041 for code points that are refused, \xff for bytes that are no UTF-8. */
struct glyph {
	uint32_t code;
	uint32_t marks[GLYPH_MARKS];
	int width; /* columns: 1 or 2; those of an escape are its length */
	char escape[GLYPH_ESCAPE_MAX];
};

/* Takes the next glyph off text; false at its end. Without unicode all that is not ASCII becomes
 * an escape; with it the locale must be UTF-8, as curses lays out by the C library's widths. */
bool glyph_next(struct bytes *text, bool unicode, struct glyph *glyph);

/* The C library speaks UTF-8: what main's setlocale made of the environment. */
bool glyph_locale_is_utf8(void);

#endif
