/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/view/detail_stacks.h"
#include "tui/view/look.h"

enum { LINKS_COLS = 60, LINKS_HINT = 13 };
enum { WIDE_COLS = 110, INDENT = 4 /* of what goes on below, at least */ };
enum { STACK_COLS = 8 /* narrow columns are so many times that wide */ };

struct pane {
	struct cells *cells;
	struct cells measure; /* without a grid: for widths alone */
	const struct layout *layout;
	const struct detail_text *text;
	const struct model *model;
	int scroll;
	int head_rows;               /* title and facts, which do not scroll */
	int left[DETAIL_STACKS + 1]; /* of each stack, and of notes beside them or the right edge */
};

/* Where a line of the text stands, or a piece of it: in the pane's head, or scrolling below. */
struct spot {
	int row; /* of what scrolls; those of the head are negative */
	int col, width;
	size_t begin, end; /* bytes of the line */
};

static struct bytes line_bytes(const struct line *line)
{
	return (struct bytes){ (const uint8_t *)line->text, line->len };
}

static bool is_wide(const struct layout *layout, const struct detail_text *text)
{
	return layout->cols >= WIDE_COLS && text->stack_count > 0;
}

/* ---- columns: of stacks, then of notes beside them */

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
		int need = is_even ? even : detail_stack_width(text, model, i) + STACK_COLS + 1;

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

/* ---- lines, of which long ones go on below */

static void indent(const struct line *line, struct spot *spot)
{
	int spaces = (int)line_next_piece(line, 0);

	spaces = spaces > INDENT ? spaces : INDENT;
	spot->col += spaces;
	spot->width -= spaces;
}

/* The first piece of a line that has so many columns, then the others; false: that was the last. */
static bool next_piece(const struct pane *p, const struct line *line, struct spot *spot)
{
	if (spot->end >= line->len)
		return false;
	if (spot->end > 0 && spot->begin == 0)
		indent(line, spot);
	spot->row += spot->end > 0;
	spot->begin = spot->end > 0 ? line_next_piece(line, spot->end) : 0;
	spot->end = line_piece_end(line, &p->measure, spot->begin, spot->width);
	return true;
}

static int count_pieces(const struct pane *p, const struct line *line, int width)
{
	struct spot spot = { .width = width };

	while (next_piece(p, line, &spot))
		;
	return spot.row + 1;
}

static int note_width(const struct pane *p)
{
	return p->layout->cols -
	       (is_wide(p->layout, p->text) ? p->left[p->text->stack_count] : 0);
}

/* Lines of notes. */
static int note_lines(const struct pane *p, int from, int end)
{
	int lines = 0;

	for (int i = from; i < end; i++)
		lines += count_pieces(p, &p->text->notes[i], note_width(p));
	return lines;
}

static struct pane pane_of(struct cells *cells, const struct layout *layout,
                           const struct detail_text *text, const struct model *model, int scroll)
{
	struct pane p = { .cells = cells, .layout = layout, .text = text, .model = model };

	p.measure.glyphs = text->facts.ascii ? GLYPHS_ASCII : GLYPHS_EIGHTHS;
	p.scroll = scroll;
	p.head_rows = 1 + count_pieces(&p, &text->facts, layout->cols);
	find_columns(layout->cols, is_wide(layout, text) && text->note_count > 0, text, model,
	             p.left);
	return p;
}

static int content_lines(const struct pane *p)
{
	int stacks = detail_stack_lines(p->text, p->model);
	int notes = note_lines(p, 0, p->text->note_count);

	if (!is_wide(p->layout, p->text))
		return notes + stacks;
	return stacks > notes + 1 ? stacks : notes + 1;
}

static int scroll_max(const struct pane *p)
{
	int beyond = content_lines(p) - (p->layout->detail.rows - p->head_rows);

	return p->layout->detail.rows > 0 && beyond > 0 ? beyond : 0;
}

int detail_view_scroll_max(const struct layout *layout, const struct detail_text *text,
                           const struct model *model)
{
	const struct pane p = pane_of(NULL, layout, text, model, 0);

	return scroll_max(&p);
}

/* Where a line begins. Notes are beside the stacks, or above them; what the program says below. */
static struct spot spot_of(const struct pane *p, const struct line *line)
{
	int note = (int)(line - p->text->notes);
	bool wide = is_wide(p->layout, p->text);
	struct spot spot = { .width = p->layout->cols };

	if (line == &p->text->title)
		return (struct spot){ .row = -p->head_rows, .col = 3, .width = spot.width - 6 };
	if (line == &p->text->facts) {
		spot.row = 1 - p->head_rows;
		return spot;
	}
	spot.row = note_lines(p, 0, note);
	spot.col = wide ? p->left[p->text->stack_count] : 0;
	spot.width = note_width(p);
	spot.row += wide                         ? 1
	            : note < p->text->said_from ? 0
	                                        : detail_stack_lines(p->text, p->model);
	return spot;
}

