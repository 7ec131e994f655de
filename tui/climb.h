/* SPDX-License-Identifier: MIT */
#ifndef TUI_CLIMB_H
#define TUI_CLIMB_H

#include "core/analysis/flame.h"
#include "core/base/id_map.h"
#include "tui/state/state.h"

/* Moves the cursor over a tree of calls (tui/state/sheet.h), and finds in it what is looked for. */

/* What matches an expression. */
struct climb_hits {
	ARRAY(uint8_t) are; /* a byte a call; empty: nothing is looked for */
	uint64_t count;
	struct profile_entry sum; /* of them, those inside of others not twice */
};

void climb_find(struct climb_hits *hits, const struct flame *flame, const struct model *model,
                const char *expression);

/* Does what the state's steps ask for; says what can't be done. */
void climb_follow(struct state *state, const struct flame *flame, const struct climb_hits *hits);

#endif
