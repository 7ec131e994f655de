/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_KEYMAP_H
#define TUI_CONTROL_KEYMAP_H

#include "core/base/error.h"
#include "tui/control/command.h"

/* From keys to command lines. A keymap is a text, one thing a line:
 *
 *	# a comment
 *	map MODE KEYS COMMAND...     MODE: timeline, help, ...; any: all of them, if they do not bind
 *	                             the keys themselves. KEYS as in tui/state/key_name.h
 *	                             {a-z} or {0-9} in KEYS stands for each of these, in a binding of
 *	                             its own; {} in COMMAND for the same one
 *	unmap MODE KEYS
 *	include NAME                 a built-in keymap
 *
 * A later line for the same keys wins. Bound keys of the mouse may name an area: <ruler:WheelUp>. */
enum { MODE_ANY = MODE_COUNT, KEYMAP_KEYS_MAX = 64 };

struct binding {
	uint8_t mode;        /* enum mode, or MODE_ANY */
	const char *keys;    /* canonical names, one behind the other */
	const char *command; /* its line; "": taken away by unmap */
	const char *family;  /* keys as written, if they stand for several; NULL */
	const char *pattern; /* its line as written, then */
};

struct keymap {
	struct arena arena; /* holds the texts */
	ARRAY(struct binding) bindings;
};

void keymap_init(struct keymap *keymap, struct budget *budget);
void keymap_free(struct keymap *keymap);

/* Adds what a text says. A line that is wrong is passed over; the first such becomes err, as
 * "NAME:LINE:COLUMN: what is wrong", and the result is false. */
bool keymap_parse(struct keymap *keymap, const char *name, struct bytes text, struct error *err);

/* The same for a built-in one. */
bool keymap_include(struct keymap *keymap, const char *name, struct error *err);

/* The command line of a sequence of keys; NULL if it has none. *longer: it begins a longer one. */
const char *keymap_find(const struct keymap *keymap, enum mode mode, const char *keys,
                        bool *longer);

/* A key was pressed, or a gesture made where state->pointer is: finds out what it means after the
 * keys before it, and runs that. Keys that may go on wait in state->keys; the longest sequence that
 * is bound wins. Returns effects. */
unsigned keymap_press(const struct keymap *keymap, struct state *state, const struct model *model,
                      const char *key);

/* Whether it only ends what the key before began: what that said and waits for stays. */
bool keymap_is_end(const char *key);

/* Text came from elsewhere, all at once: the prompt takes it, as text alone. is_cut: it was longer. */
unsigned keymap_paste(struct state *state, struct bytes text, bool is_cut);

/* Whether the waiting keys mean something as they are; then, when no more come for a second, they
 * are meant so. */
bool keymap_is_due(const struct keymap *keymap, const struct state *state);
unsigned keymap_expire(const struct keymap *keymap, struct state *state, const struct model *model);

#endif
