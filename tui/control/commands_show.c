/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>

#include "tui/control/number.h"

/* What is on the screen beside the timeline, and the program itself. */

unsigned command_help(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model, (void)argc, (void)argv;
	state->mode = state->mode == MODE_HELP ? MODE_TIMELINE : MODE_HELP;
	state->table_scroll = 0;
	return EFFECT_REDRAW;
}

unsigned command_about(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model, (void)argc, (void)argv;
	state->mode = state->mode == MODE_ABOUT ? MODE_TIMELINE : MODE_ABOUT;
	state->table_scroll = 0;
	return EFFECT_REDRAW;
}

unsigned command_damage(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)argc, (void)argv;
	if (state->mode == MODE_DAMAGE)
		state->mode = MODE_TIMELINE;
	else if (model->damage.rows.count > 0)
		state->mode = MODE_DAMAGE;
	else if (model->is_whole)
		state_say(state, "nothing is lost: all %" PRIu64 " bytes were decoded",
		          model->bytes);
	else
		state_say(state, "nothing is lost of the first %" PRIu64 " bytes", model->bytes);
	return EFFECT_REDRAW;
}

unsigned command_details(struct state *state, const struct model *model, int argc, char **argv)
{
	int lines;

	if (argc == 2 && number_parse(argv[1], &lines)) {
		state->detail_scroll += lines;
		return EFFECT_REDRAW;
	}
	if (argc != 1)
		return command_misuse(state, argv[0]);
	if (state->links.at > 0)
		return command_run(state, model, "link go");
	if (!state_has_selection(state) && !state_has_board(state))
		return command_run(state, model, "select row");
	state->is_tall = !state->is_tall;
	state->detail_scroll = 0;
	return EFFECT_REDRAW;
}

unsigned command_enter(struct state *state, const struct model *model, int argc, char **argv)
{
	bool seeks = hunt_is_on(&state->hunt) && !state->is_tall && state->links.at == 0;

	(void)argc, (void)argv;
	return command_run(state, model, seeks ? "next hit" : "details");
}

unsigned command_keymap(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model;
	if (argc != 2 || strlen(argv[1]) >= sizeof(state->keymap))
		return command_misuse(state, argv[0]);
	memcpy(state->keymap, argv[1], strlen(argv[1]) + 1);
	return EFFECT_KEYMAP;
}

unsigned command_cancel(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model, (void)argc, (void)argv;
	state->is_grabbed = state->box.is_drawn = false;
	if (state->mode != MODE_TIMELINE)
		state->mode = MODE_TIMELINE;
	else if (state->links.at > 0)
		state->links.at = 0;
	else if (state->is_tall)
		state->is_tall = false;
	else if (state->sieve.is_on)
		sieve_end(&state->sieve);
	else if (hunt_is_on(&state->hunt))
		hunt_end(&state->hunt);
	else if (state->many.spans.count > 0)
		many_clear(&state->many);
	else if (state_has_selection(state))
		state_deselect(state);
	else if (finds_current(&state->finds, &state->at.selected) != NULL)
		state->finds.is_told = false;
	else
		state_say(state, "nothing is open and nothing selected; q quits");
	return EFFECT_REDRAW;
}

/* Whether more is coming the model does not know, but if it is whole then not. */
unsigned command_stop(struct state *state, const struct model *model, int argc, char **argv)
{
	return model->is_whole ? command_cancel(state, model, argc, argv) : EFFECT_STOP;
}

unsigned command_quit(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	return EFFECT_QUIT;
}

unsigned command_suspend(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)state, (void)model, (void)argc, (void)argv;
	return EFFECT_SUSPEND;
}

unsigned command_repaint(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)state, (void)model, (void)argc, (void)argv;
	return EFFECT_REPAINT | EFFECT_REDRAW;
}
