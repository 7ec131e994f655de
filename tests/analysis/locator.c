/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/locator.h"

#include <inttypes.h>

#include "tests/tap.h"

static struct locator locator;
static size_t wrong_at;

static bool parse(const char *text)
{
	return locator_parse(bytes_of(text), &locator, &wrong_at);
}

/* What is read from a text, written again. */
static void is_same(const char *text)
{
	char out[LOCATOR_TEXT_MAX];

	ok(parse(text), "%s reads", text);
	is_text(locator_text(out, &locator), text, "and is written so");
}

static void parts_are_read(void)
{
	ok(parse("t=412.1ms+3ms,g=21"), "a window and a goroutine");
	is_i64(locator.begin_ns, 412100000, "its begin");
	is_i64(locator.length_ns, 3000000, "its length");
	ok(locator.of == LOCATOR_GO && locator.id == 21, "whose lane it is");
	ok(!locator.has_selected, "nothing selected");
	ok(parse("s=1us,p=0,t=5") && locator.of == LOCATOR_PROC && locator.id == 0 &&
	           locator.has_selected && locator.selected_ns == 1000 && !locator.has_length,
	   "in any order");
}

static void nonsense_has_a_place(void)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = { { "", 0 },
		      { "t", 0 },
		      { "t=", 0 },
		      { "t=1ms,", 6 },
		      { "t=1ms,g=", 6 },
		      { "t=1ms,g=x", 6 },
		      { "t=1ms+0s", 0 },
		      { "row=heap", 0 },
		      { "p=1,in=lane", 4 },
		      { "t=1ms,g=99999999999999999999", 6 },
		      { "q=1", 0 },
		      { "t=1ms,,g=1", 6 },
		      { "t=1ms,t=2ms", 6 },
		      { "g=1,p=2", 4 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(!parse(cases[i].text) && wrong_at == cases[i].at, "\"%s\" is none",
		   cases[i].text);
}

int main(void)
{
	parts_are_read();
	is_same("t=412.1ms+3ms,g=21");
	is_same("t=0s+1m0.5s,row=stw,s=621.478901ms");
	is_same("t=1ms,g=7,in=regions2,s=1ms");
	is_same("task=12,s=1ms");
	is_same("t=1ns,p=18446744073709551615");
	is_same("m=7");
	nonsense_has_a_place();
	return tap_done();
}
