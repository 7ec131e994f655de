/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/time_text.h"

#include "tests/tap.h"

static void as_go_writes(void)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0s" },
		{ 1, "1ns" },
		{ 999, "999ns" },
		{ 1000, "1µs" },
		{ 1500, "1.5µs" },
		{ 12345678, "12.345678ms" },
		{ 1000000000, "1s" },
		{ 60500000000, "1m0.5s" },
		{ 7203000000000, "2h0m3s" },
		{ -1500, "-1.5µs" },
		{ INT64_MAX, "2562047h47m16.854775807s" },
		{ INT64_MIN, "-2562047h47m16.854775808s" },
	};
	char text[TIME_TEXT_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_text(time_text_go(text, cases[i].ns), cases[i].text, cases[i].text);
}

static void short_form(void)
{
	char text[TIME_TEXT_MAX];

	is_text(time_text_short(text, 17, false), "17 ns", "nanoseconds are whole");
	is_text(time_text_short(text, 1234567, false), "1.235 ms", "four digits");
	is_text(time_text_short(text, 123456, true), "123.5 us", "ASCII micro");
	is_text(time_text_short(text, 90000000000, false), "90.00 s", "seconds up to two minutes");
}

static void ticks_have_the_digits_of_their_step(void)
{
	char text[TIME_TEXT_MAX];

	is_text(time_text_tick(text, 412500000, 500000, 1000000, false), "412.5 ms", "half a ms");
	is_text(time_text_tick(text, 412000000, 1000000, 1000000, false), "412 ms", "whole ms");
	is_text(time_text_tick(text, 1234567, 1, 1000, true), "1234.567 us", "down to a ns");
	is_text(time_text_tick(text, 3, 1, 1, false), "3 ns", "no fraction of a ns");
}

static void reading(void)
{
	static const struct {
		const char *text;
		bool good;
		int64_t ns;
	} cases[] = {
		{ "412.1ms", true, 412100000 },
		{ "1m2s", true, 62000000000 },
		{ "-2s", true, -2000000000 },
		{ "123", true, 123 },
		{ "1.5µs", true, 1500 },
		{ "1.5us", true, 1500 },
		{ "", false, 0 },
		{ "ms", false, 0 },
		{ "1x", false, 0 },
		{ "1.5", false, 0 },
		{ "300000h", true, 1080000000000000000 },
		{ "99999999999999999999h", false, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ns = 0;
		bool good = time_text_parse(bytes_of(cases[i].text), &ns);

		ok(good == cases[i].good && ns == cases[i].ns, "\"%s\" is %s", cases[i].text,
		   cases[i].good ? "a time" : "refused");
	}
}

int main(void)
{
	as_go_writes();
	short_form();
	ticks_have_the_digits_of_their_step();
	reading();
	return tap_done();
}
