/* SPDX-License-Identifier: MIT */
#ifndef TUI_OPENING_H
#define TUI_OPENING_H

#include "tui/options.h"
#include "tui/session.h"

/* Opening a trace as the options have it, and what is said of it on standard error. */

bool opening_open(struct session *session, struct budget *budget, const char *path,
                  const struct options *options, struct error *err);

/* What is new in a version that we do not know is not in what was shown. */
void opening_say_newer(const struct session *session, const char *path);

/* Whether there are no events in it, which is loaded, and why. */
bool opening_has_nothing(const struct session *session, struct error *err);

/* Damage is said after the work is done: exit 1, but for what ends in a limit. */
int opening_finish(const struct session *session, const struct damage *damage, const char *path);

#endif
