/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>

#include "core/analysis/locator.h"
#include "core/model/user.h"
#include "tui/state/seek.h"

/* Places as text: going to one, and what is to be copied. */

enum { AT_ONCE = 16 /* spans of a lane in a nanosecond that are looked at */ };

static struct row row_of_kind(enum row_kind kind, uint32_t index)
{
	return (struct row){ .kind = (uint8_t)kind, .index = index };
}

/* ---- lanes */

static bool find_proc(const struct model *model, uint64_t id, uint32_t *proc)
{
	for (uint32_t i = 0; i < model->procs.count; i++)
		if (model->procs.items[i].id == id) {
			*proc = i;
			return true;
		}
	return false;
}

static bool go_to_goroutine(struct state *state, const struct model *model, uint64_t id)
{
	uint32_t go = model_find_go(model, id);
	struct row row = row_of_kind(ROW_GO, go);

	if (go == ID_NONE) {
		state_refuse(state, "there is no goroutine %" PRIu64 ", as far as is loaded", id);
		return false;
	}
	if (rows_find(&state->rows, row) < 0 && state->rows.lanes_of != LANES_OF_GOS)
		command_run(state, model, "lanes goroutines");
	if (rows_find(&state->rows, row) < 0)
		rows_show_gos(&state->rows, model, &go, 1);
	state_set_cursor(state, row);
	return true;
}

static bool go_to_thread(struct state *state, const struct model *model, uint64_t id)
{
	uint32_t thread = id_map_find(&model->thread_of, id);

	if (thread == ID_NONE) {
		state_refuse(state, "there is no M%" PRIu64 ", as far as is loaded", id);
		return false;
	}
	if (state->rows.lanes_of != LANES_OF_THREADS)
		rows_show_threads(&state->rows, model);
	state_set_cursor(state, row_of_kind(ROW_THREAD, thread));
	return true;
}

static bool go_to_task(struct state *state, const struct model *model, uint64_t id)
{
	const struct user_task *task = user_task(model, id);
	struct row row;

	if (task == NULL) {
		state_refuse(state, "there is no task %" PRIu64 ", as far as is loaded", id);
		return false;
	}
	row = row_of_kind(ROW_TASK, (uint32_t)(task - model->said.tasks.items));
	if (rows_find(&state->rows, row) < 0)
		command_run(state, model, "lanes tasks");
	state_set_cursor(state, row);
	return true;
}

/* The row below the lane of the cursor, which may not have been shown. */
static void go_below(struct state *state, const struct model *model, enum locator_in in)
{
	static const uint8_t of_gos[] = {
		[LOCATOR_IN_REGIONS] = ROW_REGIONS,     [LOCATOR_IN_REGIONS_1] = ROW_REGIONS_1,
		[LOCATOR_IN_REGIONS_2] = ROW_REGIONS_2, [LOCATOR_IN_MARKS] = ROW_MARKS,
		[LOCATOR_IN_STARTS] = ROW_GO,
	};
	struct row row = state->at.cursor;
	struct lane_look *lane = rows_look(&state->rows, row);

	if (in == LOCATOR_IN_LANE || lane == NULL)
		return;
	if (!rows_have_said(&state->rows, lane))
		lane->said = SAID_SHOWN;
	rows_update_said(&state->rows, model, viewport_begin_ns(&state->at.viewport),
	                 viewport_end_ns(&state->at.viewport));
	rows_arrange(&state->rows);
	if (row_is_of_go(row))
		row.kind = of_gos[in];
	else if (row_is_of_thread(row))
		row.kind = ROW_THREAD_MOVES;
	else if (row_is_of_proc(row))
		row.kind = in == LOCATOR_IN_STARTS  ? ROW_PROC_MOVES
		           : in == LOCATOR_IN_MARKS ? ROW_PROC_MARKS
		                                    : ROW_PROC_REGIONS;
	state_set_cursor(state, row);
}

static bool go_to_lane(struct state *state, const struct model *model,
                       const struct locator *locator)
{
	uint32_t proc;

	switch ((enum locator_of)locator->of) {
	case LOCATOR_NOTHING:
		break;
	case LOCATOR_GO:
		return go_to_goroutine(state, model, locator->id);
	case LOCATOR_PROC:
		if (!find_proc(model, locator->id, &proc)) {
			state_refuse(state, "there is no P%" PRIu64 ", as far as is loaded",
			             locator->id);
			return false;
		}
		if (state->rows.lanes_of != LANES_OF_PROCS)
			rows_show_procs(&state->rows, model);
		state_set_cursor(state, row_of_kind(ROW_RUN, proc));
		break;
	case LOCATOR_THREAD:
		return go_to_thread(state, model, locator->id);
	case LOCATOR_TASK:
		return go_to_task(state, model, locator->id);
	case LOCATOR_GC:
	case LOCATOR_STW:
		state_set_cursor(state,
		                 row_of_kind(locator->of == LOCATOR_GC ? ROW_GC : ROW_STW, 0));
		break;
	}
	return true;
}

