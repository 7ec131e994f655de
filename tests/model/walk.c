/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/expected.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/report/capture.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* The rules of loading (../shared/reference/walk.md), a small trace each: tests/traces/FACT.test
 * has a trace in Go's text form and the tables that must come out, as the command line prints them.
 * Those of goroutines were checked with Go's own reader; where ours differs on purpose, the file
 * says so. */
static struct budget budget;

/* What was not taken as it stands, in one line; a file without a section for it expects none. */
static const char *counts_of(const struct model *model)
{
	static char line[128];

	snprintf(line, sizeof(line), "clamped %" PRIu64 ", dropped %" PRIu64 ", lost %" PRIu64 "\n",
	         model->clamped, model->dropped, model->damage.bytes);
	return line;
}

static bool is_same(struct bytes want, const char *got, const char *name, const char *section)
{
	bool same = bytes_equal(want, bytes_of(got));

	if (!same)
		printf("# %s: %s\n# -- want --\n%.*s# -- got --\n%s", name, section, (int)want.len,
		       (const char *)want.data, got);
	return same;
}

static bool answers_are_as_said(struct bytes archive, const struct model *model, const char *name)
{
	struct bytes want = bytes_of("clamped 0, dropped 0, lost 0\n");
	bool good;

	trace_text_section(archive, "counts", &want);
	good = is_same(want, counts_of(model), name, "counts");
	for (size_t i = 0; i < analyses_count; i++) {
		struct question question = question_of_all();
		struct error err = { 0 };
		struct table table;

		if (!trace_text_section(archive, analyses[i].name, &want))
			continue;
		table_init(&table, &budget);
		good = answer_now(&table, &analyses[i], model, &question, &err) &&
		       is_same(want, capture(report_csv, &table), name, analyses[i].name) && good;
		table_free(&table);
	}
	return good;
}

static bool keeps_promises(const struct model *model, const char *name)
{
	const char *broken = promise_broken(model);

	if (broken != NULL)
		printf("# %s: broken promise: %s\n", name, broken);
	return broken == NULL;
}

static bool try(struct bytes archive, const char *name)
{
	static struct loaded loaded;
	struct error err = { 0 };
	struct bytes text;
	byte_array bytes = { .budget = &budget };
	bool good = trace_text_section(archive, "trace", &text) &&
	            trace_text_assemble(text, &bytes, &err) &&
	            load_bytes(&loaded, (struct bytes){ bytes.items, bytes.count }, &err);

	if (!good)
		printf("# %s: %s\n", name, err.message);
	if (good) {
		good = answers_are_as_said(archive, &loaded.model, name) &&
		       keeps_promises(&loaded.model, name);
		load_free(&loaded);
		good = atomic_load(&loaded.budget.used) == 0 && good;
	}
	array_free(&bytes);
	return good;
}

static int is_test(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".test") == 0;
}

int main(int argc, char **argv)
{
	const char *source = getenv("srcdir");
	struct dirent **entries = NULL;
	char directory[PATH_MAX - 512], path[PATH_MAX];
	int count;

	snprintf(directory, sizeof(directory), "%s/tests/traces", source != NULL ? source : ".");
	count = scandir(directory, &entries, is_test, alphasort);
	for (int i = 0; i < count; i++) {
		struct arena arena = { .budget = &budget };
		struct bytes archive;

		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		if (argc < 2 || strcmp(argv[1], entries[i]->d_name) == 0)
			ok(file_read(&arena, path, &archive) && try(archive, entries[i]->d_name),
			   "%.*s", (int)(strlen(entries[i]->d_name) - 5), entries[i]->d_name);
		arena_free(&arena);
		free(entries[i]);
	}
	free(entries);
	if (count <= 0)
		ok(false, "there are traces in %s", directory);
	return tap_done();
}
