/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"
#include "tui/control/number.h"

/* How rows are shown: folded, hidden, pinned, tall, in which order. */

enum { PANE_MORE = 300 /* lines, as many as the largest screen has */ };

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

/* A row that does not scroll, by its name. */
static bool find_fixed(const char *name, enum row_kind *kind)
{
	for (int i = 0; i < ROWS_FIXED; i++)
		if (is(name, row_name((enum row_kind)i))) {
			*kind = (enum row_kind)i;
			return true;
		}
	return false;
}

/* The lane of the cursor; NULL: it is in none, and the message says what to do. */
static struct lane_look *lane_of_cursor(struct state *state)
{
	struct lane_look *lane = rows_look(&state->rows, state->at.cursor);

	if (lane == NULL)
		state_refuse(state, "this row is not a lane: j moves to one");
	return lane;
}

/* The rows are others now: the cursor goes to the one given, or stays where it was on the screen.
 */
static unsigned arrange(struct state *state, struct row cursor)
{
	int at = rows_find(&state->rows, state->at.cursor);

	rows_arrange(&state->rows);
	if (rows_find(&state->rows, cursor) >= 0) {
		state_set_cursor(state, cursor);
		return EFFECT_REDRAW;
	}
	if (at >= (int)state->rows.list.count)
		at = (int)state->rows.list.count - 1;
	cursor = state->rows.list.items[at < ROW_STW ? ROW_STW : at];
	cursor.line = 0;
	state_set_cursor(state, cursor);
	return EFFECT_REDRAW;
}

/* ---- folding */

static struct row row_of_lane(const struct rows *rows, const struct lane_look *lane)
{
	bool is_group = rows->is_grouped && lane->is_folded;

	return (struct row){ .kind = lane->is_task                        ? ROW_TASK
		                     : rows->lanes_of == LANES_OF_PROCS   ? ROW_RUN
		                     : rows->lanes_of == LANES_OF_THREADS ? ROW_THREAD
		                     : is_group                           ? ROW_GROUP
		                                                          : ROW_GO,
		             .copy = lane->copy,
		             .index = lane->index };
}

/* The first lane of a group that shows: the row they have together. */
static const struct lane_look *first_of_group(const struct rows *rows, uint32_t group)
{
	for (size_t i = 0; i < rows->lanes.count; i++)
		if (rows->lanes.items[i].group == group && !rows->lanes.items[i].is_hidden)
			return &rows->lanes.items[i];
	return &rows->lanes.items[0];
}

static unsigned fold_gos(struct state *state, struct lane_look lane, bool all)
{
	struct rows *rows = &state->rows;
	bool was_folded = rows->is_grouped && lane.is_folded;

	if (was_folded)
		rows_unfold_groups(rows, lane.group, all);
	else
		rows_fold_groups(rows, lane.group, all);
	return arrange(state, row_of_lane(rows, was_folded ? rows_look(rows, state->at.cursor)
	                                                   : first_of_group(rows, lane.group)));
}

/* All together, as the lane of the cursor is not, or all others if that is in none. */
static unsigned fold_all_procs(struct state *state)
{
	struct rows *rows = &state->rows;
	const struct lane_look *lane = rows_look(rows, state->at.cursor);
	bool was_folded = lane != NULL ? lane->is_folded
	                               : rows->lanes.count > 0 && rows->lanes.items[0].is_folded;

	for (size_t i = 0; i < rows->lanes.count; i++)
		rows->lanes.items[i].is_folded = !was_folded;
	return arrange(state, lane != NULL ? row_of_lane(rows, lane) : state->at.cursor);
}

unsigned command_fold(struct state *state, const struct model *model, int argc, char **argv)
{
	bool all = argc == 2 && is(argv[1], "all");
	struct lane_look *lane;

	(void)model;
	if (argc > 2 || (argc == 2 && !all))
		return command_misuse(state, argv[0]);
	if (all && (state->rows.lanes_of == LANES_OF_PROCS || state->rows.has_tasks))
		return fold_all_procs(state);
	lane = lane_of_cursor(state);
	if (lane == NULL)
		return EFFECT_REDRAW;
	if (state->rows.lanes_of == LANES_OF_GOS && !state->rows.has_tasks)
		return fold_gos(state, *lane, all);
	lane->is_folded = !lane->is_folded;
	return arrange(state, row_of_lane(&state->rows, lane));
}

/* ---- hiding */

/* All that a row of a group stands for. */
static void hide_lanes(struct rows *rows, struct row row, struct lane_look *first)
{
	size_t count = row.kind == ROW_GROUP ? rows_group_size(rows, row) : 1;

	for (size_t i = 0; i < count; i++)
		first[i].is_hidden = true;
}

