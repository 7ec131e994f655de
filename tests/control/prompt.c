/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/completion.h"

#include "tests/fake_model.h"
#include "tests/draw.h"
#include "tests/tap.h"
#include "tui/control/arguments.h"
#include "tui/control/keymap.h"
#include "tui/state/key_name.h"

/* The prompt as its user meets it: the default keys, pressed. */

static struct model model;
static struct state state;
static struct keymap keymap;
static unsigned effects; /* of the last key */

static void begin(void)
{
	struct error err = { 0 };

	model = fake_model(4, 1000000000);
	fake_stop(&model, 500000000, 500001000, "a");
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 4);
	keymap_init(&keymap, &fake_budget);
	ok(keymap_include(&keymap, "chrome", &err), "the default keys");
}

static void end(void)
{
	keymap_free(&keymap);
	state_free(&state);
	fake_free(&model);
}

static void press(const char *keys)
{
	char name[KEY_NAME_MAX];
	size_t at = 0;

	while (key_name_split(bytes_of(keys), &at, name))
		effects = keymap_press(&keymap, &state, &model, name);
}

static void is_typed(const char *text, const char *what)
{
	is_text(state.prompt.is_open ? state.prompt.line.text : "(closed)", text, what);
}

static void a_command_is_typed_and_run(void)
{
	begin();
	press(":");
	is_typed("", "a colon opens it");
	press("row<Space>2");
	is_typed("row 2", "what is typed is text, whatever it is bound to");
	press("?~:`<lt><Bar>");
	is_typed("row 2?~:`<|", "so are the keys that open other things, and those with names");
	press("<BS><BS><BS><BS><BS><BS><CR>");
	is_typed("(closed)", "Enter runs it");
	ok(row_equal(state.at.cursor, rows_lane(&state.rows, 2)), "and it has run");
	press("`quit<C-j>");
	ok((effects & EFFECT_QUIT) != 0, "a backquote and Ctrl-J will do as well");
	press(":q<CR>");
	ok((effects & EFFECT_QUIT) != 0, "the head of a name is enough if it is the only one");
	press(":<CR>");
	is_typed("(closed)", "nothing is a command, too");
	is_text(state.message, "", "that does nothing");
	end();
}

static void it_is_left(void)
{
	static const char *const ways[] = { ":ab<Esc>", ":ab<C-c>",     ":ab<C-g>",   ":<BS>",
		                            ":<C-d>",   ":ab<C-u><BS>", ":x<CR><Esc>" };

	begin();
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		press("!");
		press(ways[i]);
		is_typed("(closed)", ways[i]);
		ok(effects == EFFECT_REDRAW && state_has_selection(&state),
		   "and nothing else is given up");
	}
	press(":ab<Esc>:");
	is_typed("", "what was left is gone");
	end();
}

static void commands_meet_what_was_there(void)
{
	begin();
	press("?:help<CR>");
	ok(state.mode == MODE_TIMELINE, "help closes the help that is open below");
	press("?:");
	ok(state.mode == MODE_HELP && state_keys_mode(&state) == MODE_PROMPT,
	   "which stays while a command is typed");
	press("<Esc>");
	ok(state.mode == MODE_HELP, "and when it is not run");
	end();
}

static void refuse(const char *keys, const char *line, int place, const char *message)
{
	press("<Esc>:");
	press(keys);
	press("<CR>");
	is_typed(line, "a wrong line stays, to be mended");
	is_text(state.message, message, "and is told");
	is_i64(state.wrong_at, place, "with its place");
}

static void wrong_lines_stay(void)
{
	begin();
	refuse("<Space>fly<Space>in", " fly in", 1, "there is no command fly");
	refuse("d", "d", 0, "several commands begin with d");
	refuse("zoom<Space>fly", "zoom fly", 5, "use: zoom in|out|all|selection|STEPS [1.5|10]");
	refuse("zoom<Space>in<Space>7", "zoom in 7", 8, "use: zoom in|out|all|selection|STEPS [1.5|10]");
	refuse("zoom", "zoom", 4, "use: zoom in|out|all|selection|STEPS [1.5|10]");
	refuse("next<Space>gc<Space>x", "next gc x", 8,
	       "use: next span|hit|own|kind|wake|runnable|lost|log|task|stw|gc|"
	       "assist|damage|all|DURATION...");
	refuse("pan<Space>far", "pan far", 4, "use: pan PERCENT%|CELLS|DURATION");
	refuse("row<Space>1<Space>2", "row 1 2", 6, "use: row ROWS|first|last");
	refuse("row<Space>'1", "row '1", 4, "an open quote in column 5");
	press("<C-u>row<Space>2<CR>");
	is_typed("(closed)", "mended");
	is_i64(state.wrong_at, -1, "nothing is wrong any more");
	press(":longest<Space>gc<CR>");
	is_typed("(closed)", "what cannot be done now is no wrong line");
	is_text(state.message, "no GC cycle in this trace", "it is told as to a key");
	end();
}

