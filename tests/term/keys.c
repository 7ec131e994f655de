/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/keys.h"

#include "tests/tap.h"
#include "tui/state/key_name.h"

static struct keys keys; /* large: it holds a paste */

static bool open_keys(const char *term)
{
	struct error err = { 0 };

	return keys_open(&keys, term, true, &err);
}

/* What events look like in these tests: "w", "<Click>@3,4", "paste(text)", "focus-in". */
static void describe(const struct key_event *event, char *out, size_t size)
{
	switch (event->kind) {
	case KEY_EVENT_KEY:
		snprintf(out, size, "%s", event->name);
		break;
	case KEY_EVENT_MOUSE:
		snprintf(out, size, "%s@%d,%d", event->name, event->row, event->col);
		break;
	case KEY_EVENT_PASTE:
		snprintf(out, size, "paste(%.*s)%s", (int)event->text.len,
		         (const char *)event->text.data, event->cut ? "cut" : "");
		break;
	case KEY_EVENT_FOCUS:
		snprintf(out, size, "focus-%s", event->focus ? "in" : "out");
		break;
	}
}

static void take_events(char *out, size_t size)
{
	struct key_event event;

	while (keys_next(&keys, &event)) {
		size_t len = strlen(out);

		if (len > 0 && len < size - 1)
			out[len++] = ' ';
		describe(&event, out + len, size - len);
	}
}

/* The events of in, cut into two reads at split, followed by a second of silence. */
static const char *events_of(struct bytes in, size_t split)
{
	static char out[512];
	int64_t now_ms = keys.arrived_ms + 10000;

	out[0] = '\0';
	keys_feed(&keys, (struct bytes){ in.data, split }, now_ms);
	take_events(out, sizeof(out));
	keys_feed(&keys, (struct bytes){ in.data + split, in.len - split }, now_ms + 1);
	take_events(out, sizeof(out));
	keys_expire(&keys, now_ms + 1001);
	take_events(out, sizeof(out));
	return out;
}

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

struct input {
	struct bytes in;
	const char *events;
};

