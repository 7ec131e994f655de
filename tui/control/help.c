/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/help.h"

#include <stdio.h>

#include "core/analysis/analysis.h"

enum { KEYS_TEXT = 160, KEYS_COLS = 20 /* of a line */ };

/* What it runs, and the keys that do so: of many alike as they are written. */
static const char *line_of(const struct binding *binding)
{
	return binding->pattern != NULL ? binding->pattern : binding->command;
}

static const char *keys_of(const struct binding *binding)
{
	return binding->family != NULL ? binding->family : binding->keys;
}

static bool is_same_action(const struct binding *a, const struct binding *b)
{
	return a->mode == b->mode && strcmp(line_of(a), line_of(b)) == 0;
}

/* The first binding that does the same. */
static size_t first_like(const struct keymap *keymap, size_t index)
{
	size_t first = 0;

	while (!is_same_action(&keymap->bindings.items[first], &keymap->bindings.items[index]))
		first++;
	return first;
}

static const struct command *command_of(const struct binding *binding)
{
	struct command_words words;
	const char *problem;
	int col;

	if (!command_split(binding->command, &words, &problem, &col) || words.argc == 0)
		return NULL;
	return command_find(words.argv[0]);
}

/* Keys of an action from *at on, as many as a line takes: "w + =". Returns the first of them, and
 * leaves *at behind them. */
static size_t next_keys(const struct keymap *keymap, size_t index, size_t *at, const char **last,
                        char text[KEYS_TEXT])
{
	size_t len = 0, first = keymap->bindings.count;

	for (; *at < keymap->bindings.count; ++*at) {
		const struct binding *binding = &keymap->bindings.items[*at];
		const char *keys = keys_of(binding);

		if (!is_same_action(&keymap->bindings.items[index], binding) ||
		    strcmp(keys, *last) == 0)
			continue;
		if (len > 0 && len + 1 + strlen(keys) > KEYS_COLS)
			break;
		first = len == 0 ? *at : first;
		*last = keys;
		len += (size_t)snprintf(text + len, KEYS_TEXT - len, "%s%s", len > 0 ? " " : "",
		                        keys);
	}
	return first;
}

/* The keys that stand on the line of a binding, if it has one: the others of its action stand on
 * lines of their own, further down. */
static bool find_keys(const struct keymap *keymap, size_t index, char text[KEYS_TEXT])
{
	size_t at = first_like(keymap, index), first;
	const char *last = "";

	do
		first = next_keys(keymap, index, &at, &last, text);
	while (first < index);
	return first == index;
}

static void add_action(struct table *table, const struct keymap *keymap, size_t index)
{
	const struct binding *binding = &keymap->bindings.items[index];
	const struct command *command = command_of(binding);
	bool is_elsewhere = binding->mode < MODE_COUNT && binding->mode != MODE_TIMELINE;
	char keys[KEYS_TEXT], text[COMMAND_LINE_MAX];

	if (command == NULL || !find_keys(keymap, index, keys))
		return;
	table_add_text(table, bytes_of(keys));
	table_add_text(table, bytes_of(line_of(binding)));
	snprintf(text, sizeof(text), "%s%s%s%s", command->help, is_elsewhere ? " (in " : "",
	         is_elsewhere ? mode_name((enum mode)binding->mode) : "", is_elsewhere ? ")" : "");
	table_add_text(table, bytes_of(text));
}

static bool is_bound(const struct keymap *keymap, const struct command *command)
{
	for (size_t i = 0; i < keymap->bindings.count; i++)
		if (command_of(&keymap->bindings.items[i]) == command)
			return true;
	return false;
}

/* The answers as tables, and the pages of Go's tool that tell the same. */
static void add_tables(struct table *table)
{
	char text[COMMAND_LINE_MAX];

	for (size_t i = 0; i < analyses_count; i++) {
		snprintf(text, sizeof(text), ":%s", analyses[i].name);
		table_add_text(table, bytes_of(text));
		table_add_text(table, bytes_of("table"));
		snprintf(text, sizeof(text), "%s: %s", analyses[i].page, analyses[i].help);
		table_add_text(table, bytes_of(text));
	}
}

/* What cells show; the letters are those of tui/view/look. */
static void add_legend(struct table *table)
{
	static const char *const lines[][2] = {
		{ "R", "running; the letters stand on slices without colours, and after h" },
		{ "w", "runnable: it waits for a P" },
		{ "b", "blocked, and on what" },
		{ "S", "in a syscall" },
		{ "G", "GC: its mark phase, or a worker of it" },
		{ "A", "mark assist" },
		{ "V", "sweep" },
		{ "!", "stop of the world" },
		{ "bars", "many slices in a cell: how much of its time is busy" },
		{ "shaded", "not loaded yet: about as busy as samples tell" },
		{ "dots", "nobody knows yet: w zooms in to where records can be read" },
		{ "< >", "triangles: where the selection was woken, where those ran whom it woke" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		table_add_text(table, bytes_of(lines[i][0]));
		table_add_text(table, bytes_of("(in a lane)"));
		table_add_text(table, bytes_of(lines[i][1]));
	}
}

/* Who knows Go's tool looks for its pages first. */
static void add_pages(struct table *table, const struct keymap *keymap)
{
	char keys[KEYS_TEXT];

	for (size_t i = 0; i < keymap->bindings.count; i++)
		if (strcmp(line_of(&keymap->bindings.items[i]), "table") == 0 &&
		    find_keys(keymap, i, keys)) {
			table_add_text(table, bytes_of(keys));
			table_add_text(table, bytes_of("table"));
			table_add_text(table, bytes_of("Pages of go tool trace, by their names; "
			                               "below, too"));
			return;
		}
}

void help_make(struct table *table, const struct keymap *keymap)
{
	size_t count;
	const struct command *commands = command_list(&count);

	table_add_column(table, "keys", COLUMN_TEXT);
	table_add_column(table, "command", COLUMN_TEXT);
	table_add_column(table, "help", COLUMN_TEXT);
	add_pages(table, keymap);
	for (size_t i = 0; i < keymap->bindings.count; i++)
		add_action(table, keymap, i);
	for (size_t i = 0; i < count; i++)
		if (!is_bound(keymap, &commands[i])) {
			table_add_text(table, bytes_of(""));
			table_add_text(table, bytes_of(commands[i].name));
			table_add_text(table, bytes_of(commands[i].help));
		}
	add_tables(table);
	add_legend(table);
}
