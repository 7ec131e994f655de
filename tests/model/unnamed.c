/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/load.h"
#include "tests/seen.h"
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

static int is_trace(const struct dirent *entry)
{
	return strncmp(entry->d_name, "go1.", 4) == 0;
}

int main(void)
{
	const char *shared = getenv("GANDER_SHARED"), *source = getenv("srcdir");
	char directory[PATH_MAX - 512], path[PATH_MAX];
	struct dirent **entries = NULL;
	int count;

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	try(path, "demo");
	snprintf(directory, sizeof(directory), "%s/traces", shared != NULL ? shared : "../shared");
	count = scandir(directory, &entries, is_trace, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s/trace.out", directory, entries[i]->d_name);
		try(path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (count <= 0)
		skip("shared traces", "GANDER_SHARED names their directory");
	return tap_done();
}
