/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/view.h"

#include "tui/view/board_view.h"
#include "tui/view/counter_view.h"
#include "tui/view/damage_view.h"
#include "tui/view/detail_finds.h"
#include "tui/view/go_name.h"
#include "tui/view/lane_view.h"
#include "tui/view/look.h"
#include "tui/view/overlay.h"
#include "tui/view/prompt_view.h"
#include "tui/view/ruler.h"
#include "tui/view/status.h"
#include "tui/view/table_view.h"
#include "tui/view/text.h"

#include <inttypes.h>

void view_init(struct view *view, struct budget *budget)
{
	memset(view, 0, sizeof(*view));
	row_picture_init(&view->picture, budget);
}

void view_free(struct view *view)
{
	row_picture_free(&view->picture);
}

/* The lanes of a trace of which nothing is loaded yet are those of its sketch. */
static int lanes_of(const struct view *view, const struct state *state)
{
	uint64_t ids[SKETCH_PROCS];
	int lanes = rows_lanes(&state->rows);

	return lanes > 0 ? lanes : 2 * (int)sketches_procs(view->picture.sketches, ids);
}

static struct layout layout_of(const struct view *view, const struct state *state, int cols,
                               int rows)
{
	const struct layout_wish wish = { .lanes = lanes_of(view, state),
		                          .is_tall = state->is_tall,
		                          .pinned = state->rows.pinned,
		                          .detail_more = state->detail_more,
		                          .rows = &state->rows };

	return layout_make(cols, rows, &wish);
}

static int clamp(int value, int low, int high)
{
	return value > high ? high : value < low ? low : value;
}

static void make_detail_text(struct view *view, const struct state *state,
                             const struct model *model, const struct scene *scene, int cols,
                             bool ascii)
{
	const struct finding *finding = finds_current(&state->finds, &state->at.selected);

	if (state_has_selection(state)) {
		detail_text_make(&view->text, model, &state->at.selected, scene->detail, ascii);
		view->text.shows_runtime = state->shows_runtime;
		if (finding != NULL)
			detail_text_add_finding(&view->text, finding,
			                        detail_view_note_cols(cols, &view->text, model));
		return;
	}
	detail_offers_update(&view->offers, model);
	detail_text_make_empty(&view->text, model, &view->offers, &state->finds, finding, cols,
	                       ascii);
}

/* What is shown in place of the timeline; NULL: no table. */
static const struct table *table_of(const struct state *state, const struct scene *scene)
{
	return state->mode == MODE_HELP    ? scene->help
	       : state->mode == MODE_ABOUT ? scene->about
	                                   : NULL;
}

/* Those of what the pane shows. */
static void find_links(struct view *view, struct state *state, const struct model *model,
                       const struct scene *scene, const struct layout *layout)
{
	struct links *links = &state->links;

	if (!span_is_same(&links->of, &state->at.selected))
		links->at = 0;
	links->of = state->at.selected;
	view->board = scene->board != NULL && state_has_board(state) ? scene->board : NULL;
	if (layout->detail.rows == 0)
		links->count = links->at = 0;
	else if (view->board != NULL)
		board_view_find_links(links, layout, view->board, scene->board_is_of_range);
	else
		detail_view_find_links(links, layout, &view->text, model);
}

