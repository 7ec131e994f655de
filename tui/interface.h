/* SPDX-License-Identifier: MIT */
#ifndef TUI_INTERFACE_H
#define TUI_INTERFACE_H

#include "tui/board.h"
#include "tui/desk.h"
#include "tui/control/help.h"
#include "tui/lookout.h"
#include "tui/session.h"
#include "tui/state/lens.h"
#include "core/analysis/locator.h"
#include "tui/view/view.h"

/* What is between keys and cells, with a terminal or without: state, keymap and views over a
 * session. The loop and the pictures of scripts both use it, so that a script shows what a terminal
 * would. */
struct interface {
	struct session *session;
	const char *file; /* the trace's name */
	struct state state;
	struct view view;
	struct keymap keymap;
	const char *own_keys; /* the file of those beside the default ones; NULL */
	struct table help, about, choices;
	struct board board;
	struct desk desk;
	struct lookout lookout;
	struct flows flows;    /* of the selection */
	struct detail detail;  /* of the selection */
	struct span detail_of; /* as it was selected */
	struct locator at;     /* to be gone to once it is there; --at */
	bool goes_at;
	bool is_of_address; /* the trace was recorded from one, which can be done again */
	bool goes_again;
	char at_text[LOCATOR_TEXT_MAX];
	bool has_detail, detail_is_rough; /* made again when its history is there */
	bool has_told_first, has_told_damage;
	struct lens filter, highlight; /* of the state */
	bool is_busy;                  /* with what interface_step does */
	uint64_t made_before;   /* histories, when the last key was pressed */
	int64_t counts_from_ms; /* by the clock: a search that is typed is not counted before */
	int cols, rows;
};

/* keymap: the name of a built-in one or of a file; NULL: the default. */
bool interface_open(struct interface *interface, struct session *session, const char *file,
                    const char *keymap, struct error *err);
void interface_close(struct interface *interface);

/* A place to be gone to as soon as it is loaded. */
void interface_go_at(struct interface *interface, const char *text);

/* A trace that this one is compared with: shows the table of that. */
void interface_compare(struct interface *interface, const char *path);

void interface_resize(struct interface *interface, int cols, int rows);

/* A key, or a gesture of the mouse at a place (row < 0: a key). Returns effects. */
unsigned interface_press(struct interface *interface, const char *key, int row, int col);

/* Text that was pasted; is_cut: not all of it. */
unsigned interface_paste(struct interface *interface, struct bytes text, bool is_cut);

/* The session has gone on, or the waiting time of a key is over. Returns effects. */
unsigned interface_follow(struct interface *interface);
unsigned interface_expire(struct interface *interface);

/* Goes on with what was begun, for about ms milliseconds; true: there is something new to be seen.
 * Until there is nothing to do, or the session has to go on first: interface_is_busy. */
bool interface_step(struct interface *interface, int ms);
bool interface_is_busy(const struct interface *interface);

/* When it is to be called again in any case; -1: when something comes. */
int interface_wait_ms(const struct interface *interface);

void interface_draw(struct interface *interface, struct cells *cells);

#endif
