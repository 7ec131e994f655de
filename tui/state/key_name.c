/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/key_name.h"

#include <stdio.h>
#include <strings.h>

#include "tui/state/utf8.h"

enum { SYMBOL_MAX = 12 };

enum modifier { SHIFT = 1, ALT = 2, CTRL = 4 };

enum name_kind {
	NAME_CODE,        /* another word for a character */
	NAME_SYMBOL,      /* a key without a character */
	NAME_MOUSE,       /* a gesture, with or without modifiers */
	NAME_MOUSE_PLAIN, /* a gesture that has no modifiers */
};

/* clang-format off */

/* Words in brackets, found without regard to case. A code's first word is its canonical one. */
static const struct name {
	const char *text;
	enum name_kind kind;
	uint32_t code;         /* of NAME_CODE */
	const char *canonical; /* NULL: text */
} names[] = {
	{ "lt",         NAME_CODE,   '<',  NULL },       { "gt",         NAME_CODE,   '>',  NULL },
	{ "Bar",        NAME_CODE,   '|',  NULL },       { "Space",      NAME_CODE,   ' ',  NULL },
	{ "Nul",        NAME_CODE,   0,    NULL },
	{ "Esc",        NAME_SYMBOL, 0,    NULL },       { "Escape",     NAME_SYMBOL, 0,    "Esc" },
	{ "CR",         NAME_SYMBOL, 0,    NULL },       { "Return",     NAME_SYMBOL, 0,    "CR" },
	{ "Enter",      NAME_SYMBOL, 0,    "CR" },       { "Tab",        NAME_SYMBOL, 0,    NULL },
	{ "BS",         NAME_SYMBOL, 0,    NULL },       { "Backspace",  NAME_SYMBOL, 0,    "BS" },
	{ "Insert",     NAME_SYMBOL, 0,    NULL },       { "Ins",        NAME_SYMBOL, 0,    "Insert" },
	{ "Delete",     NAME_SYMBOL, 0,    NULL },       { "Del",        NAME_SYMBOL, 0,    "Delete" },
	{ "Up",         NAME_SYMBOL, 0,    NULL },       { "Down",       NAME_SYMBOL, 0,    NULL },
	{ "Left",       NAME_SYMBOL, 0,    NULL },       { "Right",      NAME_SYMBOL, 0,    NULL },
	{ "PageUp",     NAME_SYMBOL, 0,    NULL },       { "PgUp",       NAME_SYMBOL, 0,    "PageUp" },
	{ "PageDown",   NAME_SYMBOL, 0,    NULL },       { "PgDown",     NAME_SYMBOL, 0,    "PageDown" },
	{ "PgDn",       NAME_SYMBOL, 0,    "PageDown" }, { "Home",       NAME_SYMBOL, 0,    NULL },
	{ "End",        NAME_SYMBOL, 0,    NULL },       { "Begin",      NAME_SYMBOL, 0,    NULL },
	{ "Find",       NAME_SYMBOL, 0,    NULL },       { "Select",     NAME_SYMBOL, 0,    NULL },
	{ "Cancel",     NAME_SYMBOL, 0,    NULL },       { "Clear",      NAME_SYMBOL, 0,    NULL },
	{ "Close",      NAME_SYMBOL, 0,    NULL },       { "Command",    NAME_SYMBOL, 0,    NULL },
	{ "Copy",       NAME_SYMBOL, 0,    NULL },       { "Exit",       NAME_SYMBOL, 0,    NULL },
	{ "Help",       NAME_SYMBOL, 0,    NULL },       { "Mark",       NAME_SYMBOL, 0,    NULL },
	{ "Message",    NAME_SYMBOL, 0,    NULL },       { "Move",       NAME_SYMBOL, 0,    NULL },
	{ "Open",       NAME_SYMBOL, 0,    NULL },       { "Options",    NAME_SYMBOL, 0,    NULL },
	{ "Print",      NAME_SYMBOL, 0,    NULL },       { "Redo",       NAME_SYMBOL, 0,    NULL },
	{ "Reference",  NAME_SYMBOL, 0,    NULL },       { "Refresh",    NAME_SYMBOL, 0,    NULL },
	{ "Replace",    NAME_SYMBOL, 0,    NULL },       { "Restart",    NAME_SYMBOL, 0,    NULL },
	{ "Resume",     NAME_SYMBOL, 0,    NULL },       { "Save",       NAME_SYMBOL, 0,    NULL },
	{ "Suspend",    NAME_SYMBOL, 0,    NULL },       { "Undo",       NAME_SYMBOL, 0,    NULL },
	{ "Click",      NAME_MOUSE,  0,    NULL },       { "Drag",       NAME_MOUSE,  0,    NULL },
	{ "MidClick",   NAME_MOUSE,  0,    NULL },       { "MidDrag",    NAME_MOUSE,  0,    NULL },
	{ "RightClick", NAME_MOUSE,  0,    NULL },       { "RightDrag",  NAME_MOUSE,  0,    NULL },
	{ "WheelUp",    NAME_MOUSE,  0,    NULL },       { "WheelDown",  NAME_MOUSE,  0,    NULL },
	{ "WheelLeft",  NAME_MOUSE,  0,    NULL },       { "WheelRight", NAME_MOUSE,  0,    NULL },
	{ "2-Click",    NAME_MOUSE_PLAIN, 0, NULL },     { "Release",    NAME_MOUSE_PLAIN, 0, NULL },
};

