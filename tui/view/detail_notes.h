/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_NOTES_H
#define TUI_VIEW_DETAIL_NOTES_H

#include "core/trace/stacks.h"
#include "tui/state/links.h"
#include "tui/view/text.h"

/* What there is to say about a span, in the order of its weight; tui/view/detail_view places it. */
enum { DETAIL_NOTES = 16, DETAIL_STACKS = 2 };

struct detail_text {
	struct line title, facts;
	struct line
		notes[DETAIL_NOTES]; /* who unblocked it, whom it unblocked, who stopped last ... */
	int note_count;
	bool is_empty; /* nothing is selected */
	int said_from; /* those from there on are of what the program says */
	struct {
		const char *title;
		stack_id stack;
	} stacks[DETAIL_STACKS];
	int stack_count;
	bool shows_runtime; /* the frames of it in stacks; else they are counted */
	bool lacks_before;  /* the first stack, if it is none, is not in memory now */
	struct detail_link {
		char command[LINK_COMMAND_MAX]; /* see tui/state/links.h */
		const struct line *line;        /* of the above */
		size_t begin, end;              /* bytes of it */
	} links[LINKS_MAX];
	int link_count;
};

/* One more of each, if there is room: else the last note is written anew. */
struct line *detail_add_note(struct detail_text *t);
void detail_add_stack(struct detail_text *t, const char *title, stack_id stack);

/* What was added to a line of the text since it was so long leads somewhere: by a command. */
__attribute__((format(printf, 4, 5))) void detail_add_link(struct detail_text *t,
                                                           const struct line *line, size_t begin,
                                                           const char *format, ...);

/* Add to a line what can be gone to: a goroutine, by its name or its id alone, and what
 * it did at a time; a time; a P, a thread. */
void detail_add_go(struct detail_text *t, struct line *line, const struct model *model, uint32_t go,
                   int64_t ns);
void detail_add_go_id(struct detail_text *t, struct line *line, const struct model *model,
                      uint32_t go, int64_t ns);
void detail_add_instant(struct detail_text *t, struct line *line, int64_t ns);
void detail_add_proc(struct detail_text *t, struct line *line, const struct model *model,
                     uint32_t proc, int64_t ns);
void detail_add_thread(struct detail_text *t, struct line *line, uint64_t id, int64_t ns);

#endif
