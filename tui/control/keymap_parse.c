/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/keymap.h"

#include <stdarg.h>
#include <stdio.h>

#include "tui/control/keymap_files.h"
#include "tui/state/key_name.h"

enum { INCLUDES_MAX = 8, WORD_MAX = 96 };

/* A text and how far it is read. */
struct reader {
	struct keymap *keymap;
	const char *name;
	struct bytes line;
	int number;
	size_t at;   /* in line */
	size_t word; /* where the last word began */
	int depth;   /* of includes */
	char member; /* of the class in this line's keys, that it is read for; 0 */
	struct error *err;
};

static bool parse_text(struct keymap *keymap, const char *name, struct bytes text, int depth,
                       struct error *err);

__attribute__((format(printf, 2, 3))) static bool fail(struct reader *r, const char *format, ...)
{
	char what[120];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return error_set(r->err, ERROR_USAGE, ERROR_NO_OFFSET, "%s:%d:%zu: %s", r->name, r->number,
	                 r->word + 1, what);
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_spaces(struct reader *r)
{
	while (r->at < r->line.len && is_space(r->line.data[r->at]))
		r->at++;
	r->word = r->at;
}

/* The next word of the line; false, with an empty one, at its end or if it is too long. */
static bool take_word(struct reader *r, char word[WORD_MAX])
{
	size_t len = 0;

	skip_spaces(r);
	while (r->at < r->line.len && !is_space(r->line.data[r->at]) && len < WORD_MAX - 1)
		word[len++] = (char)r->line.data[r->at++];
	word[len] = '\0';
	return len > 0 && (r->at == r->line.len || is_space(r->line.data[r->at]));
}

static bool take_mode(struct reader *r, uint8_t *mode)
{
	char word[WORD_MAX];

	if (!take_word(r, word))
		return fail(r, "a mode is missing: timeline, help or any");
	for (*mode = 0; *mode < MODE_COUNT; ++*mode)
		if (strcmp(word, mode_name((enum mode) * mode)) == 0)
			return true;
	return strcmp(word, "any") == 0 || fail(r, "there is no mode %s", word);
}

static const char *const classes[] = { "{a-z}", "{0-9}" };

/* The class in a text of keys; NULL. */
static const char *find_class(const char *keys)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strstr(keys, classes[i]) != NULL)
			return classes[i];
	return NULL;
}

/* Puts one character in the place of what, once. */
static void put_member(char *text, const char *what, char member)
{
	char *at = strstr(text, what);
	size_t len = strlen(what);

	if (at == NULL)
		return;
	*at = member;
	memmove(at + 1, at + len, strlen(at + len) + 1);
}

static bool take_keys(struct reader *r, char keys[KEYMAP_KEYS_MAX])
{
	char word[WORD_MAX], name[KEY_NAME_MAX];
	size_t pos = 0, len = 0;

	if (!take_word(r, word))
		return fail(r, "keys are missing");
	if (r->member != 0)
		put_member(word, find_class(word), r->member);
	keys[0] = '\0';
	while (key_name_split(bytes_of(word), &pos, name)) {
		if (len + strlen(name) >= KEYMAP_KEYS_MAX)
			return fail(r, "too many keys");
		memcpy(keys + len, name, strlen(name) + 1);
		len += strlen(name);
	}
	r->word += pos;
	return word[pos] == '\0' || fail(r, "there is no key %s", word + pos);
}

static struct binding *find_binding(struct keymap *keymap, uint8_t mode, const char *keys)
{
	for (size_t i = 0; i < keymap->bindings.count; i++) {
		struct binding *binding = &keymap->bindings.items[i];

		if (binding->mode == mode && strcmp(binding->keys, keys) == 0)
			return binding;
	}
	return NULL;
}

static const char *keep(struct keymap *keymap, struct bytes text)
{
	char *copy = ARENA_NEW(&keymap->arena, text.len + 1, char);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	return copy;
}

static struct binding *bind(struct keymap *keymap, uint8_t mode, const char *keys,
                            struct bytes command)
{
	struct binding *binding = find_binding(keymap, mode, keys);

	if (binding == NULL) {
		binding = array_push(&keymap->bindings);
		*binding = (struct binding){ .mode = mode, .keys = keep(keymap, bytes_of(keys)) };
	}
	binding->command = keep(keymap, command);
	binding->family = binding->pattern = NULL;
	return binding;
}

