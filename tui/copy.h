/* SPDX-License-Identifier: MIT */
#ifndef TUI_COPY_H
#define TUI_COPY_H

#include "tui/interface.h"

/* What is on the screen as text to be kept: cleaned as the screen is, with line ends. */

/* Of state->copy; false: there is nothing of that, and the message says so. */
bool copy_text(struct interface *interface, text_array *out);

/* The place one is at, as a locator. */
const char *copy_locator(const struct interface *interface, char out[]);

/* The innermost frame of the selection's stacks that is not the runtime's. False: none is known. */
bool copy_frame(const struct interface *interface, char *path, size_t size, uint32_t *line);

#endif
