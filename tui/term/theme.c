/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/theme.h"

enum { DIM = 1 << 7 }; /* beside enum attribute, in the table */
enum { BLACK = 0, BLUE = 4, WHITE = 7 };

/* Palette of 16 and of 8 colours, terminal.md 3.5: the user's theme decides how they look, so
 * letters carry the meaning. A ground that has no colour of its own shows by attributes. */
static const struct role {
	int8_t fg16, bg16, fg8, bg8;
	uint8_t fg8_attributes, bg8_attributes; /* with 8 colours */
	uint8_t fg_attributes, bg_attributes;   /* with none */
} roles[COLOUR_COUNT] = {
	/* clang-format off */
	[COLOUR_DEFAULT]  = { -1, -1, -1, -1, 0,   0, 0,   0 },
	[COLOUR_DIM]      = {  8,  8, -1, -1, DIM, 0, DIM, 0 },
	[COLOUR_INK]      = {  0, -1,  0, -1, 0,   0, 0,   0 },
	[COLOUR_PAPER]    = { 15, 15,  7, -1, 0,   ATTRIBUTE_REVERSE, 0, 0 },
	[COLOUR_RUNNING]  = { 10, 10,  2,  2, 0,   0, 0,   ATTRIBUTE_REVERSE },
	[COLOUR_RUNNABLE] = { 11, 11,  3,  3, 0,   0, 0,   ATTRIBUTE_UNDERLINE },
	[COLOUR_BLOCKED]  = { 12, 12,  4,  4, 0,   0, 0,   0 },
	[COLOUR_SYSCALL]  = { 13, 13,  5,  5, 0,   0, 0,   0 },
	[COLOUR_GC]       = {  3,  3,  6,  6, 0,   0, 0,   ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD },
	[COLOUR_STW]      = {  9,  9,  1,  1, 0,   0, ATTRIBUTE_BOLD, ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD },
	[COLOUR_ASSIST]   = {  3,  3,  6,  6, 0,   0, 0,   ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD },
	[COLOUR_SWEEP]    = {  2,  2,  3,  3, 0,   0, 0,   ATTRIBUTE_UNDERLINE },
	[COLOUR_REGION]   = {  6,  6,  4,  4, 0,   0, 0,   0 },
	[COLOUR_IDLE]     = { -1, -1, -1, -1, 0,   0, 0,   0 },
	[COLOUR_COUNTER]  = {  4,  4,  4,  4, 0,   0, 0,   ATTRIBUTE_REVERSE },
	[COLOUR_SELECTED] = { 14, 14,  7, -1, 0,   ATTRIBUTE_REVERSE, ATTRIBUTE_BOLD,
	                      ATTRIBUTE_REVERSE | ATTRIBUTE_UNDERLINE },
	[COLOUR_MIXED]    = {  7,  7,  7, -1, 0,   ATTRIBUTE_REVERSE, 0, ATTRIBUTE_REVERSE },
	[COLOUR_ERROR]    = {  9,  9,  1,  1, ATTRIBUTE_BOLD, 0, ATTRIBUTE_BOLD, ATTRIBUTE_REVERSE },
	/* clang-format on */
};

enum theme theme_for(int colours)
{
	if (colours < 8)
		return THEME_MONO;
	if (colours < 16)
		return THEME_8;
	/* with direct colours, numbers from 8 on are red, green and blue */
	return colours < 256 ? THEME_16 : colours == 256 ? THEME_256 : THEME_8;
}

struct look theme_look(enum theme theme, struct style style)
{
	const struct role *fg = &roles[style.fg < COLOUR_COUNT ? style.fg : COLOUR_DEFAULT];
	const struct role *bg = &roles[style.bg < COLOUR_COUNT ? style.bg : COLOUR_DEFAULT];
	struct look look = { -1, -1, style.attributes, false };
	unsigned more = 0;

	switch (theme) {
	case THEME_MONO:
		more = fg->fg_attributes | bg->bg_attributes;
		break;
	case THEME_8:
		more = fg->fg8_attributes | bg->bg8_attributes;
		look.fg = fg->fg8;
		look.bg = bg->bg8;
		if (look.bg == BLUE && look.fg == BLACK) /* as dark as that, nearly */
			look.fg = WHITE;
		break;
	case THEME_16:
		look.fg = fg->fg16;
		look.bg = bg->bg16;
		break;
	case THEME_256:
		look.fg = (int16_t)colour_of_256(style.fg);
		look.bg = (int16_t)colour_of_256(style.bg);
		break;
	}
	if (theme == THEME_8 && bg->bg8_attributes != 0) /* reversed: the user's own two colours */
		look.fg = look.bg = -1;
	look.dim = (more & DIM) != 0;
	look.attributes |= (uint8_t)(more & ~(unsigned)DIM);
	return look;
}
