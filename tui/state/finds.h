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
	struct span of;              /* and what that selected; SPAN_NONE: nothing */
	bool is_told;                /* it is shown, while that is selected */
	char want[32];               /* the command that waits for them; "": none */
};

/* How many are worth saying without being asked. */
int finds_alarms(const struct finds *finds);

/* The one that was gone to, while what it selected is; NULL: none. */
const struct finding *finds_current(const struct finds *finds, const struct span *selected);

#endif
