/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/expected.h"
#include "tests/tap.h"

/* The corpus of a fuzz target, once through, in `make check`; or the files that are given. The name
 * of the program is that of the directory. */
static void replay(const char *path, const char *name)
{
	struct budget budget = { 0 };
	struct arena arena = { .budget = &budget };
	struct bytes bytes;
	uint8_t *exact;

	if (!file_read(&arena, path, &bytes)) {
		ok(false, "%s is there", path);
		return;
	}
	exact = malloc(bytes.len + (bytes.len == 0)); /* for sanitizers: with nothing behind */
	if (bytes.len > 0)
		memcpy(exact, bytes.data, bytes.len);
	printf("# %s\n", name);
	fflush(stdout);
	ok(LLVMFuzzerTestOneInput(exact, bytes.len) == 0, "%s", name);
	free(exact);
	arena_free(&arena);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *source = getenv("srcdir"), *target = strrchr(argv[0], '/');
	char directory[PATH_MAX - 512], path[PATH_MAX];
	struct dirent **entries = NULL;
	int count;

	for (int i = 1; i < argc; i++)
		replay(argv[i], argv[i]);
	if (argc > 1)
		return tap_done();
	snprintf(directory, sizeof(directory), "%s/tests/fuzz/corpus/%s",
	         source != NULL ? source : ".", target != NULL ? target + 1 : argv[0]);
	count = scandir(directory, &entries, is_file, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		replay(path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (count <= 0)
		ok(false, "there is a corpus in %s", directory);
	return tap_done();
}
