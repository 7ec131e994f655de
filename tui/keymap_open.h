/* SPDX-License-Identifier: MIT */
#ifndef TUI_KEYMAP_OPEN_H
#define TUI_KEYMAP_OPEN_H

#include "tui/control/keymap.h"

#define KEYMAP_DEFAULT "chrome"

/* The keymap of a name: a built-in one; of a file, if there is a slash or a dot in it, on top of
 * the default; NULL: the default. False: it has none, or a line of it is wrong. */
bool keymap_open(struct keymap *keymap, const char *name, struct error *err);

/* Adds a file's. False: it cannot be read, or a line is wrong; the others count. */
bool keymap_add_file(struct keymap *keymap, const char *path, struct error *err);

#endif
