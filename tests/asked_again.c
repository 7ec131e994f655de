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

static void finish(void)
{
	for (int i = 0; i < 100; i++) {
		session_finish(&demo_session);
		interface_follow(&demo);
		if (demo.state.want_line[0] == '\0' && session_is_idle(&demo_session))
			break;
	}
}

/* Of a window that is too wide for its histories that of the selection comes. */
static void the_selection_is_read(struct loader *loader)
{
	uint32_t part;

	interface_press(&demo, "X", -1, 0);
	interface_press(&demo, "<Tab>", -1, 0);
	finish();
	part = demo.state.at.selected.part;
	loader->history_limit = 0;
	forget(loader);
	ok(part < demo_session.model.parts.count && !model_has_history(&demo_session.model, part),
	   "the history of the selection is gone");
	interface_follow(&demo);
	ok(loader->wanted.count == 1 && loader->wanted.items[0] == part, "and asked for");
	finish();
	ok(model_has_history(&demo_session.model, part), "and there");
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
	finish();
	ok(demo.state.many.spans.count > 0 && !demo.state.many.is_unfinished,
	   "and then it is selected");
	the_selection_is_read(loader);
	demo_close();
	return tap_done();
}