/* clang-format off */
static const struct input everywhere[] = {
	{ BYTES("wW\xc3\xa9"), "w W é" },
	{ BYTES(" <|>"), "<Space> <lt> <Bar> >" },
	{ BYTES("\t\r\n\x01\x1a\x1c\x1d\x1e\x1f"), "<Tab> <CR> <C-j> <C-a> <C-z> <C-\\> <C-]> <C-^> <C-_>" },
	{ BYTES("\0"), "<C-Space>" },
	{ BYTES("\x7f"), "<BS>" },
	{ BYTES("\033"), "<Esc>" },
	{ BYTES("\033\033"), "<Esc> <Esc>" },
	{ BYTES("\033\033\033"), "<Esc> <Esc> <Esc>" },
	{ BYTES("\033w\033W\033\xc3\xa9\033\r"), "<M-w> <M-W> <M-é> <M-CR>" },
	{ BYTES("\033\033w"), "<Esc> <M-w>" },
	{ BYTES("\033\x01\033<\033 "), "<C-M-a> <M-lt> <M-Space>" },
	{ BYTES("\033[A\033OA\033\033[A"), "<Up> <Up> <M-Up>" },
	{ BYTES("\033[Z"), "<S-Tab>" },
	{ BYTES("\033[1;2C\033[1;3C\033[1;5C\033[1;8C"), "<S-Right> <M-Right> <C-Right> <C-M-S-Right>" },
	{ BYTES("\033[2~\033[3~\033[5~\033[6~\033[3;5~"), "<Insert> <Delete> <PageUp> <PageDown> <C-Delete>" },
	{ BYTES("\033OP\033[15~"), "<F1> <F5>" },
	/* one key, many spellings */
	{ BYTES("\033[119;2u\033[27;2;87~\033[87;2u"), "W W W" },
	{ BYTES("\033[119;5u\033[119;6u\033[27;5;119~"), "<C-w> <C-w> <C-w>" },
	{ BYTES("\033[105;5u\033[109;5u\033[91;5u\033[9;5u"), "<Tab> <CR> <Esc> <C-Tab>" },
	{ BYTES("\033[13;2u\033[27u\033[32;2u\033[64;5u"), "<S-CR> <Esc> <Space> <C-Space>" },
	{ BYTES("\033[49;3u\033[127;5u\033[57441u\033[155u"), "<M-1> <C-BS>" },
	/* the mouse */
	{ BYTES("\033[<0;10;20M\033[<32;11;20M\033[<0;11;20m"), "<Click>@19,9 <Drag>@19,10 <Release>@19,10" },
	{ BYTES("\033[<1;1;1M\033[<33;1;2M\033[<2;1;1M\033[<34;1;2M"), "<MidClick>@0,0 <MidDrag>@1,0 <RightClick>@0,0 <RightDrag>@1,0" },
	{ BYTES("\033[<64;5;6M\033[<65;5;6M\033[<66;5;6M\033[<67;5;6M"), "<WheelUp>@5,4 <WheelDown>@5,4 <WheelLeft>@5,4 <WheelRight>@5,4" },
	{ BYTES("\033[<16;5;6M\033[<8;5;6M\033[<72;5;6M\033[<80;5;6M"), "<C-Click>@5,4 <M-Click>@5,4 <M-WheelUp>@5,4 <C-WheelUp>@5,4" },
	{ BYTES("\033[<35;5;6M\033[<128;5;6M\033[<0;0;6M\033[<0;5M\033[<0;5;6;7M\033[<;5;6M"), "" },
	{ BYTES("\033[<0;300;2000M"), "<Click>@1999,299" },
	{ BYTES("\033[<3;5;6M"), "<Release>@5,4" },
	{ BYTES("\033[<0;5;6M\033[<0;5;6m\033[<0;5;6M\033[<0;5;6M"), "<Click>@5,4 <Release>@5,4 <2-Click>@5,4 <Click>@5,4" },
	{ BYTES("\033[<0;5;6M\033[<0;6;6M"), "<Click>@5,4 <Click>@5,5" },
	{ BYTES("\033[M !!\033[M#\"#\033[M`*\xff"), "<Click>@0,0 <Release>@2,1 <WheelUp>@222,9" },
	{ BYTES("\033[0;5;6M"), "" },
	/* paste and focus */
	{ BYTES("\033[200~q\033[A\033[201x\x9b\n\033[201~q"), "paste(q\033[A\033[201x\x9b\n) q" },
	{ BYTES("\033[200~\033\033[201~"), "paste(\033)" },
	{ BYTES("\033[201~\033[I\033[O"), "focus-in focus-out" },
	/* replies, dialects of others, damage: never keys */
	{ BYTES("\033[?62;22c\033[>41;2c\033[0n\033[?2026;2$y\033[?1u\033[12;40R\033[8;24;80t"), "" },
	{ BYTES("\033]11;rgb:0000/0000/0000\a\033]0;\xe2\x9c\xb3 x\033\\\033P1$r0m\033\\\033_x\033\\w"), "w" },
	{ BYTES("\033]11;rgb\033[A"), "<Up>" },
	{ BYTES("\033[1$P\033[?1;2S\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18A"), "" },
	{ BYTES("\033[;u\033[27;2;;~\033[~\033[u\033[27~\033[119;1:3u\033[1;0A\033[1234567A"), "" },
	{ BYTES("\033[\x18" "a\033[1\x1a" "b\033O\x18" "c"), "a b c" },
	{ BYTES("\033[11\033[A"), "<Up>" },
	{ BYTES("\x9b" "5~\xc3(\xed\xa0\x80\xc0\x80\xf5\xc2\x9b" "A"), "5 ~ ( A" },
	{ BYTES("\033["), "" },
	{ BYTES("\033O"), "" },
	{ BYTES("\033[1;5"), "" },
	{ BYTES("\033]11;half"), "" },
};

static const struct input on_xterm[] = {
	{ BYTES("\033[[A"), "" },
	{ BYTES("\033Od"), "" },
	{ BYTES("\033[7$"), "" },
	{ BYTES("\033[7$w"), "" },
};
static const struct input on_linux[] = {
	{ BYTES("\033[[A\033[[E"), "<F1> <F5>" },
	{ BYTES("\033[1~\033[4~"), "<Home> <End>" },
};
static const struct input on_rxvt[] = {
	{ BYTES("\033[7$"), "<S-Home>" },
	{ BYTES("\033[7$\033[8$"), "<S-Home> <S-End>" },
	{ BYTES("\033[7~\033Oaw"), "<Home> w" },
};
/* clang-format on */

