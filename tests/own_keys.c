/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/interface_keys.h"
#include "tui/script.h"

#include "tests/tap.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file of the user's own keys: beside the default ones, whatever is wrong in some lines of it. */

static const char text[] = "# mine\n"
			   "map timeline x zoom in\n"
			   "map timeline <Moon> zoom in\n"
			   "map timeline X zoom out\n";

static struct budget budget;
static struct session session;
static struct interface interface;

static void press(const char *key)
{
	struct error err = { 0 };

	script_press(&interface, key, &err);
}

static int64_t width(void)
{
	return viewport_end_ns(&interface.state.at.viewport) -
	       viewport_begin_ns(&interface.state.at.viewport);
}

static bool open_demo(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	if (!session_open(&session, &budget, path, 0, &err) ||
	    !interface_open(&interface, &session, "demo.trace", NULL, &err))
		return false;
	script_settle(&interface, 100, 30);
	return true;
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
	if (!ok(write(fd, text, sizeof(text) - 1) > 0 && open_demo(), "a trace opens"))
		return tap_done();
	interface_add_keys(&interface, path);
	is_text(interface.state.message, want, "the line that is wrong is told");
	good_lines_count("at first");
	press("<F3>");
	whole = width();
	press("x");
	ok(width() == whole, "vim's keys are without them");
	press("<F3>");
	good_lines_count("again");
	interface_add_keys(&interface, "/nowhere/keys");
	ok(strstr(interface.state.message, "/nowhere/keys") != NULL, "no file, no keys: it says so");
	interface_close(&interface);
	session_close(&session);
	is_u64(budget.used, 0, "all memory is given back");
	return tap_done();
}
