/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/view/frames.h"
#include "tui/view/go_name.h"
#include "tui/view/look.h"

enum { LINKS_COLS = 60, LINKS_HINT = 13 };
enum { WIDE_COLS = 110, HEAD_ROWS = 2 /* title and facts */ };
enum { STACK_COLS = 8 /* narrow columns are so many times that wide */ };

struct pane {
	struct cells *cells;
	const struct layout *layout;
	const struct detail_text *text;
	const struct model *model;
	int scroll;
	int left[DETAIL_STACKS + 1]; /* of each stack, and of notes beside them or the right edge */
};

/* Where a line of the text stands: in the pane, from its top, or scrolling below its head. */
struct spot {
	int row; /* of what scrolls; -1: the facts, -2: the title */
	int col, width;
};

static struct bytes line_bytes(const struct line *line)
{
	return (struct bytes){ (const uint8_t *)line->text, line->len };
}

static bool is_wide(const struct layout *layout, const struct detail_text *text)
{
	return layout->cols >= WIDE_COLS && text->stack_count > 0;
}

/* ---- stacks */

static void begin_frames(struct frames *frames, const struct detail_text *text,
                         const struct model *model, int stack)
{
	frames_begin(frames, &model->stacks, &model->strings, text->stacks[stack].stack,
	             !text->shows_runtime);
}

/* Lines of the stacks with their titles. */
static int stack_lines(const struct detail_text *text, const struct model *model)
{
	int most = 0;

	for (int i = 0; i < text->stack_count; i++) {
		struct frames frames;
		int count;

		begin_frames(&frames, text, model, i);
		count = frames_lines(&frames);
		count = count == 0 ? 1 : count;
		most = count > most ? count : most;
	}
	return text->stack_count > 0 ? most + 1 : 0;
}

/* A line of a stack, which can be gone to: one after the other. */
struct stack_line {
	int stack;
	int line;        /* below its title */
	uint32_t number; /* of the frame, or FRAMES_FOLDED: of so many */
	uint32_t folded;
	const struct frame *frame; /* or the only one that is folded */
};

struct stack_walk {
	const struct detail_text *text;
	const struct model *model;
	struct frames frames;
	struct stack_line at;
};

static void walk_begin(struct stack_walk *walk, const struct detail_text *text,
                       const struct model *model)
{
	*walk = (struct stack_walk){ .text = text, .model = model };
	if (text->stack_count > 0)
		begin_frames(&walk->frames, text, model, 0);
}

static bool walk_next(struct stack_walk *walk)
{
	struct stack_line *at = &walk->at;

	for (; at->stack < walk->text->stack_count; at->stack++, at->line = 0) {
		if (at->line == 0)
			begin_frames(&walk->frames, walk->text, walk->model, at->stack);
		if (!frames_next(&walk->frames, &at->number))
			continue;
		at->line++;
		at->folded = at->number == FRAMES_FOLDED ? walk->frames.folded : 0;
		at->frame = &walk->frames.items[at->folded > 0 ? walk->frames.last : at->number];
		return true;
	}
	return false;
}

static struct line text_of_line(const struct stack_line *at, const struct model *model, bool ascii)
{
	struct line line = { .ascii = ascii };
	char name[GO_NAME_MAX];

	if (at->folded > 1)
		line_add(&line, "+ %" PRIu32 " runtime frames", at->folded);
	else
		line_add(&line, "%s%s:%" PRIu32, at->folded > 0 ? "+ " : "",
		         go_name_short(name, strings_text(&model->strings, at->frame->function), 0,
		                       ascii),
		         at->frame->line);
	return line;
}

/* ---- columns: of stacks, then of notes beside them */

/* What a stack and its title take. */
static int stack_width(const struct detail_text *text, const struct model *model, int stack)
{
	size_t most = strlen(text->stacks[stack].title);
	struct stack_walk walk;

	walk_begin(&walk, text, model);
	while (walk_next(&walk)) {
		struct line line = text_of_line(&walk.at, model, false);

		if (walk.at.stack == stack && line.len + 2 > most)
			most = line.len + 2;
	}
	return (int)most;
}

static int longest_note(const struct detail_text *text)
{
	size_t most = 0;

	for (int i = 0; i < text->note_count; i++)
		most = text->notes[i].len > most ? text->notes[i].len : most;
	return (int)most;
}