/* The screen's row of a line; -1: it does not show. */
static int row_of(const struct pane *p, int line)
{
	int row = p->head_rows + line - (line < 0 ? 0 : p->scroll);

	return (line >= 0 && row < p->head_rows) || row >= p->layout->detail.rows
	               ? -1
	               : p->layout->detail.row + row;
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
	int beyond = scroll_max(p) - p->scroll;
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
	return is_wide(p->layout, p->text) ? 0 : note_lines(p, 0, p->text->said_from);
}

static struct spot stack_spot(const struct pane *p, const struct stack_line *at)
{
	int left = p->left[at->stack], width = p->left[at->stack + 1] - left;

	return (struct spot){ .row = stacks_line(p) + at->line,
		              .col = left + 2,
		              .width = width - 4 };
}

static void draw_stack_line(const struct pane *p, const struct stack_line *at, struct style style)
{
	struct line line = stack_line_text(at, p->model, look_is_ascii(p->cells));
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
		detail_stack_begin(&frames, p->text, p->model, i);
		if (frames.count == 0)
			cells_print(p->cells, row_of(p, stacks_line(p) + 1), left + 2, width - 3,
			            i == 0 && p->text->lacks_before ? "not in memory"
			                                            : "not recorded",
			            look_dim);
	}
	stack_walk_begin(&walk, p->text, p->model);
	while (stack_walk_next(&walk))
		draw_stack_line(p, &walk.at, walk.at.folded > 0 ? look_dim : look_plain);
}

static struct bytes bytes_between(const struct line *line, size_t begin, size_t end)
{
	return (struct bytes){ (const uint8_t *)line->text + begin, end - begin };
}

static void draw_line(const struct pane *p, const struct line *line)
{
	struct spot spot = spot_of(p, line);

	while (next_piece(p, line, &spot)) {
		int row = row_of(p, spot.row);

		if (row >= 0)
			cells_text(p->cells, row, spot.col, spot.width,
			           bytes_between(line, spot.begin, spot.end), look_plain);
	}
}

/* ---- links: of lines, then what stacks have */

/* The line of a stack that a link is, by its number; false: it is of another line. */
static bool find_stack_line(const struct pane *p, int link, struct stack_line *found)
{
	struct stack_walk walk;

	link -= p->text->link_count;
	stack_walk_begin(&walk, p->text, p->model);
	while (link > 0 && stack_walk_next(&walk)) {
		*found = walk.at;
		if (--link == 0)
			return true;
	}
	return false;
}

/* The line of what scrolls where a link begins, and as much of it as is there. */
static struct spot link_line(const struct pane *p, const struct detail_link *link)
{
	struct spot spot = spot_of(p, link->line);

	if (link->line == &p->text->title)
		spot.end = link->line->len;
	while (spot.end <= link->begin && next_piece(p, link->line, &spot))
		;
	return spot;
}

/* Where that is on the screen, as far as it shows; width 0: it does not. */
static struct spot link_spot(const struct pane *p, const struct detail_link *link)
{
	struct spot spot = link_line(p, link);
	size_t end = link->end < spot.end ? link->end : spot.end;
	int before, width, beyond;

	before = cells_width(&p->measure, bytes_between(link->line, spot.begin, link->begin));
	width = cells_width(&p->measure, bytes_between(link->line, link->begin, end));
	beyond = before + width - spot.width;
	spot.row = row_of(p, spot.row);
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

	stack_walk_begin(&walk, p->text, p->model);
	for (int link = p->text->link_count + 1; link <= LINKS_MAX && stack_walk_next(&walk); link++) {
		struct line line = stack_line_text(&walk.at, p->model, p->text->facts.ascii);
		struct spot spot = stack_spot(p, &walk.at);
		int width = cells_width(&p->measure, line_bytes(&line));

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
	struct pane p = pane_of(NULL, layout, text, model, scroll);

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

	stack_walk_begin(&walk, p->text, p->model);
	while (links->count < LINKS_MAX && stack_walk_next(&walk)) {
		struct link *link = &links->items[links->count++];
		struct line line = stack_line_text(&walk.at, p->model, false);

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
	links->rows = layout->detail.rows - p.head_rows;
	for (int i = 0; i < text->link_count; i++) {
		const struct detail_link *from = &text->links[i];
		struct link *link = &links->items[i];
		struct bytes name = bytes_between(from->line, from->begin, from->end);

		link->is_of_stack = false;
		memcpy(link->command, from->command, sizeof(link->command));
		cells_clean(link->text, sizeof(link->text), name);
		link->row = link_line(&p, from).row;
	}
	add_stack_links(links, &p);
	links->at = links->at > links->count ? 0 : links->at;
}

void detail_view_draw(struct cells *cells, const struct layout *layout,
                      const struct detail_text *text, const struct model *model, int scroll,
                      int link)
{
	struct pane p = pane_of(cells, layout, text, model, scroll);
	int most = scroll_max(&p);

	if (layout->detail.rows == 0)
		return;
	p.scroll = scroll > most ? most : scroll < 0 ? 0 : scroll;
	draw_title(&p);
	draw_more(&p);
	draw_line(&p, &text->facts);
	draw_stacks(&p);
	for (int i = 0; i < text->note_count; i++)
		draw_line(&p, &text->notes[i]);
	if (link > 0)
		draw_marked(&p, link);
}
