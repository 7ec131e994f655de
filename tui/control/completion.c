/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/completion.h"

#include <stdio.h>

#include "tui/control/arguments.h"

static size_t find_commands(struct completion *completion, struct bytes head)
{
	size_t count;
	const struct command *commands = command_list(&count);

	for (size_t i = 0; i < count && completion->count < COMPLETIONS_MAX; i++)
		if (strncmp(commands[i].name, (const char *)head.data, head.len) == 0)
			completion->words[completion->count++] = bytes_of(commands[i].name);
	return completion->count;
}

void completion_find(struct completion *completion, const char *line, size_t at)
{
	struct command_words words;
	char before[COMMAND_LINE_MAX];
	const char *problem;
	struct bytes head;
	int col, number;

	*completion = (struct completion){ .from = at };
	snprintf(before, sizeof(before), "%.*s", (int)at, line);
	if (!command_split(before, &words, &problem, &col))
		return; /* an open quote: nothing is known of what is in it */
	number = words.argc;
	if (number > 0 && at > 0 && line[at - 1] != ' ')
		completion->from = (size_t)words.cols[--number];
	head = (struct bytes){ (const uint8_t *)line + completion->from, at - completion->from };
	if (number == 0) {
		find_commands(completion, head);
		return;
	}
	completion->command = command_guess(words.argv[0]);
	if (completion->command != NULL)
		completion->count = arguments_offer(completion->command->arguments, number, head,
		                                    completion->words, COMPLETIONS_MAX);
}

/* The bytes that all of them begin with. */
static size_t common_len(const struct completion *completion)
{
	struct bytes first = completion->words[0];
	size_t len = first.len;

	for (size_t i = 1; i < completion->count; i++) {
		struct bytes word = completion->words[i];
		size_t same = 0;

		while (same < len && same < word.len && word.data[same] == first.data[same])
			same++;
		len = same;
	}
	return len;
}

/* Puts a word, or its head, in the place of what is between from and the cursor. */
static void put(struct line_edit *line, size_t from, struct bytes word)
{
	size_t behind = line->at;
	char tail[LINE_EDIT_MAX];

	memcpy(tail, line->text + behind, line_edit_len(line) - behind + 1);
	line->text[from] = '\0';
	line->at = from;
	line_edit_insert(line, word);
	from = line->at;
	line_edit_insert(line, bytes_of(tail));
	line->at = from;
}

static void step_on(struct prompt *prompt, const struct completion *completion, int sign)
{
	int count = (int)completion->count;

	if (prompt->choice < 0)
		prompt->choice = sign > 0 ? 0 : count - 1;
	else
		prompt->choice = (prompt->choice + sign + count) % count;
	put(&prompt->line, completion->from, completion->words[prompt->choice]);
}

bool completion_step(struct prompt *prompt, int sign)
{
	struct line_edit *line = &prompt->line;
	struct completion completion;
	struct bytes word;

	completion_find(&completion, line->text, prompt->is_listing ? prompt->asked_at : line->at);
	if (completion.count == 0)
		return false;
	if (prompt->is_listing) {
		step_on(prompt, &completion, sign);
		return true;
	}
	word = (struct bytes){ completion.words[0].data, common_len(&completion) };
	put(line, completion.from, word);
	if (completion.count > 1) {
		prompt->is_listing = true;
		prompt->asked_at = line->at;
		prompt->choice = -1;
	} else if (line->text[line->at] != ' ') {
		line_edit_insert(line, bytes_of(" "));
	}
	return true;
}

void completion_table(struct table *table, const struct prompt *prompt)
{
	struct completion completion;

	table_add_column(table, "word", COLUMN_TEXT);
	table_add_column(table, "arguments", COLUMN_TEXT);
	table_add_column(table, "help", COLUMN_TEXT);
	completion_find(&completion, prompt->line.text, prompt->asked_at);
	for (size_t i = 0; i < completion.count; i++) {
		char name[COMMAND_LINE_MAX];
		const struct command *command = NULL;

		snprintf(name, sizeof(name), "%.*s", (int)completion.words[i].len,
		         (const char *)completion.words[i].data);
		if (completion.command == NULL)
			command = command_find(name);
		table_add_text(table, completion.words[i]);
		table_add_text(table, bytes_of(command != NULL ? command->arguments : ""));
		table_add_text(table, bytes_of(command != NULL ? command->help : ""));
	}
}
