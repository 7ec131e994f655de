/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/go_name.h"

/* Where the path of the package ends: behind the last slash that is not in brackets. */
static size_t path_end(struct bytes name)
{
	size_t end = 0;

	for (size_t i = 0; i < name.len && name.data[i] != '[' && name.data[i] != '('; i++)
		if (name.data[i] == '/')
			end = i + 1;
	return end;
}

static void put(char *out, size_t *len, const char *text)
{
	for (; *text != '\0' && *len < GO_NAME_MAX - 1; text++)
		out[(*len)++] = *text;
}

/* Copies, with what stands in [] left out. */
static void copy_plain(char *out, struct bytes name, bool ascii)
{
	size_t len = 0;
	int depth = 0;

	for (size_t i = 0; i < name.len; i++) {
		char one[2] = { (char)name.data[i], '\0' };

		if (one[0] == '\0')
			one[0] = '?';
		depth -= one[0] == ']' && depth > 0;
		if (depth == 0)
			put(out, &len, one);
		if (one[0] == '[' && depth++ == 0)
			put(out, &len, ascii ? ".." : "…");
	}
	out[len] = '\0';
}

/* The text behind the first dot outside brackets; the whole if there is none. */
static char *behind_dot(char *text)
{
	int depth = 0;

	for (char *at = text; *at != '\0'; at++) {
		depth += *at == '(' || *at == '[';
		depth -= *at == ')' || *at == ']';
		if (*at == '.' && depth <= 0 && at[1] != '\0')
			return at + 1;
	}
	return text;
}

const char *go_name_short(char out[GO_NAME_MAX], struct bytes name, int level, bool ascii)
{
	size_t path = path_end(name);
	char *at = out;

	copy_plain(out, (struct bytes){ name.data + path, name.len - path }, ascii);
	for (int i = 0; i < level && i < 2; i++)
		at = behind_dot(at);
	while (level >= 3 && behind_dot(at) != at)
		at = behind_dot(at);
	memmove(out, at, strlen(at) + 1);
	return out;
}
