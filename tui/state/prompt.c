/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/prompt.h"

#include <stdio.h>

void prompt_open(struct prompt *prompt, const char *text)
{
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
	return prompt->lines[(prompt->count - back) % PROMPT_LINES];
}

void prompt_remember(struct prompt *prompt, const char *line)
{
	if (line[strspn(line, " ")] == '\0' ||
	    (prompt->count > 0 && strcmp(line_back(prompt, 1), line) == 0))
		return;
	prompt->count++;
	snprintf(line_back(prompt, 1), LINE_EDIT_MAX, "%s", line);
}

bool prompt_recall(struct prompt *prompt, bool is_older)
{
	size_t most = prompt->count < PROMPT_LINES ? prompt->count : PROMPT_LINES;

	if (is_older ? prompt->back == most : prompt->back == 0)
		return false;
	if (prompt->back == 0)
		memcpy(prompt->typed, prompt->line.text, sizeof(prompt->typed));
	prompt->back = is_older ? prompt->back + 1 : prompt->back - 1;
	line_edit_set(&prompt->line,
	              prompt->back == 0 ? prompt->typed : line_back(prompt, prompt->back));
	return true;
}
