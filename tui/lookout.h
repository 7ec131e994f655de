/* SPDX-License-Identifier: MIT */
#ifndef TUI_LOOKOUT_H
#define TUI_LOOKOUT_H

#include "core/analysis/answering.h"
#include "tui/state/state.h"

/* Looks for findings behind the user's back, when nothing else is to be done: of a trace that is
 * not large as soon as it is loaded, of others when they are asked for; of one that arrives again
 * and again, for a small part of the time. */
struct lookout {
	struct answering asking, made;
	struct question question;
	bool is_asking, is_made;
	bool is_of_whole;          /* what was made */
	size_t parts;              /* that it is of */
	int tries;                 /* somebody else's question may come between */
	int64_t begun_ms, from_ms; /* of asking; when to begin again */
};

enum { LOOKOUT_EVENTS = 20000000 };

void lookout_free(struct lookout *lookout);

/* About a millisecond of it, at a time of any clock; *shows: they are there. False: there is
 * nothing to do before the loader has gone on. */
bool lookout_step(struct lookout *lookout, struct finds *finds, struct loader *loader,
                  int64_t now_ms, bool *shows);

#endif