/* Where on the screen a gesture may be bound apart. */
static const char *const areas[] = {
	"border:", "detail:", "labels:", "overview:", "plot:",
	"ruler:",  "status:", "table:",  "title:",
};

/* clang-format on */

/* One key, taken apart. */
struct key {
	const char *area; /* with its colon; NULL: any */
	unsigned modifiers;
	uint32_t code; /* a character, if symbol is empty */
	char symbol[SYMBOL_MAX];
};

static struct bytes rest_from(struct bytes text, size_t at)
{
	return (struct bytes){ text.data + at, text.len - at };
}

static bool is_printable(uint32_t code)
{
	return code > ' ' && (code < 0x7f || code >= 0xa0);
}

static void take_area(struct bytes text, size_t *at, struct key *key)
{
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (bytes_begin_with(rest_from(text, *at), areas[i])) {
			key->area = areas[i];
			*at += strlen(areas[i]);
			return;
		}
}

static unsigned modifier_of(uint8_t letter)
{
	switch (letter | 0x20) {
	case 'a':
	case 'm':
		return ALT;
	case 'c':
		return CTRL;
	case 's':
		return SHIFT;
	}
	return 0;
}

/* False if one comes twice. */
static bool take_modifiers(struct bytes text, size_t *at, struct key *key)
{
	while (text.len - *at > 2 && text.data[*at + 1] == '-') {
		unsigned modifier = modifier_of(text.data[*at]);

		if (modifier == 0)
			return true;
		if ((key->modifiers & modifier) != 0)
			return false;
		key->modifiers |= modifier;
		*at += 2;
	}
	return true;
}

/* F1 to F254, as far as libtermkey knows. */
static bool find_function_key(const char *word, struct key *key)
{
	unsigned number = 0;
	const char *digit = word + 1;

	if ((word[0] | 0x20) != 'f' || *digit == '0' || *digit == '\0')
		return false;
	for (; *digit >= '0' && *digit <= '9' && number < 100; digit++)
		number = number * 10 + (unsigned)(*digit - '0');
	if (*digit != '\0' || number > 254)
		return false;
	snprintf(key->symbol, sizeof(key->symbol), "F%u", number);
	return true;
}

/* False if there is no such word, or not with these modifiers or this area. */
static bool find_word(const char *word, struct key *key)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct name *name = &names[i];
		bool mouse = name->kind == NAME_MOUSE || name->kind == NAME_MOUSE_PLAIN;

		if (strcasecmp(word, name->text) != 0)
			continue;
		if ((key->area != NULL && !mouse) ||
		    (key->modifiers != 0 && name->kind == NAME_MOUSE_PLAIN))
			return false;
		key->code = name->code;
		if (name->kind == NAME_CODE && name->code == 0)
			key->modifiers |= CTRL; /* Nul */
		else if (name->kind != NAME_CODE)
			snprintf(key->symbol, sizeof(key->symbol), "%s",
			         name->canonical != NULL ? name->canonical : name->text);
		return true;
	}
	return key->area == NULL && find_function_key(word, key);
}

