/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include "core/model/loader_at.h"
#include "tests/tap.h"

#include <stdlib.h>

/* A command that waits for a history asks for it again where the loader let go of it: it had no
 * room beside others. */

static struct budget budget;
static struct session session;
static struct interface interface;

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

/* Nobody has looked at anything yet. */
static void forget(struct loader *loader)
{
	loader_want(loader, -2, -1, 0);
	loader_want_near(loader, -2, -1);
	loader_drop_unused(loader);
}

int main(void)
{
	struct loader *loader = &session.loader;

	if (!ok(open_demo(), "the trace opens"))
		return tap_done();
	forget(loader);
	interface_press(&interface, "b", -1, 0);
	ok(loader->wanted.count > 0 && interface.state.many.is_unfinished,
	   "what is to be selected waits for a history");
	array_clear(&loader->wanted);
	interface_follow(&interface);
	ok(loader->wanted.count > 0, "which is asked for again");
	for (int i = 0; i < 100 && interface.state.want_line[0] != '\0'; i++) {
		session_finish(&session);
		interface_follow(&interface);
	}
	ok(interface.state.many.spans.count > 0 && !interface.state.many.is_unfinished,
	   "and then it is selected");
	interface_close(&interface);
	session_close(&session);
	is_u64(budget.used, 0, "all memory is given back");
	return tap_done();
}