unsigned command_hide(struct state *state, const struct model *model, int argc, char **argv)
{
	struct lane_look *lane;
	enum row_kind kind = ROW_KINDS;

	(void)model;
	if (argc > 2 || (argc == 2 && !find_fixed(argv[1], &kind)))
		return command_misuse(state, argv[0]);
	if (kind == ROW_KINDS && !row_is_lane(state->at.cursor))
		kind = (enum row_kind)state->at.cursor.kind;
	if (kind != ROW_KINDS) {
		state->rows.is_hidden[kind] = true;
		if (row_equal(state->at.cursor, (struct row){ .kind = (uint8_t)kind }))
			state->at.cursor = rows_step(&state->rows, state->at.cursor, 1);
		state_say(state, "%s is hidden; U shows it again", row_name(kind));
		return EFFECT_REDRAW;
	}
	if (state->at.cursor.kind == ROW_TRAIL) {
		state->rows.has_trail = false;
		state_say(state, "hidden: \\ looks for a critical path again");
		return arrange(state, state->at.cursor);
	}
	lane = lane_of_cursor(state);
	if (lane == NULL)
		return EFFECT_REDRAW;
	hide_lanes(&state->rows, state->at.cursor, lane);
	state_say(state, "hidden: %zu; U shows all again", rows_hidden(&state->rows));
	return arrange(state, state->at.cursor);
}

unsigned command_unhide(struct state *state, const struct model *model, int argc, char **argv)
{
	struct rows *rows = &state->rows;
	size_t count = rows_hidden(rows);

	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	if (count == 0) {
		state_refuse(state, "no row is hidden");
		return EFFECT_REDRAW;
	}
	for (size_t i = 0; i < rows->lanes.count; i++)
		rows->lanes.items[i].is_hidden = false;
	memset(rows->is_hidden, 0, sizeof(rows->is_hidden));
	state_say(state, "%zu shown again", count);
	return arrange(state, state->at.cursor);
}

/* ---- pinning, height, order */

unsigned command_pin(struct state *state, const struct model *model, int argc, char **argv)
{
	struct lane_look *lane;
	size_t count;
	bool pins;

	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	lane = lane_of_cursor(state);
	if (lane == NULL)
		return EFFECT_REDRAW;
	pins = !lane->is_pinned;
	count = state->at.cursor.kind == ROW_GROUP ? rows_group_size(&state->rows, state->at.cursor)
	                                           : 1;
	for (size_t i = 0; i < count; i++)
		lane[i].is_pinned = pins;
	state_say(state, pins ? "pinned to the top; P again: not" : "not pinned any more");
	return arrange(state, state->at.cursor);
}

/* "3", or "+1" and "-1": so many more. */
static bool take_lines(const char *text, int now, int *lines)
{
	int number;

	if (!number_parse(text, &number))
		return false;
	*lines = text[0] == '-' || text[0] == '+' ? now + number : number;
	*lines = *lines < 1 ? 1 : *lines > ROW_LINES_MAX ? ROW_LINES_MAX : *lines;
	return true;
}

static void refuse_lines(struct state *state, int lines)
{
	state_refuse(state, lines == 1 ? "one line is the least" : "%d lines are the most", lines);
}

static unsigned resize_fixed(struct state *state, enum row_kind kind, const char *by)
{
	uint8_t *now = &state->rows.lines[kind];
	int lines;

	if (!take_lines(by, *now > 0 ? *now : 1, &lines))
		return command_misuse(state, "height");
	if (lines == *now)
		refuse_lines(state, lines);
	*now = (uint8_t)lines;
	return EFFECT_REDRAW;
}

unsigned command_height(struct state *state, const struct model *model, int argc, char **argv)
{
	struct lane_look *lane;
	enum row_kind kind = ROW_KINDS;
	int now, lines;

	(void)model;
	if (argc < 2 || argc > 3 || (argc == 3 && !find_fixed(argv[2], &kind)))
		return command_misuse(state, argv[0]);
	if (kind != ROW_KINDS)
		return resize_fixed(state, kind, argv[1]);
	lane = lane_of_cursor(state);
	if (lane == NULL)
		return EFFECT_REDRAW;
	now = lane->lines > 0 ? lane->lines : 1;
	if (!take_lines(argv[1], now, &lines))
		return command_misuse(state, argv[0]);
	if (lines == now)
		refuse_lines(state, lines);
	lane->lines = (uint8_t)lines;
	return arrange(state, state->at.cursor);
}

unsigned command_move(struct state *state, const struct model *model, int argc, char **argv)
{
	bool up = argc == 2 && is(argv[1], "up");

	(void)model;
	if (argc != 2 || (!up && !is(argv[1], "down")))
		return command_misuse(state, argv[0]);
	if (lane_of_cursor(state) == NULL)
		return EFFECT_REDRAW;
	if (state->rows.is_grouped)
		state_refuse(state, "folded rows keep the order of their functions");
	else if (state->rows.has_tasks)
		state_refuse(state, "tasks stay below their parents");
	else if (!rows_move_lane(&state->rows, state->at.cursor, up ? -1 : 1))
		state_refuse(state, "it is the %s already", up ? "first" : "last");
	return arrange(state, state->at.cursor);
}

unsigned command_pane(struct state *state, const struct model *model, int argc, char **argv)
{
	int lines;

	(void)model;
	if (argc != 2 || !number_parse(argv[1], &lines))
		return command_misuse(state, argv[0]);
	lines += state->detail_more;
	state->detail_more = lines > PANE_MORE    ? PANE_MORE
	                     : lines < -PANE_MORE ? -PANE_MORE
	                                          : lines;
	return EFFECT_REDRAW;
}
