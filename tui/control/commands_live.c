/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

/* A trace that arrives. */

unsigned command_freeze(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	if (!state->is_live) {
		state_refuse(state, "nothing arrives: all of the trace is there");
		return EFFECT_REDRAW;
	}
	state_freeze(state, !state->is_frozen);
	state_say(state, "%s",
	          state->is_frozen ? "the window stands still; what arrives is read"
	                           : "the window goes with what arrives");
	return EFFECT_REDRAW;
}

unsigned command_again(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	if (state->is_live) {
		state_refuse(state, "it is being recorded; C-c ends that");
		return EFFECT_REDRAW;
	}
	return EFFECT_AGAIN;
}
