/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include "tui/interface.h"
#include "tui/options.h"

/* `gander screen`: the picture after some keys, as text, for tests and for pasting evidence. Each
 * key is followed by all background work to its end. The same path as the terminal's, up to the
 * cells. */
bool script_run(struct interface *interface, const struct options *options, struct error *err);

/* Gives it a size, and runs all work to its end. */
void script_settle(struct interface *interface, int cols, int rows);

/* Presses the keys of a text of names ("j", "<C-d>", "[a"), which the caller has checked. */
bool script_press(struct interface *interface, const char *keys, struct error *err);

#endif
