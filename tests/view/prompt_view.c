/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/prompt_view.h"

#include <locale.h>
#include <stdio.h>

#include "tests/fake_model.h"
#include "tests/tap.h"

static struct cells cells;
static struct state state;

static void draw(int cols, enum glyphs glyphs)
{
	struct layout layout = layout_make(cols, 12, &(struct layout_wish){ .lanes = 4 });

	cells.glyphs = glyphs;
	cells_resize(&cells, cols, 12);
	cells_clear(&cells);
	for (int row = 0; row < 12; row++)
		cells_print(&cells, row, 0, cols,
		            "##################################################",
		            (struct style){ 0 });
	prompt_draw(&cells, &layout, &state, NULL, NULL);
}

static const char *row_text(int row)
{
	static char text[2][1024];
	static int turn;
	text_array out = { .budget = &fake_budget };

	turn = !turn;
	cells_dump_row(&cells, row, false, &out);
	snprintf(text[turn], sizeof(text[turn]), "%.*s", (int)out.count,
	         out.count > 0 ? out.items : "");
	array_free(&out);
	return text[turn];
}

/* The column of the cursor; -1: it is not seen, or more than one. */
static int cursor_col(void)
{
	const struct cell *row = &cells.grid[11 * cells.cols];
	int found = -1;

	for (int col = 0; col < cells.cols; col++) {
		if ((row[col].style.attributes & ATTRIBUTE_REVERSE) == 0 || row[col].code == 0)
			continue;
		if (found >= 0)
			return -1;
		found = col;
	}
	return found;
}

static void type(const char *text, size_t at)
{
	prompt_open(&state.prompt, text);
	state.prompt.line.at = at;
	state.message[0] = '\0';
	state.wrong_at = -1;
}

static void the_cursor_is_where_it_is(void)
{
	type("row 2", 5);
	draw(40, GLYPHS_EIGHTHS);
	is_text(row_text(11), ":row 2", "the line");
	is_i64(cursor_col(), 6, "the cursor is behind it");
	type("row 2", 1);
	draw(40, GLYPHS_EIGHTHS);
	is_i64(cursor_col(), 2, "on a letter");
	type("日本e\u0301x", 6);
	draw(40, GLYPHS_EIGHTHS);
	is_text(row_text(11), ":日本e\u0301x", "wide ones and marks");
	is_i64(cursor_col(), 5, "behind wide ones");
	type("日本e\u0301x", 9);
	draw(40, GLYPHS_EIGHTHS);
	is_i64(cursor_col(), 6, "a letter and its mark are one");
	draw(40, GLYPHS_ASCII);
	ok(strncmp(row_text(11), ":\\u65e5\\u672c", 13) == 0, "where only ASCII can be shown: %s",
	   row_text(11));
	is_i64(cursor_col(), 20, "the cursor is behind what is shown then");
}

/* At each place of a line that is wider than the screen. */
static void a_long_line_moves(const char *part, int cols, enum glyphs glyphs)
{
	char text[LINE_EDIT_MAX] = "";
	int unseen = 0;

	while (strlen(text) + strlen(part) < sizeof(text))
		strcat(text, part);
	type(text, 0);
	for (;;) {
		size_t at = state.prompt.line.at;

		draw(cols, glyphs);
		unseen += cells.grid[11 * cells.cols].code == ':' && at > 200 && cols < 100;
		if (glyphs == GLYPHS_EIGHTHS || strlen(part) == 1)
			unseen += cursor_col() < 1 || cursor_col() >= cols;
		if (text[at] == '\0')
			break;
		line_edit_move(&state.prompt.line, LINE_RIGHT);
	}
	ok(unseen == 0, "%s in %d columns: the cursor is always seen", part, cols);
	is_i64(cells.grid[11 * cells.cols].code, cols > 256 ? ':' : '<',
	       "the head says what is left out");
}

static void what_is_wrong_stands_above(void)
{
	type("zoom fly", 8);
	state_refuse(&state, "use: zoom in|out");
	state.wrong_at = 5;
	draw(40, GLYPHS_EIGHTHS);
	is_text(row_text(10), "      ^ use: zoom in|out", "beside a mark over its place");
	type("next gc gc gc stw gc year", 25);
	state_refuse(&state, "use: next stw|gc...");
	state.wrong_at = 21;
	draw(40, GLYPHS_EIGHTHS);
	is_text(row_text(10), "use: next stw|gc...   ^", "before it, where there is more room");
	state_refuse(&state, "use: next span|stw|gc|assist|damage...");
	state.wrong_at = 21;
	draw(40, GLYPHS_EIGHTHS);
	is_text(row_text(10), "                      ^", "else the mark has a row");
	is_text(row_text(9), "use: next span|stw|gc|assist|damage...", "and the message one");
	ok(row_text(8)[0] == '#', "no more than that is covered");
	state.wrong_at = -1;
	draw(40, GLYPHS_EIGHTHS);
	is_text(row_text(10), "use: next span|stw|gc|assist|damage...", "without a place, one row");
}

int main(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
		skip("prompt_view", "no C.UTF-8 locale here");
		return tap_done();
	}
	cells = (struct cells){ .budget = &fake_budget, .mono = true };
	state_init(&state, &fake_budget);
	the_cursor_is_where_it_is();
	a_long_line_moves("abcdefghi ", 40, GLYPHS_EIGHTHS);
	a_long_line_moves("x", 41, GLYPHS_ASCII);
	a_long_line_moves("日本e\u0301", 40, GLYPHS_EIGHTHS);
	a_long_line_moves("日", 41, GLYPHS_EIGHTHS);
	a_long_line_moves("日", 40, GLYPHS_ASCII);
	a_long_line_moves("abcdefghi ", 300, GLYPHS_EIGHTHS);
	what_is_wrong_stands_above();
	state_free(&state);
	cells_free(&cells);
	return tap_done();
}
