/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/keymap.h"

#include <stdio.h>

#include "tui/control/commands.h"
#include "tui/state/key_name.h"

void keymap_init(struct keymap *keymap, struct budget *budget)
{
	*keymap =
		(struct keymap){ .arena = { .budget = budget }, .bindings = { .budget = budget } };
}

void keymap_free(struct keymap *keymap)
{
	array_free(&keymap->bindings);
	arena_free(&keymap->arena);
}

/* A mode's own binding goes before that of any, an unmapped one hides nothing. Names of keys are
 * such that one sequence begins another exactly if its text does. */
const char *keymap_find(const struct keymap *keymap, enum mode mode, const char *keys, bool *longer)
{
	size_t len = strlen(keys);
	const char *own = NULL, *any = NULL;

	*longer = false;
	for (size_t i = 0; i < keymap->bindings.count; i++) {
		const struct binding *binding = &keymap->bindings.items[i];

		if ((binding->mode != mode && binding->mode != MODE_ANY) ||
		    binding->command[0] == '\0' || strncmp(binding->keys, keys, len) != 0)
			continue;
		if (binding->keys[len] != '\0')
			*longer = true;
		else if (binding->mode == MODE_ANY)
			any = binding->command;
		else
			own = binding->command;
	}
	return own != NULL ? own : any;
}

/* How much of the keys is the longest sequence that is bound; 0: none is. */
static size_t find_longest(const struct keymap *keymap, enum mode mode, const char *keys,
                           const char **command)
{
	char head[KEYMAP_KEYS_MAX], name[KEY_NAME_MAX];
	size_t pos = 0, longest = 0;
	bool longer;

	while (key_name_split(bytes_of(keys), &pos, name)) {
		const char *found;

		snprintf(head, sizeof(head), "%.*s", (int)pos, keys);
		found = keymap_find(keymap, mode, head, &longer);
		if (found == NULL)
			continue;
		longest = pos;
		*command = found;
	}
	return longest;
}

static unsigned refuse_keys(struct state *state)
{
	char keys[KEYMAP_KEYS_MAX];

	memcpy(keys, state->keys, sizeof(keys));
	state->keys[0] = '\0';
	state_refuse(state, "%s is not bound; ? shows all keys", keys);
	return EFFECT_REDRAW;
}

/* Runs what the waiting keys mean; unless it is final, they wait on if they may become longer. */
static unsigned settle(const struct keymap *keymap, struct state *state, const struct model *model,
                       bool is_final)
{
	unsigned effects = 0;

	while (state->keys[0] != '\0') {
		enum mode mode = state_keys_mode(state);
		const char *command = NULL;
		bool longer;
		size_t len;

		keymap_find(keymap, mode, state->keys, &longer);
		if (longer && !is_final)
			return effects | EFFECT_REDRAW;
		len = find_longest(keymap, mode, state->keys, &command);
		if (len == 0)
			return effects | refuse_keys(state);
		memmove(state->keys, state->keys + len, strlen(state->keys + len) + 1);
		effects |= command_repeat(state, model, command);
	}
	return effects;
}

/* A gesture's name in an area; false for a key of the keyboard, which has none. */
static bool name_in_area(const char *key, enum area area, char name[KEY_NAME_MAX])
{
	char text[2 * KEY_NAME_MAX];

	if (key[0] != '<')
		return false;
	snprintf(text, sizeof(text), "<%s:%s", area_name(area), key + 1);
	return key_name_canonical(bytes_of(text), name);
}

/* A drag belongs to the area where it began. */
static enum area area_of(const struct state *state, const char *key)
{
	bool drags = state->is_grabbed && strstr(key, "Drag>") != NULL;
	enum area area = (enum area)(drags ? state->grab.area : state->pointer.area);

	return area == AREA_NONE ? AREA_PLOT : area;
}

/* Gestures mean what they mean in their area, else anywhere; those that mean nothing are no news.
 */
static unsigned press_gesture(const struct keymap *keymap, struct state *state,
                              const struct model *model, const char *key, const char *in_area)
{
	enum mode mode = state_keys_mode(state);
	bool longer;
	const char *command = keymap_find(keymap, mode, in_area, &longer);

	if (command == NULL)
		command = keymap_find(keymap, mode, key, &longer);
	state->keys[0] = '\0';
	return command != NULL ? command_run(state, model, command) : 0;
}

static bool is_cancel(const char *key)
{
	return strcmp(key, "<Esc>") == 0 || strcmp(key, "<C-g>") == 0 || strcmp(key, "<C-c>") == 0;
}

/* At the prompt, what a key writes is written, whatever it is bound to elsewhere. */
static bool write_key(struct state *state, const char *key)
{
	struct bytes text = key_name_text(key);

	if (!state->prompt.is_open || state->keys[0] != '\0' || text.len == 0)
		return false;
	state->prompt.is_listing = false;
	if (!line_edit_insert(&state->prompt.line, text))
		state_refuse(state, "a line has no more room than this");
	return true;
}

bool keymap_is_end(const char *key)
{
	return strcmp(key, "<Release>") == 0;
}

unsigned keymap_press(const struct keymap *keymap, struct state *state, const struct model *model,
                      const char *key)
{
	char name[KEY_NAME_MAX];
	size_t len = strlen(state->keys);
	unsigned effects = 0;

	if (!keymap_is_end(key)) {
		effects = state->message[0] != '\0' ? EFFECT_REDRAW : 0;
		state->message[0] = '\0';
		state->is_error = false;
		state->wrong_at = -1;
	}
	if (write_key(state, key)) {
		search_follow_prompt(state);
		return EFFECT_REDRAW;
	}
	if (name_in_area(key, area_of(state, key), name))
		return effects | press_gesture(keymap, state, model, key, name);
	if ((len > 0 || state->count > 0) && is_cancel(key)) {
		state->keys[0] = '\0';
		state->count = 0;
		return EFFECT_REDRAW;
	}
	if (len + strlen(key) >= sizeof(state->keys))
		return refuse_keys(state);
	memcpy(state->keys + len, key, strlen(key) + 1);
	return effects | settle(keymap, state, model, false);
}

bool keymap_is_due(const struct keymap *keymap, const struct state *state)
{
	const char *command;

	return state->keys[0] != '\0' &&
	       find_longest(keymap, state_keys_mode(state), state->keys, &command) > 0;
}

unsigned keymap_paste(struct state *state, struct bytes text, bool is_cut)
{
	state->keys[0] = '\0';
	if (!state->prompt.is_open) {
		state_refuse(state, "a paste is only for the prompt; : opens it");
		return EFFECT_REDRAW;
	}
	state->prompt.is_listing = false;
	if (!line_edit_insert(&state->prompt.line, text) || is_cut)
		state_refuse(state, "not all that was pasted has room in a line");
	search_follow_prompt(state);
	return EFFECT_REDRAW;
}

unsigned keymap_expire(const struct keymap *keymap, struct state *state, const struct model *model)
{
	return settle(keymap, state, model, true);
}