/* What stands between modifiers and the closing bracket, and the bracket. */
static bool take_word(struct bytes text, size_t *at, struct key *key)
{
	struct bytes rest = rest_from(text, *at);
	size_t len = utf8_decode(rest, &key->code);
	char word[KEY_NAME_MAX];
	const uint8_t *end;

	if (len > 0 && len < rest.len && rest.data[len] == '>' && is_printable(key->code)) {
		*at += len + 1;
		return key->area == NULL;
	}
	end = rest.len > 0 ? memchr(rest.data, '>', rest.len) : NULL;
	if (end == NULL || (size_t)(end - rest.data) >= sizeof(word))
		return false;
	len = (size_t)(end - rest.data);
	memcpy(word, rest.data, len);
	word[len] = '\0';
	*at += len + 1;
	return strlen(word) == len && find_word(word, key);
}

static bool take_group(struct bytes text, size_t *at, struct key *key)
{
	++*at;
	take_area(text, at, key);
	return take_modifiers(text, at, key) && take_word(text, at, key);
}

static bool take_character(struct bytes text, size_t *at, struct key *key)
{
	size_t len = utf8_decode(rest_from(text, *at), &key->code);

	*at += len;
	return len > 0 && is_printable(key->code);
}

static void set_symbol(struct key *key, const char *symbol)
{
	snprintf(key->symbol, sizeof(key->symbol), "%s", symbol);
	key->modifiers &= ~(unsigned)CTRL;
}

/* Terminals have one code for Ctrl+I and Tab, for w with Shift and W, and so on. */
static void normalize(struct key *key)
{
	bool letter = (key->code | 0x20) >= 'a' && (key->code | 0x20) <= 'z';
	bool ctrl = (key->modifiers & CTRL) != 0;

	if (key->symbol[0] != '\0')
		return;
	if (letter && ctrl)
		key->code |= 0x20;
	else if (letter && (key->modifiers & SHIFT) != 0)
		key->code &= ~0x20u;
	key->modifiers &= ~(unsigned)SHIFT;
	if (!ctrl)
		return;
	if (key->code == 0 || key->code == '@')
		key->code = ' ';
	else if (key->code == 'i')
		set_symbol(key, "Tab");
	else if (key->code == 'm')
		set_symbol(key, "CR");
	else if (key->code == '[')
		set_symbol(key, "Esc");
}

/* The text of a character inside brackets, and outside if it may stand there. */
static bool character_text(uint32_t code, char text[UTF8_MAX + 2])
{
	const char *word = code == '<' ? "lt" : code == '|' ? "Bar" : code == ' ' ? "Space" : NULL;

	if (word != NULL)
		snprintf(text, UTF8_MAX + 2, "%s", word);
	else
		text[utf8_encode(code, text)] = '\0';
	return word == NULL;
}

static void write_name(const struct key *key, char name[KEY_NAME_MAX])
{
	char character[UTF8_MAX + 2];
	bool bare = key->symbol[0] == '\0' && character_text(key->code, character) &&
	            key->modifiers == 0;

	snprintf(name, KEY_NAME_MAX, "%s%s%s%s%s%s%s", bare ? "" : "<",
	         key->area != NULL ? key->area : "", (key->modifiers & CTRL) != 0 ? "C-" : "",
	         (key->modifiers & ALT) != 0 ? "M-" : "", (key->modifiers & SHIFT) != 0 ? "S-" : "",
	         key->symbol[0] != '\0' ? key->symbol : character, bare ? "" : ">");
}

bool key_name_split(struct bytes text, size_t *pos, char name[KEY_NAME_MAX])
{
	struct key key = { 0 };
	size_t at = *pos;
	bool good;

	if (at >= text.len)
		return false;
	good = text.data[at] == '<' ? take_group(text, &at, &key) : take_character(text, &at, &key);
	if (!good)
		return false;
	normalize(&key);
	write_name(&key, name);
	*pos = at;
	return true;
}

bool key_name_canonical(struct bytes text, char name[KEY_NAME_MAX])
{
	size_t pos = 0;

	return key_name_split(text, &pos, name) && pos == text.len;
}

struct bytes key_name_text(const char *name)
{
	uint32_t code;

	if (strcmp(name, "<Space>") == 0)
		return bytes_of(" ");
	if (strcmp(name, "<lt>") == 0)
		return bytes_of("<");
	if (strcmp(name, "<Bar>") == 0)
		return bytes_of("|");
	return bytes_of(utf8_decode(bytes_of(name), &code) == strlen(name) ? name : "");
}
