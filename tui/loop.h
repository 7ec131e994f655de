/* SPDX-License-Identifier: MIT */
#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include "tui/interface.h"
#include "tui/term/screen.h"

/* The terminal: one ppoll on keyboard, input and workers; signals are flags; all events of one
 * read, then at most one picture (terminal.md 1.6). */
struct loop_options {
	struct screen_options screen;
	uint64_t bytes_per_second; /* of the link: pictures wait for each other; 0: no limit */
	uint8_t glyphs;            /* as in struct options */
};

enum {
	LOOP_STEP_MS = 4,      /* of loading between two looks at the keyboard */
	LOOP_FOLLOW_MS = 100,  /* between pictures that only loading asks for */
	LOOP_LINK = 250 << 10, /* bytes a second, if nobody says how many (terminal.md 4.5) */
	LOOP_SLOW = 150 << 10, /* that are few */
};

/* Until the user quits. On failure the terminal is as it was. */
bool loop_run(struct interface *interface, const struct loop_options *options, struct error *err);

#endif
