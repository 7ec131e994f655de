/* SPDX-License-Identifier: MIT */
#ifndef TUI_ANSWER_H
#define TUI_ANSWER_H

#include "tui/options.h"

/* Prints the answer that the options ask for, about one trace or about several: each directory
 * stands for the traces in it. Returns the exit status, the highest of all. */
int answer_run(const struct options *options, struct budget *budget, char *const *traces,
               size_t count);

#endif
