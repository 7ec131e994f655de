/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_PROMPT_H
#define TUI_STATE_PROMPT_H

#include "tui/state/line_edit.h"

/* The line at the bottom where commands are typed, and those typed before. */
enum { PROMPT_LINES = 64 }; /* that are remembered */

/* What is typed. */
enum prompt_kind {
	PROMPT_COMMAND,
	PROMPT_SEARCH, /* an expression to look for, */
	PROMPT_MATCH,  /* or of which lanes are to be seen */
	PROMPT_KINDS,
};

char prompt_sign(enum prompt_kind kind); /* : / & */

struct prompt {
	bool is_open;
	uint8_t kind; /* enum prompt_kind */
	struct line_edit line;

	/* What the word at the cursor could become is listed; one after the other takes its place.
	 */
	bool is_listing;
	size_t asked_at; /* the cursor when they were asked for: what was typed ends there */
	int choice;      /* -1: none yet */

	struct prompt_past {
		char lines[PROMPT_LINES][LINE_EDIT_MAX]; /* a ring */
		size_t count;                            /* lines there were, ever */
	} past[2];                                       /* of commands, and of expressions */
	size_t back;               /* so many lines back is shown; 0: what is typed */
	char typed[LINE_EDIT_MAX]; /* meanwhile */
};

/* For a command, or another kind. */
void prompt_open_as(struct prompt *prompt, enum prompt_kind kind, const char *text);
void prompt_open(struct prompt *prompt, const char *text);
void prompt_close(struct prompt *prompt);

/* Puts a line in front of those before, unless it is the last of them. */
void prompt_remember(struct prompt *prompt, const char *line);

/* Shows the line before, or the one after, which in the end is the one that was being typed. False
 * if there is none. */
bool prompt_recall(struct prompt *prompt, bool is_older);

#endif