void view_settle(struct view *view, struct state *state, const struct model *model,
                 const struct scene *scene, int cols, int rows)
{
	struct layout layout;

	view->picture.sketches = scene->sketches;
	view->picture.search = scene->search;
	view->picture.filter = scene->filter;
	view->picture.highlight = scene->highlight;
	rows_update(&state->rows, model);
	if (rows_update_said(&state->rows, model, viewport_begin_ns(&state->at.viewport),
	                     viewport_end_ns(&state->at.viewport)) &&
	    state->has_cursor)
		state_set_cursor(state, state->at.cursor); /* which moves as rows appear */
	layout = layout_of(view, state, cols, rows);
	state->sheets.screen_cols = cols;
	state->sheets.screen_rows = layout.status;
	sheets_settle(&state->sheets, sheet_view_lines(layout.status, &scene->sheet));
	state->sketched_ns = sketches_end_ns(scene->sketches);
	state_follow(state, model, layout.plot_cols, layout.lanes.rows);
	state->is_live = scene->received > 0; /* what came last is followed, too */
	state->is_frozen &= state->is_live;
	state->detail_rows = layout.detail.rows;
	make_detail_text(view, state, model, scene, layout.cols, false);
	state->detail_scroll = clamp(state->detail_scroll, 0,
	                             scene->board != NULL && state_has_board(state)
	                                     ? board_view_scroll_max(&layout, scene->board)
	                                     : detail_view_scroll_max(&layout, &view->text, model));
	find_links(view, state, model, scene, &layout);
	damage_settle(state, model, layout.status);
	if (table_of(state, scene) != NULL)
		state->table_scroll =
			clamp(state->table_scroll, 0,
		              table_view_scroll_max(table_of(state, scene), layout.status));
}

/* ---- rows */

/* Its id, and of its name what there is room for. */
static void add_go_label(struct line *line, const struct model *model, uint32_t go,
                         const struct cells *cells)
{
	const struct goroutine g = roster_brief(&model->roster, go);
	char name[GO_NAME_MAX];

	line_add_go_id(line, model, go);
	if (g.name != 0)
		line_add(line, " %s",
		         go_name_short(name, strings_text(&model->strings, g.name), 3,
		                       look_is_ascii(cells)));
}

/* How deep it is inside of others, as far as there is room. */
static int depth_of(const struct state *state, struct row row)
{
	const struct lane_look *lane = rows_look_at(&state->rows, row);

	return lane == NULL ? 0 : lane->depth < 3 ? lane->depth : 3;
}

static void add_task_label(struct line *line, const struct model *model, struct row row)
{
	const struct user_task *task = &model->said.tasks.items[row.index];
	struct bytes name = strings_text(&model->strings, task->name);

	line_add(line, "T%" PRIu64 " %.*s", task->id,
	         (int)(name.len < ROWS_COLS ? name.len : ROWS_COLS), (const char *)name.data);
}

/* How many there are, and what of their name there is room for. */
static void add_group_label(struct line *line, const struct model *model, const struct state *state,
                            struct row row, const struct cells *cells)
{
	const struct goroutine g = roster_brief(&model->roster, row.index);
	char name[GO_NAME_MAX];

	line_add(line, "%zux %s", rows_group_size(&state->rows, row),
	         go_name_short(name, strings_text(&model->strings, g.name), 3,
	                       look_is_ascii(cells)));
}

static void draw_row_label(struct cells *cells, int screen_row, struct row row,
                           const struct state *state, const struct model *model)
{
	bool current = row_equal(row, state->at.cursor);
	struct style style = { .attributes = current ? ATTRIBUTE_REVERSE : 0 };
	struct line line = { .len = 0 };

	if (row.line == 0)
		line_add(&line, "%*s", depth_of(state, row), "");
	if (row.line > 0)
		line.len = 0;
	else if (row.kind == ROW_RUN)
		line_add_proc(&line, model, row.index);
	else if (row.kind == ROW_TRAIL)
		line_add(&line, "path");
	else if (row.kind == ROW_TASK)
		add_task_label(&line, model, row);
	else if (row.kind == ROW_GO)
		add_go_label(&line, model, row.index, cells);
	else if (row.kind == ROW_THREAD)
		line_add(&line, "M%" PRIu64, model->threads.items[row.index].id);
	else if (row.kind == ROW_REGIONS || row.kind == ROW_PROC_REGIONS)
		line_add(&line, "  regions");
	else if (row_is_of_moves(row))
		line_add(&line, row.kind == ROW_PROC_MOVES ? "  starts" : "  Ps");
	else if (row_is_of_marks(row))
		line_add(&line, "  logs CPU");
	else if (row.kind == ROW_GROUP)
		add_group_label(&line, model, state, row, cells);
	else if (row.kind == ROW_GC || row.kind == ROW_STW)
		line_add(&line, "%s", row.kind == ROW_GC ? "GC" : "STW");
	cells_fill(cells, screen_row, 0, ROWS_COLS - 1, style);
	line_draw(&line, cells, screen_row, 0, ROWS_COLS - 2, style);
	cells_put(cells, screen_row, ROWS_COLS - 2, current && row.line == 0 ? '>' : ' ', style);
}

