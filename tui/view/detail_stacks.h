/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_STACKS_H
#define TUI_VIEW_DETAIL_STACKS_H

#include "tui/view/detail_notes.h"
#include "tui/view/frames.h"

/* The stacks of a span, line by line. */

void detail_stack_begin(struct frames *frames, const struct detail_text *text,
                        const struct model *model, int stack);

/* Lines that they take side by side, with their titles. */
int detail_stack_lines(const struct detail_text *text, const struct model *model);

/* What a stack and its title take. */
int detail_stack_width(const struct detail_text *text, const struct model *model, int stack);

/* A line of a stack, which can be gone to: one after the other. */
struct stack_line {
	int stack;
	int line;        /* below its title */
	uint32_t number; /* of the frame, or FRAMES_FOLDED: of so many */
	uint32_t folded;
	const struct frame *frame; /* or the only one that is folded */
};

struct stack_walk {
	const struct detail_text *text;
	const struct model *model;
	struct frames frames;
	struct stack_line at;
};

void stack_walk_begin(struct stack_walk *walk, const struct detail_text *text,
                      const struct model *model);
bool stack_walk_next(struct stack_walk *walk);

struct line stack_line_text(const struct stack_line *at, const struct model *model, bool ascii);

#endif
