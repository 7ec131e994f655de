/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/go_name.h"

#include "tests/tap.h"

static void names_are_cut_from_the_left(void)
{
	static const char *const cases[][5] = {
		{ "github.com/x/y/pkg.(*T).Serve.func1", "pkg.(*T).Serve.func1", "(*T).Serve.func1",
		  "Serve.func1", "func1" },
		{ "main.main", "main.main", "main", "main", "main" },
		{ "runtime.(*p).run", "runtime.(*p).run", "(*p).run", "run", "run" },
		{ "a.b/pkg.Map[go.shape.int,go.shape.[]uint8].Get", "pkg.Map[..].Get", "Map[..].Get",
		  "Get", "Get" },
		{ "gopkg.in/yaml%2ev3.Unmarshal", "yaml%2ev3.Unmarshal", "Unmarshal", "Unmarshal",
		  "Unmarshal" },
		{ "x", "x", "x", "x", "x" },
		{ "", "", "", "", "" },
		{ "odd.", "odd.", "odd.", "odd.", "odd." },
		{ "a]b)c.d", "a]b)c.d", "d", "d", "d" },
	};
	char out[GO_NAME_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int level = 0; level < GO_NAME_LEVELS; level++)
			is_text(go_name_short(out, bytes_of(cases[i][0]), level, true), cases[i][level + 1],
			        cases[i][0]);
}

static void long_ones_are_cut(void)
{
	uint8_t name[1000];
	char out[GO_NAME_MAX];

	memset(name, '.', sizeof(name));
	go_name_short(out, (struct bytes){ name, sizeof(name) }, 3, true);
	ok(strlen(out) < GO_NAME_MAX, "dots alone");
	memset(name, '[', sizeof(name));
	is_text(go_name_short(out, (struct bytes){ name, sizeof(name) }, 0, true), "[..", "brackets");
}

int main(void)
{
	names_are_cut_from_the_left();
	long_ones_are_cut();
	return tap_done();
}