/* Cut into two reads at every place, the events are the same. */
static void check_inputs(const char *term, const struct input *inputs, size_t count)
{
	if (!open_keys(term)) {
		skip(term, "not described on this host");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		size_t split = 0;

		while (split < inputs[i].in.len &&
		       strcmp(events_of(inputs[i].in, split), inputs[i].events) == 0)
			split++;
		is_text(events_of(inputs[i].in, split), inputs[i].events, term);
	}
	keys_close(&keys);
}

static void the_same_on_every_terminal_and_split(void)
{
	static const char *const terms[] = { "xterm-256color", "xterm", "screen-256color",
		                             "tmux-256color",  "linux", "vt100" };

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		check_inputs(terms[i], everywhere, sizeof(everywhere) / sizeof(everywhere[0]));
}

static void dialects_are_known_where_described(void)
{
	check_inputs("xterm-256color", on_xterm, sizeof(on_xterm) / sizeof(on_xterm[0]));
	check_inputs("linux", on_linux, sizeof(on_linux) / sizeof(on_linux[0]));
	check_inputs("rxvt", on_rxvt, sizeof(on_rxvt) / sizeof(on_rxvt[0]));
}

/* Feeds in; events and then the ms until the clock matters are appended. */
static const char *fed_at(const char *in, int64_t now_ms)
{
	static char out[256];
	size_t len;

	out[0] = '\0';
	keys_feed(&keys, bytes_of(in), now_ms);
	take_events(out, sizeof(out) - 16);
	len = strlen(out);
	snprintf(out + len, sizeof(out) - len, "%s%d", len > 0 ? " " : "",
	         keys_timeout_ms(&keys, now_ms));
	return out;
}

static const char *expired_at(int64_t now_ms)
{
	static char out[256];

	out[0] = '\0';
	keys_expire(&keys, now_ms);
	take_events(out, sizeof(out));
	return out;
}

static void only_a_lone_escape_becomes_a_key_by_time(void)
{
	open_keys("xterm-256color");
	is_text(fed_at("w", 0), "w -1", "nothing unfinished, no timer");
	is_text(fed_at("\033", 100), "50", "ESC waits 50 ms");
	is_text(expired_at(149), "", "not yet");
	is_text(expired_at(150), "<Esc>", "now it is a key");
	is_text(fed_at("\033[", 200), "1000", "half a sequence waits a second");
	is_text(expired_at(1199), "", "slow lines are waited for");
	is_text(expired_at(1200), "", "and it is dropped");
	is_text(fed_at("A", 1300), "A -1", "what follows is a key again");
	is_text(fed_at("\033[<0;5", 2000), "1000", "a report cut by the network");
	is_text(fed_at(";6M", 2900), "<Click>@5,4 -1", "goes on");
	is_text(fed_at("\033[200~x", 4000), "-1", "a paste has no end by time");
	is_text(fed_at("\033[201~", 900000), "paste(x) -1", "only by its bracket");
	keys_close(&keys);
}

static void double_clicks_take_less_than_400_ms(void)
{
	open_keys("xterm-256color");
	fed_at("\033[<0;5;6M", 1000);
	is_text(fed_at("\033[<0;5;6M", 1401), "<Click>@5,4 -1", "too late");
	is_text(fed_at("\033[<0;5;6M", 1800), "<2-Click>@5,4 -1", "in time");
	keys_close(&keys);
}

static void typed_text_comes_with_keys(void)
{
	struct key_event event;

	open_keys("xterm-256color");
	keys_feed(&keys, bytes_of("<"), 0);
	ok(keys_next(&keys, &event) && bytes_equal(event.text, bytes_of("<")), "< is text");
	keys_feed(&keys, bytes_of("\xc3\xa9"), 0);
	ok(keys_next(&keys, &event) && bytes_equal(event.text, bytes_of("é")), "é is text");
	keys_feed(&keys, bytes_of("\r"), 0);
	ok(keys_next(&keys, &event) && event.text.len == 0, "CR is none");
	keys_feed(&keys, bytes_of("\033w"), 0);
	ok(keys_next(&keys, &event) && event.text.len == 0, "nor is Alt and w");
	keys_close(&keys);
}

static void long_pastes_are_cut(void)
{
	static uint8_t in[TOKENS_PASTE_MAX + 100];
	struct key_event event;

	open_keys("xterm-256color");
	memset(in, 'x', sizeof(in));
	keys_feed(&keys, bytes_of("\033[200~"), 0);
	ok(!keys_next(&keys, &event), "begins");
	keys_feed(&keys, (struct bytes){ in, sizeof(in) }, 0);
	ok(!keys_next(&keys, &event), "goes on");
	keys_feed(&keys, bytes_of("\033[201~"), 0);
	ok(keys_next(&keys, &event) && event.cut && event.text.len == TOKENS_PASTE_MAX, "is cut");
	keys_close(&keys);
}

