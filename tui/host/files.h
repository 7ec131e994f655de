/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_FILES_H
#define TUI_HOST_FILES_H

#include "core/base/bytes.h"
#include "core/base/error.h"

/* Finds a file that comes with gander, like "demo.trace": where it was installed, or beside the
 * program if the whole was moved or was never installed - then in_tree says where it lies in the
 * source tree
 * ("tests/traces/demo.trace"). False: nowhere. */
bool files_find(char *path, size_t size, const char *name, const char *in_tree);

/* Writes a new file into the directory we are in: one that is there already stays as it is. */
bool files_create(const char *name, struct bytes text, struct error *err);

/* Whether a path that somebody tells is a file that can be read here. */
bool files_is_source(const char *path, struct error *err);

bool files_is_directory(const char *path);

/* Calls each for every regular file of a directory, not deeper, that begins as a trace does, in the
 * byte order of names; false: it cannot be read, or there is none. */
bool files_each_trace(const char *directory, void (*each)(void *to, const char *path), void *to,
                      struct error *err);

#endif
