/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <stdio.h>

#include "tui/control/number.h"

/* Places: those one has been to, and those with a letter. And how often a command is to be run. */

unsigned command_undo(struct state *state, const struct model *model, int argc, char **argv)
{
	struct sheets *sheets = &state->sheets;

	(void)model, (void)argc, (void)argv;
	if (sheets->is_left && sheets->left == state->places.version) {
		sheets->is_left = false;
		state->mode = MODE_TABLE; /* it led here */
		return EFFECT_REDRAW;
	}
	if (!places_go_back(&state->places, &state->at))
		state_refuse(state, "there is no place before");
	return EFFECT_REDRAW;
}

unsigned command_redo(struct state *state, const struct model *model, int argc, char **argv)
{
	(void)model, (void)argc, (void)argv;
	if (!places_go_forth(&state->places, &state->at))
		state_refuse(state, "there is no place after");
	return EFFECT_REDRAW;
}

static bool is_here(const struct place *a, const struct place *b)
{
	return a->viewport.first == b->viewport.first && a->viewport.scale == b->viewport.scale &&
	       row_equal(a->cursor, b->cursor) && a->scroll == b->scroll &&
	       span_is_same(&a->selected, &b->selected);
}

static unsigned go_to_mark(struct state *state, char letter)
{
	const struct place *place = places_marked(&state->places, letter);
	struct place before = state->at;

	if (place == NULL)
		state_refuse(state, "there is no mark %c; M%c sets it", letter, letter);
	else
		places_go(&state->at, place);
	if (place != NULL && is_here(&before, &state->at))
		state_say(state, "mark %c is here", letter);
	return EFFECT_REDRAW;
}

unsigned command_mark(struct state *state, const struct model *model, int argc, char **argv)
{
	char letter = argc == 3 && strlen(argv[2]) == 1 ? argv[2][0] : 0;

	(void)model;
	if (argc == 2 && strcmp(argv[1], "back") == 0) {
		if (!places_swap(&state->places, &state->at))
			state_refuse(state, "there is no place before");
		return EFFECT_REDRAW;
	}
	if (letter < 'a' || letter > 'z')
		return command_misuse(state, argv[0]);
	if (strcmp(argv[1], "go") == 0)
		return go_to_mark(state, letter);
	if (strcmp(argv[1], "set") != 0)
		return command_misuse(state, argv[0]);
	places_mark(&state->places, letter, &state->at);
	state_say(state, "mark %c is set; '%c goes back to it", letter, letter);
	return EFFECT_REDRAW;
}

/* The words behind the digit, as a line. */
static void join(char *line, size_t size, int argc, char **argv)
{
	size_t len = 0;

	line[0] = '\0';
	for (int i = 2; i < argc && len < size; i++)
		len += (size_t)snprintf(line + len, size - len, "%s%s", i > 2 ? " " : "", argv[i]);
}

unsigned command_count(struct state *state, const struct model *model, int argc, char **argv)
{
	char line[COMMAND_LINE_MAX];
	int digits;

	if (argc < 2 || !number_parse(argv[1], &digits) || digits < 0 || digits > 9)
		return command_misuse(state, argv[0]);
	if (argc > 2 && state->count == 0) { /* no digit is before it */
		join(line, sizeof(line), argc, argv);
		return command_run(state, model, line);
	}
	if (state->count > COMMAND_TIMES_MAX / 10)
		state_refuse(state, "no more than %d times", COMMAND_TIMES_MAX);
	else if (state->count == 0 && digits == 0)
		state_refuse(state, "a number begins with 1 to 9");
	else
		state->count = 10 * state->count + digits;
	return EFFECT_REDRAW;
}
