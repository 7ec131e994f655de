/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>
#include <stdio.h>

/* Why a goroutine did not run, and what hung on whom in a stretch of time, as tables in place of
 * the timeline (core/analysis/why.h, path.h). */

static unsigned show(struct state *state, const char *name, const char *selector, bool is_held)
{
	struct sheet sheet;

	if (!sheet_make(&sheet, name) || !sheet_select(&sheet, selector) ||
	    (is_held && !sheet_add_option(&sheet, "--held"))) {
		state_refuse(state, "too much for one table");
		return EFFECT_REDRAW;
	}
	sheets_push(&state->sheets, &sheet);
	state->mode = MODE_TABLE;
	return EFFECT_REDRAW;
}

/* The time that is meant: of a run, before it. */
static bool find_time(const struct span *span, int64_t *ns)
{
	bool is_stay = span->kind == SPAN_RUNNABLE || span->kind == SPAN_WAITING ||
	               span->kind == SPAN_SYSCALL;

	*ns = span->begin_ns - !is_stay;
	return is_stay || (span->kind == SPAN_RUN && *ns >= 0);
}

static unsigned show_selected(struct state *state, const struct model *model, bool is_held)
{
	const struct span *span = &state->at.selected;
	char selector[64];
	int64_t ns;

	if (!state_has_selection(state) || span->go >= model->roster.count) {
		state_refuse(state, "select a wait first, or a run for what was before it");
		return EFFECT_REDRAW;
	}
	if (!find_time(span, &ns)) {
		state_refuse(state, "that is no wait, and no run");
		return EFFECT_REDRAW;
	}
	snprintf(selector, sizeof(selector), "G%" PRIu64 "@%" PRId64,
	         roster_brief(&model->roster, span->go).id, ns);
	return show(state, "why", selector, is_held);
}

unsigned command_why(struct state *state, const struct model *model, int argc, char **argv)
{
	bool is_held = argc > 1 && (strcmp(argv[1], "held") == 0 || strcmp(argv[1], "--held") == 0);

	if (argc > 2 + is_held)
		return command_misuse(state, "why");
	return argc == 2 + is_held ? show(state, "why", argv[1 + is_held], is_held)
	                           : show_selected(state, model, is_held);
}

/* Of a task, or of the time that a region, or whatever else is selected, took. */
unsigned command_critical(struct state *state, const struct model *model, int argc, char **argv)
{
	const struct span *span = &state->at.selected;
	char selector[96];

	if (argc > 2)
		return command_misuse(state, "critical");
	if (argc == 2)
		return show(state, "critical", argv[1], false);
	if (!state_has_selection(state) || span->go >= model->roster.count) {
		state_refuse(state, "select a task, a region or a stay first");
		return EFFECT_REDRAW;
	}
	if (span->kind == SPAN_TASK)
		snprintf(selector, sizeof(selector), "%" PRIu64,
		         model->said.tasks.items[span->index].id);
	else
		snprintf(selector, sizeof(selector), "G%" PRIu64 "@%" PRId64 "+%" PRId64,
		         roster_brief(&model->roster, span->go).id, span->begin_ns,
		         span->end_ns > span->begin_ns ? span->end_ns - span->begin_ns : 1);
	return show(state, "critical", selector, false);
}