static void draw_span_row(struct view *view, struct cells *cells, const struct layout *layout,
                          int screen_row, struct row row, const struct state *state,
                          const struct model *model)
{
	draw_row_label(cells, screen_row, row, state, model);
	row_picture_make(&view->picture, state, model, row);
	lane_view_draw(cells, screen_row, layout->plot_col, &view->picture, state, model, row);
}

/* Of a sketch; there is nothing to select in them yet. */
static void draw_sketched_row(struct view *view, struct cells *cells, const struct layout *layout,
                              int at, const struct state *state, const struct model *model)
{
	uint64_t ids[SKETCH_PROCS];
	size_t count = sketches_procs(view->picture.sketches, ids);
	int lane = at - layout->lanes.row;
	bool inner = lane % 2 == 1;
	struct line line = { .len = 0 };

	if (lane < 0 || lane >= layout->lanes.rows || (size_t)lane / 2 >= count)
		return;
	cells_fill(cells, at, 0, ROWS_COLS - 1, look_plain);
	if (!inner) {
		line_add(&line, "P%" PRIu64, ids[lane / 2]);
		line_draw(&line, cells, at, 0, ROWS_COLS - 2, look_plain);
	}
	row_picture_sketch(&view->picture, state, ids[lane / 2], inner);
	lane_view_draw(cells, at, layout->plot_col, &view->picture, state, model,
	               (struct row){ .kind = inner ? ROW_INNER : ROW_RUN });
}

static void draw_timeline(struct view *view, struct cells *cells, const struct layout *layout,
                          const struct state *state, const struct model *model)
{
	struct row row;

	for (int kind = 0; kind < ROW_GC; kind++)
		counter_view_draw(cells, layout, (enum row_kind)kind, state, model,
		                  view->picture.sketches);
	for (int at = 0; at < layout->rows; at++)
		if (pick_row(layout, state, at, &row) && row_has_spans(row))
			draw_span_row(view, cells, layout, at, row, state, model);
	for (int at = 0; rows_lanes(&state->rows) == 0 && state->rows.lanes_of == LANES_OF_PROCS &&
	                 at < layout->rows;
	     at++)
		draw_sketched_row(view, cells, layout, at, state, model);
}

