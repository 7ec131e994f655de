/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_PLACES_H
#define TUI_STATE_PLACES_H

#include "tui/state/line_edit.h"
#include "tui/state/rows.h"
#include "tui/state/viewport.h"

/* Where one is: what going back and forth restores. Plain data, to be copied. */
struct place {
	struct viewport viewport;
	struct span selected; /* SPAN_NONE: nothing */
	struct row cursor;
	int scroll;    /* the first lane that shows */
	unsigned look; /* how rows are shown (looks.h) */

	/* expressions through which lanes are seen (lens.h): what does not match is dim, what
	 * matches is marked; "": none */
	char filter[LINE_EDIT_MAX], highlight[LINE_EDIT_MAX];
};

enum { PLACES_MAX = 100, PLACES_MARKS = 26 };

/* Where one has been, the last ones, and places with a letter. A jump is a step back by itself, as
 * is another look of the rows; pans and zooms by hand are one step together, until there is a rest
 * or a jump. */
struct places {
	struct place back[PLACES_MAX], forth[PLACES_MAX]; /* the last is the nearest */
	int back_count, forth_count;
	bool is_moving;   /* by hand, since the last of back */
	bool leads_on;    /* what is noted next is a jump, if only to another thing in the window */
	unsigned version; /* grows with each step to another place */
	struct place marks[PLACES_MARKS];
	bool is_marked[PLACES_MARKS];
	char last_mark; /* the letter of the one set last; NUL: none */
};

/* A command has moved from one place to another; rested: after a while without one. */
void places_note(struct places *places, const struct place *from, const struct place *to,
                 bool is_rested);

/* Moves now there: as it is, but for the trace, which has grown, and the size of the screen. */
void places_go(struct place *now, const struct place *to);

/* Moves now; false: there is nothing before, or behind. */
bool places_go_back(struct places *places, struct place *now);
bool places_go_forth(struct places *places, struct place *now);

/* To the place before the last jump; and from there to this one. */
bool places_swap(struct places *places, struct place *now);

/* letter: a to z. */
void places_mark(struct places *places, char letter, const struct place *now);
const struct place *places_marked(const struct places *places, char letter); /* NULL: no mark */

/* The moment that a place is about: of what is selected, if that is in the window, or its middle.
 */
int64_t place_moment_ns(const struct place *place);

#endif
