/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_TOKENS_H
#define TUI_TERM_TOKENS_H

#include "core/base/bytes.h"

/* What a terminal sends, cut into tokens before libtermkey sees any of it: libtermkey 0.22 crashes
 * on some byte sequences, takes the mouse for keys and replies for text (terminal.md 1.4), so it
 * gets nothing but complete and well-formed key sequences. A state machine without a clock; how
 * its input is split into reads changes nothing. */
enum token_kind {
	TOKEN_CODE,     /* a character or control code, with modifiers */
	TOKEN_SEQUENCE, /* a key sequence for libtermkey */
	TOKEN_MOUSE,
	TOKEN_PASTE, /* text between the brackets of a paste, as it came */
	TOKEN_FOCUS, /* the terminal got or lost the focus */
};

enum token_modifier {
	TOKEN_SHIFT = 1,
	TOKEN_ALT = 2,
	TOKEN_CTRL = 4,
};

enum mouse_action {
	MOUSE_PRESS,
	MOUSE_DRAG,
	MOUSE_RELEASE, /* some terminals do not tell of which button */
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
	MOUSE_WHEEL_LEFT,
	MOUSE_WHEEL_RIGHT,
};

struct token {
	enum token_kind kind;
	unsigned modifiers;       /* enum token_modifier, of CODE and MOUSE */
	uint32_t code;            /* CODE */
	enum mouse_action action; /* MOUSE */
	int button;               /* MOUSE: 0 left, 1 middle, 2 right, 3 unknown */
	int row, col;             /* MOUSE: from 0 */
	bool focus;               /* FOCUS: got it */
	bool cut;                 /* PASTE: it was longer than we keep */
	struct bytes bytes;       /* SEQUENCE and PASTE: in struct tokens, until the next call */
};

enum { TOKENS_SEQUENCE_MAX = 64, TOKENS_PASTE_MAX = 64 << 10 };

/* Zero-initialized is ready. */
struct tokens {
	bool utf8;      /* what the terminal sends; otherwise ASCII, the rest is dropped */
	unsigned state; /* enum state in tokens.c */
	bool alt;       /* an ESC came before what is being read */
	bool spilt;     /* the sequence is longer than we keep */
	size_t len;
	uint8_t sequence[TOKENS_SEQUENCE_MAX];
	uint32_t code, least; /* of UTF-8: as far as read; less is an over-long form */
	int tail;             /* bytes of UTF-8 or of an X10 report that are missing */
	int match;            /* bytes of the closing bracket seen */
	bool paste_cut;
	size_t paste_len;
	uint8_t paste[TOKENS_PASTE_MAX];
};

/* Takes bytes off in until a token is complete. False when in is used up. */
bool tokens_take(struct tokens *tokens, struct bytes *in, struct token *token);

/* What is unfinished, and so what the caller's clock is for. */
enum tokens_wait {
	TOKENS_WAIT_NONE,
	TOKENS_WAIT_SHORT, /* an ESC that may be the key, or a sequence that may be complete: 50 ms
	                    */
	TOKENS_WAIT_LONG,  /* half of a sequence: a second */
};
enum tokens_wait tokens_wait(const struct tokens *tokens);

/* That time has passed without another byte: an ESC is the key, half a sequence is dropped. True if
 * there is a token; call again until there is none. */
bool tokens_expire(struct tokens *tokens, struct token *token);

/* Forgets what is unfinished: after the terminal was given away. */
void tokens_reset(struct tokens *tokens);

#endif