/* ---- the selection */

static bool find_range(const struct model *model, enum seek_kind kind, int64_t begin_ns,
                       struct span *span)
{
	size_t count = kind == SEEK_GC ? model->cycles.count : model->stops.count;

	for (size_t i = 0; i < count; i++) {
		*span = seek_span(model, kind, i);
		if (span->begin_ns == begin_ns)
			return true;
	}
	return false;
}

/* The one that begins then, else one that is going on. */
static bool find_in_lane(const struct model *model, struct row row, int64_t begin_ns,
                         struct span *span)
{
	struct span spans[AT_ONCE];
	size_t count = model_spans(model, row_lane(row), begin_ns, begin_ns + 1, spans, AT_ONCE);

	for (size_t i = 0; i < count; i++) {
		*span = spans[i];
		if (span->begin_ns == begin_ns)
			break;
	}
	return count > 0;
}

static bool find_selected(struct state *state, const struct model *model, int64_t begin_ns,
                          struct span *span)
{
	struct row row = state->at.cursor, inner = row_of_kind(ROW_INNER, row.index);

	if (row.kind == ROW_GC || row.kind == ROW_STW)
		return find_range(model, row.kind == ROW_GC ? SEEK_GC : SEEK_STW, begin_ns, span);
	if (row.kind == ROW_RUN && find_in_lane(model, inner, begin_ns, span) &&
	    span->begin_ns == begin_ns) {
		state_set_cursor(state, inner);
		return true;
	}
	return row_is_lane(row) && row.kind != ROW_GROUP &&
	       find_in_lane(model, row, begin_ns, span);
}

/* ---- all of it */

static void show_time(struct state *state, const struct locator *locator)
{
	struct viewport *window = &state->at.viewport;

	if (locator->has_length)
		viewport_set_window(window, locator->begin_ns,
		                    locator->begin_ns + locator->length_ns);
	else
		viewport_pan(window, viewport_cell_at(window, locator->begin_ns) - window->first -
		                             window->cols / 2);
}

static uint32_t missing_part(const struct model *model, int64_t begin_ns, int64_t end_ns)
{
	uint32_t first, end;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end; first++)
		if (!model_has_history(model, first))
			return first;
	return INDEX_NONE;
}

unsigned command_locate(struct state *state, const struct model *model, int argc, char **argv)
{
	struct locator locator;
	struct span span;
	size_t wrong_at;
	uint32_t part;

	if (argc != 2)
		return command_misuse(state, argv[0]);
	if (!locator_parse(bytes_of(argv[1]), &locator, &wrong_at)) {
		state_refuse(state, "no place: %.80s; like t=412.1ms+3ms,g=21", argv[1] + wrong_at);
		return EFFECT_REDRAW;
	}
	if (locator.has_time)
		show_time(state, &locator);
	if (!locator.has_selected)
		locator.selected_ns = viewport_begin_ns(&state->at.viewport);
	part = missing_part(model, locator.selected_ns, locator.selected_ns + 1);
	if (part != INDEX_NONE && (locator.of == LOCATOR_GO || locator.has_selected)) {
		state->want_part = part;
		state_say(state, "reading ...");
		return EFFECT_REDRAW | EFFECT_WANT;
	}
	if (!go_to_lane(state, model, &locator))
		return EFFECT_REDRAW;
	go_below(state, model, (enum locator_in)locator.in);
	if (!locator.has_selected)
		return EFFECT_REDRAW;
	if (find_selected(state, model, locator.selected_ns, &span))
		state_select(state, &span);
	else
		state_refuse(state, "nothing begins there in this row");
	return EFFECT_REDRAW;
}

/* ---- copying */

unsigned command_copy(struct state *state, const struct model *model, int argc, char **argv)
{
	static const char *const names[COPIES] = { "all", "locator", "table", "screen" };

	(void)model;
	for (int what = 0; what < COPIES; what++)
		if (argc >= 2 && argc <= 3 && strcmp(argv[1], names[what]) == 0) {
			state->copy = (uint8_t)what;
			state->copy_file[0] = '\0';
			if (argc == 3 && strlen(argv[2]) < sizeof(state->copy_file))
				memcpy(state->copy_file, argv[2], strlen(argv[2]) + 1);
			else if (argc == 3)
				return command_misuse(state, argv[0]);
			return EFFECT_COPY;
		}
	return command_misuse(state, argv[0]);
}