/* One is as wide as the other; of stacks narrower where that does, and notes want it. */
static void find_columns(int cols, bool has_notes, const struct detail_text *text,
                         const struct model *model, int left[DETAIL_STACKS + 1])
{
	int count = text->stack_count + has_notes, even = cols / (count > 0 ? count : 1);
	bool is_even = !has_notes || longest_note(text) <= cols - even * text->stack_count;

	left[0] = 0;
	for (int i = 0; i < text->stack_count; i++) {
		int need = is_even ? even : stack_width(text, model, i) + STACK_COLS + 1;

		need -= is_even ? 0 : need % STACK_COLS;
		left[i + 1] = left[i] + (need < even ? need : even);
	}
}

int detail_view_note_cols(int cols, const struct detail_text *text, const struct model *model)
{
	int left[DETAIL_STACKS + 1];

	if (cols < WIDE_COLS)
		return cols;
	find_columns(cols, true, text, model, left);
	return cols - left[text->stack_count];
}

static struct pane pane_of(struct cells *cells, const struct layout *layout,
                           const struct detail_text *text, const struct model *model, int scroll)
{
	struct pane p = { .cells = cells, .layout = layout, .text = text, .model = model };

	p.scroll = scroll;
	find_columns(layout->cols, is_wide(layout, text) && text->note_count > 0, text, model,
	             p.left);
	return p;
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
static struct spot spot_of(const struct pane *p, const struct line *line)
{
	int note = (int)(line - p->text->notes), cols = p->layout->cols;
	int left = p->left[p->text->stack_count];

	if (line == &p->text->title)
		return (struct spot){ -2, 3, cols - 6 };
	if (line == &p->text->facts)
		return (struct spot){ -1, 0, cols };
	if (is_wide(p->layout, p->text))
		return (struct spot){ note + 1, left, cols - left };
	return (struct spot){
		note < p->text->said_from ? note : note + stack_lines(p->text, p->model), 0, cols
	};
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

/* Where the first line of stacks stands. */
static int stacks_line(const struct pane *p)
{
	return is_wide(p->layout, p->text) ? 0 : p->text->said_from;
}

static struct spot stack_spot(const struct pane *p, const struct stack_line *at)
{
	int left = p->left[at->stack], width = p->left[at->stack + 1] - left;

	return (struct spot){ stacks_line(p) + at->line, left + 2, width - 4 };
}

static void draw_stack_line(const struct pane *p, const struct stack_line *at, struct style style)
{
	struct line line = text_of_line(at, p->model, look_is_ascii(p->cells));
	struct spot spot = stack_spot(p, at);
	int row = row_of(p, spot.row);

	if (row >= 0)
		cells_text_tail(p->cells, row, spot.col, spot.width, line_bytes(&line), style);
}

static void draw_stacks(const struct pane *p)
{
	struct stack_walk walk;

	for (int i = 0; i < p->text->stack_count; i++) {
		int left = p->left[i], width = p->left[i + 1] - left;
		struct frames frames;

		cells_print(p->cells, row_of(p, stacks_line(p)), left, width - 1,
		            p->text->stacks[i].title, look_dim);
		begin_frames(&frames, p->text, p->model, i);
		if (frames.count == 0)
			cells_print(p->cells, row_of(p, stacks_line(p) + 1), left + 2, width - 3,
			            "not recorded", look_dim);
	}
	walk_begin(&walk, p->text, p->model);
	while (walk_next(&walk))
		draw_stack_line(p, &walk.at, walk.at.folded > 0 ? look_dim : look_plain);
}

static void draw_notes(const struct pane *p)
{
	for (int i = 0; i < p->text->note_count; i++) {
		struct spot spot = spot_of(p, &p->text->notes[i]);
		int row = row_of(p, spot.row);

		if (row >= 0)
			line_draw(&p->text->notes[i], p->cells, row, spot.col, spot.width,
			          look_plain);
	}
}

/* ---- links: of lines, then what stacks have */

/* The line of a stack that a link is, by its number; false: it is of another line. */
static bool find_stack_line(const struct pane *p, int link, struct stack_line *found)
{
	struct stack_walk walk;

	link -= p->text->link_count;
	walk_begin(&walk, p->text, p->model);
	while (link > 0 && walk_next(&walk)) {
		*found = walk.at;
		if (--link == 0)
			return true;
	}
	return false;
}

static struct bytes bytes_between(const struct line *line, size_t begin, size_t end)
{
	return (struct bytes){ (const uint8_t *)line->text + begin, end - begin };
}

/* Where a link is on the screen, as far as it shows; width 0: it does not. */
static struct spot link_spot(const struct pane *p, const struct detail_link *link)
{
	struct spot spot = spot_of(p, link->line);
	int before = cells_width(p->cells, bytes_between(link->line, 0, link->begin));
	int width = cells_width(p->cells, bytes_between(link->line, link->begin, link->end));
	int beyond = before + width - spot.width;

	spot.row = spot.row < 0 ? p->layout->detail.row + 2 + spot.row : row_of(p, spot.row);
	spot.col += before;
	spot.width = spot.row < 0 ? 0 : width - (beyond > 0 ? beyond : 0);
	return spot;
}

static void draw_marked(const struct pane *p, int number)
{
	const struct detail_link *link = &p->text->links[number - 1];
	struct style style = { .attributes = ATTRIBUTE_REVERSE };
	struct stack_line at;
	struct spot spot;

	if (find_stack_line(p, number, &at))
		draw_stack_line(p, &at, style);
	if (number > p->text->link_count)
		return;
	spot = link_spot(p, link);
	if (spot.width > 0)
		cells_text(p->cells, spot.row, spot.col, spot.width,
		           bytes_between(link->line, link->begin, link->end), style);
}

static bool is_inside(const struct spot *spot, int row, int col)
{
	return row == spot->row && col >= spot->col && col < spot->col + spot->width;
}

static int stack_line_at(const struct pane *p, int row, int col)
{
	struct stack_walk walk;

	walk_begin(&walk, p->text, p->model);
	for (int link = p->text->link_count + 1; link <= LINKS_MAX && walk_next(&walk); link++) {
		struct line line = text_of_line(&walk.at, p->model, look_is_ascii(p->cells));
		struct spot spot = stack_spot(p, &walk.at);
		int width = cells_width(p->cells, line_bytes(&line));

		spot.row = row_of(p, spot.row);
		spot.width = width < spot.width ? width : spot.width;
		if (is_inside(&spot, row, col))
			return link;
	}
	return 0;
}

int detail_view_link_at(const struct layout *layout, const struct detail_text *text,
                        const struct model *model, int scroll, int row, int col)
{
	struct cells cells = { .glyphs = GLYPHS_EIGHTHS };
	struct pane p = pane_of(&cells, layout, text, model, scroll);

	for (int i = 0; i < text->link_count; i++) {
		struct spot spot = link_spot(&p, &text->links[i]);

		if (is_inside(&spot, row, col))
			return i + 1;
	}
	return stack_line_at(&p, row, col);
}

static void add_stack_links(struct links *links, const struct pane *p)
{
	struct stack_walk walk;

	walk_begin(&walk, p->text, p->model);
	while (links->count < LINKS_MAX && walk_next(&walk)) {
		struct link *link = &links->items[links->count++];
		struct line line = text_of_line(&walk.at, p->model, false);

		link->is_of_stack = true;
		link->row = stack_spot(p, &walk.at).row;
		cells_clean(link->text, sizeof(link->text), line_bytes(&line));
		if (walk.at.folded > 0)
			snprintf(link->command, sizeof(link->command), "frames");
		else
			snprintf(link->command, sizeof(link->command), "source %d %" PRIu32,
			         walk.at.stack + 1, walk.at.number + 1);
	}
}

void detail_view_find_links(struct links *links, const struct layout *layout,
                            const struct detail_text *text, const struct model *model)
{
	const struct pane p = pane_of(NULL, layout, text, model, 0);

	links->count = text->link_count;
	links->rows = layout->detail.rows - HEAD_ROWS;
	for (int i = 0; i < text->link_count; i++) {
		const struct detail_link *from = &text->links[i];
		struct link *link = &links->items[i];
		struct bytes name = bytes_between(from->line, from->begin, from->end);

		link->is_of_stack = false;
		memcpy(link->command, from->command, sizeof(link->command));
		cells_clean(link->text, sizeof(link->text), name);
		link->row = spot_of(&p, from->line).row;
	}
	add_stack_links(links, &p);
	links->at = links->at > links->count ? 0 : links->at;
}

void detail_view_draw(struct cells *cells, const struct layout *layout,
                      const struct detail_text *text, const struct model *model, int scroll,
                      int link)
{
	struct pane p = pane_of(cells, layout, text, model, scroll);
	int most = detail_view_scroll_max(layout, text, model);

	if (layout->detail.rows == 0)
		return;
	p.scroll = scroll > most ? most : scroll < 0 ? 0 : scroll;
	draw_title(&p);
	draw_more(&p);
	if (layout->detail.rows > 1)
		line_draw(&text->facts, cells, layout->detail.row + 1, 0, layout->cols, look_plain);
	draw_stacks(&p);
	draw_notes(&p);
	if (link > 0)
		draw_marked(&p, link);
}
