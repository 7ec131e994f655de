/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/shared.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>

static bool read_version(const char *directory, const char *name, struct version *version)
{
	char path[PATH_MAX];
	uint8_t head[VERSION_HEADER];
	struct error err = { 0 };
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	file = fopen(path, "rb");
	if (file == NULL)
		return false;
	len = fread(head, 1, sizeof(head), file);
	fclose(file);
	return version_parse((struct bytes){ head, len }, version, &err);
}

bool shared_visit(void (*visit)(const char *directory, const char *name, struct version version))
{
	const char *shared = getenv("GANDER_SHARED"), *source = getenv("srcdir");
	char directory[PATH_MAX - 512];
	struct dirent **entries = NULL;
	int count, visited = 0;

	if (shared != NULL)
		snprintf(directory, sizeof(directory), "%s/traces", shared);
	else
		snprintf(directory, sizeof(directory), "%s/../shared/traces",
		         source != NULL ? source : ".");
	count = scandir(directory, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		struct version version;

		if (read_version(directory, entries[i]->d_name, &version)) {
			visit(directory, entries[i]->d_name, version);
			visited++;
		}
		free(entries[i]);
	}
	free(entries);
	return visited > 0;
}
