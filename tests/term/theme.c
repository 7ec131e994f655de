/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/theme.h"

#include "tests/tap.h"
#include "tui/term/term_type.h"

/* The pairs that all styles together need; pair 0 apart. */
static int count_pairs(enum theme theme)
{
	static bool seen[257][257];
	int count = 1; /* that of idle cells */

	memset(seen, 0, sizeof(seen));
	for (int fg = 0; fg < COLOUR_COUNT; fg++)
		for (int bg = 0; bg < COLOUR_COUNT; bg++) {
			struct style style = { (uint8_t)fg, (uint8_t)bg, 0 };
			struct look look = theme_look(theme, style);

			if ((look.fg < 0 && look.bg < 0) || seen[look.fg + 1][look.bg + 1])
				continue;
			seen[look.fg + 1][look.bg + 1] = true;
			count++;
		}
	return count;
}

static void pairs_fit_the_terminal(void)
{
	ok(count_pairs(THEME_8) <= 63, "eight colours: %d of 63 pairs", count_pairs(THEME_8));
	ok(count_pairs(THEME_16) <= 255, "16 colours: %d of 255", count_pairs(THEME_16));
	ok(count_pairs(THEME_256) <= 32767, "256 colours: %d of 32767", count_pairs(THEME_256));
	is_i64(count_pairs(THEME_MONO), 1, "none without colours");
}

static void colours_are_in_range(void)
{
	static const int limits[] = {
		[THEME_MONO] = 0, [THEME_8] = 8, [THEME_16] = 16, [THEME_256] = 256
	};
	int bad = 0;

	for (int theme = THEME_MONO; theme <= THEME_256; theme++)
		for (int colour = 0; colour < 256; colour++) {
			struct style style = { (uint8_t)colour, (uint8_t)colour, 0 };
			struct look look = theme_look((enum theme)theme, style);

			bad += look.fg < -1 || look.fg >= limits[theme] || look.bg < -1 ||
			       look.bg >= limits[theme];
		}
	is_i64(bad, 0, "no colour that the terminal lacks");
}

static void terminals_get_the_best_they_can(void)
{
	is_i64(theme_for(-1), THEME_MONO, "none");
	is_i64(theme_for(8), THEME_8, "8");
	is_i64(theme_for(16), THEME_16, "16");
	is_i64(theme_for(88), THEME_16, "88");
	is_i64(theme_for(256), THEME_256, "256");
	is_i64(theme_for(1 << 24), THEME_8, "direct colours");
}

static void states_differ_without_colour(void)
{
	struct look running = theme_look(THEME_MONO, (struct style){ .bg = COLOUR_RUNNING });
	struct look runnable = theme_look(THEME_MONO, (struct style){ .bg = COLOUR_RUNNABLE });
	struct look gc = theme_look(THEME_MONO, (struct style){ .bg = COLOUR_GC });

	is_u64(running.attributes, ATTRIBUTE_REVERSE, "running is reversed");
	is_u64(runnable.attributes, ATTRIBUTE_UNDERLINE, "runnable is underlined");
	is_u64(gc.attributes, ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD, "GC is reversed and bold");
}

static void selection_shows_on_eight_colours(void)
{
	struct style style = { COLOUR_INK, COLOUR_SELECTED, 0 };
	struct look look = theme_look(THEME_8, style);

	ok(look.fg == -1 && look.bg == -1 && look.attributes == ATTRIBUTE_REVERSE, "reversed");
}

static void names_are_read_on_blue(void)
{
	struct style style = { COLOUR_INK, COLOUR_BLOCKED, 0 };

	is_i64(theme_look(THEME_8, style).fg, 7, "white on the blue of eight colours");
	is_i64(theme_look(THEME_16, style).fg, 0, "black on that of sixteen, which is bright");
}

static void unknown_types_have_a_stand_in(void)
{
	is_text(term_type_substitute("foot"), "xterm-256color", "foot");
	is_text(term_type_substitute("xterm-kitty"), "xterm-256color", "kitty");
	is_text(term_type_substitute("st-256color"), "xterm-256color", "*-256color");
	is_text(term_type_substitute("xterm-direct"), "xterm-256color", "*-direct");
	is_text(term_type_substitute("tmux-256color"), "screen-256color", "tmux");
	is_text(term_type_substitute("nosuch"), "xterm", "anything else");
	ok(!term_type_has_blocks("linux") && !term_type_has_blocks("vt100"),
	   "fonts without blocks");
	ok(term_type_has_blocks("xterm-256color"), "fonts with blocks");
}

int main(void)
{
	pairs_fit_the_terminal();
	colours_are_in_range();
	terminals_get_the_best_they_can();
	states_differ_without_colour();
	selection_shows_on_eight_colours();
	names_are_read_on_blue();
	unknown_types_have_a_stand_in();
	return tap_done();
}
