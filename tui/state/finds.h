/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_FINDS_H
#define TUI_STATE_FINDS_H

#include "core/analysis/findings.h"

/* The findings of the trace, as far as a user has to do with them. */
struct finds {
	const struct findings *list; /* NULL: they are not there */
	bool is_asked;               /* somebody wants them, or the trace is small enough */
	bool has_failed;             /* memory was too short for them */
	bool is_hidden;              /* the pane does not list them */
	int at;                      /* the one that was gone to, from 1 on; 0: none, */
	struct span of;              /* and what that selected */
	char want[32];               /* the command that waits for them; "": none */
};

/* How many are worth saying without being asked. */
int finds_alarms(const struct finds *finds);

/* The one that was gone to; NULL: none, or the list is another since. */
const struct finding *finds_current(const struct finds *finds);

#endif
