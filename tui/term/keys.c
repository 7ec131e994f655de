/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/keys.h"

#include <stdio.h>
#include <termkey.h>

enum { SEQUENCE_MS = 1000, DOUBLE_CLICK_MS = 400 };

/* ---- names */

static void write_name(struct key_event *event, unsigned modifiers, const char *key)
{
	snprintf(event->name, sizeof(event->name), "<%s%s%s%.20s>",
	         (modifiers & TOKEN_CTRL) != 0 ? "C-" : "",
	         (modifiers & TOKEN_ALT) != 0 ? "M-" : "",
	         (modifiers & TOKEN_SHIFT) != 0 ? "S-" : "", key);
}

static size_t encode_utf8(uint32_t code, char out[4])
{
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[len] | code);
	return len;
}

/* A character and its modifiers; typed without Ctrl and Alt it is text as well. */
static void name_character(struct keys *keys, struct key_event *event, uint32_t code,
                           unsigned modifiers)
{
	const char *word = code == '<' ? "lt" : code == '|' ? "Bar" : code == ' ' ? "Space" : NULL;
	size_t len = encode_utf8(code, keys->typed);
	char key[8];

	snprintf(key, sizeof(key), "%.*s", (int)len, keys->typed);
	if (word != NULL || modifiers != 0)
		write_name(event, modifiers, word != NULL ? word : key);
	else
		snprintf(event->name, sizeof(event->name), "%s", key);
	if (modifiers == 0)
		event->text = (struct bytes){ (const uint8_t *)keys->typed, len };
}

/* The key behind a control code; NULL: Ctrl and a character. */
static const char *control_name(uint32_t code)
{
	switch (code) {
	case '\b':
	case 0x7f:
		return "BS";
	case '\t':
		return "Tab";
	case '\r':
		return "CR";
	case 0x1b:
		return "Esc";
	}
	return NULL;
}

/* The character that, with Ctrl, is another key. */
static uint32_t without_ctrl(uint32_t code)
{
	return code == 'i' ? '\t' : code == 'm' ? '\r' : code == '[' ? 0x1b : code;
}

static void name_code(struct keys *keys, struct key_event *event, uint32_t code, unsigned modifiers)
{
	bool letter = (code | 0x20) >= 'a' && (code | 0x20) <= 'z';

	if (code < ' ' && control_name(code) == NULL) {
		code = code == 0 ? ' ' : code <= 26 ? code + 0x60 : code + 0x40;
		modifiers |= TOKEN_CTRL;
	} else if (letter && (modifiers & TOKEN_CTRL) != 0) {
		code |= 0x20;
	} else if (letter && (modifiers & TOKEN_SHIFT) != 0) {
		code &= ~0x20u;
	}
	if (code >= ' ' && code != 0x7f)
		modifiers &= ~(unsigned)TOKEN_SHIFT;
	if ((modifiers & TOKEN_CTRL) != 0 && code == '@')
		code = ' ';
	if ((modifiers & TOKEN_CTRL) != 0 && without_ctrl(code) != code) {
		code = without_ctrl(code);
		modifiers &= ~(unsigned)TOKEN_CTRL;
	}
	if (control_name(code) != NULL)
		write_name(event, modifiers, control_name(code));
	else
		name_character(keys, event, code, modifiers);
}

/* ---- sequences, by libtermkey */

/* Terminals whose description calls "ESC [ <" the mouse would have it decoded wrongly. */
static const char *hide_mouse(const char *name, const char *value, void *data)
{
	(void)data;
	return strcmp(name, "key_mouse") == 0 ? NULL : value;
}

/* libtermkey's verdict on one sequence. False unless it took all of it for one key. */
static bool ask_termkey(TermKey *termkey, struct bytes sequence, TermKeyKey *key)
{
	TermKeyKey rest;
	bool known;

	if (termkey_push_bytes(termkey, (const char *)sequence.data, sequence.len) != sequence.len)
		return false;
	known = termkey_getkey_force(termkey, key) == TERMKEY_RES_KEY &&
	        termkey_get_buffer_remaining(termkey) == termkey_get_buffer_size(termkey);
	while (termkey_getkey_force(termkey, &rest) == TERMKEY_RES_KEY)
		;
	return known;
}

