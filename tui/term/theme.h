/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_THEME_H
#define TUI_TERM_THEME_H

#include "tui/view/cells.h"

/* Roles -> colours that a terminal has. Pure: screen makes curses' pairs of it. */
enum theme {
	THEME_MONO, /* attributes only */
	THEME_8,    /* the user's own eight; at most 63 pairs, as the terminal has 64 */
	THEME_16,
	THEME_256, /* the palette of cells.h */
};

/* How a style looks. */
struct look {
	int16_t fg, bg;     /* -1: the user's own */
	uint8_t attributes; /* enum attribute, joined by | */
	bool dim;
};

/* The best theme for a terminal with so many colours. */
enum theme theme_for(int colours);

struct look theme_look(enum theme theme, struct style style);

#endif
