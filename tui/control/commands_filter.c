/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <stdio.h>

#include "tui/state/lens.h"

/* Looking through filter expressions. */

static bool set(struct state *state, const struct model *model, char text[LINE_EDIT_MAX],
                const char *expression)
{
	struct error err = { 0 };

	if (!lens_check(expression, model->budget, &err)) {
		state_refuse(state, "%s", err.message);
		command_blame(state, (size_t)err.offset);
		return false;
	}
	snprintf(text, LINE_EDIT_MAX, "%s", expression);
	return true;
}

unsigned command_filter(struct state *state, const struct model *model, int argc, char **argv)
{
	char *text = state->at.filter;

	if (argc == 2 && set(state, model, text, argv[1]))
		state_say(state, "others are dim; :filter ends that");
	if (argc == 1 && text[0] != '\0')
		state_say(state, "no filter any more");
	if (argc == 1)
		text[0] = '\0';
	return EFFECT_REDRAW;
}

unsigned command_highlight(struct state *state, const struct model *model, int argc, char **argv)
{
	char *text = state->at.highlight;

	if (argc == 2 && set(state, model, text, argv[1]))
		state_say(state, "they are marked; :highlight ends that");
	if (argc == 1 && text[0] != '\0')
		state_say(state, "nothing is highlighted any more");
	if (argc == 1)
		text[0] = '\0';
	return EFFECT_REDRAW;
}
