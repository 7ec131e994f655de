/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/term_type.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#include "tui/view/cells.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define WITHOUT_TERMINAL "gander COMMAND TRACE works without a terminal"

static bool begins_with_one_of(const char *text, const char *const *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_begin_with(bytes_of(text), prefixes[i]))
			return true;
	return false;
}

static bool ends_with(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

/* Its colours are numbers of 24 bits, not of a palette. */
static bool is_direct(const char *name)
{
	return ends_with(name, "-direct");
}

const char *term_type_substitute(const char *name)
{
	static const char *const multiplexers[] = { "screen", "tmux" };
	static const char *const modern[] = {
		"alacritty", "contour", "foot",          "ghostty",
		"kitty",     "wezterm", "xterm-ghostty", "xterm-kitty"
	};

	if (begins_with_one_of(name, multiplexers, COUNT(multiplexers)))
		return "screen-256color";
	if (ends_with(name, "-256color") || is_direct(name) || strcmp(name, "st") == 0 ||
	    begins_with_one_of(name, modern, COUNT(modern)))
		return "xterm-256color";
	return "xterm";
}

bool term_type_has_blocks(const char *name)
{
	static const char *const poor[] = { "cons", "dumb", "linux", "sun", "vt", "wsvt" };

	return !begins_with_one_of(name, poor, COUNT(poor));
}

static const char *capability(const char *name)
{
	const char *value = tigetstr(name);

	return value == (const char *)-1 ? NULL : value;
}

/* A capability without its padding ($<5>), which only curses could wait for. */
static void append_capability(struct term_type *type, const char *name)
{
	const char *at = capability(name);

	for (; at != NULL && *at != '\0' && type->leave_len < sizeof(type->leave); at++) {
		if (at[0] == '$' && at[1] == '<' && strchr(at, '>') != NULL)
			at = strchr(at, '>');
		else
			type->leave[type->leave_len++] = *at;
	}
}

/* False if this host has no description of it; otherwise sets what we ask of it. */
static bool read_description(struct term_type *type, const char *name, bool *places_cursor)
{
	int result;

	if (strlen(name) >= sizeof(type->name) || setupterm(name, STDOUT_FILENO, &result) != 0)
		return false;
	memcpy(type->name, name, strlen(name) + 1);
	*places_cursor = capability("cup") != NULL;
	type->shifts = *places_cursor && capability("dch") != NULL && capability("ich") != NULL &&
	               capability("sc") != NULL && capability("rc") != NULL;
	append_capability(type, "rmkx");
	append_capability(type, "sgr0");
	append_capability(type, "cnorm");
	append_capability(type, "rmcup");
	del_curterm(cur_term);
	return true;
}

bool term_type_choose(struct term_type *type, const char *wanted, struct error *err)
{
	bool places_cursor = false, known;
	char name[48];

	*type = (struct term_type){ 0 };
	if (wanted == NULL)
		wanted = getenv("TERM");
	if (wanted == NULL || *wanted == '\0')
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "the terminal type (TERM) is not set; " WITHOUT_TERMINAL);
	cells_clean(name, sizeof(name), bytes_of(wanted));
	known = !is_direct(wanted) && read_description(type, wanted, &places_cursor);
	if (!known && !read_description(type, term_type_substitute(wanted), &places_cursor))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "terminal type \"%s\" (TERM) is unknown; " WITHOUT_TERMINAL, name);
	type->substituted = !known;
	return places_cursor ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
	                 "terminal type \"%s\" (TERM) cannot place its cursor; " WITHOUT_TERMINAL,
	                 name);
}