static void lines_come_back(void)
{
	begin();
	press(":row<Space>1<CR>:row<Space>2<CR>:row<Space>2<CR>:nonsense<CR><Esc>:<Space><CR>:");
	press("ne<Up>");
	is_typed("nonsense", "the last, wrong or not");
	press("<Up>");
	is_typed("row 2", "the one before; once, though it came twice");
	press("<C-p>");
	is_typed("row 1", "and the first");
	press("<Up>");
	is_typed("row 1", "is the first");
	is_text(state.message, "no line before", "which is said");
	press("x<Down>");
	is_typed("row 2", "back");
	press("<Down><C-n>");
	is_typed("ne", "to what was being typed");
	press("<Down>");
	is_text(state.message, "no line after", "is the last");
	for (int i = 0; i < 3 * PROMPT_LINES; i++) {
		char keys[64];

		snprintf(keys, sizeof(keys), "<Esc>:row<Space>%d<CR>", i % 7);
		press(keys);
	}
	press(":");
	for (int i = 0; i < 3 * PROMPT_LINES; i++)
		press("<Up>");
	is_typed("row 2", "the oldest that is remembered"); /* 3 * 64 - 64 = 128 = 2 mod 7 */
	end();
}

static void keys_edit(void)
{
	begin();
	press(":zom<Left>o<C-e><Space>in<C-a><Delete>Z<C-f><C-b>");
	is_typed("Zoom in", "in the middle, at both ends");
	press("<End><C-w>");
	is_typed("Zoom ", "a word goes");
	press("<C-y><C-y>");
	is_typed("Zoom inin", "and comes back");
	press("<M-b><M-d><C-u><C-y>");
	is_typed("Zoom ", "words with Alt");
	press("<C-u>ab<C-t><Home><C-k><C-y><C-Left><C-Right><M-BS>");
	is_typed("", "all that is bound");
	press("<F5>");
	is_text(state.message, "<F5> is not bound; ? shows all keys", "and what is not");
	end();
}

static void words_are_completed(void)
{
	begin();
	press(":zo<Tab>");
	is_typed("zoom ", "the only one, with a space behind");
	press("o<Tab>");
	is_typed("zoom out ", "a fixed word of its arguments");
	press("<Tab>");
	is_typed("zoom out 1", "what is common to several");
	ok(state.prompt.is_listing, "they are listed");
	press("<Tab>");
	is_typed("zoom out 1.5", "one after the other");
	press("<Tab>");
	is_typed("zoom out 10", "is taken");
	press("<Tab>");
	is_typed("zoom out 1.5", "and again the first");
	press("<S-Tab>");
	is_typed("zoom out 10", "or the one before");
	press("<BS>");
	ok(!state.prompt.is_listing, "any other key ends that");
	press("<C-u>d<Tab>");
	is_typed("d", "what they have in common stands there");
	press("<S-Tab>");
	is_typed("drag", "the last first");
	press("<C-u>xx<Home>da<Tab>");
	is_typed("damage xx", "in the middle, up to the cursor");
	press("<C-u><C-k>pa<Tab>");
	is_typed("pa", "page and pan begin so");
	press("<C-u>fly<Tab>");
	is_text(state.message, "no command begins so", "nothing is said as well");
	press("<C-u>pan<Space><Tab>");
	is_text(state.message, "pan PERCENT%|CELLS|DURATION", "what is the user's is told");
	press("<C-u>quit<Space><Tab>");
	is_text(state.message, "quit takes nothing more", "and where nothing comes");
	press("<C-u>zoom<Space>'i<Tab>");
	is_typed("zoom 'i", "quotes are left alone");
	end();
}

static void what_is_pasted_is_text(void)
{
	begin();
	ok(keymap_paste(&state, bytes_of("quit\n"), false) == EFFECT_REDRAW && state.is_error,
	   "without a prompt a paste does nothing, and is told");
	press(":row<Space>2<Left>");
	effects = keymap_paste(&state, bytes_of("1\nquit\n"), false);
	ok(effects == EFFECT_REDRAW, "no line of it is run");
	is_typed("row 1 quit2", "it comes to where the cursor is");
	keymap_paste(&state, bytes_of("x"), true);
	ok(state.is_error, "what was too long for a paste is told");
	end();
}

