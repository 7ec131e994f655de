/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/interface_keys.h"

#include "tests/demo.h"

#include <sys/mman.h>
#include <unistd.h>

/* A file of the user's own keys: beside the default ones, whatever is wrong in some lines of it. */

static const char text[] = "# mine\n"
			   "map timeline x zoom in\n"
			   "map timeline <Moon> zoom in\n"
			   "map timeline X zoom out\n";


static void press(const char *key)
{
	struct error err = { 0 };

	script_press(&demo, key, &err);
}

static int64_t width(void)
{
	return viewport_end_ns(&demo.state.at.viewport) -
	       viewport_begin_ns(&demo.state.at.viewport);
}

static void good_lines_count(const char *when)
{
	int64_t before = width();

	press("x");
	ok(width() < before, "%s: a key of one's own", when);
	press("X");
	ok(width() >= before, "%s: and one behind the line that is wrong", when);
	press("w");
	ok(width() < before, "%s: a default one", when);
	press("0");
}

int main(void)
{
	int fd = memfd_create("keys", 0);
	char path[64], want[128];
	int64_t whole;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(want, sizeof(want), "%s:3:14: there is no key <Moon>", path);
	if (!ok(write(fd, text, sizeof(text) - 1) > 0, "a file of keys") || !demo_open(100, 30))
		return tap_done();
	interface_add_keys(&demo, path);
	is_text(demo.state.message, want, "the line that is wrong is told");
	good_lines_count("at first");
	press("<F3>");
	whole = width();
	press("x");
	ok(width() == whole, "vim's keys are without them");
	press("<F3>");
	good_lines_count("again");
	interface_add_keys(&demo, "/nowhere/keys");
	ok(strstr(demo.state.message, "/nowhere/keys") != NULL, "no file, no keys: it says so");
	demo_close();
	return tap_done();
}
