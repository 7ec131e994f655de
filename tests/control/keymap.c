/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/keymap.h"

#include "tests/fake_model.h"
#include "tests/tap.h"
#include "tui/control/help.h"

static struct model model;
static struct state state;
static struct keymap keymap;

static void begin(const char *text)
{
	struct error err = { 0 };

	model = fake_model(4, 1000000000);
	state_init(&state, &fake_budget);
	state_follow(&state, &model, 100, 4);
	keymap_init(&keymap, &fake_budget);
	ok(keymap_parse(&keymap, "test", bytes_of(text), &err), "read %s", err.message);
}

static void end(void)
{
	keymap_free(&keymap);
	state_free(&state);
	fake_free(&model);
}

static unsigned press(const char *key)
{
	return keymap_press(&keymap, &state, &model, key);
}

static void errors_name_their_place(void)
{
	static const char *const cases[][2] = {
		{ "# fine\nmap timeline w zoom in\nmup x",
		  "test:3:1: map, unmap, include or # is expected" },
		{ "map", "test:1:4: a mode is missing: timeline, help or any" },
		{ "map  tim w zoom", "test:1:6: there is no mode tim" },
		{ "map any", "test:1:8: keys are missing" },
		{ "map any <Foo> quit", "test:1:9: there is no key <Foo>" },
		{ "map any g<Foo> quit", "test:1:10: there is no key <Foo>" },
		{ "\tmap any w", "test:1:11: a command is missing" },
		{ "map any w zap in", "test:1:11: there is no command zap" },
		{ "map any w zoom 'in", "test:1:16: an open quote" },
		{ "unmap any w quit", "test:1:13: too much on the line" },
		{ "include nobody", "test:1:9: there is no keymap nobody" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };

		keymap_init(&keymap, &fake_budget);
		keymap_parse(&keymap, "test", bytes_of(cases[i][0]), &err);
		is_text(err.message, cases[i][1], "the message");
		keymap_free(&keymap);
	}
}

static void a_nul_is_no_key(void)
{
	static const uint8_t text[] = "map any \0 quit\nmap any w quit\n";
	struct error err = { 0 };

	keymap_init(&keymap, &fake_budget);
	keymap_parse(&keymap, "test", (struct bytes){ text, sizeof(text) - 1 }, &err);
	is_text(err.message, "test:1:1: a text has no NUL in it", "the message");
	is_u64(keymap.bindings.count, 1, "other lines count");
	keymap_free(&keymap);
}

static void the_rest_of_a_bad_file_loads(void)
{
	struct error err = { 0 };
	bool longer;

	keymap_init(&keymap, &fake_budget);
	ok(!keymap_parse(&keymap, "test", bytes_of("oops\r\nmap any <CR> quit\r\nwell\r\n"),
	                 &err) &&
	           strcmp(err.message, "test:1:1: map, unmap, include or # is expected") == 0,
	   "the first error is told");
	is_text(keymap_find(&keymap, MODE_HELP, "<CR>", &longer), "quit",
	        "the line after it counts");
	keymap_free(&keymap);
}

static void later_lines_and_own_modes_win(void)
{
	bool longer;

	begin("map any w quit\nmap timeline w zoom in\nmap timeline w zoom out\n"
	      "map any <S-x> quit\nmap help x quit\nunmap help x\n");
	is_text(keymap_find(&keymap, MODE_TIMELINE, "w", &longer), "zoom out", "the later line");
	is_text(keymap_find(&keymap, MODE_HELP, "w", &longer), "quit",
	        "any, where there is no own");
	is_text(keymap_find(&keymap, MODE_HELP, "X", &longer), "quit", "spellings are made one");
	ok(keymap_find(&keymap, MODE_HELP, "x", &longer) == NULL, "unmap");
	end();
}

static void sequences_wait_for_their_end(void)
{
	begin("map timeline ga zoom all\nmap timeline gab help\nmap timeline b row 1\n"
	      "map timeline g<Space> quit\n");
	press("g");
	is_text(state.keys, "g", "a key that begins a sequence waits");
	ok(!keymap_is_due(&keymap, &state), "it means nothing by itself");
	is_u64(press("<Space>"), EFFECT_QUIT, "the sequence runs");
	press("g"), press("a");
	ok(state.keys[0] != '\0' && keymap_is_due(&keymap, &state),
	   "a short one waits for a long one");
	press("b");
	ok(state.mode == MODE_HELP && state.keys[0] == '\0', "the longest one wins");
	state.mode = MODE_TIMELINE;
	press("g"), press("a"), press("g");
	is_text(state.keys, "g", "the short one ran, the next key waits");
	press("<Esc>");
	is_text(state.keys, "", "Esc ends the wait");
	press("g"), press("a");
	keymap_expire(&keymap, &state, &model);
	is_text(state.keys, "", "time ends the wait");
	end();
}