static void a_prompt_can_begin_with_text(void)
{
	begin();
	keymap_free(&keymap);
	keymap_init(&keymap, &fake_budget);
	keymap_parse(&keymap, "own", bytes_of("include chrome\nmap timeline R prompt row\n"),
	             &(struct error){ 0 });
	press("R");
	is_typed("row ", "what is bound behind its name");
	press("2<CR>");
	ok(row_equal(state.at.cursor, rows_lane(&state.rows, 2)), "is run with what is typed");
	end();
}

/* Whatever is typed, the line stays one, and what is said of it points into it. */
static void any_keys_do_no_harm(void)
{
	static const char *const keys[] = {
		"a",      "z",      "o",     "<Space>",       "'",           "\\",
		"é",      "日",     "<Tab>", "<S-Tab>",       "<CR>",        "<Up>",
		"<Down>", "<Left>", "<C-a>", "<C-e>",         "<BS>",        "<C-w>",
		"<C-k>",  "<C-y>",  "<C-t>", "zoom<Space>in", "next<Space>", "<M-b>",
		"<M-d>",  "<Esc>",  ":",     "<F7>",          "<C-x>",
	};
	uint64_t seed = 11;
	int wrong = 0;

	begin();
	for (int i = 0; i < 30000; i++) {
		const struct prompt *prompt = &state.prompt;
		size_t len;

		press(keys[draw(&seed, sizeof(keys) / sizeof(keys[0]))]);
		len = line_edit_len(&prompt->line);
		wrong += len >= LINE_EDIT_MAX || prompt->line.at > len;
		wrong += prompt->is_open && state.wrong_at > (int)len;
		wrong += prompt->is_listing && (prompt->asked_at > len || !prompt->is_open);
		if (state.mode != MODE_TIMELINE)
			press("<Esc><Esc>");
	}
	ok(wrong == 0, "no key leads out of the line");
	end();
}

static void arguments_are_known_by_their_text(void)
{
	struct bytes words[8];
	char *line[] = { (char[]){ "next" }, (char[]){ "gc" }, (char[]){ "stw" }, NULL };

	is_u64(arguments_offer("ROWS|first|last", 1, bytes_of(""), words, 8), 2, "fixed words");
	is_u64(arguments_offer("ROWS|first|last", 1, bytes_of("l"), words, 8), 1, "that begin so");
	is_u64(arguments_offer("ROWS|first|last", 2, bytes_of(""), words, 8), 0, "no second");
	is_u64(arguments_offer("a|b...", 5, bytes_of(""), words, 8), 2, "any number");
	is_u64(arguments_offer("", 1, bytes_of(""), words, 8), 0, "none at all");
	is_u64(arguments_offer("a|b|c", 1, bytes_of(""), words, 2), 2, "no more than have room");
	is_i64(arguments_refused("gc|stw...", 3, line), 3, "all fit: then it is not one of them");
	is_i64(arguments_refused("gc|stw", 3, line), 2, "too many");
	is_i64(arguments_refused("gc KIND", 3, line), 2, "the one that only the command knows");
	is_i64(arguments_refused("gc stw more", 3, line), 3, "one is missing");
	is_i64(arguments_refused("gc... ", 1, line), 1, "the first is missing");
}

static void fields_are_completed(void)
{
	begin();
	press(":filter<Space>re<Tab>");
	is_typed("filter re", "reason, region");
	press("<Tab>");
	is_typed("filter reason", "one after the other");
	press("<C-u>filter<Space>!(dur>2ms&&fu<Tab>");
	is_typed("filter !(dur>2ms&&func ", "a field within an expression");
	press("<C-u>highlight<Space>state=runna<Tab>");
	is_typed("highlight state=runnable ", "a state");
	press("<C-u>filter<Space>dur>xy<Tab>");
	is_typed("filter dur>xy", "no value");
	press("<C-u>search<Space>du<Tab>");
	is_typed("search du", "nor in what is no such expression");
	end();
}

static void where_nothing_happens_it_is_said(void)
{
	begin();
	press(":search<CR>");
	is_text(state.message, "nothing is looked for: / asks", "there is no search to be ended");
	press("Ma'a");
	is_text(state.message, "mark a is here", "nor another place");
	press(":quit<Space>x<CR>");
	ok(state.prompt.is_open && (effects & EFFECT_QUIT) == 0, "quit takes no argument");
	end();
}

int main(void)
{
	a_command_is_typed_and_run();
	it_is_left();
	commands_meet_what_was_there();
	wrong_lines_stay();
	lines_come_back();
	keys_edit();
	words_are_completed();
	fields_are_completed();
	where_nothing_happens_it_is_said();
	what_is_pasted_is_text();
	a_prompt_can_begin_with_text();
	any_keys_do_no_harm();
	arguments_are_known_by_their_text();
	return tap_done();
}
