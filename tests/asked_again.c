/* SPDX-License-Identifier: MIT */
#include "config.h"


#include "core/model/loader_at.h"
#include "tests/demo.h"

/* A command that waits for a history asks for it again where the loader let go of it: it had no
 * room beside others. */


/* Nobody has looked at anything yet. */
static void forget(struct loader *loader)
{
	loader_want(loader, -2, -1, 0);
	loader_want_near(loader, -2, -1);
	loader_drop_unused(loader);
}

int main(void)
{
	struct loader *loader = &demo_session.loader;

	if (!demo_open(100, 30))
		return tap_done();
	forget(loader);
	interface_press(&demo, "b", -1, 0);
	ok(loader->wanted.count > 0 && demo.state.many.is_unfinished,
	   "what is to be selected waits for a history");
	array_clear(&loader->wanted);
	interface_follow(&demo);
	ok(loader->wanted.count > 0, "which is asked for again");
	for (int i = 0; i < 100 && demo.state.want_line[0] != '\0'; i++) {
		session_finish(&demo_session);
		interface_follow(&demo);
	}
	ok(demo.state.many.spans.count > 0 && !demo.state.many.is_unfinished,
	   "and then it is selected");
	demo_close();
	return tap_done();
}
