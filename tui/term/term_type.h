/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_TERM_TYPE_H
#define TUI_TERM_TERM_TYPE_H

#include "core/base/error.h"

#include <stddef.h>

/* The type of terminal we are on, and what its description says that curses does not do for us.
 * Production hosts know few types: kitty, foot and their like come with a name that is described
 * nowhere there, and another one stands in (terminal.md 1.12). */
struct term_type {
	char name[64];
	bool substituted; /* the user's is unknown here */
	bool shifts;      /* can move the rest of a row */
	size_t leave_len;
	char leave[256]; /* keypad, attributes, cursor, screen: as the shell had them; no NUL */
};

/* wanted: NULL for TERM. Refuses (ERROR_USAGE) no type, unknown ones that none can stand in for,
 * and those whose cursor cannot be placed. */
bool term_type_choose(struct term_type *type, const char *wanted, struct error *err);

/* A type that nearly every host describes and that fits well enough; never NULL. */
const char *term_type_substitute(const char *name);

/* Its font is likely to have block elements in eighths. */
bool term_type_has_blocks(const char *name);

#endif
