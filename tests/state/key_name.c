/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/key_name.h"

#include "tests/tap.h"

static void many_spellings_one_name(void)
{
	static const char *const cases[][2] = {
		{ "w", "w" },
		{ "W", "W" },
		{ "<S-w>", "W" },
		{ "<s-W>", "W" },
		{ "<w>", "w" },
		{ "<C-D>", "<C-d>" },
		{ "<C-S-d>", "<C-d>" },
		{ "<c-d>", "<C-d>" },
		{ "<A-w>", "<M-w>" },
		{ "<M-S-w>", "<M-W>" },
		{ "<S-C-A-Left>", "<C-M-S-Left>" },
		{ "<S-1>", "1" },
		{ "<lt>", "<lt>" },
		{ "<LT>", "<lt>" },
		{ "<gt>", ">" },
		{ ">", ">" },
		{ "|", "<Bar>" },
		{ "<bar>", "<Bar>" },
		{ "<space>", "<Space>" },
		{ "<S-Space>", "<Space>" },
		{ "<Nul>", "<C-Space>" },
		{ "<C-@>", "<C-Space>" },
		{ "<C-i>", "<Tab>" },
		{ "<C-S-I>", "<Tab>" },
		{ "<C-m>", "<CR>" },
		{ "<M-C-m>", "<M-CR>" },
		{ "<C-[>", "<Esc>" },
		{ "<C-->", "<C-->" },
		{ "<C->>", "<C->>" },
		{ "<M-lt>", "<M-lt>" },
		{ "<escape>", "<Esc>" },
		{ "<Return>", "<CR>" },
		{ "<Enter>", "<CR>" },
		{ "<Backspace>", "<BS>" },
		{ "<del>", "<Delete>" },
		{ "<INS>", "<Insert>" },
		{ "<pgup>", "<PageUp>" },
		{ "<PgDn>", "<PageDown>" },
		{ "<PgDown>", "<PageDown>" },
		{ "<S-Tab>", "<S-Tab>" },
		{ "<f1>", "<F1>" },
		{ "<F12>", "<F12>" },
		{ "<F254>", "<F254>" },
		{ "é", "é" },
		{ "<M-é>", "<M-é>" },
		{ "<click>", "<Click>" },
		{ "<2-click>", "<2-Click>" },
		{ "<M-C-WheelUp>", "<C-M-WheelUp>" },
		{ "<ruler:WheelUp>", "<ruler:WheelUp>" },
		{ "<overview:s-a-c-wheelright>", "<overview:C-M-S-WheelRight>" },
	};
	char name[KEY_NAME_MAX], again[KEY_NAME_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!key_name_canonical(bytes_of(cases[i][0]), name))
			snprintf(name, sizeof(name), "refused");
		is_text(name, cases[i][1], cases[i][0]);
		ok(key_name_canonical(bytes_of(name), again) && strcmp(name, again) == 0,
		   "%s is its own name", name);
	}
}

static void nonsense_is_refused(void)
{
	static const char *const cases[] = {
		"",
		"ww",
		"<",
		"<>",
		"<C->",
		"<Foo>",
		"<Esc",
		"<C-C-x>",
		"<Up>date",
		"<Update>",
		"<PgUpp>",
		"<F0>",
		"<F255>",
		"<F01>",
		"<F>x",
		"<F1x>",
		" ",
		"\t",
		"\033",
		"\x7f",
		"\xc3",
		"\xff",
		"\xc2\x85",
		"<C-Release>",
		"<C-2-Click>",
		"<ruler:w>",
		"<ruler:Esc>",
		"<moon:Click>",
		"<C-w",
		"<X-w>",
		"<1234567890123456789012345678901234567890>",
	};
	char name[KEY_NAME_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(!key_name_canonical(bytes_of(cases[i]), name), "case %zu is no key", i);
}

static void sequences_fall_apart(void)
{
	static const struct {
		const char *text, *names;
		size_t stop;
	} cases[] = {
		{ "gg", "g g", 2 },   { "<C-d>", "<C-d>", 5 },
		{ "'a", "' a", 2 },   { "[x", "[ x", 2 },
		{ "]A", "] A", 2 },   { "<C-w><lt>é>", "<C-w> <lt> é >", 12 },
		{ "", "", 0 },        { "g<Foo>", "g", 1 },
		{ "zz x", "z z", 2 }, { "ab<", "a b", 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char names[128] = "", name[KEY_NAME_MAX];
		size_t pos = 0;

		while (key_name_split(bytes_of(cases[i].text), &pos, name))
			snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			         names[0] != '\0' ? " " : "", name);
		is_text(names, cases[i].names, cases[i].text);
		is_u64(pos, cases[i].stop, "stops there");
	}
}

int main(void)
{
	many_spellings_one_name();
	nonsense_is_refused();
	sequences_fall_apart();
	return tap_done();
}
