/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/prompt_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/view/look.h"
#include "tui/view/table_view.h"

enum { CHOICE_ROWS_MIN = 3 };

/* The part of a line that is seen: it moves by halves of the screen, so that the cursor is in it.
 */
struct window {
	int room, offset; /* columns */
};

static int width_to(const struct cells *cells, const struct line_edit *line, size_t at)
{
	return cells_width(cells, (struct bytes){ (const uint8_t *)line->text, at });
}

static struct window find_window(const struct cells *cells, const struct line_edit *line)
{
	struct window window = { .room = cells->cols - 1 };
	int before = width_to(cells, line, line->at), half = window.room / 2;

	if (before >= window.room - 1 && half > 0)
		window.offset = ((before - (window.room - 1)) / half + 1) * half;
	return window;
}

/* A column of the screen; it may be outside. */
static int col_of(const struct cells *cells, const struct window *window,
                  const struct line_edit *line, size_t at)
{
	return 1 + width_to(cells, line, at) - window->offset;
}

/* The character at the cursor, or what comes behind the last one. */
static void draw_cursor(struct cells *cells, int row, int col, const struct line_edit *line)
{
	const struct style cursor = { .attributes = ATTRIBUTE_REVERSE };
	size_t len = line_edit_next(line, line->at) - line->at;
	struct bytes text = { (const uint8_t *)line->text + line->at, len };

	if (len == 0)
		cells_put(cells, row, col, ' ', cursor);
	else
		cells_text(cells, row, col, cells->cols - col, text, cursor);
}

static void draw_line(struct cells *cells, int row, const struct window *window,
                      const struct prompt *prompt)
{
	const struct line_edit *line = &prompt->line;
	char sign = prompt_sign((enum prompt_kind)prompt->kind);
	size_t at = 0;
	int col;

	while (col_of(cells, window, line, at) < 1)
		at = line_edit_next(line, at);
	col = col_of(cells, window, line, at);
	cells_fill(cells, row, 0, cells->cols, look_plain);
	cells_put(cells, row, 0, window->offset > 0 ? '<' : (uint32_t)sign, look_title);
	cells_text(cells, row, col, cells->cols - col, bytes_of(line->text + at), look_plain);
	draw_cursor(cells, row, col_of(cells, window, line, line->at), line);
}

/* Beside the mark if there is room, else above it. */
static void draw_message(struct cells *cells, int row, int mark, const struct state *state)
{
	struct style style = { .fg = state->is_error ? COLOUR_ERROR : COLOUR_DEFAULT };
	struct bytes message = bytes_of(state->message);
	int width = cells_width(cells, message), col = 0;

	cells_fill(cells, row, 0, cells->cols, look_plain);
	if (mark >= 0 && mark < cells->cols) {
		cells_put(cells, row, mark, '^', style);
		if (mark + 2 + width <= cells->cols)
			col = mark + 2;
		else if (width >= mark)
			cells_fill(cells, --row, 0, cells->cols, look_plain);
	}
	cells_text(cells, row, col, cells->cols - col, message, style);
}

static void draw_choices(struct cells *cells, int end, int choice, const struct table *choices)
{
	int rows = (int)table_rows(choices) + 1;
	int most = end / 2 > CHOICE_ROWS_MIN ? end / 2 : CHOICE_ROWS_MIN;

	rows = rows < most ? rows : most;
	table_view_draw(cells, end - rows, rows, "Tab takes the next one", choices,
	                choice - (rows - 2) > 0 ? choice - (rows - 2) : 0, choice);
}

/* How many hits there are of what is being typed, to the right of it. */
static void draw_count(struct cells *cells, int row, const struct window *window,
                       const struct state *state, const struct model *model)
{
	const struct search *search = &state->hunt.search;
	int end = col_of(cells, window, &state->prompt.line, line_edit_len(&state->prompt.line));
	char text[40];
	int len = snprintf(text, sizeof(text), "%" PRIu64 "%s hit%s", search->hits,
	                   search_is_exact(search, model) ? "" : "+", search->hits == 1 ? "" : "s");

	if (search->is_on && end + 2 + len <= cells->cols)
		cells_print(cells, row, cells->cols - len, len, text, look_dim);
}

void prompt_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                 const struct model *model, const struct table *choices)
{
	const struct line_edit *line = &state->prompt.line;
	struct window window = find_window(cells, line);
	int mark = -1;

	if (state->wrong_at >= 0)
		mark = col_of(cells, &window, line, (size_t)state->wrong_at);
	draw_line(cells, layout->status, &window, &state->prompt);
	if (state->prompt.kind == PROMPT_SEARCH)
		draw_count(cells, layout->status, &window, state, model);
	if (state->message[0] != '\0')
		draw_message(cells, layout->status - 1, mark, state);
	else if (state->prompt.is_listing && choices != NULL)
		draw_choices(cells, layout->status, state->prompt.choice, choices);
}