static void without_utf8_only_ascii_is_taken(void)
{
	struct error err = { 0 };

	keys_open(&keys, "xterm", false, &err);
	is_text(events_of(bytes_of("a\xe9\xc3\xa9z"), 0), "a z", "the rest is dropped");
	keys_close(&keys);
	ok(!keys_open(&keys, NULL, true, &err) && err.kind == ERROR_USAGE, "no TERM is refused");
}

static int unnamed;

/* Each key that comes out must be its own canonical name. */
static void feed_and_check_names(const char *in, size_t len)
{
	char name[KEY_NAME_MAX];
	struct key_event event;

	keys_feed(&keys, (struct bytes){ (const uint8_t *)in, len }, 0);
	for (int expired = 0; expired < 2; expired++) {
		while (keys_next(&keys, &event)) {
			bool named = event.kind == KEY_EVENT_KEY || event.kind == KEY_EVENT_MOUSE;

			if (named && (!key_name_canonical(bytes_of(event.name), name) ||
			              strcmp(name, event.name) != 0)) {
				printf("# \"%s\" is no canonical name\n", event.name);
				unnamed++;
			}
		}
		keys_expire(&keys, 100000);
	}
}

/* CSI before number ; modifier after, for all modifiers and numbers up to last. */
static void feed_numbers(const char *before, int last, const char *after)
{
	char in[64];
	int len;

	for (int number = 0; number <= last; number++)
		for (int modifier = 1; modifier <= 16; modifier++) {
			len = snprintf(in, sizeof(in), "\033[%s%d;%d%s", before, number, modifier,
			               after);
			feed_and_check_names(in, (size_t)len);
		}
}

static void every_name_is_canonical(void)
{
	static const char *const terms[] = { "xterm-256color", "linux", "rxvt", "screen", "vt100" };
	char in[8];

	unnamed = 0;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]) && open_keys(terms[i]); i++) {
		for (int c = 0; c < 256; c++) {
			feed_and_check_names(in, (size_t)snprintf(in, sizeof(in), "%c", c));
			feed_and_check_names(in, (size_t)snprintf(in, sizeof(in), "\033%c", c));
			feed_and_check_names(in, (size_t)snprintf(in, sizeof(in), "\033O%c", c));
			feed_and_check_names(in, (size_t)snprintf(in, sizeof(in), "\033[%c", c));
			feed_and_check_names(in, (size_t)snprintf(in, sizeof(in), "\033[[%c", c));
		}
		feed_numbers("", 99, "~");
		feed_numbers("", 0x2ff, "u");
		feed_numbers("<", 140, ";5M");
		for (char final = '@'; final < 0x7f; final++)
			for (char modifier = '1'; modifier < '9'; modifier++)
				feed_and_check_names(in,
				                     (size_t)snprintf(in, sizeof(in), "\033[1;%c%c",
				                                      modifier, final));
		keys_close(&keys);
	}
	is_u64((uint64_t)unnamed, 0, "names that keymaps cannot spell");
}

/* A million bytes, most of them such as matter. */
static void random_bytes_do_no_harm(void)
{
	static const char likely[] =
		"\033\033\033[[[O<;;:0123456789$MmuyR~ABPSZ?>\a\\]\x9b\xc3\x18";
	uint64_t random = 88172645463325252u;
	char in[100];

	unnamed = 0;
	open_keys("xterm-256color");
	for (int block = 0; block < 10000; block++) {
		for (size_t i = 0; i < sizeof(in); i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			in[i] = random % 4 == 0 ? (char)(random >> 32)
			                        : likely[(random >> 32) % (sizeof(likely) - 1)];
		}
		feed_and_check_names(in, sizeof(in));
	}
	keys_close(&keys);
	is_u64((uint64_t)unnamed, 0, "random bytes give proper names");
}

int main(void)
{
	the_same_on_every_terminal_and_split();
	dialects_are_known_where_described();
	only_a_lone_escape_becomes_a_key_by_time();
	double_clicks_take_less_than_400_ms();
	typed_text_comes_with_keys();
	long_pastes_are_cut();
	without_utf8_only_ascii_is_taken();
	every_name_is_canonical();
	random_bytes_do_no_harm();
	return tap_done();
}
