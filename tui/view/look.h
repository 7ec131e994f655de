/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_LOOK_H
#define TUI_VIEW_LOOK_H

#include "tui/view/cells.h"
#include "tui/view/slice_cells.h"

/* How things look: roles, letters and glyphs of each glyph set. */

enum colour look_colour(uint8_t shade);

/* R running, w runnable, b blocked, G GC, S syscall, A mark assist, V sweep, ! stop of the world,
 * U region of the program, l log, s CPU sample, [ ] a P that a thread takes or lets go of; of
 * others a space. */
uint32_t look_letter(uint8_t shade);

/* Without colours a slice is filled with this. */
uint32_t look_fill(const struct cells *cells, uint8_t shade);

/* A bar from below (0 to 8 eighths), and the left part of a cell. */
uint32_t look_lower(const struct cells *cells, int eighths);
uint32_t look_left(const struct cells *cells, int eighths);

/* The same of what is not loaded but sketched: shaded, so that it is told from a bar without
 * colours. */
uint32_t look_sketch(const struct cells *cells, int eighths);

/* A slice that does not pass the filter. */
uint32_t look_faint(const struct cells *cells);

/* Lines and signs, with their twins in ASCII. */
enum sign {
	SIGN_RULE,       /* ─ */
	SIGN_BAR,        /* │ */
	SIGN_SEAM,       /* ▏ */
	SIGN_RIGHT,      /* ▕ */
	SIGN_RIGHT_HALF, /* ▐ */
	SIGN_TOP,        /* ▔ */
	SIGN_IN,         /* ◀ */
	SIGN_OUT,        /* ▶ */
	SIGN_DAMAGE,     /* ▒ */
	SIGN_UNKNOWN,    /* · */
	SIGN_COUNT,
};

uint32_t look_sign(const struct cells *cells, enum sign sign);

bool look_is_ascii(const struct cells *cells);

extern const struct style look_plain, look_dim, look_title, look_idle;

#endif
