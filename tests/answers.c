/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/trace/version.h"
#include "tui/report/report.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/expected.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/tap.h"

/* Every analysis of every trace in the shared directory equals what Go's own reader and analyses
 * make of it (../shared/reference/answers.md, traces/README.md). Go shows what a v1 trace says of
 * its Ps through a conversion, so that those tables differ; traces of before 1.11 it does not read
 * at all. */
static struct budget budget;

/* What the command would print as CSV. */
static bool ask(const struct analysis *analysis, const struct model *model, struct csv *got)
{
	static struct writer writer;
	struct question question = { 0 };
	struct error err = { 0 };
	struct table table;
	struct arena arena = { .budget = &budget };
	char path[] = "gander-answer-XXXXXX";
	int fd = mkstemp(path);
	struct bytes text = { NULL, 0 };
	bool good;

	table_init(&table, &budget);
	good = fd >= 0 && analysis->fn(&table, model, &question, &err);
	if (good) {
		writer_open(&writer, fd);
		report_csv(&writer, &table);
		good = writer_close(&writer, &err) && file_read(&arena, path, &text);
	}
	if (!good)
		printf("# %s: %s\n", analysis->name, err.message);
	csv_parse(got, &budget, text);
	close(fd);
	unlink(path);
	arena_free(&arena);
	table_free(&table);
	return good;
}

static void compare(const struct analysis *analysis, const struct model *model, const char *trace,
                    const char *directory)
{
	struct arena arena = { .budget = &budget };
	char path[PATH_MAX];
	struct bytes text = { NULL, 0 };
	struct csv want, got;
	bool good;

	snprintf(path, sizeof(path), "%s/%s/expect/%s.csv", directory, trace, analysis->name);
	if (!file_read(&arena, path, &text)) {
		ok(false, "%s %s: there is no %s", trace, analysis->name, path);
		return;
	}
	csv_parse(&want, &budget, text);
	good = ask(analysis, model, &got);
	ok(good && expected_compare(&want, &got) == 0, "%s %s", trace, analysis->name);
	csv_free(&want);
	csv_free(&got);
	arena_free(&arena);
}

/* That there is an answer. */
static void answers(const struct analysis *analysis, const struct model *model, const char *trace)
{
	struct csv got;

	ok(ask(analysis, model, &got) && got.rows > 0, "%s %s answers", trace, analysis->name);
	csv_free(&got);
}

/* There is no damage; Go's reader has no such list: it stops. */
static void is_whole(const struct analysis *damage, const struct model *model, const char *trace)
{
	struct csv got;

	ok(ask(damage, model, &got) && got.rows == 1 && model->damage.bytes == 0,
	   "%s has no damage", trace);
	csv_free(&got);
}

static void keeps_promises(const struct model *model, const char *trace)
{
	const char *broken = promise_broken(model);

	if (!ok(broken == NULL, "%s keeps the promises", trace))
		printf("# %s\n", broken);
}

static void compare_all(const char *directory, const char *trace)
{
	static struct loaded loaded;
	struct error err = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", trace, err.message);
		return;
	}
	keeps_promises(&loaded.model, trace);
	for (size_t i = 0; i < analyses_count; i++) {
		unsigned minor = loaded.model.version.minor;

		if (analyses[i].fn == analysis_damage)
			is_whole(&analyses[i], &loaded.model, trace);
		else if (minor < 11 || (minor < 22 && strcmp(analyses[i].name, "procs") == 0))
			answers(&analyses[i], &loaded.model, trace);
		else
			compare(&analyses[i], &loaded.model, trace, directory);
	}
	load_free(&loaded);
}

/* A directory with a trace of a version that we read. */
static bool is_ours(const char *directory, const char *trace)
{
	char path[PATH_MAX];
	uint8_t head[VERSION_HEADER];
	struct version version;
	struct error err = { 0 };
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	file = fopen(path, "rb");
	if (file == NULL)
		return false;
	len = fread(head, 1, sizeof(head), file);
	fclose(file);
	return version_parse((struct bytes){ head, len }, &version, &err);
}

int main(void)
{
	const char *shared = getenv("GANDER_SHARED"), *source = getenv("srcdir");
	struct dirent **entries = NULL;
	char directory[PATH_MAX - 512];
	int count;

	if (shared != NULL)
		snprintf(directory, sizeof(directory), "%s/traces", shared);
	else
		snprintf(directory, sizeof(directory), "%s/../shared/traces",
		         source != NULL ? source : ".");
	count = scandir(directory, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (is_ours(directory, entries[i]->d_name))
			compare_all(directory, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (tap_count == 0)
		skip("answers", "no shared traces: GANDER_SHARED names their directory");
	return tap_done();
}
