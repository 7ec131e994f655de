/* SPDX-License-Identifier: MIT */
#ifndef TESTS_EMULATOR_H
#define TESTS_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A terminal of one's own, for tests: takes the bytes that a program writes, and knows what its
 * screen shows then. It obeys what curses sends to xterm-256color and what we send beside it, on
 * one screen, and counts what it does not know. Zero-initialized but for its size is valid: use
 * emulator_init. */
enum { EMULATOR_COLS = 256, EMULATOR_ROWS = 100 };

struct emulator_cell {
	uint32_t code;
	int16_t fg, bg; /* -1: the user's own */
	uint8_t attributes;
};

struct emulator_pen {
	int row, col;
	int16_t fg, bg;
	uint8_t attributes;
	bool wraps; /* the last column was written: the next glyph begins a line */
};

struct emulator {
	int cols, rows, top, bottom; /* lines that scroll */
	struct emulator_pen pen, saved;
	struct emulator_cell cells[EMULATOR_ROWS][EMULATOR_COLS];
	uint32_t last;     /* glyph */
	char sequence[64]; /* begun and not ended */
	size_t len;
	uint32_t code;  /* of UTF-8, as far as it came */
	int more;       /* bytes of it */
	bool is_hidden; /* the cursor */
	size_t unknown;
};

void emulator_init(struct emulator *e, int cols, int rows);
void emulator_take(struct emulator *e, const char *bytes, size_t len);

/* Whether two screens look the same: a blank has no colour but its ground, a full block none but
 * its own. *row, *col: where they differ. */
bool emulator_is_same(const struct emulator *a, const struct emulator *b, int *row, int *col);

#endif
