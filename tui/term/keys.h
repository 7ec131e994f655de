/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_KEYS_H
#define TUI_TERM_KEYS_H

#include "core/base/error.h"
#include "tui/term/tokens.h"

/* Bytes of the keyboard -> named events. The one file that knows libtermkey, which does no more
 * here than to tell which key a sequence is, by the terminal's description. Names are the
 * canonical ones of tui/state/key_name.h. */
enum { KEYS_NAME_MAX = 32, KEYS_ESCAPE_MS = 50 };

enum key_event_kind {
	KEY_EVENT_KEY,
	KEY_EVENT_MOUSE, /* <Click> <2-Click> <Drag> <Release> <MidClick> <WheelUp> ... */
	KEY_EVENT_PASTE,
	KEY_EVENT_FOCUS,
};

struct key_event {
	enum key_event_kind kind;
	char name[KEYS_NAME_MAX]; /* of KEY and MOUSE */
	struct bytes text;        /* KEY: what it writes in a prompt; PASTE: raw, as it came. Valid
	                           * until the next call */
	int row, col;             /* MOUSE: from 0; otherwise -1 */
	bool cut;                 /* PASTE: it was longer than TOKENS_PASTE_MAX */
	bool focus;               /* FOCUS: got it */
};

struct keys {
	void *termkey;
	int escape_ms; /* how long an ESC waits for what may belong to it; may be changed */
	struct tokens tokens;
	struct bytes in;
	int64_t arrived_ms; /* when the last bytes came */
	bool expired;
	struct {
		bool single; /* the last event was one click of the left button, then */
		int row, col;
		int64_t at_ms;
	} click;
	char typed[4];
};

/* term: a terminal type that is known, as screen.term; utf8: what the terminal sends. */
bool keys_open(struct keys *keys, const char *term, bool utf8, struct error *err);
void keys_close(struct keys *keys);

/* Gives it what was read, at a time of a clock that never goes back; the bytes must stay until
 * keys_next has returned false. */
void keys_feed(struct keys *keys, struct bytes in, int64_t now_ms);

/* The next event; false if there is none (yet). */
bool keys_next(struct keys *keys, struct key_event *event);

/* In how many ms keys_expire should be called; -1: no need. */
int keys_timeout_ms(const struct keys *keys, int64_t now_ms);

/* If it is time, makes a lone ESC a key, which keys_next then gives, and drops half a sequence. */
void keys_expire(struct keys *keys, int64_t now_ms);

/* Forgets what is unfinished: after the terminal was given away. */
void keys_reset(struct keys *keys);

#endif
