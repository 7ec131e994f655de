/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/text_out.h"

#include <stdlib.h>

#include "tests/sha256.h"
#include "tests/tap.h"

static struct text_out out;
static char told[256];
static size_t told_len, calls;

static bool keep(void *context, struct bytes text)
{
	(void)context;
	for (size_t i = 0; i < text.len && told_len + 1 < sizeof(told); i++)
		told[told_len++] = (char)text.data[i];
	told[told_len] = '\0';
	return true;
}

static void begin(void)
{
	out = (struct text_out){ .take = keep };
	told_len = 0;
	told[0] = '\0';
}

static void is_told(const char *want, const char *what)
{
	text_flush(&out);
	is_text(told, want, what);
}

/* ---- numbers */

static void numbers(void)
{
	static const uint64_t some[] = { 0, 9, 10, 99, 100, 101, 1234567, UINT64_MAX };

	begin();
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		text_put_unsigned(&out, some[i]);
		TEXT_PUT(&out, " ");
	}
	is_told("0 9 10 99 100 101 1234567 18446744073709551615 ", "unsigned ones");
	begin();
	text_put_signed(&out, UINT64_MAX);
	TEXT_PUT(&out, " ");
	text_put_signed(&out, UINT64_C(1) << 63);
	TEXT_PUT(&out, " ");
	text_put_signed(&out, INT64_MAX);
	is_told("-1 -9223372036854775808 9223372036854775807", "signed ones");
	begin();
	text_put_hex(&out, 0);
	TEXT_PUT(&out, " ");
	text_put_hex(&out, UINT64_C(0xfedcba9876543210));
	is_told("0 fedcba9876543210", "hexadecimal ones");
}

/* ---- quotes */

static void quoted(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "\"\"" },
		{ "plain text", "\"plain text\"" },
		{ "a \"quote\" \\ 'other'", "\"a \\\"quote\\\" \\\\ 'other'\"" },
		{ "\a\b\f\n\r\t\v", "\"\\a\\b\\f\\n\\r\\t\\v\"" },
		{ "\x01\x1b\x1f\x7f", "\"\\x01\\x1b\\x1f\\x7f\"" },
		{ "gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x98\x80",
		  "\"gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x98\x80\"" },
		{ "\xc2\x85\xc2\xa0\xc2\xad", "\"\\u0085\\u00a0\\u00ad\"" },
		{ "\xe2\x80\x8b\xef\xbb\xbf\xee\x80\x80", "\"\\u200b\\ufeff\\ue000\"" },
		{ "\xf3\xa0\x80\x81\xf4\x8f\xbf\xbf", "\"\\U000e0001\\U0010ffff\"" },
		{ "\xff\xc3\x28\xe4\xb8\x80\xe4\xb8", "\"\\xff\\xc3(\xe4\xb8\x80\\xe4\\xb8\"" },
		{ "\xc0\x80\xe0\x9f\xbf\xed\xa0\x80\xf4\x90\x80\x80",
		  "\"\\xc0\\x80\\xe0\\x9f\\xbf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\"" },
		{ "\xcd\xb8\xef\xbf\xbd", "\"\\u0378\xef\xbf\xbd\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		text_put_quoted(&out, bytes_of(cases[i].text));
		is_told(cases[i].want, "quoted");
	}
	begin();
	text_put_quoted(&out, (struct bytes){ (const uint8_t *)"a\0b", 3 });
	is_told("\"a\\x00b\"", "a NUL is quoted");
}

static bool hash(void *context, struct bytes text)
{
	sha256_add(context, text);
	return true;
}

static size_t put_utf8(uint8_t *at, uint32_t c)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		at[i] = (uint8_t)(0x80 | (c & 0x3f));
	at[0] = (uint8_t)(first[len] | c);
	return len;
}

/* The sums were made by strconv.Quote of Go 1.26. */
static void all_code_points(void)
{
	struct sha256 sha;
	uint8_t text[4];
	char sum[65];

	out = (struct text_out){ .take = hash, .context = &sha };
	sha256_init(&sha);
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c < 0xe000)
			continue;
		text_put_quoted(&out, (struct bytes){ text, put_utf8(text, c) });
		TEXT_PUT(&out, "\n");
	}
	text_flush(&out);
	sha256_end(&sha, sum);
	is_text(sum, "4c752b4c6e90df8c641d6ac02a6da80113943bc8fc476c825f27aef51db2a055",
	        "every code point is quoted as in Go");
}

static void any_bytes(void)
{
	struct sha256 sha;
	uint8_t text[8];
	uint32_t seed = 1;
	char sum[65];

	out = (struct text_out){ .take = hash, .context = &sha };
	sha256_init(&sha);
	for (size_t n = 0; n < 20000; n++) {
		for (size_t i = 0; i < n % 9; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = (uint8_t)(seed >> 24);
		}
		text_put_quoted(&out, (struct bytes){ text, n % 9 });
		TEXT_PUT(&out, "\n");
	}
	text_flush(&out);
	sha256_end(&sha, sum);
	is_text(sum, "b279dd38716d30c4ba983e979d1f131c7e748f2b912a8359383dff6ea217a3c8",
	        "any bytes are quoted as in Go");
}

/* ---- wall clocks */

static void wall_clocks(void)
{
	static const struct {
		int64_t sec, nsec;
		const char *want;
	} cases[] = {
		{ 0, 0, "1970-01-01T00:00:00Z" },
		{ 1709164800, 120, "2024-02-29T00:00:00.00000012Z" },
		{ 951782399, 500000000, "2000-02-28T23:59:59.5Z" },
		{ -1, 999999999, "1969-12-31T23:59:59.999999999Z" },
		{ 10, 2000000001, "1970-01-01T00:00:12.000000001Z" },
		{ 10, -1, "1970-01-01T00:00:09.999999999Z" },
		{ -62135596800, 0, "0001-01-01T00:00:00Z" },
		{ 253402300799, 0, "9999-12-31T23:59:59Z" },
		{ 562949953421312, 1, "17841143-11-13T21:28:32.000000001Z" },
		{ -562949953421312, 0, "-17837204-02-19T02:31:28Z" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		text_put_wall(&out, cases[i].sec, cases[i].nsec);
		is_told(cases[i].want, "a wall clock");
	}
}

/* ---- the buffer */

static bool count(void *context, struct bytes text)
{
	*(size_t *)context += text.len;
	calls++;
	return true;
}

static bool enough(void *context, struct bytes text)
{
	(void)context, (void)text;
	calls++;
	return false;
}

static void long_texts_are_passed_on(void)
{
	static uint8_t text[100000];
	size_t sum = 0;

	calls = 0;
	out = (struct text_out){ .take = count, .context = &sum };
	for (int i = 0; i < 3; i++)
		text_put(&out, (struct bytes){ text, sizeof(text) });
	ok(text_flush(&out), "all is taken");
	is_u64(sum, 3 * sizeof(text), "every byte once");
	ok(calls > 1 && calls < 10, "in few pieces");
	calls = 0;
	out = (struct text_out){ .take = enough };
	for (int i = 0; i < 3; i++)
		text_put(&out, (struct bytes){ text, sizeof(text) });
	ok(!text_flush(&out) && out.is_over, "who has enough is not asked again");
	is_u64(calls, 1, "but once");
}

int main(void)
{
	numbers();
	quoted();
	all_code_points();
	any_bytes();
	wall_clocks();
	long_texts_are_passed_on();
	return tap_done();
}