static void draw_too_small(struct cells *cells)
{
	struct line line = { .len = 0 };

	line_add(&line, "%dx%d is too small: gander needs %dx%d", cells->cols, cells->rows,
	         LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
	line_draw(&line, cells, 0, 0, cells->cols, look_plain);
}

/* What the user has put on the axis. */
static void draw_own_marks(struct cells *cells, const struct layout *layout,
                           const struct state *state)
{
	const struct viewport *window = &state->at.viewport;

	if (state->range.is_set)
		ruler_draw_range(cells, layout->ruler, layout->plot_col, window,
		                 state->range.begin_ns, state->range.end_ns);
	for (char letter = 'a'; letter <= 'z'; letter++) {
		const struct place *place = places_marked(&state->places, letter);

		if (place != NULL)
			ruler_draw_mark(cells, layout->ruler, layout->plot_col, window,
			                place_moment_ns(place), letter);
	}
}

static void draw_timeline_screen(struct view *view, struct cells *cells,
                                 const struct layout *layout, const struct state *state,
                                 const struct model *model, const struct scene *scene)
{
	const struct ruler_zero zero = {
		.zero_ns = state->base == TIME_OF_MARK ? state->base_ns : 0,
		.is_clock = state->base == TIME_OF_CLOCK,
		.wall_ns = model_wall_ns(model),
	};

	status_draw_title(cells, layout, state, model, scene);
	overview_draw(&view->overview, cells, layout, state, model, scene->sketches);
	ruler_draw(cells, layout->ruler, layout->plot_col, ROWS_COLS, &state->at.viewport, &zero);
	damage_mark(cells, layout->ruler, layout->plot_col, &state->at.viewport, model);
	draw_own_marks(cells, layout, state);
	draw_timeline(view, cells, layout, state, model);
	overlay_draw(cells, layout, state, model, scene->flows);
	if (scene->board != NULL && state_has_board(state)) {
		board_view_draw(cells, layout, scene->board_title, scene->board,
		                state->detail_scroll, state->links.at);
		return;
	}
	make_detail_text(view, state, model, scene, layout->cols, look_is_ascii(cells));
	detail_view_draw(cells, layout, &view->text, model, state->detail_scroll, state->links.at);
}

void view_draw(struct view *view, struct cells *cells, const struct state *state,
               const struct model *model, const struct scene *scene)
{
	struct layout layout;

	view->picture.sketches = scene->sketches;
	view->picture.search = scene->search;
	view->picture.filter = scene->filter;
	view->picture.highlight = scene->highlight;
	layout = layout_of(view, state, cells->cols, cells->rows);
	cells_clear(cells);
	if (layout.is_too_small) {
		draw_too_small(cells);
		return;
	}
	status_draw(cells, &layout, state, model, scene);
	if (table_of(state, scene) != NULL)
		table_view_draw(cells, 0, layout.status,
		                state->mode == MODE_HELP
		                        ? "keys and commands (q closes, j k scroll)"
		                        : "about this trace (q closes, j k scroll)",
		                table_of(state, scene), state->table_scroll, -1);
	else if (state->mode == MODE_TABLE && state->sheets.depth > 0 && scene->flame.flame != NULL)
		flame_view_draw(cells, layout.status, &scene->flame,
		                &state->sheets.stack[state->sheets.depth - 1]);
	else if (state->mode == MODE_TABLE && state->sheets.depth > 0)
		sheet_view_draw(cells, layout.status, &scene->sheet,
		                &state->sheets.stack[state->sheets.depth - 1]);
	else if (state->mode == MODE_DAMAGE)
		damage_draw(cells, &layout, state, model);
	else
		draw_timeline_screen(view, cells, &layout, state, model, scene);
	if (state->prompt.is_open)
		prompt_draw(cells, &layout, state, model, scene->choices);
}

struct pointer view_pick(struct view *view, const struct state *state, const struct model *model,
                         int cols, int rows, int row, int col)
{
	struct layout layout = layout_of(view, state, cols, rows);
	struct pointer p = pick(&view->picture, &layout, state, model, row, col);

	if (p.area == AREA_DETAIL && state->links.count > 0 && view->board != NULL)
		p.link = board_view_link_at(&layout, view->board, state->detail_scroll, row);
	else if (p.area == AREA_DETAIL && state->links.count > 0)
		p.link = detail_view_link_at(&layout, &view->text, model, state->detail_scroll, row,
		                             col);
	return p;
}

void view_shifting_rows(const struct view *view, const struct state *state, int cols, int rows,
                        bool *shifts)
{
	struct layout layout = layout_of(view, state, cols, rows);
	struct row row;

	for (int i = 0; i < rows; i++)
		shifts[i] = !layout.is_too_small && state->mode == MODE_TIMELINE &&
		            (i == layout.ruler || pick_row(&layout, state, i, &row));
}
