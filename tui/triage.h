/* SPDX-License-Identifier: MIT */
#ifndef TUI_TRIAGE_H
#define TUI_TRIAGE_H

#include "core/analysis/answering.h"
#include "tui/report/report.h"
#include "tui/session.h"

/* Writes the screen of a triage, of findings that were asked for, with what the slowest tasks hung
 * on. */
bool triage_write(struct session *session, const struct report *report, const char *path,
                  struct answering *answering, struct error *err);

#endif
