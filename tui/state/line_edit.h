/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_LINE_EDIT_H
#define TUI_STATE_LINE_EDIT_H

#include "core/base/bytes.h"

/* A line of text that is being typed, and the cursor in it: the usual edits, as plain data. A step
 * is a character with the marks that combine with it. */
enum { LINE_EDIT_MAX = 256 }; /* bytes, with the NUL */

struct line_edit {
	char text[LINE_EDIT_MAX];   /* UTF-8 without controls */
	size_t at;                  /* the cursor, in bytes, in front of a character or at the end */
	char killed[LINE_EDIT_MAX]; /* what was taken out last, to be put back */
};

/* Where the cursor can go, and from it how far an edit reaches. */
enum line_place {
	LINE_BEGIN,
	LINE_END,
	LINE_LEFT,
	LINE_RIGHT,
	LINE_WORD_LEFT, /* words are letters and digits, and all that is not ASCII */
	LINE_WORD_RIGHT,
	LINE_SPACE_LEFT, /* behind the last space */
	LINE_PLACES,
};

size_t line_edit_len(const struct line_edit *line);
size_t line_edit_next(const struct line_edit *line, size_t at); /* a step to the right */
size_t line_edit_place(const struct line_edit *line, enum line_place place);

/* Another text, with the cursor at its end. What was killed stays. */
void line_edit_set(struct line_edit *line, const char *text);

/* Inserts what fits, whole characters: line ends and tabs become spaces, those at the end of it go,
 * as do other controls and bytes that are no UTF-8. False if not all fitted. */
bool line_edit_insert(struct line_edit *line, struct bytes text);

void line_edit_move(struct line_edit *line, enum line_place place);
void line_edit_delete(struct line_edit *line, enum line_place place);
void line_edit_kill(struct line_edit *line, enum line_place place); /* and keeps it */
void line_edit_yank(struct line_edit *line);
void line_edit_swap(struct line_edit *line); /* the characters on both sides of the cursor */

#endif
