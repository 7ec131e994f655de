/* SPDX-License-Identifier: MIT */
#ifndef TUI_INTERFACE_KEYS_H
#define TUI_INTERFACE_KEYS_H

#include "tui/interface.h"

/* The user's own keys, in a file, which go with the default ones: what is wrong with them is said,
 * and the others count. */
void interface_add_keys(struct interface *interface, const char *path);

/* Those of state->keymap from now on, if they make sense. */
void interface_change_keys(struct interface *interface);

#endif
