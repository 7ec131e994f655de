/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/text_out.h"

#include "core/export/printable.h"

#include <inttypes.h>
#include <stdio.h>

void text_out_init(struct text_out *out, bool (*take)(void *context, struct bytes text),
                   void *context)
{
	out->take = take;
	out->context = context;
	out->stacks = NULL;
	out->is_over = false;
	out->passed = out->used = 0;
}

bool text_flush(struct text_out *out)
{
	if (!out->is_over && out->used > 0)
		out->is_over = !out->take(out->context, (struct bytes){ out->buffer, out->used });
	out->passed += out->used;
	out->used = 0;
	return !out->is_over;
}

void text_put(struct text_out *out, struct bytes text)
{
	while (text.len > 0) {
		size_t len = text.len < TEXT_OUT_PIECE ? text.len : TEXT_OUT_PIECE;

		memcpy(text_need(out, len), text.data, len);
		out->used += len;
		text.data += len;
		text.len -= len;
	}
}

void text_put_unsigned(struct text_out *out, uint64_t number)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233343536"
		"37383940414243444546474849505152535455565758596061626364656667686970717273"
		"7475767778798081828384858687888990919293949596979899";
	char digits[20];
	size_t at = sizeof(digits);

	while (number >= 100) {
		at -= 2;
		memcpy(digits + at, pairs + number % 100 * 2, 2);
		number /= 100;
	}
	if (number >= 10) {
		at -= 2;
		memcpy(digits + at, pairs + number * 2, 2);
	} else {
		digits[--at] = (char)('0' + number);
	}
	text_put_short(out, digits + at, sizeof(digits) - at);
}

void text_put_signed(struct text_out *out, uint64_t number)
{
	if (number >> 63 != 0) {
		TEXT_PUT(out, "-");
		number = -number;
	}
	text_put_unsigned(out, number);
}

void text_put_hex(struct text_out *out, uint64_t number)
{
	char digits[16];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number & 15];
		number >>= 4;
	} while (number != 0);
	text_put_short(out, digits + at, sizeof(digits) - at);
}

/* ---- quoting */

/* The code point at the begin of a text and its length; length 0: it is no UTF-8. */
static uint32_t take_rune(struct bytes text, size_t *len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = text.data[0];
	uint32_t rune;

	*len = first < 0x80   ? 1
	       : first < 0xc2 ? 0
	       : first < 0xe0 ? 2
	       : first < 0xf0 ? 3
	       : first < 0xf5 ? 4
	                      : 0;
	if (*len == 0 || *len > text.len) {
		*len = 0;
		return 0;
	}
	rune = *len == 1 ? first : first & (0x7fu >> *len);
	for (size_t i = 1; i < *len; i++) {
		if ((text.data[i] & 0xc0) != 0x80) {
			*len = 0;
			return 0;
		}
		rune = rune << 6 | (text.data[i] & 0x3f);
	}
	if (rune < least[*len] || (rune >= 0xd800 && rune < 0xe000) || rune > 0x10ffff)
		*len = 0;
	return rune;
}

static void put_escaped(struct text_out *out, uint32_t rune, bool is_byte)
{
	static const char plain[] = "\a\b\f\n\r\t\v", names[] = "abfnrtv";
	const char *name =
		rune != 0 && rune < 0x20 ? memchr(plain, (int)rune, sizeof(plain) - 1) : NULL;
	char text[16];

	if (name != NULL)
		snprintf(text, sizeof(text), "\\%c", names[name - plain]);
	else if (is_byte || rune < 0x20 || rune == 0x7f)
		snprintf(text, sizeof(text), "\\x%02x", rune);
	else
		snprintf(text, sizeof(text), rune < 0x10000 ? "\\u%04x" : "\\U%08x", rune);
	text_put_short(out, text, strlen(text));
}

void text_put_quoted(struct text_out *out, struct bytes text)
{
	TEXT_PUT(out, "\"");
	while (text.len > 0) {
		size_t len = 1;
		uint32_t rune = text.data[0];

		if (rune >= 0x80)
			rune = take_rune(text, &len);
		if (len == 0) {
			put_escaped(out, text.data[0], true);
			len = 1;
		} else if (rune == '"' || rune == '\\') {
			TEXT_PUT(out, "\\");
			text_put(out, (struct bytes){ text.data, 1 });
		} else if (is_printable(rune)) {
			text_put(out, (struct bytes){ text.data, len });
		} else {
			put_escaped(out, rune, false);
		}
		text.data += len;
		text.len -= len;
	}
	TEXT_PUT(out, "\"");
}

/* Bytes from the begin of a text that a JSON string has as they are. */
static size_t plain_len(struct bytes text)
{
	size_t len = 0;

	while (len < text.len && text.data[len] >= 0x20 && text.data[len] < 0x7f &&
	       text.data[len] != '"' && text.data[len] != '\\')
		len++;
	return len;
}

void text_put_escaped(struct text_out *out, struct bytes text)
{
	while (text.len > 0) {
		size_t len = plain_len(text);
		char code[8];

		if (len > 0) {
			text_put(out, (struct bytes){ text.data, len });
		} else if (text.data[0] < 0x80) {
			snprintf(code, sizeof(code), "\\u%04x", text.data[0]);
			text_put_short(out, code, strlen(code));
			len = 1;
		} else {
			take_rune(text, &len);
			text_put(out,
			         len > 0 ? (struct bytes){ text.data, len } : bytes_of("\\ufffd"));
			len += len == 0;
		}
		text.data += len;
		text.len -= len;
	}
}

/* ---- wall clock */

/* The date of a day since 1970 (proleptic Gregorian, from a year of March on). */
static void put_date(struct text_out *out, int64_t day)
{
	int64_t era, in_era, year_of_era, in_year, month, year;
	char text[64];

	day += 719468;
	era = (day >= 0 ? day : day - 146096) / 146097;
	in_era = day - era * 146097;
	year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * in_year + 2) / 153;
	year = year_of_era + era * 400 + (month >= 10);
	snprintf(text, sizeof(text), "%s%04" PRId64 "-%02d-%02d", year < 0 ? "-" : "",
	         year < 0 ? -year : year, (int)(month < 10 ? month + 3 : month - 9),
	         (int)(in_year - (153 * month + 2) / 5 + 1));
	text_put_short(out, text, strlen(text));
}

void text_put_wall(struct text_out *out, int64_t sec, int64_t nsec)
{
	char text[40];
	int64_t day, rest;
	size_t len;

	sec = (int64_t)((uint64_t)sec + (uint64_t)(nsec / 1000000000)); /* wraps, as in Go */
	nsec %= 1000000000;
	if (nsec < 0) {
		nsec += 1000000000;
		sec = (int64_t)((uint64_t)sec - 1);
	}
	day = sec / 86400 - (sec % 86400 < 0);
	rest = sec - day * 86400;
	put_date(out, day);
	snprintf(text, sizeof(text), "T%02d:%02d:%02d.%09d", (int)(rest / 3600),
	         (int)(rest / 60 % 60), (int)(rest % 60), (int)nsec);
	len = strlen(text);
	while (text[len - 1] == '0' && nsec != 0)
		len--;
	if (nsec == 0)
		len -= 10;
	text_put_short(out, text, len);
	TEXT_PUT(out, "Z");
}
