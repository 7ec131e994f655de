/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/prompt.h"

#include <stdio.h>

char prompt_sign(enum prompt_kind kind)
{
	static const char signs[PROMPT_KINDS] = { ':', '/', '&' };

	return signs[kind];
}

static struct prompt_past *past_of(struct prompt *prompt)
{
	return &prompt->past[prompt->kind != PROMPT_COMMAND];
}

void prompt_open(struct prompt *prompt, const char *text)
{
	prompt_open_as(prompt, PROMPT_COMMAND, text);
}

void prompt_open_as(struct prompt *prompt, enum prompt_kind kind, const char *text)
{
	prompt->kind = (uint8_t)kind;
	line_edit_set(&prompt->line, text);
	prompt->is_open = true;
	prompt->is_listing = false;
	prompt->back = 0;
}

void prompt_close(struct prompt *prompt)
{
	prompt->is_open = prompt->is_listing = false;
}

static char *line_back(struct prompt *prompt, size_t back)
{
	struct prompt_past *past = past_of(prompt);

	return past->lines[(past->count - back) % PROMPT_LINES];
}

void prompt_remember(struct prompt *prompt, const char *line)
{
	struct prompt_past *past = past_of(prompt);

	if (line[strspn(line, " ")] == '\0' ||
	    (past->count > 0 && strcmp(line_back(prompt, 1), line) == 0))
		return;
	past->count++;
	snprintf(line_back(prompt, 1), LINE_EDIT_MAX, "%s", line);
}

bool prompt_recall(struct prompt *prompt, bool is_older)
{
	size_t count = past_of(prompt)->count;
	size_t most = count < PROMPT_LINES ? count : PROMPT_LINES;

	if (is_older ? prompt->back == most : prompt->back == 0)
		return false;
	if (prompt->back == 0)
		memcpy(prompt->typed, prompt->line.text, sizeof(prompt->typed));
	prompt->back = is_older ? prompt->back + 1 : prompt->back - 1;
	line_edit_set(&prompt->line,
	              prompt->back == 0 ? prompt->typed : line_back(prompt, prompt->back));
	return true;
}
