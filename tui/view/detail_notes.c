/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_notes.h"

struct line *detail_add_note(struct detail_text *t)
{
	struct line *line =
		&t->notes[t->note_count < DETAIL_NOTES - 1 ? t->note_count : DETAIL_NOTES - 1];

	t->note_count += t->note_count < DETAIL_NOTES;
	line_clear(line);
	return line;
}

void detail_add_stack(struct detail_text *t, const char *title, stack_id stack)
{
	if (t->stack_count == DETAIL_STACKS)
		return;
	t->stacks[t->stack_count].title = title;
	t->stacks[t->stack_count++].stack = stack;
}
