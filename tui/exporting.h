/* SPDX-License-Identifier: MIT */
#ifndef TUI_EXPORTING_H
#define TUI_EXPORTING_H

#include "core/base/error.h"

/* Makes what tui/export_form lists. */

struct options;
struct session;

/* What can be refused before anything is read: a terminal, and a file that is there. */
bool exporting_check(const struct options *options, struct error *err);

/* What becomes of a trace that is open: an exit status. Complaints name path. */
int exporting_run(struct session *session, const struct options *options, const char *path);

#endif
