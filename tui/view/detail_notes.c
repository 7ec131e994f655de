/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_notes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* The links of a line that is written anew are gone. */
static void drop_links(struct detail_text *t, const struct line *line)
{
	while (t->link_count > 0 && t->links[t->link_count - 1].line == line)
		t->link_count--;
}

struct line *detail_add_note(struct detail_text *t)
{
	struct line *line =
		&t->notes[t->note_count < DETAIL_NOTES - 1 ? t->note_count : DETAIL_NOTES - 1];

	t->note_count += t->note_count < DETAIL_NOTES;
	drop_links(t, line);
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

/* ---- links */

void detail_add_link(struct detail_text *t, const struct line *line, size_t begin,
                     const char *format, ...)
{
	struct detail_link *link = &t->links[t->link_count];
	va_list args;

	if (t->link_count == LINKS_MAX || line->len == begin)
		return;
	va_start(args, format);
	vsnprintf(link->command, sizeof(link->command), format, args);
	va_end(args);
	link->line = line;
	link->begin = begin;
	link->end = line->len;
	t->link_count++;
}

static void link_go(struct detail_text *t, const struct line *line, size_t begin,
                    const struct model *model, uint32_t go, int64_t ns)
{
	if (go < model->roster.count)
		detail_add_link(t, line, begin, "goto G%" PRIu64 " %" PRId64 "ns",
		                roster_brief(&model->roster, go).id, ns);
}

void detail_add_go(struct detail_text *t, struct line *line, const struct model *model, uint32_t go,
                   int64_t ns)
{
	size_t begin = line->len;

	line_add_go(line, model, go);
	link_go(t, line, begin, model, go, ns);
}

void detail_add_go_id(struct detail_text *t, struct line *line, const struct model *model,
                      uint32_t go, int64_t ns)
{
	size_t begin = line->len;

	line_add_go_id(line, model, go);
	link_go(t, line, begin, model, go, ns);
}

void detail_add_instant(struct detail_text *t, struct line *line, int64_t ns)
{
	size_t begin = line->len;

	line_add_instant(line, ns);
	detail_add_link(t, line, begin, "goto %" PRId64 "ns", ns);
}

void detail_add_proc(struct detail_text *t, struct line *line, const struct model *model,
                     uint32_t proc, int64_t ns)
{
	size_t begin = line->len;

	line_add_proc(line, model, proc);
	if (proc < model->procs.count)
		detail_add_link(t, line, begin, "goto P%" PRIu64 " %" PRId64 "ns",
		                model->procs.items[proc].id, ns);
}

void detail_add_thread(struct detail_text *t, struct line *line, uint64_t id, int64_t ns)
{
	size_t begin = line->len;

	line_add(line, "M%" PRIu64, id);
	detail_add_link(t, line, begin, "goto M%" PRIu64 " %" PRId64 "ns", id, ns);
}
