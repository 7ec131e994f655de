/* SPDX-License-Identifier: MIT */
#ifndef TUI_DESK_H
#define TUI_DESK_H

#include "core/analysis/answering.h"
#include "core/analysis/comparison.h"
#include "core/analysis/filter.h"
#include "core/base/radix.h"
#include "tui/climb.h"
#include "tui/options.h"
#include "tui/rival.h"
#include "tui/state/state.h"

/* The table that stands in place of the timeline (tui/state/sheet.h): made in steps when it is
 * asked for, put in the order and cut down to the rows that are wanted. */
struct desk {
	struct budget *budget;
	struct sheet of; /* what it was made for */
	struct answering answering;
	struct options options; /* what is asked: its question, stretch and filter */
	struct filter filter;
	u32_array gos, room; /* that are selected, where only those are asked for; scratch */
	uint64_t selected;   /* a number for them */
	struct table table;
	bool is_tree; /* of a profile, as a tree of calls: a row a call, too */
	struct flame flame;
	struct climb_hits hits;
	ARRAY(size_t) as_made; /* the table's rows before they were ordered */
	u32_array shown;       /* of them, in order */
	struct error error;
	int64_t sum, most;   /* of the column that orders them, if that is an amount */
	int bucket, buckets; /* of all its histograms: the first, and how many */
	struct rival rival;  /* of a comparison with another trace */
	struct comparison comparison;
	struct loader *loader;
	bool is_reading; /* the other trace */
	bool is_asking, is_made;
	bool is_laid; /* of a critical path: as a lane, too */
	uint64_t events; /* of the model when it was made: a growing trace has more later */
	char title[160];
};

void desk_init(struct desk *desk, struct budget *budget);
void desk_free(struct desk *desk);

/* Lets it follow what the state asks for; before each key and each picture. */
void desk_follow(struct desk *desk, struct state *state, struct loader *loader);

/* About a millisecond of making it; false: there is nothing to do before the loader has gone on. */
bool desk_step(struct desk *desk);

/* What it is of becomes a lane of the timeline: a critical path (desk_trail.c). */
void desk_lay_trail(const struct desk *desk, struct state *state, struct model *model);

/* Whether it is made now. */
bool desk_is_busy(const struct desk *desk);

/* Goes where the row under the cursor leads: to a table (of its members, of who calls its function
 * and what that calls, of the rows grouped), or to a place on the timeline, with what it is about
 * selected. Returns effects. */
unsigned desk_open_row(const struct desk *desk, struct state *state, const struct model *model);

#endif
