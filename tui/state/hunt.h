/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_HUNT_H
#define TUI_STATE_HUNT_H

#include "core/analysis/search.h"
#include "tui/state/line_edit.h"

/* The search of a user: what is looked for, and the hit where he is. */
struct hunt {
	struct search search;
	const struct loader *loader; /* of the trace; NULL: no histories can be had */
	char text[LINE_EDIT_MAX];    /* looked for, or last; "": never anything */
	char before[LINE_EDIT_MAX];  /* and before what is being typed; "": nothing */
	struct span hit;             /* SPAN_NONE: none was gone to */
	struct span shown;           /* what is selected for it */
	uint64_t rank;               /* hits before it, */
	bool has_rank;               /* if that is known */
};

void hunt_init(struct hunt *hunt, struct budget *budget);
void hunt_free(struct hunt *hunt);

/* Looks for another text, or on for the same one. False: see search_begin. */
bool hunt_for(struct hunt *hunt, const char *text, int64_t from_ns, struct error *err);

/* No more; the text stays, to be looked for again. */
void hunt_end(struct hunt *hunt);

static inline bool hunt_is_on(const struct hunt *hunt)
{
	return hunt->search.is_on;
}

/* Goes to a hit. */
void hunt_take(struct hunt *hunt, const struct model *model, const struct span *hit);

/* A step of counting; false: there is nothing to do. */
bool hunt_step(struct hunt *hunt, const struct model *model, struct loader *loader);

#endif
