/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_stacks.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/view/go_name.h"

void detail_stack_begin(struct frames *frames, const struct detail_text *text,
                        const struct model *model, int stack)
{
	frames_begin(frames, &model->stacks, &model->strings, text->stacks[stack].stack,
	             !text->shows_runtime);
}

int detail_stack_lines(const struct detail_text *text, const struct model *model)
{
	int most = 0;

	for (int i = 0; i < text->stack_count; i++) {
		struct frames frames;
		int count;

		detail_stack_begin(&frames, text, model, i);
		count = frames_lines(&frames);
		count = count == 0 ? 1 : count;
		most = count > most ? count : most;
	}
	return text->stack_count > 0 ? most + 1 : 0;
}

void stack_walk_begin(struct stack_walk *walk, const struct detail_text *text,
                      const struct model *model)
{
	*walk = (struct stack_walk){ .text = text, .model = model };
	if (text->stack_count > 0)
		detail_stack_begin(&walk->frames, text, model, 0);
}

bool stack_walk_next(struct stack_walk *walk)
{
	struct stack_line *at = &walk->at;

	for (; at->stack < walk->text->stack_count; at->stack++, at->line = 0) {
		if (at->line == 0)
			detail_stack_begin(&walk->frames, walk->text, walk->model, at->stack);
		if (!frames_next(&walk->frames, &at->number))
			continue;
		at->line++;
		at->folded = at->number == FRAMES_FOLDED ? walk->frames.folded : 0;
		at->frame = &walk->frames.items[at->folded > 0 ? walk->frames.last : at->number];
		return true;
	}
	return false;
}

struct line stack_line_text(const struct stack_line *at, const struct model *model, bool ascii)
{
	struct line line = { .ascii = ascii };
	char name[GO_NAME_MAX];

	if (at->folded > 1)
		line_add(&line, "+ %" PRIu32 " runtime frames", at->folded);
	else
		line_add(&line, "%s%s:%" PRIu32, at->folded > 0 ? "+ " : "",
		         go_name_short(name, strings_text(&model->strings, at->frame->function), 0,
		                       ascii),
		         at->frame->line);
	return line;
}

int detail_stack_width(const struct detail_text *text, const struct model *model, int stack)
{
	size_t most = strlen(text->stacks[stack].title);
	struct stack_walk walk;

	stack_walk_begin(&walk, text, model);
	while (stack_walk_next(&walk)) {
		struct line line = stack_line_text(&walk.at, model, false);

		if (walk.at.stack == stack && line.len + 2 > most)
			most = line.len + 2;
	}
	return (int)most;
}
