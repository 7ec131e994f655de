/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/tokens.h"

#include "tests/draw.h"
#include "tests/tap.h"

static struct tokens tokens; /* large: it holds a paste */

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static void append_token(char *out, size_t size, const struct token *token)
{
	size_t len = strlen(out);

	switch (token->kind) {
	case TOKEN_CODE:
		snprintf(out + len, size - len, "code %x/%u;", token->code, token->modifiers);
		return;
	case TOKEN_MOUSE:
		snprintf(out + len, size - len, "mouse %d,%d b%d a%d/%u;", token->row, token->col,
		         token->button, (int)token->action, token->modifiers);
		return;
	case TOKEN_FOCUS:
		snprintf(out + len, size - len, "focus %d;", token->focus);
		return;
	case TOKEN_SEQUENCE:
	case TOKEN_PASTE:
		len += (size_t)snprintf(out + len, size - len, "%s ",
		                        token->kind == TOKEN_PASTE ? "paste" : "sequence");
		for (size_t i = 0; i < token->bytes.len && len < size; i++)
			len += (size_t)snprintf(out + len, size - len, "%02x",
			                        token->bytes.data[i]);
		snprintf(out + (len < size ? len : size - 1), len < size ? size - len : 1, ";");
		return;
	}
}

static void take_all(struct bytes in, char *out, size_t size)
{
	struct token token;

	while (tokens_take(&tokens, &in, &token))
		if (strlen(out) < size / 2)
			append_token(out, size, &token);
}

static const char *tokens_of(struct bytes in)
{
	static char out[1024];
	struct token token;

	out[0] = '\0';
	tokens = (struct tokens){ .utf8 = true };
	take_all(in, out, sizeof(out));
	while (tokens_expire(&tokens, &token))
		append_token(out, sizeof(out), &token);
	return out;
}

static void only_well_formed_sequences_reach_libtermkey(void)
{
	is_text(tokens_of(BYTES("\033[A")), "sequence 1b5b41;", "CSI A");
	is_text(tokens_of(BYTES("\033\033[1;5A")), "sequence 1b1b5b313b3541;", "with Alt");
	is_text(tokens_of(BYTES("\033OP")), "sequence 1b4f50;", "SS3");
	is_text(tokens_of(BYTES("\033[[A")), "sequence 1b5b5b41;", "Linux console");
	is_text(tokens_of(BYTES("\033[7$")), "sequence 1b5b3724;", "rxvt, when time is up");
	is_text(tokens_of(BYTES("\x7f\033\b")), "sequence 7f;sequence 1b08;", "Backspace");
	is_text(tokens_of(BYTES("\033[1$P\033[?1;2S\033[=A")), "",
	        "private and intermediate bytes");
	is_text(tokens_of(BYTES("\033[1;2;3;4;5A\033[1;2;3;4;5;6A")), "", "five parameters");
	is_text(tokens_of(BYTES("\033[1234567~\033[1:2A")), "", "seven digits, colons");
	is_text(tokens_of(BYTES("\033[~\033[;u\033[27;2;;~\033[m\033[5y\033[1R")), "",
	        "the deadly ones");
}

static void long_sequences_end_where_they_end(void)
{
	char in[200] = "\033[";

	memset(in + 2, '1', 150);
	strcpy(in + 152, "Aw");
	is_text(tokens_of(bytes_of(in)), "code 77/0;", "digits are not keys");
}

static void the_mouse_in_both_dialects(void)
{
	is_text(tokens_of(BYTES("\033[<0;1;1M")), "mouse 0,0 b0 a0/0;", "press");
	is_text(tokens_of(BYTES("\033[<2;3;4m")), "mouse 3,2 b2 a2/0;", "release tells the button");
	is_text(tokens_of(BYTES("\033[<61;3;4M")), "mouse 3,2 b1 a1/7;", "all modifiers");
	is_text(tokens_of(BYTES("\033[M !!\033[M#!!")), "mouse 0,0 b0 a0/0;mouse 0,0 b3 a2/0;",
	        "X10");
	is_text(tokens_of(BYTES("\033[M\033[A")), "sequence 1b5b41;", "a report cut short");
}

static void strings_are_swallowed_whole(void)
{
	is_text(tokens_of(BYTES("\033]0;a\x9c b\ac")), "code 63/0;", "0x9c ends nothing");
	is_text(tokens_of(BYTES("\033Pq\033\\c\033_q\x18"
	                        "c")),
	        "code 63/0;code 63/0;", "ST, CAN");
	is_text(tokens_of(BYTES("\033]0;half")), "", "half a string is dropped when time is up");
}

/* Random input gives the same tokens in one piece and byte by byte. */
static void splits_change_nothing(void)
{
	static const char likely[] = "\033\033[[O<;;0129$MmuR~AP]\a\\\xc3\xa9\x9b\xed";
	uint64_t random = 42;
	char in[40], whole[2048], bits[2048];
	int different = 0;

	for (int round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof(in); i++) {
			in[i] = likely[draw(&random, sizeof(likely) - 1)];
		}
		whole[0] = bits[0] = '\0';
		tokens_reset(&tokens);
		tokens.utf8 = true;
		take_all((struct bytes){ (const uint8_t *)in, sizeof(in) }, whole, sizeof(whole));
		tokens_reset(&tokens);
		for (size_t i = 0; i < sizeof(in); i++)
			take_all((struct bytes){ (const uint8_t *)in + i, 1 }, bits, sizeof(bits));
		different += strcmp(whole, bits) != 0;
	}
	is_u64((uint64_t)different, 0, "inputs that depend on their split");
}

int main(void)
{
	only_well_formed_sequences_reach_libtermkey();
	long_sequences_end_where_they_end();
	the_mouse_in_both_dialects();
	strings_are_swallowed_whole();
	splits_change_nothing();
	return tap_done();
}