static void unknown_keys_get_a_hint(void)
{
	begin("map timeline ga zoom all\n");
	is_u64(press("x"), EFFECT_REDRAW, "the hint is drawn");
	is_text(state.message, "x is not bound; ? shows all keys", "a key");
	press("g"), press("x");
	is_text(state.message, "gx is not bound; ? shows all keys", "a sequence");
	is_u64(press("<Release>"), 0, "a button that goes up is the end of another gesture");
	is_text(state.message, "gx is not bound; ? shows all keys", "and leaves it");
	is_u64(press("<MidClick>"), EFFECT_REDRAW, "a gesture clears it");
	is_text(state.message, "", "and is nothing to talk about");
	is_u64(press("<MidClick>"), 0, "nor to draw");
	end();
}

static void classes_bind_each_of_theirs(void)
{
	struct error err = { 0 };
	bool longer;

	begin("map timeline M{a-z} mark set {}\nmap any <M-{0-9}> count {}\nunmap timeline Mq\n");
	is_text(keymap_find(&keymap, MODE_TIMELINE, "Mb", &longer), "mark set b", "a letter");
	is_text(keymap_find(&keymap, MODE_TIMELINE, "Mz", &longer), "mark set z", "the last one");
	is_text(keymap_find(&keymap, MODE_HELP, "<M-7>", &longer), "count 7", "a digit");
	ok(keymap_find(&keymap, MODE_TIMELINE, "Mq", &longer) == NULL, "one is taken away");
	ok(!keymap_parse(&keymap, "test", bytes_of("map any <F-{0-9}> count {}"), &err), "no key");
	is_text(err.message, "test:1:9: there is no key <F-0>", "is told with its place");
	end();
}

static void counts_repeat(void)
{
	int64_t before;

	begin("map any <M-{0-9}> count {}\nmap timeline . pan 1\n"
	      "map timeline b row 1\n");
	viewport_set_window(&state.at.viewport, 0, 1000000);
	before = state.at.viewport.first;
	press("<M-1>"), press("<M-2>");
	is_i64(state.count, 12, "digits make a number");
	press(".");
	is_i64(state.at.viewport.first - before, 12, "the next command is run so often");
	is_i64(state.count, 0, "and only that");
	press("<M-3>"), press("<Esc>"), press(".");
	is_i64(state.at.viewport.first - before, 13, "Esc forgets the number");
	for (int i = 0; i < 5; i++)
		press("<M-9>");
	ok(state.count == 0 && state.is_error, "there is an end to it");
	press("<M-9>"), press("<M-9>");
	press("b");
	ok(row_equal(state.at.cursor, rows_lane(&state.rows, rows_lanes(&state.rows) - 1)),
	   "what can't go on stops");
	end();
}

static void gestures_know_their_area(void)
{
	begin("map any <WheelUp> scroll 1\nmap any <ruler:WheelUp> quit\n");
	state.pointer.area = AREA_RULER;
	is_u64(press("<WheelUp>"), EFFECT_QUIT, "over the ruler");
	state.pointer.area = AREA_PLOT;
	is_u64(press("<WheelUp>"), EFFECT_REDRAW, "elsewhere");
	end();
}

static bool table_holds(const struct table *table, const char *text)
{
	struct value value;

	for (size_t i = 0; i < table_rows(table); i++) {
		struct table_cursor cursor = table_row(table, i);

		while (table_next(&cursor, &value))
			if (bytes_equal(value.text, bytes_of(text)))
				return true;
	}
	return false;
}

static void help_shows_keys_and_commands(void)
{
	struct table table;

	begin("map timeline w zoom in\nmap timeline <Up> zoom in\n");
	table_init(&table, &fake_budget);
	help_make(&table, &keymap);
	ok(table_holds(&table, "w <Up>"), "keys of one command stand together");
	ok(table_holds(&table, "longest"), "a command without a key is told");
	table_free(&table);
	end();
}

int main(void)
{
	errors_name_their_place();
	a_nul_is_no_key();
	the_rest_of_a_bad_file_loads();
	later_lines_and_own_modes_win();
	sequences_wait_for_their_end();
	unknown_keys_get_a_hint();
	classes_bind_each_of_theirs();
	counts_repeat();
	gestures_know_their_area();
	help_shows_keys_and_commands();
	return tap_done();
}
