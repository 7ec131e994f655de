/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/status.h"

#include <inttypes.h>

#include "core/base/time_text.h"
#include "tui/view/damage_view.h"
#include "tui/view/look.h"
#include "tui/view/text.h"

static int line_width(const struct cells *cells, const struct line *line)
{
	return cells_width(cells, (struct bytes){ (const uint8_t *)line->text, line->len });
}

/* What is beside a text that is so wide. */
static int room_beside(const struct cells *cells, const struct line *other)
{
	int width = line_width(cells, other);

	return cells->cols - width - (width > 0);
}

/* Left and right; if both do not fit, the left one is cut. */
static void draw_both(struct cells *cells, int row, const struct line *left,
                      struct style left_style, const struct line *right, struct style right_style)
{
	int width = line_width(cells, right);
	int room = room_beside(cells, right);

	cells_fill(cells, row, 0, cells->cols, look_plain);
	if (room < 0)
		room = 0;
	line_draw(left, cells, row, 0, room, left_style);
	line_draw(right, cells, row, cells->cols - width, width, right_style);
}

static const char *base_name(const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	return slash != NULL ? slash + 1 : path != NULL ? path : "";
}

/* The ends of the window in one unit, with the digits that a cell is worth, and its length. */
static void add_window(struct line *line, const struct viewport *window)
{
	int64_t begin = viewport_begin_ns(window), end = viewport_end_ns(window);
	int64_t cell = viewport_cell_ns(window, 1), step = 1, unit;
	char text[TIME_TEXT_MAX];

	begin = begin < 0 ? 0 : begin;
	end = end > window->end_ns ? window->end_ns : end;
	unit = time_unit_for(end);
	while (step * 10 <= cell)
		step *= 10;
	time_text_tick(text, begin, step, unit, line->ascii);
	line_add(line, "%.*s .. ", (int)strcspn(text, " "), text);
	line_add(line, "%s  (", time_text_tick(text, end, step, unit, line->ascii));
	line_add_duration(line, end - begin);
	line_add(line, ")");
}

/* Those that do not fit, but for the first: half a number would be another one. */
static void drop_facts(struct line *line, const struct cells *cells, int room)
{
	for (size_t at = line->len; at > 1 && line_width(cells, line) > room; at--)
		if (line->text[at - 1] == ' ' && line->text[at - 2] == ' ')
			line->len = at - 2;
}

/* As many as have a lane on the screen. */
static size_t count_procs(const struct model *model, const struct scene *scene)
{
	uint64_t ids[SKETCH_PROCS];

	return model->procs.count > 0 ? model->procs.count : sketches_procs(scene->sketches, ids);
}

void status_draw_title(struct cells *cells, const struct layout *layout, const struct state *state,
                       const struct model *model, const struct scene *scene)
{
	struct line left = { .ascii = look_is_ascii(cells) }, right = left;

	line_add_bytes(&left, bytes_of(base_name(scene->file)));
	line_add(&left, "  ");
	if (model->version.newer != 0)
		line_add(&left, "go1.%u read as ", model->version.newer);
	line_add(&left, "go1.%u  %zu P  ", model->version.minor, count_procs(model, scene));
	line_add_duration(&left, state->at.viewport.end_ns);
	damage_add_share(&left, model); /* before what a narrow screen may cut */
	line_add(&left, "  ");
	line_add_count(&left, model->events);
	line_add(&left, " events");
	if (sketches_from_ns(scene->sketches) < viewport_end_ns(&state->at.viewport))
		line_add(&right, "sampled  ");
	add_window(&right, &state->at.viewport);
	drop_facts(&left, cells, room_beside(cells, &right));
	draw_both(cells, layout->title, &left, look_title, &right, look_plain);
}

/* What is still coming: "receiving 5 s: 1.2 MiB". */
static void add_arrival(struct line *line, const struct scene *scene, bool is_frozen)
{
	if (is_frozen)
		line_add(line, "frozen, ");
	line_add(line, scene->is_followed ? "following" : "receiving");
	if (scene->seconds != NULL && scene->seconds[0] != '\0')
		line_add(line, " %s s", scene->seconds);
	line_add(line, ": ");
	line_add_size(line, scene->received);
	line_add(line, "  ");
}

static void add_progress(struct line *line, const struct scene *scene, bool is_frozen)
{
	if (scene->is_forgotten)
		line_add(line, scene->has_lanes ? "details of Ps only (memory limit)  "
		                                : "no details (memory limit)  ");
	if (scene->received > 0 && scene->total == 0) {
		add_arrival(line, scene, is_frozen);
		return;
	}
	if (scene->done == scene->total && scene->total > 0)
		return;
	if (scene->total == 0)
		line_add(line, "reading ...  ");
	else
		line_add(line, "reading %" PRIu64 " %%  ",
		         scene->done >= scene->total
		                 ? 99
		                 : (uint64_t)((double)scene->done * 100 / (double)scene->total));
}

