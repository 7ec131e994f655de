/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_NOTES_H
#define TUI_VIEW_DETAIL_NOTES_H

#include "core/trace/stacks.h"
#include "tui/view/text.h"

/* What there is to say about a span, in the order of its weight; tui/view/detail_view places it. */
enum { DETAIL_NOTES = 16, DETAIL_STACKS = 2 };

struct detail_text {
	struct line title, facts;
	struct line
		notes[DETAIL_NOTES]; /* who unblocked it, whom it unblocked, who stopped last ... */
	int note_count;
	struct {
		const char *title;
		stack_id stack;
	} stacks[DETAIL_STACKS];
	int stack_count;
};

/* One more of each, if there is room: else the last note is written anew. */
struct line *detail_add_note(struct detail_text *t);
void detail_add_stack(struct detail_text *t, const char *title, stack_id stack);

#endif
