/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_view.h"

#include <inttypes.h>

#include "tui/view/go_name.h"
#include "tui/view/look.h"

enum { WIDE_COLS = 110, HEAD_ROWS = 2 /* title and facts */ };

struct pane {
	struct cells *cells;
	const struct layout *layout;
	const struct detail_text *text;
	const struct model *model;
	int scroll;
};

static bool is_wide(const struct layout *layout, const struct detail_text *text)
{
	return layout->cols >= WIDE_COLS && text->stack_count > 0;
}

static int frame_count(const struct model *model, stack_id stack)
{
	uint32_t count = 0;

	if (stack != 0)
		stacks_frames(&model->stacks, stack, &count);
	return (int)count;
}

/* Lines of the stacks with their titles. */
static int stack_lines(const struct detail_text *text, const struct model *model)
{
	int most = 0;

	for (int i = 0; i < text->stack_count; i++) {
		int count = frame_count(model, text->stacks[i].stack);

		count = count == 0 ? 1 : count;
		most = count > most ? count : most;
	}
	return text->stack_count > 0 ? most + 1 : 0;
}

static int content_lines(const struct layout *layout, const struct detail_text *text,
                         const struct model *model)
{
	int stacks = stack_lines(text, model);

	if (!is_wide(layout, text))
		return text->note_count + stacks;
	return stacks > text->note_count + 1 ? stacks : text->note_count + 1;
}

int detail_view_scroll_max(const struct layout *layout, const struct detail_text *text,
                           const struct model *model)
{
	int beyond = content_lines(layout, text, model) - (layout->detail.rows - HEAD_ROWS);

	return layout->detail.rows > 0 && beyond > 0 ? beyond : 0;
}

/* The screen's row of a content line; -1: it does not show. */
static int row_of(const struct pane *p, int line)
{
	int row = line - p->scroll;

	return row < 0 || row >= p->layout->detail.rows - HEAD_ROWS
	               ? -1
	               : p->layout->detail.row + HEAD_ROWS + row;
}

static void draw_title(const struct pane *p)
{
	int row = p->layout->detail.row;
	int width = cells_width(p->cells, (struct bytes){ (const uint8_t *)p->text->title.text,
	                                                  p->text->title.len });

	for (int i = 0; i < p->layout->cols; i++)
		cells_put(p->cells, row, i, look_sign(p->cells, SIGN_RULE), look_dim);
	width = width > p->layout->cols - 6 ? p->layout->cols - 6 : width;
	cells_fill(p->cells, row, 2, width + 2, look_title);
	line_draw(&p->text->title, p->cells, row, 3, width, look_title);
}

static void draw_more(const struct pane *p)
{
	int beyond = detail_view_scroll_max(p->layout, p->text, p->model) - p->scroll;
	struct line line = { .len = 0 };

	if (beyond <= 0)
		return;
	line_add(&line, " %d more: CR, C-d ", beyond);
	line_draw(&line, p->cells, p->layout->detail.row, p->layout->cols - (int)line.len - 2,
	          (int)line.len, look_dim);
}

static void draw_frame(const struct pane *p, int row, int col, int width, const struct frame *frame)
{
	const struct strings *strings = &p->model->strings;
	char name[GO_NAME_MAX];
	struct line line = { .ascii = look_is_ascii(p->cells) };

	line_add(&line, "%s:%" PRIu32,
	         go_name_short(name, strings_text(strings, frame->function), 0, line.ascii),
	         frame->line);
	cells_text_tail(p->cells, row, col, width,
	                (struct bytes){ (const uint8_t *)line.text, line.len }, look_plain);
}

static void draw_stack(const struct pane *p, int index, int first_line, int col, int width)
{
	stack_id stack = p->text->stacks[index].stack;
	const struct frame *frames;
	uint32_t count = 0;

	cells_print(p->cells, row_of(p, first_line), col, width, p->text->stacks[index].title,
	            look_dim);
	if (frame_count(p->model, stack) == 0) {
		cells_print(p->cells, row_of(p, first_line + 1), col + 2, width - 2, "not recorded",
		            look_dim);
		return;
	}
	frames = stacks_frames(&p->model->stacks, stack, &count);
	for (uint32_t i = 0; i < count; i++) {
		int row = row_of(p, first_line + 1 + (int)i);

		if (row >= 0)
			draw_frame(p, row, col + 2, width - 3, &frames[i]);
	}
}

static void draw_notes(const struct pane *p, int first_line, int col, int width)
{
	for (int i = 0; i < p->text->note_count; i++) {
		int row = row_of(p, first_line + i);

		if (row >= 0)
			line_draw(&p->text->notes[i], p->cells, row, col, width, look_plain);
	}
}

static void draw_content(const struct pane *p)
{
	bool wide = is_wide(p->layout, p->text);
	int columns = p->text->stack_count + (wide && p->text->note_count > 0);
	int width = p->layout->cols / (columns > 0 ? columns : 1);
	int first = wide ? 0 : p->text->note_count;

	for (int i = 0; i < p->text->stack_count; i++)
		draw_stack(p, i, first, i * width, width - 1);
	if (wide)
		draw_notes(p, 1, p->text->stack_count * width,
		           p->layout->cols - p->text->stack_count * width);
	else
		draw_notes(p, 0, 0, p->layout->cols);
}

void detail_view_draw(struct cells *cells, const struct layout *layout,
                      const struct detail_text *text, const struct model *model, int scroll)
{
	struct pane p = { cells, layout, text, model, scroll };
	int most = detail_view_scroll_max(layout, text, model);

	if (layout->detail.rows == 0)
		return;
	p.scroll = scroll > most ? most : scroll < 0 ? 0 : scroll;
	draw_title(&p);
	draw_more(&p);
	if (layout->detail.rows > 1)
		line_draw(&text->facts, cells, layout->detail.row + 1, 0, layout->cols, look_plain);
	draw_content(&p);
}
