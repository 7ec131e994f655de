/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/text_traces.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/expected.h"

static void add(text_traces *traces, struct arena *arena, const char *directory, const char *file)
{
	byte_array out = { .budget = arena->budget };
	struct error err = { 0 };
	struct bytes text;
	char path[PATH_MAX];
	size_t len = strlen(file) - strlen(".test");
	char *name = ARENA_NEW(arena, len + 1, char);

	memcpy(name, file, len);
	snprintf(path, sizeof(path), "%s/%s", directory, file);
	if (file_read(arena, path, &text) && trace_text_section(text, "trace", &text) &&
	    trace_text_assemble(text, &out, &err))
		*array_push(traces) = (struct text_trace){
			name, arena_copy(arena, (struct bytes){ out.items, out.count })
		};
	array_free(&out);
}

static int is_test(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".test") == 0;
}

bool text_traces_read(text_traces *traces, struct arena *arena)
{
	const char *source = getenv("srcdir");
	char directory[PATH_MAX - 512];
	struct dirent **entries = NULL;
	int count;

	snprintf(directory, sizeof(directory), "%s/tests/traces", source != NULL ? source : ".");
	count = scandir(directory, &entries, is_test, alphasort);
	for (int i = 0; i < count; i++) {
		add(traces, arena, directory, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return traces->count > 0;
}
