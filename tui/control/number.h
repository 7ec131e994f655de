/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_NUMBER_H
#define TUI_CONTROL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct viewport;

/* Numbers in command lines. */

/* A whole number with or without a sign, of at most a million. */
bool number_parse(const char *text, int *number);

/* How far to pan: 30% of the window, -1 cell, 5ms; in cells, at least one. */
bool number_parse_pan(const char *text, const struct viewport *viewport, int64_t *cells);

#endif
