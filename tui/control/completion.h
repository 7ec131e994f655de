/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_COMPLETION_H
#define TUI_CONTROL_COMPLETION_H

#include "core/analysis/table.h"
#include "tui/control/command.h"
#include "tui/state/prompt.h"

/* What a word of a command line could become: names of commands, then the fixed words of their
 * arguments, or the functions that goroutines were started with, also without their path. */
enum { COMPLETIONS_MAX = 64 };

struct completion {
	size_t from;  /* where the word begins */
	size_t count; /* of words it could become; they begin with what is there of it */
	struct bytes words[COMPLETIONS_MAX];
	const struct command *command; /* whose arguments they are; NULL: they are commands */
};

/* Of the word that ends at `at`. */
void completion_find(struct completion *completion, const struct model *model, const char *line,
                     size_t at);

/* The next (1) or the one before (-1), if they are listed; else what they have in common is put in,
 * and more than one are listed. False if there is none. */
bool completion_step(struct prompt *prompt, const struct model *model, int sign);

/* Fills a fresh table with what is listed: the word, arguments and help. */
void completion_table(struct table *table, const struct model *model, const struct prompt *prompt);

#endif
