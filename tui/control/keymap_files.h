/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_KEYMAP_FILES_H
#define TUI_CONTROL_KEYMAP_FILES_H

#include <stddef.h>

/* The files in keymaps/, put into the program at build time by build-aux/embed.awk. */
struct keymap_file {
	const char *name; /* "chrome" */
	const char *text;
};

extern const struct keymap_file keymap_files[];
extern const size_t keymap_file_count;

#endif
