/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_HELP_H
#define TUI_CONTROL_HELP_H

#include "core/analysis/table.h"
#include "tui/control/keymap.h"

/* Fills a fresh table with what can be done: keys, command, help; a row a command line that is
 * bound, or more if it has many keys, in the order of the keymap, then the commands that no key runs. Made from the live keymap
 * and the command table, so that it cannot drift. */
void help_make(struct table *table, const struct keymap *keymap);

#endif
