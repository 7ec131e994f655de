/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/keymap.h"

#include "tests/fake_model.h"
#include "tests/tap.h"
#include "tui/control/keymap_files.h"

static struct model model;

static void begin(struct state *state)
{
	model = fake_model(4, 1000000000);
	fake_span(0, SPAN_RUN, fake_go(&model, 1, "main.main"), 100, 900000000);
	fake_stop(&model, 5000, 7000, "why");
	state_init(state, &fake_budget);
	state_follow(state, &model, 100, 4);
}

/* A binding's command must take its arguments: it may refuse, but not for being used wrongly. */
static void bindings_make_sense(const struct keymap *keymap, const char *name)
{
	int wrong = 0;

	for (size_t i = 0; i < keymap->bindings.count; i++) {
		const struct binding *binding = &keymap->bindings.items[i];
		struct state state;

		begin(&state);
		command_run(&state, &model, binding->command);
		if (strncmp(state.message, "use: ", 5) == 0 && ++wrong)
			printf("# %s: %s\n", binding->keys, state.message);
		state_free(&state);
		fake_free(&model);
	}
	ok(wrong == 0, "%s: each binding gives its command what it takes", name);
}

/* A prompt that is opened for a command reaches it, too. */
static const char *behind_prompt(const char *command)
{
	if (strncmp(command, "ask ", 4) == 0)
		return command + 4;
	return strncmp(command, "prompt ", 7) == 0 ? command + 7 : command;
}

static bool is_reached(const struct keymap *keymap, const char *command)
{
	size_t len = strlen(command);

	for (size_t i = 0; i < keymap->bindings.count; i++) {
		const char *bound = keymap->bindings.items[i].command;

		if ((strncmp(bound, command, len) == 0 && strchr(" ", bound[len]) != NULL) ||
		    strcmp(behind_prompt(bound), command) == 0)
			return true;
	}
	return false;
}

/* No key waits for another one: then nothing is slower than it must be. */
static void no_sequence_begins_another(const struct keymap *keymap, const char *name)
{
	int found = 0;

	for (size_t i = 0; i < keymap->bindings.count; i++) {
		bool longer;

		if (keymap->bindings.items[i].command[0] == '\0')
			continue; /* unmapped */
		keymap_find(keymap, MODE_TIMELINE, keymap->bindings.items[i].keys, &longer);
		found += longer;
	}
	ok(found == 0, "%s: no sequence begins another", name);
}

static void check(const struct keymap_file *file)
{
	static const char *const without_key[] = { "select", "locate" };
	struct keymap keymap;
	struct error err = { 0 };
	size_t count;
	const struct command *commands = command_list(&count);

	keymap_init(&keymap, &fake_budget);
	ok(keymap_include(&keymap, file->name, &err), "%s reads: %s", file->name, err.message);
	bindings_make_sense(&keymap, file->name);
	no_sequence_begins_another(&keymap, file->name);
	for (size_t i = 0; i < count; i++)
		ok(is_reached(&keymap, commands[i].name) ||
		           strcmp(commands[i].name, without_key[0]) == 0 ||
		           strcmp(commands[i].name, without_key[1]) == 0,
		   "%s: a key reaches %s", file->name, commands[i].name);
	keymap_free(&keymap);
}

int main(void)
{
	ok(keymap_file_count > 0, "there are keymaps");
	for (size_t i = 0; i < keymap_file_count; i++)
		check(&keymap_files[i]);
	return tap_done();
}
