/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "tests/load.h"
#include "tests/seen.h"
#include "tests/shared.h"
#include "tests/tap.h"

/* After a loss, goroutines that the next whole generation does not name have ended. Nothing else
 * may come of that: taken to be so before each generation, it changes no answer of a trace that is
 * whole. */
static void try(const char *path, const char *name)
{
	static struct loaded loaded;
	struct error err = { 0 };
	uint64_t as_it_is, in_doubt;

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	as_it_is = seen_answers(&loaded.model);
	load_free(&loaded);
	if (!load_doubting(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	in_doubt = seen_answers(&loaded.model);
	load_free(&loaded);
	ok(as_it_is == in_doubt, "%s names all who live", name);
}

static void visit(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	try(path, name);
}

int main(void)
{
	const char *source = getenv("srcdir");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	try(path, "demo");
	shared_each("shared traces", visit);
	return tap_done();
}
