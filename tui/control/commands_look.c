/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include "core/base/time_text.h"

/* How much is told of the same: what lies over the lanes, how high they are, from when time counts.
 */

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

/* ---- over the lanes */

static unsigned toggle_gc(struct state *state)
{
	state->highlights_gc = !state->highlights_gc;
	state_say(state, state->highlights_gc ? "GC cycles and stops are shown in all lanes"
	                                      : "GC cycles and stops in their own rows alone");
	return EFFECT_REDRAW;
}

/* Lines at one end of the selection, and a period apart from there; once more: none. */
static unsigned toggle_grid(struct state *state, bool at_end)
{
	const struct span *selected = &state->at.selected;
	int64_t anchor = !state_has_selection(state) ? 0
	                 : at_end                    ? selected->end_ns
	                                             : selected->begin_ns;
	char period[TIME_TEXT_MAX];

	state->grid.is_on = !state->grid.is_on || state->grid.anchor_ns != anchor;
	state->grid.anchor_ns = anchor;
	if (state->grid.is_on)
		state_say(state, "a line each %s%s", time_text_go(period, state->grid.period_ns),
		          viewport_cell_ns(&state->at.viewport, 3) > state->grid.period_ns
		                  ? ": seen when they are three cells apart, w zooms in"
		                  : "");
	else
		state_say(state, "no grid");
	return EFFECT_REDRAW;
}

unsigned command_overlay(struct state *state, const struct model *model, int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	int64_t period;

	(void)model;
	if (is(what, "gc"))
		return toggle_gc(state);
	if (is(what, "grid") || is(what, "grid-end"))
		return toggle_grid(state, is(what, "grid-end"));
	if (!time_text_parse(bytes_of(what), &period) || period <= 0)
		return command_misuse(state, argv[0]);
	state->grid.period_ns = period;
	state->grid.is_on = false;
	return toggle_grid(state, false);
}

/* ---- rows of wake-ups */

unsigned command_wakeups(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	state->rows.shows_wakeups = !state->rows.shows_wakeups;
	state_say(state, state->rows.shows_wakeups
	                         ? "wake-ups by the network, by timers, after syscalls"
	                         : "no rows of wake-ups");
	return EFFECT_REDRAW;
}

/* ---- fine lanes */

unsigned command_fine(struct state *state, const struct model *model, int argc, char **argv)
{
	struct row cursor = state->at.cursor;

	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	state->rows.is_fine = !state->rows.is_fine;
	rows_arrange(&state->rows);
	state_set_cursor(state, cursor);
	state_say(state, state->rows.is_fine ? "lanes of two lines, slices with letters"
	                                     : "lanes of one line");
	return EFFECT_REDRAW;
}

/* ---- what the program says */

/* Of all lanes, or of the one of the cursor. */
static bool toggle_notes(struct rows *rows, struct lane_look *lane)
{
	bool shows = !rows_have_said(rows, lane);
	uint8_t said = shows ? SAID_SHOWN : SAID_HIDDEN;

	lane->said = said;
	return shows;
}

static bool toggle_all_notes(struct rows *rows)
{
	bool shows = rows->said != SAID_SHOWN;

	rows->said = shows ? SAID_SHOWN : SAID_HIDDEN;
	for (size_t i = 0; i < rows->lanes.count; i++)
		rows->lanes.items[i].said = SAID_WITH_ROOM;
	return shows;
}

unsigned command_notes(struct state *state, const struct model *model, int argc, char **argv)
{
	static const uint8_t first_rows[] = {
		[LANES_OF_PROCS] = ROW_RUN,
		[LANES_OF_GOS] = ROW_GO,
		[LANES_OF_THREADS] = ROW_THREAD,
	};
	static const char *const notes[] = {
		[LANES_OF_PROCS] = "regions, logs, CPU samples, and starts and stops of Ps",
		[LANES_OF_GOS] = "regions, logs and CPU samples",
		[LANES_OF_THREADS] = "the Ps that threads take and let go of",
	};
	struct rows *rows = &state->rows;
	struct row cursor = state->at.cursor;
	struct lane_look *lane = rows_look(rows, cursor);
	bool all = argc == 2 && strcmp(argv[1], "all") == 0, shows;

	if (argc != 1 && !all)
		return command_misuse(state, argv[0]);
	if (rows->lanes_of == LANES_OF_GOS && model->regions + model->logs + model->samples == 0) {
		state_refuse(state, "no regions, logs or CPU samples %s",
		             model->is_whole ? "in the trace" : "so far");
		return 0;
	}
	if (!all && (lane == NULL || cursor.kind == ROW_GROUP)) {
		state_refuse(state, "the cursor is in no lane of a P or goroutine");
		return 0;
	}
	shows = all ? toggle_all_notes(rows) : toggle_notes(rows, lane);
	rows_arrange(rows);
	if (row_is_lane(cursor) && rows_find(rows, cursor) < 0)
		cursor.kind = first_rows[rows->lanes_of];
	state_set_cursor(state, cursor);
	state_say(state, "%s %s", shows ? "with" : "without", notes[rows->lanes_of]);
	return EFFECT_REDRAW;
}

/* ---- from when time counts */

static const char *const base_names[TIME_BASES] = { "trace", "mark", "clock" };

/* What was marked last, or else the begin of what is measured or selected. */
static bool find_mark(struct state *state)
{
	const struct place *place = state->places.last_mark != '\0'
	                                    ? places_marked(&state->places, state->places.last_mark)
	                                    : NULL;

	if (place != NULL)
		state->base_ns = place_moment_ns(place);
	else if (state->range.is_set)
		state->base_ns = state->range.begin_ns;
	else if (state_has_selection(state))
		state->base_ns = state->at.selected.begin_ns;
	else
		return false;
	return true;
}

static bool set_base(struct state *state, const struct model *model, enum time_base base)
{
	if (base == TIME_OF_MARK && !find_mark(state)) {
		state_refuse(state,
		             "time counts from a mark, a range or a selection: there is none");
		return false;
	}
	if (base == TIME_OF_CLOCK && model_wall_ns(model) == TIME_UNKNOWN) {
		state_refuse(state,
		             "this trace does not tell what time it was: Go 1.25 and later do");
		return false;
	}
	state->base = (uint8_t)base;
	return true;
}

unsigned command_base(struct state *state, const struct model *model, int argc, char **argv)
{
	static const char *const does[TIME_BASES] = { "time counts from the begin of the trace",
		                                      "time counts from the mark",
		                                      "time of day, UTC" };
	const char *what = argc == 2 ? argv[1] : "";

	if (is(what, "next")) {
		for (int i = 1; i <= TIME_BASES; i++)
			if (set_base(state, model,
			             (enum time_base)((state->base + i) % TIME_BASES)))
				break;
		state_say(state, "%s", does[state->base]);
		return EFFECT_REDRAW;
	}
	for (int base = 0; base < TIME_BASES; base++)
		if (is(what, base_names[base])) {
			if (set_base(state, model, (enum time_base)base))
				state_say(state, "%s", does[base]);
			return EFFECT_REDRAW;
		}
	return command_misuse(state, argv[0]);
}
