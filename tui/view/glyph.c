/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/glyph.h"

#include <langinfo.h>
#include <stdio.h>
#include <wchar.h>
#include <wctype.h>

#include "tui/state/utf8.h"
#include "tui/state/code_point.h"

bool glyph_locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The columns of a code point as far as we and the C library agree; -1 where we do not: curses
 * would count otherwise than we, and move all that follows in the row. */
static int agreed_width(uint32_t code)
{
	static const int widths[] = {
		[CODE_POINT_REFUSED] = -2,
		[CODE_POINT_MARK] = 0,
		[CODE_POINT_NARROW] = 1,
		[CODE_POINT_WIDE] = 2,
	};
	int width = widths[code_point_kind(code)];

	return code < 0x80 || width == wcwidth((wchar_t)code) ? width : -1;
}

static void take(struct bytes *text, size_t len)
{
	text->data += len;
	text->len -= len;
}

static void escape_byte(struct glyph *glyph, uint8_t byte)
{
	const char *name = byte == '\n'   ? "\\n"
	                   : byte == '\t' ? "\\t"
	                   : byte == 0x1b ? "\\e"
	                                  : NULL;

	if (name != NULL)
		glyph->width = snprintf(glyph->escape, sizeof(glyph->escape), "%s", name);
	else
		glyph->width = snprintf(glyph->escape, sizeof(glyph->escape), "\\x%02x", byte);
}

static void escape_code(struct glyph *glyph, uint32_t code)
{
	glyph->width = snprintf(glyph->escape, sizeof(glyph->escape),
	                        code < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)code);
}

/* A few marks stay on a letter; more of them, or on anything else, are a disguise. */
static void take_marks(struct bytes *text, struct glyph *glyph)
{
	uint32_t mark;
	size_t len;

	if (!iswalpha((wint_t)glyph->code))
		return;
	for (int i = 0; i < GLYPH_MARKS; i++) {
		len = utf8_decode(*text, &mark);
		if (len == 0 || agreed_width(mark) != 0)
			return;
		glyph->marks[i] = mark;
		take(text, len);
	}
}

bool glyph_next(struct bytes *text, bool unicode, struct glyph *glyph)
{
	uint32_t code;
	size_t len;

	*glyph = (struct glyph){ 0 };
	if (text->len == 0)
		return false;
	len = utf8_decode(*text, &code);
	if (len <= 1 && (len == 0 || agreed_width(code) < 1)) {
		escape_byte(glyph, text->data[0]);
		take(text, 1);
		return true;
	}
	take(text, len);
	if (len > 1 && (!unicode || agreed_width(code) < 1)) {
		escape_code(glyph, code);
		return true;
	}
	glyph->code = code;
	glyph->width = agreed_width(code);
	if (unicode)
		take_marks(text, glyph);
	return true;
}
