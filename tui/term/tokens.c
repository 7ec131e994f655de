/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/tokens.h"

/*  GROUND --ESC--> ESCAPE --[--> CSI --final--> GROUND, or PASTE after CSI 200~, X10 after CSI M
 *     |              |  \---O--> SS3 --any---> GROUND       CSI --[--> LINUX --any--> GROUND
 *     |              \----]P_^X-> STRING --BEL or ESC \--> GROUND
 *     \--lead--> UTF8 --last--> GROUND */
enum state {
	GROUND,
	UTF8,
	ESCAPE,
	CSI,
	LINUX, /* function keys of the Linux console: ESC [ [ A */
	SS3,
	X10, /* a report of the mouse in three bytes */
	STRING,
	STRING_ESCAPE,
	PASTE,
};

/* What a byte did, joined by |. */
enum step {
	STEP_DONE = 0,
	STEP_TOKEN = 1, /* a token is complete */
	STEP_AGAIN = 2, /* the byte is not used up: give it to the new state */
};

enum { BEL = 0x07, BACKSPACE = 0x08, CAN = 0x18, SUB = 0x1a, ESC = 0x1b, DEL = 0x7f };
enum { PARAMETERS_MAX = 5, PARAMETER_DIGITS = 6 };

static unsigned enter(struct tokens *tokens, enum state state)
{
	tokens->state = state;
	return STEP_DONE;
}

static unsigned give_code(struct tokens *tokens, struct token *token, uint32_t code,
                          unsigned modifiers)
{
	enter(tokens, GROUND);
	*token = (struct token){ .kind = TOKEN_CODE, .code = code, .modifiers = modifiers };
	return STEP_TOKEN;
}

static unsigned give_sequence(struct tokens *tokens, struct token *token)
{
	enter(tokens, GROUND);
	*token = (struct token){ .kind = TOKEN_SEQUENCE,
		                 .bytes = { tokens->sequence, tokens->len } };
	return STEP_TOKEN;
}

/* ---- single characters */

static unsigned begin_utf8(struct tokens *tokens, uint8_t lead)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

	if (!tokens->utf8 || lead < 0xc2 || lead > 0xf4)
		return enter(tokens, GROUND);
	tokens->tail = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
	tokens->code = lead & (0x3fu >> tokens->tail);
	tokens->least = least[tokens->tail];
	return enter(tokens, UTF8);
}

