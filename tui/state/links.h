/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_LINKS_H
#define TUI_STATE_LINKS_H

#include "core/model/model.h"

/* What the pane names that can be gone to: goroutines, Ps, threads, tasks and times; and the frames
 * of its stacks, whose source can be seen. The view finds
 * them as it lays the pane out; commands step through them and follow one. */

enum { LINKS_MAX = 128, LINK_COMMAND_MAX = 64, LINK_TEXT_MAX = 48 };

struct link {
	char command[LINK_COMMAND_MAX]; /* that goes there: "goto G17 412101000ns" */
	char text[LINK_TEXT_MAX];       /* as it is called */
	bool is_of_stack;               /* a frame, or what is folded: no place of the trace */
	int row;                        /* of what scrolls in the pane; -1: it is always seen */
};

struct links {
	struct link items[LINKS_MAX];
	int count;
	int at;         /* the one that is marked, from 1 on; 0: none */
	int rows;       /* of what scrolls, that show */
	struct span of; /* whose they are */
};

#endif
