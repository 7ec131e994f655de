/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/number.h"

#include "core/base/time_text.h"
#include "tui/state/viewport.h"

enum { NUMBER_MAX = 1000000 };

/* The number at the head of a text; *end is what follows. */
static bool take_number(const char *text, int *number, const char **end)
{
	bool minus = *text == '-';
	const char *digit = text + (minus || *text == '+');
	int64_t value = 0;

	*end = digit;
	for (; **end >= '0' && **end <= '9'; ++*end)
		value = value > NUMBER_MAX ? value : value * 10 + (**end - '0');
	*number = (int)(minus ? -value : value);
	return *end > digit && value <= NUMBER_MAX;
}

bool number_parse(const char *text, int *number)
{
	const char *end;

	return take_number(text, number, &end) && *end == '\0';
}

static int64_t at_least_one(int64_t cells, bool back)
{
	return cells != 0 ? cells : back ? -1 : 1;
}

bool number_parse_pan(const char *text, const struct viewport *viewport, int64_t *cells)
{
	const char *end;
	int64_t ns;
	int number;

	if (take_number(text, &number, &end) && strcmp(end, "%") == 0) {
		*cells = at_least_one((int64_t)number * viewport->cols / 100, number < 0);
		return true;
	}
	if (number_parse(text, &number)) {
		*cells = number;
		return true;
	}
	if (!time_text_parse(bytes_of(text), &ns))
		return false;
	*cells = viewport_cell_at(viewport, ns < 0 ? -ns : ns);
	*cells = at_least_one(ns < 0 ? -*cells : *cells, ns < 0);
	return true;
}
