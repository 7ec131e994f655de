/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"
#include "tui/control/number.h"

/* What the pane names: from one to the next, and to the place of one. */

static bool is_frame(const struct link *link)
{
	return strncmp(link->command, "source ", 7) == 0;
}

static void tell(struct state *state, const struct link *link)
{
	if (strncmp(link->command, "tally ", 6) == 0)
		state_say(state, "CR goes to the longest of %s, BS returns", link->text);
	else if (is_frame(link))
		state_say(state, "CR opens the source of %s", link->text);
	else if (link->is_of_stack)
		state_say(state, "CR shows them, in all stacks");
	else
		state_say(state, "CR goes to %s, BS returns", link->text);
}

/* The pane scrolls until the marked one shows. */
static void reveal(struct state *state, const struct link *link)
{
	int last = state->detail_scroll + state->links.rows - 1;

	if (link->row < 0)
		return;
	if (link->row < state->detail_scroll)
		state->detail_scroll = link->row;
	else if (link->row > last)
		state->detail_scroll += link->row - last;
}

/* What a note names says more than where and when the span itself is, which comes before. */
static int first_note(const struct links *links)
{
	int at = 1;

	while (at <= links->count && links->items[at - 1].row < 0)
		at++;
	return at <= links->count ? at : 1;
}

static unsigned step(struct state *state, int sign)
{
	struct links *links = &state->links;

	if (links->count == 0) {
		state_refuse(state, "the pane names nothing that could be gone to");
		return EFFECT_REDRAW;
	}
	links->at += sign;
	if (links->at == 1 && sign > 0)
		links->at = first_note(links);
	if (links->at > links->count)
		links->at = 1;
	else if (links->at < 1)
		links->at = links->count;
	reveal(state, &links->items[links->at - 1]);
	tell(state, &links->items[links->at - 1]);
	return EFFECT_REDRAW;
}

static unsigned follow(struct state *state, const struct model *model, int at)
{
	char line[LINK_COMMAND_MAX];

	if (at < 1 || at > state->links.count) {
		state_refuse(state, "no link is marked: > and < mark one");
		return EFFECT_REDRAW;
	}
	memcpy(line, state->links.items[at - 1].command, sizeof(line));
	if (state->links.items[at - 1].is_of_stack) /* the mark stays: the next may tell more */
		return command_run(state, model, line);
	state->links.at = 0;
	state->places.leads_on = true;
	return command_run(state, model, line);
}

unsigned command_link(struct state *state, const struct model *model, int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "next") == 0)
		return step(state, 1);
	if (strcmp(what, "previous") == 0)
		return step(state, -1);
	if (strcmp(what, "go") == 0)
		return follow(state, model, state->links.at);
	if (strcmp(what, "pointer") != 0)
		return command_misuse(state, argv[0]);
	if (state->pointer.area == AREA_DETAIL && state->pointer.link > 0)
		return follow(state, model, state->pointer.link);
	state_say(state, "a click on an id or a time of the pane goes there");
	return EFFECT_REDRAW;
}

/* ---- stacks */

unsigned command_frames(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model;
	if (argc != 1)
		return command_misuse(state, argv[0]);
	state->shows_runtime = !state->shows_runtime;
	state->links.at = 0;
	state_say(state, state->shows_runtime ? "stacks with the runtime's frames"
	                                      : "stacks without the runtime's frames");
	return EFFECT_REDRAW;
}

/* The source of a frame of the selection, in an editor. */
unsigned command_source(struct state *state, const struct model *model, int argc, char **argv)
{
	const struct links *links = &state->links;
	bool is_marked = links->at > 0 && is_frame(&links->items[links->at - 1]);

	if (argc == 1 && is_marked)
		return follow(state, model, links->at);
	if (argc != 1 && (argc != 3 || !number_parse(argv[1], &state->source_stack) ||
	                  !number_parse(argv[2], &state->source_frame)))
		return command_misuse(state, argv[0]);
	if (argc == 1)
		state->source_stack = state->source_frame = 0;
	if (!state_has_selection(state)) {
		state_refuse(state, "nothing is selected whose source could be shown");
		return EFFECT_REDRAW;
	}
	return EFFECT_SOURCE;
}
