/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_SHEET_H
#define TUI_STATE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/analysis/analysis.h"

/* The tables that stand in place of the timeline, which answer what the commands of the command
 * line answer: which one is looked at, and where one is in it. One leads to another, and back. */

enum { SHEET_LINES_BEFORE = 2 /* on the screen, before the rows */ };
enum {
	SHEETS_MAX = 8,
	SHEET_NAME_MAX = 16,
	SHEET_SELECTOR_MAX = 200,
	SHEET_OPTIONS_MAX = 300,
	SHEET_KEEP_MAX = 80
};

struct sheet {
	char name[SHEET_NAME_MAX]; /* of the analysis; "": the list of them */
	char selector[SHEET_SELECTOR_MAX];
	bool has_selector;
	char options[SHEET_OPTIONS_MAX]; /* as on the command line: "--window=10ms", each with its
	                                  * NUL, and one more behind them */
	bool is_within;                  /* of a stretch alone: */
	int64_t from_ns, to_ns;
	bool has_stretches; /* two of one trace are compared, */
	struct stretch_asked stretches[2];
	bool is_selected; /* of the goroutines alone that are selected on the timeline */

	char keep[SHEET_KEEP_MAX]; /* rows with a text that matches; "": all */
	int row, scroll;           /* the cursor, and the first one that is seen */
	int column, first;         /* under the cursor; the first beside column 0 that is seen */
	int order;                 /* the column that orders them, + 1; 0: as they came */
	bool is_reversed;
	uint32_t zoom; /* of a tree of calls: the one that is as wide as the screen, + 1; 0: all */
};

/* What the cursor of a tree of calls is to do: whoever has the tree knows where that leads. */
struct sheet_steps {
	int down, right; /* to callees, and to what is beside */
	int hits;        /* to others that match */
	bool to_best;    /* to the most expensive one that matches */
	bool to_pointer; /* to what is at this place of the screen */
	int row, col;
};

/* What a row is opened for. */
enum sheet_wish {
	SHEET_LEADS,  /* where it leads */
	SHEET_PEEKS,  /* into its function */
	SHEET_GROUPS, /* all rows, by what they have in the column under the cursor */
};

struct sheets {
	struct sheet stack[SHEETS_MAX];
	int depth;      /* of those that lead to the one looked at, with it; 0: none was opened */
	int rows, cols; /* it has, as far as it is made */
	int lines;      /* on the screen, of rows; */
	int screen_cols, screen_rows;
	bool is_tree; /* it is a tree of calls; its rows are those */
	struct sheet_steps steps;
	uint8_t wish;  /* enum sheet_wish: of EFFECT_OPEN */
	bool is_left;  /* for the timeline, by going to a row's place; */
	unsigned left; /* places.version then */
};

/* The one that is looked at; there is one. */
struct sheet *sheets_now(struct sheets *sheets);

/* A sheet about something, of what of it, and how. False: it is too long. */
bool sheet_make(struct sheet *sheet, const char *name);
bool sheet_select(struct sheet *sheet, const char *selector);
bool sheet_add_option(struct sheet *sheet, const char *option);

/* The first one, and the next; NULL: there is none. */
const char *sheet_option(const struct sheet *sheet);
const char *sheet_next_option(const char *option);

/* One on top; beyond SHEETS_MAX the first is forgotten. */
void sheets_push(struct sheets *sheets, const struct sheet *sheet);

/* What is about a part of the trace leads to what is about that part. */
void sheets_inherit(struct sheets *sheets, const struct sheet *from);

/* To the one before; false: there is none. */
bool sheets_back(struct sheets *sheets);

/* Keeps cursor and scrolling inside, of so many lines on the screen. */
void sheets_settle(struct sheets *sheets, int lines);

/* The option without its value, "--tree"; NULL: the sheet does not have it. */
const char *sheet_find_option(const struct sheet *sheet, const char *name);

/* Whether two are about the same question. */
bool sheet_asks_same(const struct sheet *a, const struct sheet *b);

#endif
