/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/time_text.h"

#include <inttypes.h>
#include <stdio.h>

static const struct unit {
	int64_t ns;
	const char *name, *ascii;
} units[] = {
	{ 60000000000, "min", "min" }, { 1000000000, "s", "s" }, { 1000000, "ms", "ms" },
	{ 1000, "µs", "us" },          { 1, "ns", "ns" },
};

enum { UNITS = sizeof(units) / sizeof(units[0]) };

/* Writes value / 10^digits with trailing zeros of the fraction dropped. */
static int put_fraction(char *out, size_t size, uint64_t value, int digits)
{
	uint64_t scale = 1;

	for (int i = 0; i < digits; i++)
		scale *= 10;
	while (digits > 0 && value % 10 == 0 && scale > 1) {
		value /= 10;
		scale /= 10;
		digits--;
	}
	if (digits == 0)
		return snprintf(out, size, "%" PRIu64, value / scale);
	return snprintf(out, size, "%" PRIu64 ".%0*" PRIu64, value / scale, digits, value % scale);
}

const char *time_text_go(char text[TIME_TEXT_MAX], int64_t ns)
{
	uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char *at = text, *end = text + TIME_TEXT_MAX;
	uint64_t minutes;

	if (ns < 0)
		*at++ = '-';
	if (left == 0) {
		snprintf(at, (size_t)(end - at), "0s");
	} else if (left < 1000) {
		snprintf(at, (size_t)(end - at), "%" PRIu64 "ns", left);
	} else if (left < 1000000) {
		at += put_fraction(at, (size_t)(end - at), left, 3);
		snprintf(at, (size_t)(end - at), "µs");
	} else if (left < 1000000000) {
		at += put_fraction(at, (size_t)(end - at), left, 6);
		snprintf(at, (size_t)(end - at), "ms");
	} else {
		minutes = left / 60000000000u;
		if (minutes >= 60)
			at += snprintf(at, (size_t)(end - at), "%" PRIu64 "h", minutes / 60);
		if (minutes > 0)
			at += snprintf(at, (size_t)(end - at), "%" PRIu64 "m", minutes % 60);
		at += put_fraction(at, (size_t)(end - at), left % 60000000000u, 9);
		snprintf(at, (size_t)(end - at), "s");
	}
	return text;
}

const char *time_text_short(char text[TIME_TEXT_MAX], int64_t ns, bool ascii)
{
	const struct unit *unit = &units[UNITS - 1];
	int64_t size = ns < 0 ? (ns == INT64_MIN ? INT64_MAX : -ns) : ns;
	int64_t whole;
	int digits = 3;

	for (int i = 0; i < UNITS - 1 && unit == &units[UNITS - 1]; i++)
		if (size >= (units[i].ns > 1000000000 ? 2 : 1) * units[i].ns)
			unit = &units[i];
	whole = size / unit->ns;
	for (int64_t w = whole; w >= 10 && digits > 0; w /= 10)
		digits--;
	if (unit->ns == 1)
		digits = 0;
	snprintf(text, TIME_TEXT_MAX, "%s%.*f %s", ns < 0 ? "-" : "", digits,
	         (double)size / (double)unit->ns, ascii ? unit->ascii : unit->name);
	return text;
}

int64_t time_unit_for(int64_t greatest_ns)
{
	for (int i = 1; i < UNITS; i++)
		if (greatest_ns >= units[i].ns)
			return units[i].ns;
	return 1;
}

const char *time_text_tick(char text[TIME_TEXT_MAX], int64_t ns, int64_t step_ns, int64_t unit_ns,
                           bool ascii)
{
	const struct unit *unit = &units[UNITS - 1];
	int64_t size = ns < 0 ? -ns : ns;
	int64_t fraction = size % unit_ns;
	int64_t scale = unit_ns;
	int digits = 0;
	int n;

	for (int i = 0; i < UNITS; i++)
		if (units[i].ns == unit_ns)
			unit = &units[i];
	while (scale > 1 && scale % 10 == 0 && step_ns % scale != 0) {
		scale /= 10;
		digits++;
	}
	n = snprintf(text, TIME_TEXT_MAX, "%s%" PRId64, ns < 0 ? "-" : "", size / unit_ns);
	if (digits > 0 && n > 0 && n < TIME_TEXT_MAX)
		n += snprintf(text + n, (size_t)(TIME_TEXT_MAX - n), ".%0*" PRId64, digits,
		              fraction / scale);
	if (n > 0 && n < TIME_TEXT_MAX)
		snprintf(text + n, (size_t)(TIME_TEXT_MAX - n), " %s",
		         ascii ? unit->ascii : unit->name);
	return text;
}

/* The unit at the head of text, its length in *len; 0 if there is none. */
static int64_t parse_unit(const char *text, size_t left, size_t *len)
{
	static const struct {
		const char *name;
		int64_t ns;
	} names[] = {
		{ "ns", 1 },          { "us", 1000 },         { "µs", 1000 },
		{ "μs", 1000 },       { "ms", 1000000 },      { "s", 1000000000 },
		{ "m", 60000000000 }, { "h", 3600000000000 },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		*len = strlen(names[i].name);
		if (*len <= left && memcmp(text, names[i].name, *len) == 0)
			return names[i].ns;
	}
	return 0;
}

bool time_text_parse(struct bytes in, int64_t *ns)
{
	const char *text = (const char *)in.data;
	bool minus = in.len > 0 && text[0] == '-';
	size_t at = minus || (in.len > 0 && text[0] == '+') ? 1 : 0;
	__int128 sum = 0;
	bool any = false;

	while (at < in.len) {
		__int128 whole = 0, fraction = 0, scale = 1;
		size_t begin = at, len;
		int64_t unit;

		for (; at < in.len && text[at] >= '0' && text[at] <= '9' && at - begin < 20; at++)
			whole = whole * 10 + (text[at] - '0');
		any = at > begin;
		if (at < in.len && text[at] == '.')
			for (at++; at < in.len && text[at] >= '0' && text[at] <= '9'; at++) {
				any = true;
				if (scale < 1000000000000000)
					fraction = fraction * 10 + (text[at] - '0'), scale *= 10;
			}
		if (!any)
			return false;
		if (at == in.len && scale == 1 && sum == 0 && begin <= 1) {
			sum = whole; /* bare: ns */
			break;
		}
		unit = parse_unit(text + at, in.len - at, &len);
		if (unit == 0)
			return false;
		at += len;
		sum += whole * unit + fraction * unit / scale;
		if (sum > INT64_MAX)
			return false;
	}
	if (!any || sum > INT64_MAX)
		return false;
	*ns = minus ? -(int64_t)sum : (int64_t)sum;
	return true;
}
