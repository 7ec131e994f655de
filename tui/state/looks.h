/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_LOOKS_H
#define TUI_STATE_LOOKS_H

#include "tui/state/rows.h"

/* How rows were shown: which lanes there were, what was folded, hidden, pinned, tall, in which
 * order. The last ones are kept, each with a number, so that going back to a place shows it as it
 * was. */
enum { LOOKS_KEPT = 32, LOOKS_LANES_MAX = 1 << 14 /* of rows with more nothing is kept */ };

struct look_kept {
	unsigned id;      /* 0: there is none */
	struct rows rows; /* without its list */
};

struct looks {
	struct budget *budget;
	struct look_kept kept[LOOKS_KEPT]; /* a ring, by id */
	unsigned now; /* that of the rows, when they were noted last; 0: none */
	unsigned last;
};

void looks_init(struct looks *looks, struct budget *budget);
void looks_free(struct looks *looks);

/* Keeps how rows are shown now, if that is another way than now; returns its number, 0: too many
 * lanes. */
unsigned looks_note(struct looks *looks, const struct rows *rows);

/* Shows rows as they were then; false: that is not kept. */
bool looks_restore(struct looks *looks, unsigned id, struct rows *rows);

#endif
