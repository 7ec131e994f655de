/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_view.h"

#include <inttypes.h>

#include "tui/view/go_name.h"
#include "tui/view/look.h"

enum { LINKS_COLS = 60, LINKS_HINT = 13 };
enum { WIDE_COLS = 110, HEAD_ROWS = 2 /* title and facts */ };

struct pane {
	struct cells *cells;
	const struct layout *layout;
	const struct detail_text *text;
	const struct model *model;
	int scroll;
};

/* Where a line of the text stands: in the pane, from its top, or scrolling below its head. */
struct spot {
	int row; /* of what scrolls; -1: the facts, -2: the title */
	int col, width;
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

/* Notes beside the stacks, or above them; what the program says below. */
static struct spot spot_of(const struct layout *layout, const struct detail_text *text,
                           const struct model *model, const struct line *line)
{
	int note = (int)(line - text->notes), left;

	if (line == &text->title)
		return (struct spot){ -2, 3, layout->cols - 6 };
	if (line == &text->facts)
		return (struct spot){ -1, 0, layout->cols };
	if (!is_wide(layout, text))
		return (struct spot){ note < text->said_from ? note
			                                     : note + stack_lines(text, model),
			              0, layout->cols };
	left = layout->cols / (text->stack_count + 1) * text->stack_count;
	return (struct spot){ note + 1, left, layout->cols - left };
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

/* On the right of the title: which keys show more, and lead on, if there is room to say so. */
static void draw_more(const struct pane *p)
{
	int beyond = detail_view_scroll_max(p->layout, p->text, p->model) - p->scroll;
	int room = p->layout->cols - (int)p->text->title.len - 8;
	struct line line = { .len = 0 };

	if (beyond > 0)
		line_add(&line, " %d more: C-d, CR ", beyond);
	if (p->text->link_count > 0 && !p->text->is_empty && p->layout->cols >= LINKS_COLS &&
	    room >= (int)line.len + LINKS_HINT)
		line_add(&line, "%s> < links ", beyond > 0 ? "  " : " ");
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

static void draw_notes(const struct pane *p)
{
	for (int i = 0; i < p->text->note_count; i++) {
		struct spot spot = spot_of(p->layout, p->text, p->model, &p->text->notes[i]);
		int row = row_of(p, spot.row);

		if (row >= 0)
			line_draw(&p->text->notes[i], p->cells, row, spot.col, spot.width,
			          look_plain);
	}
}

static void draw_content(const struct pane *p)
{
	bool wide = is_wide(p->layout, p->text);
	int columns = p->text->stack_count + (wide && p->text->note_count > 0);
	int width = p->layout->cols / (columns > 0 ? columns : 1);

	for (int i = 0; i < p->text->stack_count; i++)
		draw_stack(p, i, wide ? 0 : p->text->said_from, i * width, width - 1);
	draw_notes(p);
}

/* ---- links */

static struct bytes bytes_between(const struct line *line, size_t begin, size_t end)
{
	return (struct bytes){ (const uint8_t *)line->text + begin, end - begin };
}

/* Where a link is on the screen, as far as it shows; width 0: it does not. */
static struct spot link_spot(const struct pane *p, const struct detail_link *link)
{
	struct spot spot = spot_of(p->layout, p->text, p->model, link->line);
	int before = cells_width(p->cells, bytes_between(link->line, 0, link->begin));
	int width = cells_width(p->cells, bytes_between(link->line, link->begin, link->end));
	int beyond = before + width - spot.width;

	spot.row = spot.row < 0 ? p->layout->detail.row + 2 + spot.row : row_of(p, spot.row);
	spot.col += before;
	spot.width = spot.row < 0 ? 0 : width - (beyond > 0 ? beyond : 0);
	return spot;
}

static void draw_marked(const struct pane *p, const struct detail_link *link)
{
	struct style style = { .attributes = ATTRIBUTE_REVERSE };
	struct spot spot = link_spot(p, link);

	if (spot.width > 0)
		cells_text(p->cells, spot.row, spot.col, spot.width,
		           bytes_between(link->line, link->begin, link->end), style);
}

int detail_view_link_at(const struct layout *layout, const struct detail_text *text,
                        const struct model *model, int scroll, int row, int col)
{
	struct cells cells = { .glyphs = GLYPHS_EIGHTHS };
	struct pane p = { &cells, layout, text, model, scroll };

	for (int i = 0; i < text->link_count; i++) {
		struct spot spot = link_spot(&p, &text->links[i]);

		if (row == spot.row && col >= spot.col && col < spot.col + spot.width)
			return i + 1;
	}
	return 0;
}

void detail_view_find_links(struct links *links, const struct layout *layout,
                            const struct detail_text *text, const struct model *model)
{
	links->count = text->link_count;
	links->rows = layout->detail.rows - HEAD_ROWS;
	for (int i = 0; i < text->link_count; i++) {
		const struct detail_link *from = &text->links[i];
		struct link *link = &links->items[i];
		struct bytes name = bytes_between(from->line, from->begin, from->end);

		memcpy(link->command, from->command, sizeof(link->command));
		cells_clean(link->text, sizeof(link->text), name);
		link->row = spot_of(layout, text, model, from->line).row;
	}
	links->at = links->at > links->count ? 0 : links->at;
}

void detail_view_draw(struct cells *cells, const struct layout *layout,
                      const struct detail_text *text, const struct model *model, int scroll,
                      int link)
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
	if (link > 0 && link <= text->link_count)
		draw_marked(&p, &text->links[link - 1]);
}