/* Not a control character of either kind, nor a surrogate. */
static bool is_character(uint32_t code)
{
	return code >= 0xa0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

static unsigned step_utf8(struct tokens *tokens, uint8_t byte, struct token *token)
{
	if ((byte & 0xc0) != 0x80) {
		enter(tokens, GROUND);
		return STEP_AGAIN;
	}
	tokens->code = tokens->code << 6 | (byte & 0x3f);
	if (--tokens->tail > 0)
		return STEP_DONE;
	if (tokens->code < tokens->least || !is_character(tokens->code))
		return enter(tokens, GROUND);
	return give_code(tokens, token, tokens->code, tokens->alt ? TOKEN_ALT : 0);
}

/* A character or control code, after an ESC if tokens->alt. Which of two codes is Backspace, the
 * terminal's description knows. */
static unsigned step_character(struct tokens *tokens, uint8_t byte, struct token *token)
{
	if (byte >= 0x80)
		return begin_utf8(tokens, byte);
	if (byte != BACKSPACE && byte != DEL)
		return give_code(tokens, token, byte, tokens->alt ? TOKEN_ALT : 0);
	tokens->len = 0;
	if (tokens->alt)
		tokens->sequence[tokens->len++] = ESC;
	tokens->sequence[tokens->len++] = byte;
	return give_sequence(tokens, token);
}

/* ---- sequences: all their bytes are kept, with the ESC or two that begin them */

static void begin_sequence(struct tokens *tokens, uint8_t kind)
{
	tokens->len = 0;
	tokens->spilt = false;
	if (tokens->alt)
		tokens->sequence[tokens->len++] = ESC;
	tokens->sequence[tokens->len++] = ESC;
	tokens->sequence[tokens->len++] = kind;
}

static void keep(struct tokens *tokens, uint8_t byte)
{
	if (tokens->len < sizeof(tokens->sequence))
		tokens->sequence[tokens->len++] = byte;
	else
		tokens->spilt = true;
}

static unsigned restart(struct tokens *tokens)
{
	tokens->alt = false;
	return enter(tokens, ESCAPE);
}

/* In this state tokens->alt says that two ESC wait, not one. */
static unsigned step_escape(struct tokens *tokens, uint8_t byte, struct token *token)
{
	switch (byte) {
	case ESC:
		if (tokens->alt) {
			give_code(tokens, token, ESC, 0);
			tokens->state = ESCAPE;
			return STEP_TOKEN;
		}
		tokens->alt = true;
		return STEP_DONE;
	case CAN:
	case SUB:
		return enter(tokens, GROUND);
	case '[':
		begin_sequence(tokens, byte);
		return enter(tokens, CSI);
	case 'O':
		begin_sequence(tokens, byte);
		return enter(tokens, SS3);
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		return enter(tokens, STRING);
	}
	if (tokens->alt) {
		give_code(tokens, token, ESC, 0);
		restart(tokens);
		return STEP_TOKEN | STEP_AGAIN;
	}
	tokens->alt = true;
	return step_character(tokens, byte, token);
}

/* Exactly one byte ends these, whatever it is. */
static unsigned step_last(struct tokens *tokens, uint8_t byte, struct token *token)
{
	if (byte == ESC)
		return restart(tokens);
	if (byte <= ' ' || byte >= DEL)
		return enter(tokens, GROUND);
	keep(tokens, byte);
	return give_sequence(tokens, token);
}

static unsigned step_string(struct tokens *tokens, uint8_t byte)
{
	if (byte == ESC)
		return enter(tokens, STRING_ESCAPE);
	if (byte == BEL || byte == CAN || byte == SUB)
		return enter(tokens, GROUND);
	return STEP_DONE;
}

static unsigned step_string_escape(struct tokens *tokens, uint8_t byte)
{
	if (byte == '\\')
		return enter(tokens, GROUND);
	restart(tokens);
	return STEP_AGAIN;
}

/* ---- the mouse */

static unsigned give_mouse(struct tokens *tokens, struct token *token, unsigned buttons,
                           bool release)
{
	unsigned low = buttons & 3;

	enter(tokens, GROUND);
	token->kind = TOKEN_MOUSE;
	token->modifiers = buttons >> 2 & 7; /* the same bits */
	token->button = (int)low;
	if (buttons >= 128) /* buttons we have no names for */
		return STEP_DONE;
	if ((buttons & 64) != 0) {
		token->action = (enum mouse_action)(MOUSE_WHEEL_UP + low);
		return release ? STEP_DONE : STEP_TOKEN;
	}
	if (low == 3 && (buttons & 32) != 0 && !release) /* moved without a button */
		return STEP_DONE;
	token->action = release || low == 3   ? MOUSE_RELEASE
	                : (buttons & 32) != 0 ? MOUSE_DRAG
	                                      : MOUSE_PRESS;
	return STEP_TOKEN;
}

static unsigned step_x10(struct tokens *tokens, uint8_t byte, struct token *token)
{
	const uint8_t *report;

	if (byte == ESC)
		return restart(tokens);
	if (byte < ' ')
		return enter(tokens, GROUND);
	keep(tokens, byte);
	if (--tokens->tail > 0)
		return STEP_DONE;
	report = tokens->sequence + tokens->len - 3;
	if (report[1] == ' ' || report[2] == ' ')
		return enter(tokens, GROUND);
	*token = (struct token){ .col = report[1] - 33, .row = report[2] - 33 };
	return give_mouse(tokens, token, report[0] - 32u, false);
}

/* ---- control sequences */

struct parameters {
	int count;
	int32_t values[PARAMETERS_MAX]; /* -1: left out */
};

/* Digits and semicolons between at and end. False for anything else and for too much of it. */
static bool parse_parameters(const uint8_t *at, const uint8_t *end, struct parameters *parameters)
{
	int digits = 0;

	*parameters = (struct parameters){ .count = at < end, .values = { -1, -1, -1, -1, -1 } };
	for (; at < end; at++) {
		int32_t *value = &parameters->values[parameters->count - 1];

		if (*at == ';') {
			if (parameters->count++ == PARAMETERS_MAX)
				return false;
			digits = 0;
			continue;
		}
		if (*at < '0' || *at > '9' || ++digits > PARAMETER_DIGITS)
			return false;
		*value = (*value < 0 ? 0 : *value * 10) + (*at - '0');
	}
	return true;
}

/* Shift 1, Alt 2, Ctrl 4, Meta 8, plus one; Meta is Alt to us. */
static unsigned modifiers_of(int32_t parameter)
{
	unsigned bits = parameter < 1 ? 0 : (unsigned)parameter - 1;

	return (bits & 7) | ((bits & 8) != 0 ? (unsigned)TOKEN_ALT : 0);
}

/* A key told by its code point: CSI code ; modifiers u, CSI 27 ; modifiers ; code ~ */
static unsigned give_coded(struct tokens *tokens, struct token *token, int32_t code,
                           int32_t modifiers)
{
	bool private_use = code >= 0xe000 && code <= 0xf8ff; /* keys we have no names for */

	if (code < 0 || modifiers == 0 || private_use ||
	    (code > 0x7f && !is_character((uint32_t)code)))
		return enter(tokens, GROUND);
	return give_code(tokens, token, (uint32_t)code, modifiers_of(modifiers));
}

static unsigned end_tilde(struct tokens *tokens, struct token *token, const struct parameters *p)
{
	switch (p->values[0]) {
	case -1:
	case 201: /* the end of a paste that never began */
		return enter(tokens, GROUND);
	case 27:
		return p->count == 3 ? give_coded(tokens, token, p->values[2], p->values[1])
		                     : enter(tokens, GROUND);
	case 200:
		tokens->paste_len = 0;
		tokens->paste_cut = false;
		tokens->match = 0;
		return enter(tokens, PASTE);
	}
	return give_sequence(tokens, token);
}

/* Without a private byte, an intermediate or a colon. Replies to questions nobody asked end here.
 */
static unsigned end_plain(struct tokens *tokens, uint8_t final, const struct parameters *p,
                          struct token *token)
{
	if (p->count > 4 || p->values[1] == 0)
		return enter(tokens, GROUND);
	switch (final) {
	case 'I':
	case 'O':
		enter(tokens, GROUND);
		*token = (struct token){ .kind = TOKEN_FOCUS, .focus = final == 'I' };
		return p->count == 0 ? STEP_TOKEN : STEP_DONE;
	case 'M':
		tokens->tail = 3;
		return enter(tokens, p->count == 0 ? X10 : GROUND);
	case 'R':
	case 'c':
	case 'm':
	case 'n':
	case 't':
	case 'y':
		return enter(tokens, GROUND);
	case 'u':
		return give_coded(tokens, token, p->values[0], p->values[1]);
	case '~':
		return end_tilde(tokens, token, p);
	}
	return give_sequence(tokens, token);
}

static unsigned end_csi(struct tokens *tokens, uint8_t final, struct token *token)
{
	const uint8_t *at = tokens->sequence + (tokens->alt ? 3 : 2);
	const uint8_t *end = tokens->sequence + tokens->len;
	struct parameters p;
	bool sgr = at < end && *at == '<' && (final == 'M' || final == 'm');

	if (tokens->spilt || !parse_parameters(at + sgr, end, &p))
		return enter(tokens, GROUND);
	if (!sgr) {
		keep(tokens, final);
		return tokens->spilt ? enter(tokens, GROUND) : end_plain(tokens, final, &p, token);
	}
	if (p.count != 3 || p.values[0] < 0 || p.values[1] < 1 || p.values[2] < 1)
		return enter(tokens, GROUND);
	*token = (struct token){ .col = p.values[1] - 1, .row = p.values[2] - 1 };
	return give_mouse(tokens, token, (unsigned)p.values[0], final == 'm');
}

/* rxvt ends shifted keys by a byte that only begins the end of others: ESC [ 7 $ */
static bool is_rxvt_key(const struct tokens *tokens)
{
	size_t first = tokens->alt ? 3 : 2, last = tokens->len - 1;

	if (tokens->state != CSI || tokens->spilt || last <= first || tokens->sequence[last] != '$')
		return false;
	for (size_t i = first; i < last; i++)
		if (tokens->sequence[i] < '0' || tokens->sequence[i] > '9')
			return false;
	return true;
}

static unsigned step_csi(struct tokens *tokens, uint8_t byte, struct token *token)
{
	bool first = tokens->len == (tokens->alt ? 3u : 2u);

	if (byte == ESC && is_rxvt_key(tokens))
		return give_sequence(tokens, token) | STEP_AGAIN;
	if (byte == ESC)
		return restart(tokens);
	if (byte < ' ' || byte >= DEL)
		return enter(tokens, GROUND);
	if (byte >= '@' && !(byte == '[' && first))
		return end_csi(tokens, byte, token);
	keep(tokens, byte);
	return byte == '[' ? enter(tokens, LINUX) : STEP_DONE;
}

/* ---- paste: data up to the closing bracket, whatever it holds */

static void keep_pasted(struct tokens *tokens, uint8_t byte)
{
	if (tokens->paste_len < sizeof(tokens->paste))
		tokens->paste[tokens->paste_len++] = byte;
	else
		tokens->paste_cut = true;
}

static unsigned step_paste(struct tokens *tokens, uint8_t byte, struct token *token)
{
	static const uint8_t close[] = { ESC, '[', '2', '0', '1', '~' };

	if (byte != close[tokens->match]) {
		for (int i = 0; i < tokens->match; i++)
			keep_pasted(tokens, close[i]);
		tokens->match = 0;
	}
	if (byte != close[tokens->match]) {
		keep_pasted(tokens, byte);
		return STEP_DONE;
	}
	if (++tokens->match < (int)sizeof(close))
		return STEP_DONE;
	enter(tokens, GROUND);
	*token = (struct token){ .kind = TOKEN_PASTE,
		                 .bytes = { tokens->paste, tokens->paste_len },
		                 .cut = tokens->paste_cut };
	return STEP_TOKEN;
}

/* ---- all together */

static unsigned step(struct tokens *tokens, uint8_t byte, struct token *token)
{
	switch ((enum state)tokens->state) {
	case GROUND:
		tokens->alt = false;
		return byte == ESC ? restart(tokens) : step_character(tokens, byte, token);
	case UTF8:
		return step_utf8(tokens, byte, token);
	case ESCAPE:
		return step_escape(tokens, byte, token);
	case CSI:
		return step_csi(tokens, byte, token);
	case LINUX:
	case SS3:
		return step_last(tokens, byte, token);
	case X10:
		return step_x10(tokens, byte, token);
	case STRING:
		return step_string(tokens, byte);
	case STRING_ESCAPE:
		return step_string_escape(tokens, byte);
	case PASTE:
		return step_paste(tokens, byte, token);
	}
	return enter(tokens, GROUND);
}

bool tokens_take(struct tokens *tokens, struct bytes *in, struct token *token)
{
	while (in->len > 0) {
		unsigned did = step(tokens, in->data[0], token);

		if ((did & STEP_AGAIN) == 0) {
			in->data++;
			in->len--;
		}
		if ((did & STEP_TOKEN) != 0)
			return true;
	}
	return false;
}

enum tokens_wait tokens_wait(const struct tokens *tokens)
{
	switch ((enum state)tokens->state) {
	case GROUND:
	case PASTE: /* the rest of it must never become keys */
		return TOKENS_WAIT_NONE;
	case ESCAPE:
		return TOKENS_WAIT_SHORT;
	case CSI:
		return is_rxvt_key(tokens) ? TOKENS_WAIT_SHORT : TOKENS_WAIT_LONG;
	case UTF8:
	case LINUX:
	case SS3:
	case X10:
	case STRING:
	case STRING_ESCAPE:
		break;
	}
	return TOKENS_WAIT_LONG;
}

bool tokens_expire(struct tokens *tokens, struct token *token)
{
	bool two = tokens->alt;

	if (tokens->state == PASTE)
		return false;
	if (is_rxvt_key(tokens))
		return give_sequence(tokens, token) != 0;
	if (tokens->state != ESCAPE) {
		tokens->state = GROUND;
		return false;
	}
	give_code(tokens, token, ESC, 0);
	if (two)
		restart(tokens);
	return true;
}

void tokens_reset(struct tokens *tokens)
{
	tokens->state = GROUND;
}
