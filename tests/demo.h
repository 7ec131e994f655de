/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEMO_H
#define TESTS_DEMO_H

#include "tui/script.h"

#include "tests/tap.h"

#include <stdlib.h>

/* The demo trace, open as in a terminal of some size. */
static struct budget demo_budget;
static struct session demo_session;
static struct interface demo;

static inline bool demo_open(int cols, int rows)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };
	bool is_open;

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	is_open = session_open(&demo_session, &demo_budget, path, 0, &err) &&
	          interface_open(&demo, &demo_session, "demo.trace", NULL, &err);
	if (is_open)
		script_settle(&demo, cols, rows);
	return ok(is_open, "the trace opens %s", err.message);
}

static inline void demo_close(void)
{
	interface_close(&demo);
	session_close(&demo_session);
	is_u64(demo_budget.used, 0, "all memory is given back");
}

#endif