/* "/worker 12 of 3456"; what is counted so far ends in +. */
static void add_hunt(struct line *line, const struct hunt *hunt, const struct model *model,
                     int room)
{
	const struct search *search = &hunt->search;
	bool is_long = strlen(hunt->text) > (size_t)room;

	if (!hunt_is_on(hunt))
		return;
	line_add(line, "/%.*s%s ", is_long ? room : (int)strlen(hunt->text), hunt->text,
	         is_long ? ".." : "");
	if (hunt->hit.kind != SPAN_NONE && hunt->has_rank)
		line_add(line, "%" PRIu64 " of ", hunt->rank + 1);
	line_add(line, "%" PRIu64, search->hits);
	if (search->is_too_costly)
		line_add(line, "+ (too costly)");
	else if (search->known + search->missing < model->parts.count)
		line_add(line, "+ (%u of %zu read)", search->known, model->parts.count);
	else if (search->missing > 0)
		line_add(line, "+ (memory limit)");
	line_add(line, "  ");
}

/* Lanes are seen through it. */
static void add_lens(struct line *line, const char *what, const char *text, int room)
{
	bool is_long = strlen(text) > (size_t)room;

	if (text[0] != '\0')
		line_add(line, "%s %.*s%s  ", what, is_long ? room : (int)strlen(text), text,
		         is_long ? ".." : "");
}

static void add_position(struct line *line, const struct state *state, const struct model *model)
{
	struct row row = state->at.cursor;
	int lanes = rows_lanes(&state->rows);

	if (state->mode == MODE_TABLE && state->sheets.rows > 0) {
		line_add(line, "%s %d of %d", state->sheets.is_tree ? "call" : "row",
		         state->sheets.stack[state->sheets.depth - 1].row + 1, state->sheets.rows);
		return;
	}
	if (row_is_of_go(row))
		line_add_go_id(line, model, row.index);
	else if (row_is_of_thread(row))
		line_add(line, "M%" PRIu64, model->threads.items[row.index].id);
	else if (row.kind == ROW_TRAIL)
		line_add(line, "critical path");
	else if (row.kind == ROW_TASK)
		line_add(line, "task %" PRIu64, model->said.tasks.items[row.index].id);
	else if (row.kind == ROW_GROUP)
		line_add(line, "%zu goroutine%s", rows_group_size(&state->rows, row),
		         rows_group_size(&state->rows, row) == 1 ? "" : "s");
	else if (row_is_lane(row))
		line_add_proc(line, model, row.index);
	else
		line_add(line, "%s", row.kind == ROW_GC ? "GC" : "STW");
	if (state->range.is_set &&
	    !viewport_touches(&state->at.viewport, state->range.begin_ns, state->range.end_ns)) {
		line_add(line, "  range ");
		line_add_duration(line, state->range.end_ns - state->range.begin_ns);
	}
	if (state->mouse != MOUSE_PAN)
		line_add(line, "  mouse: %s", mouse_mode_name((enum mouse_mode)state->mouse));
	if (lanes > state->page)
		line_add(line, "  rows %d-%d of %d", state->at.scroll + 1,
		         state->at.scroll + state->page, lanes);
}

/* Without a detail pane the selection is told here. */
static void add_selection(struct line *line, const struct state *state, const struct model *model)
{
	const struct span *span = &state->at.selected;

	if (span->kind == SPAN_STW)
		line_add(line, "STW ");
	else if (span->kind == SPAN_GC)
		line_add(line, "GC ");
	else if (span->kind == SPAN_DAMAGE)
		line_add(line, "damage ");
	else
		line_add_go(line, model, span->go);
	line_add(line, "  ");
	line_add_duration(line, span->end_ns - span->begin_ns);
	line_add(line, "  (CR: details)");
}

void status_draw(struct cells *cells, const struct layout *layout, const struct state *state,
                 const struct model *model, const struct scene *scene)
{
	struct line left = { .ascii = look_is_ascii(cells) }, right = left;
	struct style style = look_plain;

	if (state->message[0] != '\0') {
		line_add_bytes(&left, bytes_of(state->message));
		style.fg = state->is_error ? COLOUR_ERROR : COLOUR_DEFAULT;
	} else if (state->keys[0] != '\0' || state->count > 0) {
		if (state->count > 0)
			line_add(&left, "%d times ", state->count);
		line_add(&left, "%s ...", state->keys);
	} else if (layout->detail.rows == 0 && state_has_selection(state)) {
		add_selection(&left, state, model);
	}
	add_progress(&right, scene, state->is_frozen);
	add_lens(&right, "filter", state->at.filter, cells->cols / 5);
	add_lens(&right, "highlight", state->at.highlight, cells->cols / 5);
	add_hunt(&right, &state->hunt, model, cells->cols / 5);
	add_position(&right, state, model);
	line_add(&right, cells->cols < 60 ? "  ?:help" : "  ?:help q:quit");
	if (state->message[0] != '\0' &&
	    line_width(cells, &left) + line_width(cells, &right) >= cells->cols)
		line_clear(&right); /* it was just said, and is there again with the next key */
	draw_both(cells, layout->status, &left, style, &right, look_dim);
}
