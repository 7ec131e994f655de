/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/line_edit.h"

#include <stdio.h>

#include "tests/draw.h"
#include "tests/tap.h"
#include "tui/state/utf8.h"

static struct line_edit line;

/* A bar is the cursor. */
static void begin(const char *text)
{
	char all[LINE_EDIT_MAX];
	const char *bar = strchr(text, '|');

	line = (struct line_edit){ 0 };
	snprintf(all, sizeof(all), "%.*s%s", (int)(bar - text), text, bar + 1);
	line_edit_set(&line, all);
	line.at = (size_t)(bar - text);
}

static void is_line(const char *expected, const char *what)
{
	char all[LINE_EDIT_MAX + 1];

	snprintf(all, sizeof(all), "%.*s|%s", (int)line.at, line.text, line.text + line.at);
	is_text(all, expected, what);
}

static void move(const char *from, enum line_place place, const char *to, const char *what)
{
	begin(from);
	line_edit_move(&line, place);
	is_line(to, what);
}

static void the_cursor_goes_by_characters(void)
{
	move("ab|c", LINE_LEFT, "a|bc", "left");
	move("ab|c", LINE_RIGHT, "abc|", "right");
	move("|abc", LINE_LEFT, "|abc", "not before the begin");
	move("abc|", LINE_RIGHT, "abc|", "not behind the end");
	move("日|本", LINE_RIGHT, "日本|", "over a wide one");
	move("日本|", LINE_LEFT, "日|本", "and back");
	move("e\u0301\u0323|x", LINE_LEFT, "|e\u0301\u0323x", "over a letter with its marks");
	move("|e\u0301\u0323x", LINE_RIGHT, "e\u0301\u0323|x", "and back");
	move("a b|c", LINE_BEGIN, "|a bc", "the begin");
	move("a|bc", LINE_END, "abc|", "the end");
}

static void the_cursor_goes_by_words(void)
{
	move("zoom in-out  |", LINE_WORD_LEFT, "zoom in-|out  ",
	     "left: over spaces, then the word");
	move("zoom in-|out", LINE_WORD_LEFT, "zoom |in-out", "over a hyphen");
	move("zoom| in", LINE_WORD_RIGHT, "zoom in|", "right: to its end");
	move("|größe x", LINE_WORD_RIGHT, "größe| x", "letters that are no ASCII are letters");
	move("zoom in-out|", LINE_SPACE_LEFT, "zoom |in-out", "to the space");
	move("zoom   |", LINE_SPACE_LEFT, "|zoom   ", "over spaces at first");
	move("|zoom", LINE_WORD_LEFT, "|zoom", "nothing is left of the begin");
	move("zoom|", LINE_WORD_RIGHT, "zoom|", "nor right of the end");
}

static void text_is_taken_out_and_put_back(void)
{
	begin("pan 30%|");
	line_edit_delete(&line, LINE_LEFT);
	is_line("pan 30|", "deleted to the left");
	line_edit_kill(&line, LINE_WORD_LEFT);
	is_line("pan |", "killed");
	line_edit_delete(&line, LINE_LEFT);
	line_edit_kill(&line, LINE_END);
	is_line("pan|", "nothing is killed at the end");
	line_edit_yank(&line);
	line_edit_yank(&line);
	is_line("pan3030|", "the last that was something comes back, more than once");
	line_edit_move(&line, LINE_BEGIN);
	line_edit_delete(&line, LINE_RIGHT);
	is_line("|an3030", "deleted to the right");
	line_edit_kill(&line, LINE_END);
	is_line("|", "all of it");
	line_edit_delete(&line, LINE_LEFT);
	line_edit_delete(&line, LINE_RIGHT);
	is_line("|", "nothing is deleted of nothing");
	begin("日本|語");
	line_edit_delete(&line, LINE_LEFT);
	is_line("日|語", "a whole character goes");
}

