/* SPDX-License-Identifier: MIT */
#ifndef TUI_COMPLAINT_H
#define TUI_COMPLAINT_H

#include "tui/status.h"

/* What is wrong, on a line of standard error: "gander: FILE: what (at byte N)", made harmless, as a
 * file's name can hold anything. path: NULL: it is about no file. */
void complain(const char *path, const struct error *err);

/* The same, and the exit code for it. */
int fail(const char *path, const struct error *err);

/* When nobody reads any more there is no word about it. */
int fail_output(const struct error *err);

#endif
