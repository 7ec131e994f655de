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
 * whole. Nor does it that goroutines that are over are forgotten, and told of once more. */
static void try(const char *path, const char *name)
{
	static struct loaded loaded;
	struct error err = { 0 };
	uint64_t as_it_is, in_doubt, forgotten;

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
	if (!load_forgetting(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	printf("# %u of %u goroutines are forgotten\n", loaded.model.roster.forgotten,
	       loaded.model.roster.count);
	forgotten = seen_answers(&loaded.model);
	ok(!loaded.loader.was_stopped && as_it_is == forgotten, "%s is told of once more", name);
	load_free(&loaded);
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
