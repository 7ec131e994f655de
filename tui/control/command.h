/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_COMMAND_H
#define TUI_CONTROL_COMMAND_H

#include "tui/state/state.h"

/* Whatever a user can do is a command: a key, a start-up option and a test run the same line of
 * text, "zoom in 10". Commands change state; what else must happen they tell the loop. */
enum effect {
	EFFECT_REDRAW = 1,
	EFFECT_QUIT = 2,
	EFFECT_SUSPEND = 4,
	EFFECT_REPAINT = 8,  /* all of the screen, whatever the terminal shows */
	EFFECT_WANT = 16,    /* load the history of state->want_part, and run state->want_line */
	EFFECT_COPY = 64,    /* state->copy, to the terminal's clipboard or a new file */
	EFFECT_SOURCE = 128, /* of the selection, in an editor */
	EFFECT_KEYMAP = 256, /* state->keymap */
	EFFECT_MOUSE =
		512, /* report of the mouse on or off: then the terminal's own copying works */
	EFFECT_AGAIN = 2048, /* another trace from where this one came */
	EFFECT_OPEN = 1024, /* what the row under the cursor of a table leads to */
	EFFECT_STOP = 32,   /* receive no more of a trace that is coming; if none is: cancel */
};

/* Returns effects, joined by |. argv[0] is the command's name. */
typedef unsigned command_fn(struct state *state, const struct model *model, int argc, char **argv);

struct command {
	const char *name;
	const char *arguments; /* "in|out|all", as help shows it; EXPRESSION: the rest of the line
	                        * as it stands */
	const char *help;      /* one line */
	command_fn *run;
};

/* All of them, by name. */
const struct command *command_list(size_t *count);
const struct command *command_find(const char *name); /* NULL: there is none */

/* The same for who types: the head of a name will do, if no other one begins so. */
const struct command *command_guess(const char *name);

enum { COMMAND_WORDS = 16, COMMAND_LINE_MAX = LINE_COMMAND_MAX };

/* A command line in words; "..." and '...' hold a word with spaces, \ the next character. An
 * EXPRESSION is not looked into. */
struct command_words {
	int argc;
	char *argv[COMMAND_WORDS + 1]; /* into text */
	int cols[COMMAND_WORDS + 1];   /* where they begin in the line; of the last one, its end */
	char text[COMMAND_LINE_MAX + COMMAND_WORDS];
};

/* False if a quote stays open or the line is too long: *problem says so, *col is where (from 0). */
bool command_split(const char *line, struct command_words *words, const char **problem, int *col);

/* Splits a line and runs it. What is wrong with it becomes the state's message, and where that is
 * its wrong_at; what cannot be done now is a message only. */
unsigned command_run(struct state *state, const struct model *model, const char *line);

/* The same as often as state->count says, until it can't be done any more. Where that leads to is
 * noted in state->places. For keys. */
enum { COMMAND_TIMES_MAX = 10000 };
unsigned command_repeat(struct state *state, const struct model *model, const char *line);

/* For commands whose arguments make no sense: the message how to use it. */
unsigned command_misuse(struct state *state, const char *name);

/* For those that take an EXPRESSION, after a message: the byte of it that makes no sense. */
void command_blame(struct state *state, size_t offset);

#endif
