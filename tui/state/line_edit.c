/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/line_edit.h"

#include <stdio.h>

#include "tui/state/code_point.h"
#include "tui/state/utf8.h"

size_t line_edit_len(const struct line_edit *line)
{
	return strlen(line->text);
}

/* ---- steps */

/* The code point at a place, and its length; 0 at the end. */
static size_t code_at(const struct line_edit *line, size_t at, uint32_t *code)
{
	*code = 0;
	return utf8_decode(bytes_of(line->text + at), code);
}

static bool is_mark(const struct line_edit *line, size_t at)
{
	uint32_t code;

	return code_at(line, at, &code) > 0 && code_point_kind(code) == CODE_POINT_MARK;
}

size_t line_edit_next(const struct line_edit *line, size_t at)
{
	uint32_t code;

	at += code_at(line, at, &code);
	while (is_mark(line, at))
		at += code_at(line, at, &code);
	return at;
}

static size_t step_left(const struct line_edit *line, size_t at)
{
	size_t from = 0, next;

	while (from < at && (next = line_edit_next(line, from)) < at)
		from = next;
	return from;
}

static bool is_word(const struct line_edit *line, size_t at)
{
	uint32_t code;

	code_at(line, at, &code);
	return code >= 0x80 || (code >= '0' && code <= '9') ||
	       ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
}

static bool is_space(const struct line_edit *line, size_t at)
{
	return line->text[at] == ' ';
}

/* Over what is not of a kind, then over what is. */
static size_t left_over(const struct line_edit *line, bool (*is)(const struct line_edit *, size_t),
                        bool wanted)
{
	size_t at = line->at;

	while (at > 0 && is(line, step_left(line, at)) != wanted)
		at = step_left(line, at);
	while (at > 0 && is(line, step_left(line, at)) == wanted)
		at = step_left(line, at);
	return at;
}

static size_t word_right(const struct line_edit *line)
{
	size_t at = line->at;

	while (line->text[at] != '\0' && !is_word(line, at))
		at = line_edit_next(line, at);
	while (line->text[at] != '\0' && is_word(line, at))
		at = line_edit_next(line, at);
	return at;
}

size_t line_edit_place(const struct line_edit *line, enum line_place place)
{
	switch (place) {
	case LINE_BEGIN:
		return 0;
	case LINE_END:
		return line_edit_len(line);
	case LINE_LEFT:
		return step_left(line, line->at);
	case LINE_RIGHT:
		return line_edit_next(line, line->at);
	case LINE_WORD_LEFT:
		return left_over(line, is_word, true);
	case LINE_WORD_RIGHT:
		return word_right(line);
	case LINE_SPACE_LEFT:
		return left_over(line, is_space, false);
	case LINE_PLACES:
		break;
	}
	return line->at;
}

/* ---- edits */

void line_edit_set(struct line_edit *line, const char *text)
{
	line->text[0] = '\0';
	line->at = 0;
	line_edit_insert(line, bytes_of(text));
}

/* A character that is all there: false if it does not fit. */
static bool insert_code(struct line_edit *line, uint32_t code)
{
	char bytes[UTF8_MAX];
	size_t len = utf8_encode(code, bytes), all = line_edit_len(line);

	if (all + len >= sizeof(line->text))
		return false;
	memmove(line->text + line->at + len, line->text + line->at, all - line->at + 1);
	memcpy(line->text + line->at, bytes, len);
	line->at += len;
	return true;
}

bool line_edit_insert(struct line_edit *line, struct bytes text)
{
	size_t at = 0;

	while (text.len > 0 && strchr("\r\n", text.data[text.len - 1]) != NULL)
		text.len--;
	while (at < text.len) {
		uint32_t code = 0;
		size_t len = utf8_decode((struct bytes){ text.data + at, text.len - at }, &code);
		bool is_gap = len == 1 && strchr("\r\n\t", (int)code) != NULL && code != 0;
		bool is_crlf = code == '\r' && at + 1 < text.len && text.data[at + 1] == '\n';

		at += len == 0 ? 1 : len;
		if (len == 0 || (is_gap && is_crlf) ||
		    (!is_gap && (code < ' ' || (code >= 0x7f && code < 0xa0))))
			continue;
		if (!insert_code(line, is_gap ? ' ' : code))
			return false;
	}
	return true;
}

void line_edit_move(struct line_edit *line, enum line_place place)
{
	line->at = line_edit_place(line, place);
}

static void take_out(struct line_edit *line, size_t begin, size_t end)
{
	memmove(line->text + begin, line->text + end, line_edit_len(line) - end + 1);
	line->at = begin;
}

void line_edit_delete(struct line_edit *line, enum line_place place)
{
	size_t to = line_edit_place(line, place);

	take_out(line, to < line->at ? to : line->at, to < line->at ? line->at : to);
}

void line_edit_kill(struct line_edit *line, enum line_place place)
{
	size_t to = line_edit_place(line, place);
	size_t begin = to < line->at ? to : line->at, end = to < line->at ? line->at : to;

	if (begin == end)
		return; /* what was killed before is worth more than nothing */
	snprintf(line->killed, sizeof(line->killed), "%.*s", (int)(end - begin),
	         line->text + begin);
	take_out(line, begin, end);
}

void line_edit_yank(struct line_edit *line)
{
	line_edit_insert(line, bytes_of(line->killed));
}

/* At the end, the last two. */
void line_edit_swap(struct line_edit *line)
{
	size_t middle = line->text[line->at] == '\0' ? step_left(line, line->at) : line->at;
	size_t begin = step_left(line, middle), end = line_edit_next(line, middle);
	char left[LINE_EDIT_MAX];

	if (begin == middle || middle == end)
		return;
	memcpy(left, line->text + begin, middle - begin);
	memmove(line->text + begin, line->text + middle, end - middle);
	memcpy(line->text + begin + (end - middle), left, middle - begin);
	line->at = end;
}
