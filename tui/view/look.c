/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/look.h"

const struct style look_plain = { 0 };
const struct style look_dim = { .fg = COLOUR_DIM };
const struct style look_title = { .attributes = ATTRIBUTE_BOLD };
const struct style look_idle = { .bg = COLOUR_IDLE };

bool look_is_ascii(const struct cells *cells)
{
	return cells->glyphs == GLYPHS_ASCII;
}

/* clang-format off */

enum colour look_colour(uint8_t shade)
{
	static const enum colour colours[] = {
		[SHADE_WAITING] = COLOUR_BLOCKED, [SHADE_RUNNABLE] = COLOUR_RUNNABLE,
		[SHADE_RUN] = COLOUR_RUNNING,     [SHADE_WORKER] = COLOUR_GC, [SHADE_SWEEP] = COLOUR_SWEEP,
		[SHADE_SYSCALL] = COLOUR_SYSCALL, [SHADE_ASSIST] = COLOUR_ASSIST, [SHADE_GC] = COLOUR_GC,
		[SHADE_STW] = COLOUR_STW,         [SHADE_REGION] = COLOUR_REGION,
		[SHADE_SAMPLE] = COLOUR_RUNNING,  [SHADE_LOG] = COLOUR_REGION,
		[SHADE_START] = COLOUR_RUNNING,   [SHADE_STOP] = COLOUR_BLOCKED,
		[SHADE_IDLE] = COLOUR_IDLE,       [SHADE_MIXED] = COLOUR_MIXED,
	};

	return colours[shade];
}

uint32_t look_letter(uint8_t shade)
{
	static const char letters[] = {
		[SHADE_WAITING] = 'b', [SHADE_RUNNABLE] = 'w',
		[SHADE_RUN] = 'R', [SHADE_WORKER] = 'G', [SHADE_SWEEP] = 'V', [SHADE_SYSCALL] = 'S',
		[SHADE_ASSIST] = 'A', [SHADE_GC] = 'G', [SHADE_STW] = '!', [SHADE_REGION] = 'U',
		[SHADE_SAMPLE] = 's', [SHADE_LOG] = 'l', [SHADE_START] = '[', [SHADE_STOP] = ']',
		[SHADE_IDLE] = ' ', [SHADE_MIXED] = ' ',
	};

	return (uint32_t)letters[shade];
}

uint32_t look_fill(const struct cells *cells, uint8_t shade)
{
	static const uint32_t fills[][2] = {
		[SHADE_WAITING] = { 0x2591, '.' }, [SHADE_RUNNABLE] = { 0x2592, ':' },
		[SHADE_RUN] = { 0x2588, '=' },     [SHADE_WORKER] = { 0x2593, '#' },
		[SHADE_SWEEP] = { 0x2591, '-' },   [SHADE_SYSCALL] = { 0x2592, '~' },
		[SHADE_ASSIST] = { 0x2593, '%' },  [SHADE_GC] = { 0x2593, '#' },
		[SHADE_STW] = { '!', '!' },        [SHADE_REGION] = { 0x2591, '-' },
		[SHADE_SAMPLE] = { 's', 's' },     [SHADE_LOG] = { 'l', 'l' },
		[SHADE_START] = { '[', '[' },      [SHADE_STOP] = { ']', ']' },
		[SHADE_IDLE] = { ' ', ' ' },
		[SHADE_MIXED] = { 0x2588, '=' },
	};

	return fills[shade][look_is_ascii(cells)];
}

/* clang-format on */

uint32_t look_lower(const struct cells *cells, int eighths)
{
	static const char ascii[] = " .:-=+*##";

	if (look_is_ascii(cells))
		return (uint32_t)ascii[eighths];
	if (eighths == 0)
		return ' ';
	if (cells->glyphs == GLYPHS_HALVES)
		return eighths <= 4 ? 0x2584 : 0x2588;
	return 0x2580 + (uint32_t)eighths;
}

uint32_t look_sketch(const struct cells *cells, int eighths)
{
	static const uint32_t shades[][2] = {
		{ ' ', ' ' }, { 0x2591, ':' }, { 0x2592, 'o' }, { 0x2593, 'O' }
	};

	return shades[(eighths + 2) / 3 < 3 ? (eighths + 2) / 3 : 3][look_is_ascii(cells)];
}

uint32_t look_faint(const struct cells *cells)
{
	return look_is_ascii(cells) ? '_' : cells->mono ? 0x254c : 0x2591;
}

uint32_t look_left(const struct cells *cells, int eighths)
{
	if (look_is_ascii(cells))
		return '|';
	if (cells->glyphs == GLYPHS_HALVES)
		return 0x258c;
	return 0x2590 - (uint32_t)eighths;
}

/* clang-format off */

uint32_t look_sign(const struct cells *cells, enum sign sign)
{
	static const uint32_t signs[SIGN_COUNT][2] = {
		[SIGN_RULE] = { 0x2500, '-' },  [SIGN_BAR] = { 0x2502, '|' },
		[SIGN_SEAM] = { 0x258f, '|' },  [SIGN_RIGHT] = { 0x2595, '|' },
		[SIGN_RIGHT_HALF] = { 0x2590, '|' }, [SIGN_TOP] = { 0x2594, '"' },
		[SIGN_IN] = { 0x25c0, '<' },    [SIGN_OUT] = { 0x25b6, '>' },
		[SIGN_DAMAGE] = { 0x2592, '%' }, [SIGN_UNKNOWN] = { 0xb7, '?' },
	};

	if (cells->glyphs == GLYPHS_HALVES) /* what stands at an edge is half a cell */
		return sign == SIGN_SEAM    ? 0x258c
		       : sign == SIGN_RIGHT ? 0x2590
		       : sign == SIGN_TOP   ? 0x2580
		                            : signs[sign][0];
	return signs[sign][look_is_ascii(cells)];
}
