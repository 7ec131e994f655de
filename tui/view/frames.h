/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_FRAMES_H
#define TUI_VIEW_FRAMES_H

#include "core/trace/stacks.h"
#include "core/trace/strings.h"

/* The frames of a stack as the pane shows them, from the innermost on: those of Go's runtime are
 * left out, and counted at the end, so that what the program did stands first. A stack that has no
 * others is shown as it is. */
struct frames {
	const struct strings *strings;
	const struct frame *items; /* NULL: none are recorded */
	uint32_t count;
	uint32_t at;
	uint32_t folded; /* left out so far, */
	uint32_t last;   /* and the last of them */
	bool folds, has_told;
};

void frames_begin(struct frames *frames, const struct stacks *stacks, const struct strings *strings,
                  stack_id stack, bool folds);

/* The next line: a frame, by its number in the stack; or FRAMES_FOLDED, once, where some are left
 * out. False: that was the last. */
#define FRAMES_FOLDED UINT32_MAX
bool frames_next(struct frames *frames, uint32_t *number);

/* How many lines it has. */
int frames_lines(const struct frames *frames);

/* The innermost frame that is not of the runtime, or if all are, the innermost; FRAMES_NONE: there
 * is none. */
#define FRAMES_NONE UINT32_MAX
uint32_t frames_own(const struct frames *frames);

#endif
