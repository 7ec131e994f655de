/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/look.h"

#include "tests/tap.h"

/* What each set of glyphs is made of. */

static bool is_of(enum glyphs glyphs, uint32_t code)
{
	switch (glyphs) {
	case GLYPHS_ASCII:
		return code < 0x7f;
	case GLYPHS_HALVES: /* halves, whole blocks and shades; lines and arrows */
		return code < 0x7f || code == 0x2580 || code == 0x2584 || code == 0x2588 ||
		       code == 0x258c || code == 0x2590 || (code >= 0x2591 && code <= 0x2593) ||
		       code == 0x2500 || code == 0x2502 || code == 0x25c0 || code == 0x25b6 ||
		       code == 0xb7;
	case GLYPHS_EIGHTHS:
		return true;
	}
	return false;
}

static void sets_hold_what_they_say(enum glyphs glyphs, const char *name)
{
	struct cells cells = { .glyphs = glyphs, .mono = true };
	int others = 0;

	for (int i = 0; i <= 8; i++) {
		others += !is_of(glyphs, look_lower(&cells, i));
		others += !is_of(glyphs, look_sketch(&cells, i));
		others += i > 0 && i < 8 && !is_of(glyphs, look_left(&cells, i));
	}
	for (uint8_t shade = 0; shade <= SHADE_MIXED; shade++)
		others += !is_of(glyphs, look_fill(&cells, shade));
	for (int sign = 0; sign < SIGN_COUNT; sign++)
		others += !is_of(glyphs, look_sign(&cells, (enum sign)sign));
	ok(others == 0, "%s holds no other glyphs", name);
}

static void each_state_has_a_letter(void)
{
	bool seen[128] = { false };
	int doubles = 0;

	for (uint8_t shade = 0; shade < SHADES; shade++) {
		uint32_t letter = look_letter(shade);

		ok(letter > ' ' && letter < 128, "a letter for shade %d", shade);
		doubles += letter < 128 && seen[letter] && shade != SHADE_GC;
		if (letter < 128)
			seen[letter] = true;
	}
	ok(doubles == 0, "of its own, but for the GC and its workers");
}

int main(void)
{
	sets_hold_what_they_say(GLYPHS_ASCII, "ascii");
	sets_hold_what_they_say(GLYPHS_HALVES, "half");
	each_state_has_a_letter();
	return tap_done();
}
