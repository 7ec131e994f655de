/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>

/* Lanes of the goroutines that match an expression. */

static unsigned show_matches(struct state *state, const struct model *model)
{
	const u32_array *gos = &state->sieve.gos;

	if (gos->count == 0) {
		state_refuse(state, "no goroutine of this window matches");
		return EFFECT_REDRAW;
	}
	rows_show_gos(&state->rows, model, gos->items, gos->count);
	state->at.scroll = 0;
	state->at.cursor = rows_lane(&state->rows, 0);
	state_say(state, "%s%zu goroutine%s of this window match; l shows Ps again",
	          gos->count == SIEVE_GOS_MAX ? "the first " : "", gos->count,
	          gos->count == 1 ? "" : "s");
	return EFFECT_REDRAW;
}

unsigned match_step(struct state *state, const struct model *model)
{
	struct place from = state->at;
	unsigned effects;

	if (!state->sieve.is_on || sieve_step(&state->sieve, model))
		return 0;
	effects = show_matches(state, model);
	sieve_end(&state->sieve);
	state_follow_look(state);
	places_note(&state->places, &from, &state->at, true);
	return effects;
}

unsigned command_match(struct state *state, const struct model *model, int argc, char **argv)
{
	const struct viewport *window = &state->at.viewport;
	struct error err = { 0 };

	if (argc == 1)
		return command_run(state, model, "lanes procs");
	if (!sieve_begin(&state->sieve, bytes_of(argv[1]), viewport_begin_ns(window),
	                 viewport_end_ns(window), &err)) {
		state_refuse(state, "%s", err.message);
		command_blame(state, (size_t)err.offset);
		return EFFECT_REDRAW;
	}
	state_say(state, "looking at %" PRIu32 " goroutines ...", model->roster.count);
	return match_step(state, model) | EFFECT_REDRAW;
}
