/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/completion.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/analysis/analysis.h"
#include "core/analysis/filter.h"
#include "core/model/part.h"
#include "tui/control/arguments.h"

enum { NAME_MAX_LEN = 200 };

static size_t find_commands(struct completion *completion, struct bytes head)
{
	size_t count;
	const struct command *commands = command_list(&count);

	for (size_t i = 0; i < count && completion->count < COMPLETIONS_MAX; i++)
		if (strncmp(commands[i].name, (const char *)head.data, head.len) == 0)
			completion->words[completion->count++] = bytes_of(commands[i].name);
	for (size_t i = 0; i < analyses_count && completion->count < COMPLETIONS_MAX; i++)
		if (command_find(analyses[i].name) == NULL &&
		    strncmp(analyses[i].name, (const char *)head.data, head.len) == 0)
			completion->words[completion->count++] = bytes_of(analyses[i].name);
	return completion->count;
}

static void find_analyses(struct completion *completion, struct bytes head)
{
	completion->count = 0;
	for (size_t i = 0; i < analyses_count && completion->count < COMPLETIONS_MAX; i++)
		if (strncmp(analyses[i].name, (const char *)head.data, head.len) == 0)
			completion->words[completion->count++] = bytes_of(analyses[i].name);
}

/* ---- functions */

/* What a prompt can take as one word, and show. */
static bool is_word(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] >= 0x7f || name.data[i] == '"' ||
		    name.data[i] == '\'' || name.data[i] == '\\')
			return false;
	return name.len > 0 && name.len < NAME_MAX_LEN;
}

static bool begins_with(struct bytes name, struct bytes head)
{
	return name.len >= head.len &&
	       (head.len == 0 || memcmp(name.data, head.data, head.len) == 0);
}

/* Without the path of its package. */
static struct bytes short_name(struct bytes name)
{
	size_t at = name.len;

	while (at > 0 && name.data[at - 1] != '/')
		at--;
	return (struct bytes){ name.data + at, name.len - at };
}

static void add_function(struct completion *completion, struct bytes name, struct bytes head)
{
	if (!is_word(name))
		return;
	if (!begins_with(name, head))
		name = short_name(name);
	if (!begins_with(name, head))
		return;
	for (size_t i = 0; i < completion->count; i++)
		if (bytes_equal(completion->words[i], name))
			return;
	completion->words[completion->count++] = name;
}

static int order(const void *a, const void *b)
{
	const struct bytes *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int side = memcmp(x->data, y->data, len);

	return side != 0 ? side : (x->len > y->len) - (x->len < y->len);
}

/* Those that goroutines were started with, by the censuses of parts. */
static void find_functions(struct completion *completion, const struct model *model,
                           struct bytes head)
{
	for (size_t p = 0; p < model->parts.count; p++) {
		const struct census *census = &model->parts.items[p]->census;

		for (size_t i = 0; i < census->names.count && completion->count < COMPLETIONS_MAX;
		     i++)
			add_function(completion,
			             strings_text(&model->strings, census->names.items[i].text),
			             head);
	}
	qsort(completion->words, completion->count, sizeof(*completion->words), order);
}

/* ---- expressions */

static size_t add_words(struct completion *completion, const char *const *words, size_t count,
                        struct bytes head)
{
	for (size_t i = 0; i < count && completion->count < COMPLETIONS_MAX; i++)
		if (begins_with(bytes_of(words[i]), head))
			completion->words[completion->count++] = bytes_of(words[i]);
	return completion->count;
}

/* Of what was typed of a word the field that its end begins, or the state behind "state=". */
static void find_in_expression(struct completion *completion, struct bytes head)
{
	size_t at = head.len;
	struct bytes term;

	while (at > 0 && strchr("()&|! ", head.data[at - 1]) == NULL)
		at--;
	term = (struct bytes){ head.data + at, head.len - at };
	if (term.len > 5 && memcmp(term.data, "state=", 6) == 0) {
		term = (struct bytes){ term.data + 6, term.len - 6 };
		add_words(completion, filter_states, FILTER_STATES, term);
	} else {
		add_words(completion, filter_fields, FILTER_FIELDS, term);
	}
	completion->from += head.len - term.len;
}

void completion_find(struct completion *completion, const struct model *model, const char *line,
                     size_t at)
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
	if (completion->command == NULL)
		return;
	completion->count = arguments_offer(completion->command->arguments, number, head,
	                                    completion->words, COMPLETIONS_MAX);
	if (number == 1 && strcmp(completion->command->name, "table") == 0)
		find_analyses(completion, head);
	if (completion->count == 0 && strstr(completion->command->arguments, "FUNCTION") != NULL)
		find_functions(completion, model, head);
	if (strcmp(completion->command->name, "filter") == 0 ||
	    strcmp(completion->command->name, "highlight") == 0)
		find_in_expression(completion, head);
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

bool completion_step(struct prompt *prompt, const struct model *model, int sign)
{
	struct line_edit *line = &prompt->line;
	struct completion completion;
	struct bytes word;

	completion_find(&completion, model, line->text,
	                prompt->is_listing ? prompt->asked_at : line->at);
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

void completion_table(struct table *table, const struct model *model, const struct prompt *prompt)
{
	struct completion completion;

	table_add_column(table, "word", COLUMN_TEXT);
	table_add_column(table, "arguments", COLUMN_TEXT);
	table_add_column(table, "help", COLUMN_TEXT);
	completion_find(&completion, model, prompt->line.text, prompt->asked_at);
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