static bool name_symbol(struct keys *keys, struct key_event *event, TermKeySym symbol,
                        unsigned modifiers)
{
	static const char pad[] = "0123456789\r+-*/,.="; /* from TERMKEY_SYM_KP0 on */
	const char *name;

	if (symbol >= TERMKEY_SYM_KP0 && symbol <= TERMKEY_SYM_KPEQUALS) {
		name_code(keys, event, (uint8_t)pad[symbol - TERMKEY_SYM_KP0], modifiers);
		return true;
	}
	switch ((int)symbol) {
	case TERMKEY_SYM_UNKNOWN:
	case TERMKEY_SYM_NONE:
		return false;
	case TERMKEY_SYM_SPACE:
		name_code(keys, event, ' ', modifiers);
		return true;
	case TERMKEY_SYM_BACKSPACE:
	case TERMKEY_SYM_DEL:
		name = "BS";
		break;
	case TERMKEY_SYM_ENTER:
		name = "CR";
		break;
	case TERMKEY_SYM_ESCAPE:
		name = "Esc";
		break;
	default:
		name = termkey_get_keyname(keys->termkey, symbol);
		break;
	}
	write_name(event, modifiers, name);
	return true;
}

static bool take_sequence(struct keys *keys, const struct token *token, struct key_event *event)
{
	TermKeyKey key;
	unsigned modifiers;
	char number[16];

	if (!ask_termkey(keys->termkey, token->bytes, &key))
		return false;
	modifiers = (unsigned)key.modifiers & 7;
	if ((key.modifiers & 8) != 0) /* Meta */
		modifiers |= TOKEN_ALT;
	switch (key.type) {
	case TERMKEY_TYPE_UNICODE:
		name_code(keys, event, (uint32_t)key.code.codepoint, modifiers);
		return true;
	case TERMKEY_TYPE_FUNCTION:
		snprintf(number, sizeof(number), "F%d", key.code.number);
		write_name(event, modifiers, number);
		return key.code.number > 0 && key.code.number < 255;
	case TERMKEY_TYPE_KEYSYM:
		return name_symbol(keys, event, key.code.sym, modifiers);
	case TERMKEY_TYPE_MOUSE:
	case TERMKEY_TYPE_POSITION:
	case TERMKEY_TYPE_MODEREPORT:
	case TERMKEY_TYPE_DCS:
	case TERMKEY_TYPE_OSC:
	case TERMKEY_TYPE_UNKNOWN_CSI:
		break;
	}
	return false;
}

/* ---- the mouse */

/* The second of two clicks in one cell. The third is a first one again. */
static bool is_double_click(struct keys *keys, const struct token *token)
{
	bool single = token->action == MOUSE_PRESS && token->button == 0 && token->modifiers == 0;
	bool twice = single && keys->click.single && token->row == keys->click.row &&
	             token->col == keys->click.col &&
	             keys->arrived_ms - keys->click.at_ms <= DOUBLE_CLICK_MS;

	if (token->action == MOUSE_RELEASE)
		return false;
	keys->click.single = single && !twice;
	keys->click.row = token->row;
	keys->click.col = token->col;
	keys->click.at_ms = keys->arrived_ms;
	return twice;
}

static void take_mouse(struct keys *keys, const struct token *token, struct key_event *event)
{
	static const char *const clicks[] = { "Click", "MidClick", "RightClick" };
	static const char *const drags[] = { "Drag", "MidDrag", "RightDrag" };
	const char *name = "Release";
	unsigned modifiers = token->modifiers;

	switch (token->action) {
	case MOUSE_PRESS:
		name = clicks[token->button];
		break;
	case MOUSE_DRAG:
		name = drags[token->button];
		break;
	case MOUSE_RELEASE:
		modifiers = 0;
		break;
	case MOUSE_WHEEL_UP:
		name = "WheelUp";
		break;
	case MOUSE_WHEEL_DOWN:
		name = "WheelDown";
		break;
	case MOUSE_WHEEL_LEFT:
		name = "WheelLeft";
		break;
	case MOUSE_WHEEL_RIGHT:
		name = "WheelRight";
		break;
	}
	event->kind = KEY_EVENT_MOUSE;
	event->row = token->row;
	event->col = token->col;
	write_name(event, modifiers, is_double_click(keys, token) ? "2-Click" : name);
}

