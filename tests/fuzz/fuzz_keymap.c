/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include "tests/fake_model.h"
#include "tui/control/keymap.h"
#include "tui/state/key_name.h"

/* A keymap that somebody wrote; then all that it binds is pressed. What has to hold: what is wrong
 * is told with its place; keys have one spelling, by which they are found; and no command line does
 * harm. */

static void check_refusal(const struct error *err)
{
	must(err->kind == ERROR_USAGE, "what is wrong is the user's");
	must(strchr(err->message, ':') != NULL, "and has a place");
}

/* The keys of a binding, pressed one by one. */
static void press(const struct keymap *keymap, struct state *state, const struct model *model,
                  const char *keys)
{
	char name[KEY_NAME_MAX];
	size_t at = 0;

	while (key_name_split(bytes_of(keys), &at, name))
		keymap_press(keymap, state, model, name);
	if (keymap_is_due(keymap, state))
		keymap_expire(keymap, state, model);
	must(strlen(state->keys) < sizeof(state->keys), "keys that wait have room");
}

static void check_binding(const struct keymap *keymap, const struct binding *binding)
{
	char name[KEY_NAME_MAX], all[2 * KEYMAP_KEYS_MAX] = "";
	size_t at = 0;
	bool longer;

	must(binding->mode <= MODE_ANY && binding->keys[0] != '\0', "a mode and keys");
	while (key_name_split(bytes_of(binding->keys), &at, name))
		strcat(all, name);
	must(strcmp(all, binding->keys) == 0, "keys have one spelling");
	for (int mode = 0; mode < MODE_COUNT; mode++)
		if (binding->mode == mode && binding->command[0] != '\0')
			must(keymap_find(keymap, (enum mode)mode, binding->keys, &longer) ==
			             binding->command,
			     "a binding is found");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct state state;
	struct model model = fake_model(3, 1000000000);
	struct keymap keymap;
	struct error err = { 0 };

	fake_span(0, SPAN_RUN, fake_go(&model, 7, "main.main"), 1000, 900000000);
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 20);
	keymap_init(&keymap, &fake_budget);
	if (!keymap_parse(&keymap, "keys", (struct bytes){ data, size }, &err))
		check_refusal(&err);
	for (size_t i = 0; i < keymap.bindings.count; i++)
		check_binding(&keymap, &keymap.bindings.items[i]);
	for (size_t i = 0; i < keymap.bindings.count; i++)
		press(&keymap, &state, &model, keymap.bindings.items[i].keys);
	keymap_free(&keymap);
	state_free(&state);
	fake_free(&model);
	must(atomic_load(&fake_budget.used) == 0, "memory comes back");
	return 0;
}
