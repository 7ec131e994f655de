/* SPDX-License-Identifier: MIT */
#ifndef TUI_USAGE_H
#define TUI_USAGE_H

#include "core/base/arena.h"
#include "tui/report/writer.h"

/* What --help prints: made from the tables of analyses and options, so that it offers what there is
 * and nothing else. topic is a command, or NULL for the whole. memory is the budget if --memory is
 * not given. */
void usage_print(struct writer *writer, const char *topic, size_t memory);

#endif
