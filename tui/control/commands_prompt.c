/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <stdio.h>

#include "tui/control/completion.h"

/* The line where commands are typed. Its keys are bound like all others. */

static const char *const places[LINE_PLACES] = {
	"begin", "end", "left", "right", "word-left", "word-right", "space-left",
};

/* Of the commands that run what is typed. */
static const char *const names[PROMPT_KINDS] = { "", "search ", "match " };

/* The words of what was typed so far come behind the name: `prompt row ` types "row ". */
unsigned command_prompt(struct state *state, const struct model *model, int argc, char **argv)
{
	char text[LINE_EDIT_MAX] = "";
	size_t len = 0;

	(void)model;
	for (int i = 1; i < argc && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ", argv[i]);
	state->is_grabbed = false;
	prompt_open(&state->prompt, text);
	return EFFECT_REDRAW;
}

static unsigned run(struct state *state, const struct model *model)
{
	struct prompt *prompt = &state->prompt;
	struct line_edit line = prompt->line;
	const char *name = names[prompt->kind];
	char text[LINE_COMMAND_MAX];
	unsigned effects;

	prompt_close(prompt); /* the command meets what was there before */
	prompt_remember(prompt, line.text);
	if (prompt->kind == PROMPT_SEARCH && line.text[0] == '\0')
		return command_run(state, model, "next hit"); /* of what was looked for before */
	snprintf(text, sizeof(text), "%s%s", name, line.text);
	effects = command_run(state, model, text);
	if (state->wrong_at < 0)
		return effects | EFFECT_REDRAW;
	state->wrong_at -= (int)strlen(name);
	prompt_open_as(prompt, (enum prompt_kind)prompt->kind, ""); /* to be mended */
	prompt->line = line;
	return EFFECT_REDRAW;
}

static unsigned complete(struct state *state, const struct model *model, int sign)
{
	struct prompt *prompt = &state->prompt;
	struct completion completion;

	if (prompt->kind != PROMPT_COMMAND) {
		state_say(state, "a regular expression; \\V before it: as it stands");
		return EFFECT_REDRAW;
	}
	if (completion_step(prompt, model, sign))
		return EFFECT_REDRAW;
	completion_find(&completion, model, prompt->line.text, prompt->line.at);
	if (completion.command == NULL)
		state_refuse(state, "no command begins so");
	else if (completion.command->arguments[0] == '\0')
		state_say(state, "%s takes nothing more", completion.command->name);
	else
		state_say(state, "%s %s", completion.command->name, completion.command->arguments);
	return EFFECT_REDRAW;
}

static unsigned recall(struct state *state, bool is_older)
{
	if (!prompt_recall(&state->prompt, is_older))
		state_refuse(state, is_older ? "no line before" : "no line after");
	return EFFECT_REDRAW;
}

static unsigned leave(struct state *state)
{
	search_leave_prompt(state);
	prompt_close(&state->prompt);
	return EFFECT_REDRAW;
}

static enum line_place find_place(const char *name)
{
	int place = 0;

	while (place < LINE_PLACES && strcmp(places[place], name) != 0)
		place++;
	return (enum line_place)place;
}

/* An edit that reaches to a place; false: it is none. */
static bool edit_to(struct state *state, const char *what, enum line_place place)
{
	struct line_edit *line = &state->prompt.line;

	if (strcmp(what, "move") == 0)
		line_edit_move(line, place);
	else if (strcmp(what, "kill") == 0)
		line_edit_kill(line, place);
	else if (strcmp(what, "delete") == 0 && line->text[0] == '\0')
		leave(state);
	else if (strcmp(what, "delete") == 0)
		line_edit_delete(line, place);
	else
		return false;
	return true;
}

static bool edit_alone(struct state *state, const char *what)
{
	if (strcmp(what, "yank") == 0)
		line_edit_yank(&state->prompt.line);
	else if (strcmp(what, "swap") == 0)
		line_edit_swap(&state->prompt.line);
	else if (strcmp(what, "older") == 0)
		recall(state, true);
	else if (strcmp(what, "newer") == 0)
		recall(state, false);
	else if (strcmp(what, "leave") == 0)
		leave(state);
	else
		return false;
	return true;
}

unsigned command_edit(struct state *state, const struct model *model, int argc, char **argv)
{
	bool good = false;

	if (!state->prompt.is_open) {
		state_refuse(state, "%s is for the keys of the prompt", argv[0]);
		return EFFECT_REDRAW;
	}
	if (argc == 2 && strcmp(argv[1], "run") == 0)
		return run(state, model);
	if (argc >= 2 && strcmp(argv[1], "complete") == 0 &&
	    (argc == 2 || strcmp(argv[2], "left") == 0))
		return complete(state, model, argc == 2 ? 1 : -1);
	state->prompt.is_listing = false;
	if (argc == 2)
		good = edit_alone(state, argv[1]);
	else if (argc == 3 && find_place(argv[2]) < LINE_PLACES)
		good = edit_to(state, argv[1], find_place(argv[2]));
	search_follow_prompt(state);
	return good ? EFFECT_REDRAW : command_misuse(state, argv[0]);
}
