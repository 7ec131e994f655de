/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/board.h"

#include <stdio.h>

#include "tui/view/text.h"

enum { LANES_MAX = 512 };

void board_init(struct board *board, struct budget *budget)
{
	*board = (struct board){ .is_made = false };
	table_init(&board->table, budget);
}

void board_free(struct board *board)
{
	table_free(&board->table);
}

/* ---- several spans */

static void set_title(struct board *board, const struct line *title)
{
	snprintf(board->title, sizeof(board->title), "%.*s", (int)title->len, title->text);
}

static void make_tally(struct board *board, const struct state *state, const struct model *model)
{
	const struct many *many = &state->many;
	struct line title = { .len = 0 };
	int64_t begin_ns, end_ns;

	many_bounds(many, &begin_ns, &end_ns);
	tally_make(&board->table, model, many->spans.items, many->spans.count,
	           (enum tally_by)many->by, (enum tally_column)many->order);
	line_add(&title, "%zu selected in ", many->spans.count);
	line_add_duration(&title, end_ns - begin_ns);
	line_add(&title, "%s   by %s, %s first   ; _ > <",
	         many->is_cut          ? " (there are more)"
	         : many->is_unfinished ? " (not all is read)"
	                               : "",
	         tally_by_name((enum tally_by)many->by),
	         tally_column_name((enum tally_column)many->order));
	set_title(board, &title);
}

/* ---- a range */

/* The lanes on the screen: pinned ones, and those that the scrolling shows. */
static size_t find_lanes(const struct state *state, struct lane_id lanes[LANES_MAX])
{
	const struct rows *rows = &state->rows;
	size_t first = ROWS_FIXED + (size_t)rows->pinned + (size_t)state->at.scroll, count = 0;

	for (size_t i = ROWS_FIXED; i < rows->list.count && count < LANES_MAX; i++) {
		struct row row = rows->list.items[i];
		bool is_seen = i < ROWS_FIXED + (size_t)rows->pinned ||
		               (i >= first && i < first + (size_t)state->page);

		if (is_seen && row.line == 0 &&
		    (row.kind == ROW_RUN || row.kind == ROW_GO || row.kind == ROW_THREAD))
			lanes[count++] = row_lane(row);
	}
	return count;
}

static void make_shares(struct board *board, const struct state *state, const struct model *model)
{
	const struct range *range = &state->range;
	struct line title = { .len = 0 };
	struct lane_id lanes[LANES_MAX];
	size_t count = find_lanes(state, lanes);

	shares_make(&board->table, model, lanes, count, range->begin_ns, range->end_ns);
	line_add(&title, "range of ");
	line_add_duration(&title, range->end_ns - range->begin_ns);
	line_add(&title, " from ");
	line_add_instant(&title, range->begin_ns);
	if (!model_has_spans(model, range->begin_ns, range->end_ns))
		line_add(&title, "   (about: not all of it is at hand)");
	set_title(board, &title);
}

/* ---- */

static struct board_of what_of(const struct state *state, const struct model *model)
{
	struct board_of of = { .parts = model->parts.count };

	if (state->many.spans.count > 0 &&
	    (state->shows_many || !state_has_selection(state) || !state->range.is_set)) {
		of.many = state->many.version;
		return of;
	}
	of.begin_ns = state->range.begin_ns;
	of.end_ns = state->range.end_ns;
	of.scroll = state->at.scroll;
	of.page = state->page;
	of.lines = state->rows.list.count;
	of.has_spans = model_has_spans(model, of.begin_ns, of.end_ns);
	of.last = state->rows.list.items[of.lines - 1];
	if (rows_lanes(&state->rows) > state->at.scroll)
		of.first = rows_lane(&state->rows, state->at.scroll);
	return of;
}

static bool is_same(const struct board_of *a, const struct board_of *b)
{
	return a->many == b->many && a->begin_ns == b->begin_ns && a->end_ns == b->end_ns &&
	       a->scroll == b->scroll && a->page == b->page && a->lines == b->lines &&
	       a->parts == b->parts && a->has_spans == b->has_spans &&
	       row_equal(a->first, b->first) && row_equal(a->last, b->last);
}

const struct table *board_update(struct board *board, const struct state *state,
                                 const struct model *model)
{
	struct budget *budget = board->table.arena.budget;
	struct board_of of;

	if (!state_has_board(state))
		return NULL;
	of = what_of(state, model);
	if (board->is_made && is_same(&of, &board->of))
		return &board->table;
	table_free(&board->table);
	table_init(&board->table, budget);
	if (of.many != 0)
		make_tally(board, state, model);
	else
		make_shares(board, state, model);
	board->of = of;
	board->is_made = true;
	return &board->table;
}