/* The rest of the line, which must be a command line. */
static bool take_command(struct reader *r, struct bytes *command)
{
	struct command_words words;
	const char *problem;
	char line[COMMAND_LINE_MAX];
	size_t len;
	int col;

	skip_spaces(r);
	*command = (struct bytes){ r->line.data + r->at, r->line.len - r->at };
	while (command->len > 0 && is_space(command->data[command->len - 1]))
		command->len--;
	len = command->len < sizeof(line) ? command->len : 0;
	if (command->len == 0)
		return fail(r, "a command is missing");
	if (len == 0)
		return fail(r, "too long a command");
	memcpy(line, command->data, len);
	line[len] = '\0';
	if (!command_split(line, &words, &problem, &col)) {
		r->word += (size_t)col;
		return fail(r, "%s", problem);
	}
	return command_find(words.argv[0]) != NULL ||
	       fail(r, "there is no command %s", words.argv[0]);
}

static bool take_end(struct reader *r)
{
	skip_spaces(r);
	return r->at == r->line.len || fail(r, "too much on the line");
}

/* A binding for each of a class; the line is read anew for each. */
static bool bind_class(struct reader *r, uint8_t mode, const char *class)
{
	size_t begin = r->at;
	const char *family = NULL, *pattern = NULL;

	for (char member = class[1]; member <= class[3]; member++) {
		char keys[KEYMAP_KEYS_MAX], word[WORD_MAX], line[COMMAND_LINE_MAX];
		struct bytes command;
		struct binding *binding;

		r->at = begin;
		r->member = member;
		take_word(r, word);
		r->at = begin;
		if (!take_keys(r, keys) || !take_command(r, &command))
			return false;
		if (family == NULL) {
			family = keep(r->keymap, bytes_of(word));
			pattern = keep(r->keymap, command);
		}
		memcpy(line, pattern, command.len + 1);
		put_member(line, "{}", member);
		binding = bind(r->keymap, mode, keys, bytes_of(line));
		binding->family = family;
		binding->pattern = pattern;
	}
	return true;
}

static bool parse_map(struct reader *r)
{
	char keys[KEYMAP_KEYS_MAX], word[WORD_MAX];
	struct bytes command;
	size_t begin;
	uint8_t mode;

	if (!take_mode(r, &mode))
		return false;
	begin = r->at;
	take_word(r, word);
	r->at = begin;
	if (find_class(word) != NULL)
		return bind_class(r, mode, find_class(word));
	if (!take_keys(r, keys) || !take_command(r, &command))
		return false;
	bind(r->keymap, mode, keys, command);
	return true;
}

static bool parse_unmap(struct reader *r)
{
	char keys[KEYMAP_KEYS_MAX];
	uint8_t mode;

	if (!take_mode(r, &mode) || !take_keys(r, keys) || !take_end(r))
		return false;
	bind(r->keymap, mode, keys, bytes_of(""));
	return true;
}

static const char *find_file(const char *name)
{
	for (size_t i = 0; i < keymap_file_count; i++)
		if (strcmp(keymap_files[i].name, name) == 0)
			return keymap_files[i].text;
	return NULL;
}

static bool parse_include(struct reader *r)
{
	char word[WORD_MAX];
	size_t place;

	if (!take_word(r, word))
		return fail(r, "the name of a keymap is missing");
	place = r->word;
	if (!take_end(r))
		return false;
	r->word = place;
	if (find_file(word) == NULL)
		return fail(r, "there is no keymap %s", word);
	if (r->depth == INCLUDES_MAX)
		return fail(r, "keymaps include each other");
	return parse_text(r->keymap, word, bytes_of(find_file(word)), r->depth + 1, r->err);
}

static bool parse_line(struct reader *r)
{
	char word[WORD_MAX];

	if (r->line.len > 0 && memchr(r->line.data, '\0', r->line.len) != NULL)
		return fail(r, "a text has no NUL in it");
	if (!take_word(r, word) && word[0] == '\0')
		return true;
	if (word[0] == '#')
		return true;
	if (strcmp(word, "map") == 0)
		return parse_map(r);
	if (strcmp(word, "unmap") == 0)
		return parse_unmap(r);
	if (strcmp(word, "include") == 0)
		return parse_include(r);
	return fail(r, "map, unmap, include or # is expected");
}

static bool parse_text(struct keymap *keymap, const char *name, struct bytes text, int depth,
                       struct error *err)
{
	struct reader r = { .keymap = keymap, .name = name, .depth = depth, .err = err };
	bool good = true;

	while (text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		size_t len = end != NULL ? (size_t)(end - text.data) : text.len;

		r.line = (struct bytes){ text.data, len };
		r.number++;
		r.at = r.word = 0;
		r.member = 0;
		good = parse_line(&r) && good;
		len += end != NULL;
		text = (struct bytes){ text.data + len, text.len - len };
	}
	return good;
}

bool keymap_parse(struct keymap *keymap, const char *name, struct bytes text, struct error *err)
{
	return parse_text(keymap, name, text, 0, err);
}

bool keymap_include(struct keymap *keymap, const char *name, struct error *err)
{
	const char *text = find_file(name);

	if (text == NULL)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "there is no keymap %s", name);
	return parse_text(keymap, name, bytes_of(text), 0, err);
}
