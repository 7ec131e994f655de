/* SPDX-License-Identifier: MIT */
#ifndef TUI_RIVAL_H
#define TUI_RIVAL_H

#include "core/analysis/answering.h"
#include "tui/session.h"

/* Another trace that the one that is open is compared with: read, loaded and asked in steps between
 * keys, on this thread, and closed again. What is left of it is in the comparison. */
struct rival {
	struct session session;
	struct answering answering;
	struct question question;
	struct table nothing; /* what its side alone is answered with */
	bool is_asking;
	bool is_damaged; /* something of it is lost */
};

/* As the second side of question->comparison; times of the question count from its own begin. Files
 * alone: to open anything else may take long, and keys would have to wait. */
bool rival_begin(struct rival *rival, struct budget *budget, const char *path,
                 const struct question *question, struct error *err);

enum rival_step { RIVAL_GOES_ON, RIVAL_DONE, RIVAL_FAILED };

/* About a millisecond of it. Done or failed: it is closed. */
enum rival_step rival_step(struct rival *rival, struct error *err);

/* Also when it is on its way, or never was. */
void rival_end(struct rival *rival);

#endif