static void swap(const char *from, const char *to, const char *what)
{
	begin(from);
	line_edit_swap(&line);
	is_line(to, what);
}

static void neighbours_change_places(void)
{
	swap("a|bc", "ba|c", "around the cursor");
	swap("abc|", "acb|", "at the end, the last two");
	swap("|abc", "|abc", "nothing is before the begin");
	swap("a|", "a|", "nor is there another one");
	swap("日|x", "x日|", "of different length");
}

static void insert(const char *text, const char *to, const char *what)
{
	begin("[|]");
	ok(line_edit_insert(&line, bytes_of(text)), "%s fits", what);
	is_line(to, what);
}

static void what_comes_is_cleaned(void)
{
	insert("row 1\nrow 2", "[row 1 row 2|]", "lines become one");
	insert("quit\n", "[quit|]", "a line's end is no key");
	insert("a\r\nb\tc", "[a b c|]", "line ends of two bytes, tabs");
	insert("\033[31ma\a\177", "[[31ma|]", "controls go");
	insert("\xc2\x9b"
	       "a\xff\xc3",
	       "[a|]", "those of eight bits, and what is no UTF-8");
	insert("日本", "[日本|]", "UTF-8 stays");
	begin("|");
	ok(line_edit_insert(&line, (struct bytes){ (const uint8_t *)"a\0b\0", 4 }), "NULs");
	is_line("ab|", "a NUL goes");
}

static void a_full_line_takes_no_half(void)
{
	begin("|");
	for (int i = 0; i < 84; i++)
		line_edit_insert(&line, bytes_of("語"));
	is_u64(line_edit_len(&line), 252, "84 of three bytes");
	ok(line_edit_insert(&line, bytes_of("語")), "and one more");
	ok(!line_edit_insert(&line, bytes_of("x")), "then it is full");
	is_u64(line_edit_len(&line), LINE_EDIT_MAX - 1, "to the last byte");
	line_edit_delete(&line, LINE_LEFT);
	ok(!line_edit_insert(&line, bytes_of("xy語")), "not all of it fits");
	is_u64(line_edit_len(&line), 254, "what does is whole characters");
}

/* Between characters, in text that is whole. */
static bool is_sound(void)
{
	bool is_at = line.at == 0;
	size_t at = 0;

	while (line.text[at] != '\0') {
		uint32_t code;
		size_t len = utf8_decode(bytes_of(line.text + at), &code);

		if (len == 0 || code < ' ')
			return false;
		at += len;
		is_at |= at == line.at;
	}
	return is_at && at < LINE_EDIT_MAX;
}

static void any_edits_keep_it_sound(void)
{
	static const char *const texts[] = { "a",      " ",  "é",    "e\u0301",
		                             "日本語", "\n", "\xff", "zoom in" };
	uint64_t seed = 7;
	int unsound = 0;

	begin("|");
	for (int i = 0; i < 100000; i++) {
		enum line_place place;

		place = (enum line_place)draw(&seed, LINE_PLACES);
		switch (draw(&seed, 16)) {
		case 0:
			line_edit_delete(&line, place);
			break;
		case 1:
			line_edit_kill(&line, place);
			break;
		case 2:
			line_edit_yank(&line);
			break;
		case 3:
			line_edit_swap(&line);
			break;
		case 4:
		case 5:
		case 6:
			line_edit_move(&line, place);
			break;
		default:
			line_edit_insert(&line, bytes_of(texts[draw(&seed, 8)]));
			break;
		}
		unsound += !is_sound();
	}
	ok(unsound == 0, "no edit breaks text or cursor");
}

int main(void)
{
	the_cursor_goes_by_characters();
	the_cursor_goes_by_words();
	text_is_taken_out_and_put_back();
	neighbours_change_places();
	what_comes_is_cleaned();
	a_full_line_takes_no_half();
	any_edits_keep_it_sound();
	return tap_done();
}