/* ---- all together */

/* False if it means nothing to us. */
static bool take_token(struct keys *keys, const struct token *token, struct key_event *event)
{
	*event = (struct key_event){ .row = -1, .col = -1 };
	switch (token->kind) {
	case TOKEN_CODE:
		name_code(keys, event, token->code, token->modifiers);
		return true;
	case TOKEN_SEQUENCE:
		return take_sequence(keys, token, event);
	case TOKEN_MOUSE:
		take_mouse(keys, token, event);
		return true;
	case TOKEN_PASTE:
		event->kind = KEY_EVENT_PASTE;
		event->text = token->bytes;
		event->cut = token->cut;
		return true;
	case TOKEN_FOCUS:
		event->kind = KEY_EVENT_FOCUS;
		event->focus = token->focus;
		return true;
	}
	return false;
}

bool keys_open(struct keys *keys, const char *term, bool utf8, struct error *err)
{
	int flags = TERMKEY_FLAG_NOSTART | TERMKEY_FLAG_SPACESYMBOL | TERMKEY_FLAG_CONVERTKP;
	TermKey *termkey;

	*keys = (struct keys){ .escape_ms = KEYS_ESCAPE_MS };
	keys->tokens.utf8 = utf8;
	if (term == NULL || *term == '\0') /* libtermkey would abort */
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "no terminal type (TERM is not set)");
	termkey = termkey_new_abstract(term, flags | (utf8 ? TERMKEY_FLAG_UTF8 : TERMKEY_FLAG_RAW));
	if (termkey == NULL)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "keys of this terminal are unknown");
	termkey_hook_terminfo_getstr(termkey, hide_mouse, NULL);
	termkey_set_canonflags(termkey, TERMKEY_CANON_SPACESYMBOL | TERMKEY_CANON_DELBS);
	if (termkey_start(termkey) == 0) {
		termkey_destroy(termkey);
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET,
		                 "keys of this terminal cannot be read");
	}
	keys->termkey = termkey;
	return true;
}

void keys_close(struct keys *keys)
{
	if (keys->termkey != NULL)
		termkey_destroy(keys->termkey);
	keys->termkey = NULL;
}

void keys_feed(struct keys *keys, struct bytes in, int64_t now_ms)
{
	keys->in = in;
	keys->arrived_ms = now_ms;
	keys->expired = false;
}

bool keys_next(struct keys *keys, struct key_event *event)
{
	struct token token = { 0 };

	while (tokens_take(&keys->tokens, &keys->in, &token))
		if (take_token(keys, &token, event))
			return true;
	while (keys->expired && tokens_expire(&keys->tokens, &token))
		if (take_token(keys, &token, event))
			return true;
	keys->expired = false;
	return false;
}

int keys_timeout_ms(const struct keys *keys, int64_t now_ms)
{
	enum tokens_wait wait = tokens_wait(&keys->tokens);
	int64_t limit = wait == TOKENS_WAIT_SHORT ? keys->escape_ms : SEQUENCE_MS;
	int64_t left = keys->arrived_ms + limit - now_ms;

	if (wait == TOKENS_WAIT_NONE)
		return -1;
	return left < 0 ? 0 : left > limit ? (int)limit : (int)left;
}

void keys_expire(struct keys *keys, int64_t now_ms)
{
	if (keys_timeout_ms(keys, now_ms) == 0)
		keys->expired = true;
}

void keys_reset(struct keys *keys)
{
	tokens_reset(&keys->tokens);
	keys->in = (struct bytes){ 0 };
	keys->expired = false;
	keys->click.single = false;
}
