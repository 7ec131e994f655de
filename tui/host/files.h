/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_FILES_H
#define TUI_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Finds a file that comes with gander, like "demo.trace": where it was installed, or beside the
 * program if the whole was moved or was never installed - then in_tree says where it lies in the
 * source tree
 * ("tests/traces/demo.trace"). False: nowhere. */
bool files_find(char *path, size_t size, const char *name, const char *in_tree);

#endif
