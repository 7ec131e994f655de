/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <stdio.h>

#include "tui/control/number.h"

/* From one finding to the next, by rank. */

static unsigned go_to(struct state *state, const struct model *model, int number)
{
	struct finds *finds = &state->finds;
	const struct finding *finding = &finds->list->items.items[number - 1];
	char text[LOCATOR_TEXT_MAX], line[LOCATOR_TEXT_MAX + 16];
	unsigned effects;

	snprintf(line, sizeof(line), "locate %s", finding_locator(text, finds->list, finding));
	if (finding->go == INDEX_NONE && finding->proc == INDEX_NONE)
		state_deselect(state);
	effects = command_run(state, model, line);
	if (effects & EFFECT_WANT) { /* when its history is there all is done again, not the last step */
		snprintf(state->want_line, sizeof(state->want_line), "finding %d", number);
		return effects;
	}
	finds->at = number;
	finds->of = state->at.selected;
	finds->is_told = true;
	state_say(state, "%d of %zu, %s: %.*s", number, finds->list->items.count,
	          finding_names[finding->kind], (int)finding->sentence.len,
	          (const char *)finding->sentence.data);
	return effects;
}

/* They are looked for first. */
static unsigned put_off(struct state *state, const struct model *model, const char *what)
{
	struct finds *finds = &state->finds;

	if (finds->has_failed) {
		state_refuse(state,
		             "memory was too short to look for findings; --memory raises it");
		return EFFECT_REDRAW;
	}
	finds->is_asked = true;
	snprintf(finds->want, sizeof(finds->want), "finding %.20s", what);
	state_say(state, "%s",
	          model->is_whole ? "looking for findings ..."
	                          : "findings are looked for when all is loaded ...");
	return EFFECT_REDRAW;
}

unsigned command_finding(struct state *state, const struct model *model, int argc, char **argv)
{
	struct finds *finds = &state->finds;
	int number = finds->at, count;

	if (argc != 2)
		return command_misuse(state, argv[0]);
	if (strcmp(argv[1], "hide") == 0) {
		finds->is_hidden = !finds->is_hidden;
		finds->is_told = false;
		state_say(state, "%s",
		          finds->is_hidden ? "the pane lists no findings; --no-findings: never"
		                           : "the pane lists findings when nothing is selected");
		return EFFECT_REDRAW;
	}
	if (strcmp(argv[1], "next") == 0)
		number++;
	else if (strcmp(argv[1], "previous") == 0)
		number--;
	else if (!number_parse(argv[1], &number))
		return command_misuse(state, argv[0]);
	if (finds->list == NULL)
		return put_off(state, model, argv[1]);
	count = (int)finds->list->items.count;
	if (count == 0)
		state_refuse(state, "nothing was found that hurt");
	else if (number < 1 || number > count)
		state_refuse(state, "there are %d findings; this is the %s", count,
		             number < 1 ? "first" : "last");
	else
		return go_to(state, model, number);
	return EFFECT_REDRAW;
}
