/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/interface_keys.h"

#include "tui/control/help.h"
#include "tui/keymap_open.h"

static void tell_keys(struct interface *interface)
{
	table_free(&interface->help);
	table_init(&interface->help, interface->session->budget);
	help_make(&interface->help, &interface->keymap);
}

static void add_own_keys(struct interface *interface)
{
	struct error err = { 0 };

	if (interface->own_keys != NULL &&
	    !keymap_add_file(&interface->keymap, interface->own_keys, &err))
		state_refuse(&interface->state, "%s", err.message);
}

void interface_add_keys(struct interface *interface, const char *path)
{
	interface->own_keys = path;
	add_own_keys(interface);
	tell_keys(interface);
}

void interface_change_keys(struct interface *interface)
{
	struct state *state = &interface->state;
	struct keymap keymap;
	struct error err = { 0 };

	keymap_init(&keymap, interface->session->budget);
	if (!keymap_open(&keymap, state->keymap, &err)) {
		keymap_free(&keymap);
		state_refuse(state, "%s", err.message);
		return;
	}
	keymap_free(&interface->keymap);
	interface->keymap = keymap;
	state_say(state, "keys of %s; ? shows them", state->keymap);
	if (strcmp(state->keymap, KEYMAP_DEFAULT) == 0)
		add_own_keys(interface);
	tell_keys(interface);
}
