/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include "core/analysis/related.h"

/* What the lanes are of. */

enum { RELATED_MAX = 200, ACTIVE_MAX = 100000 };

static unsigned show_procs(struct state *state, const struct model *model)
{
	rows_show_procs(&state->rows, model);
	state->at.scroll = 0;
	if (state_has_selection(state))
		state_set_cursor(state, rows_of_span(&state->rows, &state->at.selected));
	state_say(state, "lanes of Ps");
	return EFFECT_REDRAW;
}

/* The first part of the window whose history is not there; INDEX_NONE: all are, or there are so
 * many that they can't be. */
static uint32_t missing_part(const struct state *state, const struct model *model)
{
	const struct viewport *window = &state->at.viewport;
	uint32_t first, end;

	model_parts_in(model, viewport_begin_ns(window), viewport_end_ns(window), &first, &end);
	for (; first < end; first++)
		if (!model_has_history(model, first))
			return first;
	return INDEX_NONE;
}

static unsigned show_threads(struct state *state, const struct model *model)
{
	if (model->threads.count == 0) {
		state_refuse(state, "no thread is known, as far as is loaded");
		return EFFECT_REDRAW;
	}
	rows_show_threads(&state->rows, model);
	state->at.scroll = 0;
	state->at.cursor = rows_lane(&state->rows, 0);
	state_say(state, "lanes of threads");
	return EFFECT_REDRAW;
}

static unsigned show_gos(struct state *state, const struct model *model, const uint32_t *gos,
                         size_t count, const char *what)
{
	if (count == 0) {
		state_refuse(state, "no goroutine runs in this window, as far as is loaded");
		return EFFECT_REDRAW;
	}
	rows_show_gos(&state->rows, model, gos, count);
	state->at.scroll = 0;
	state->at.cursor = rows_lane(&state->rows, 0);
	if (state_has_selection(state))
		state_set_cursor(state, rows_of_span(&state->rows, &state->at.selected));
	state_say(state, "%s%zu goroutine%s %s",
	          missing_part(state, model) == INDEX_NONE ? "" : "so far loaded: ", count,
	          count == 1 ? "" : "s", what);
	return EFFECT_REDRAW;
}

static unsigned show_related(struct state *state, const struct model *model)
{
	const struct viewport *window = &state->at.viewport;
	uint32_t gos[RELATED_MAX];
	size_t count;

	if (!state_has_selection(state) || state->at.selected.go >= model->roster.count) {
		state_refuse(state, "no goroutine is selected: Tab selects in the row");
		return EFFECT_REDRAW;
	}
	count = related_gos(model, state->at.selected.go, viewport_begin_ns(window),
	                    viewport_end_ns(window), gos, RELATED_MAX);
	return show_gos(state, model, gos, count, "related to it in this window");
}

static unsigned show_active(struct state *state, const struct model *model)
{
	const struct viewport *window = &state->at.viewport;
	u32_array gos = { .budget = model->budget };
	unsigned effects;

	array_resize(&gos, ACTIVE_MAX);
	gos.count = active_gos(model, viewport_begin_ns(window), viewport_end_ns(window), gos.items,
	                       ACTIVE_MAX);
	effects = show_gos(state, model, gos.items, gos.count, "running in this window");
	array_free(&gos);
	return effects;
}

static unsigned show_tasks(struct state *state, const struct model *model)
{
	const struct viewport *window = &state->at.viewport;
	task_row_array rows = { .budget = model->budget };
	size_t tasks = 0, gos = 0;

	if (!task_rows_find(model, viewport_begin_ns(window), viewport_end_ns(window), &rows)) {
		state_refuse(state, "no task is in this window, as far as is loaded");
		return EFFECT_REDRAW;
	}
	rows_show_tasks(&state->rows, rows.items, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		tasks += rows.items[i].is_task;
		gos += !rows.items[i].is_task && rows.items[i].copy == 0;
	}
	state->at.scroll = 0;
	state->at.cursor = rows_lane(&state->rows, 0);
	if (state_has_selection(state))
		state_set_cursor(state, rows_of_span(&state->rows, &state->at.selected));
	state_say(state, "%s%zu task%s in this window, with %zu goroutines",
	          missing_part(state, model) == INDEX_NONE ? "" : "so far loaded: ", tasks,
	          tasks == 1 ? "" : "s", gos);
	array_free(&rows);
	return EFFECT_REDRAW;
}

/* To be chosen from, at the prompt. */
static unsigned list_lanes(struct state *state, const struct model *model)
{
	return command_run(state, model, "prompt lanes") |
	       command_run(state, model, "edit complete");
}

/* From one kind to the next; tasks only where there are some. */
static const char *next_lanes(const struct state *state, const struct model *model)
{
	if (state->rows.has_tasks)
		return "procs";
	if (state->rows.lanes_of == LANES_OF_PROCS)
		return "goroutines";
	return state->rows.lanes_of == LANES_OF_GOS ? "threads"
	       : model->said.tasks.count > 0        ? "tasks"
	                                            : "procs";
}

unsigned command_lanes(struct state *state, const struct model *model, int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "next") == 0)
		what = next_lanes(state, model);
	if (strcmp(what, "list") == 0)
		return list_lanes(state, model);
	if (strcmp(what, "tasks") == 0)
		return show_tasks(state, model);
	if (strcmp(what, "threads") == 0)
		return show_threads(state, model);
	if (strcmp(what, "procs") == 0)
		return show_procs(state, model);
	if (strcmp(what, "goroutines") == 0)
		return show_active(state, model);
	if (strcmp(what, "related") == 0)
		return show_related(state, model);
	return command_misuse(state, argv[0]);
}
