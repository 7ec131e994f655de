/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "tui/report/report.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/expected.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/shared.h"
#include "tests/tap.h"

/* Every analysis of every trace in the shared directory equals what Go's own reader and analyses
 * make of it (../shared/reference/answers.md, traces/README.md). Go shows what a v1 trace says of
 * its Ps through a conversion, so that those tables differ; traces of before 1.11 it does not read
 * at all. */
static struct budget budget;

/* What the command would print as CSV. */
static bool ask(const struct analysis *analysis, bool with_events, const struct model *model,
                struct csv *got)
{
	static struct writer writer;
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;
	struct arena arena = { .budget = &budget };
	char path[] = "gander-answer-XXXXXX";
	int fd = mkstemp(path);
	struct bytes text = { NULL, 0 };
	bool good;

	question.has_events = with_events;
	table_init(&table, &budget);
	good = fd >= 0 && answer_now(&table, analysis, model, &question, &err);
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

static void compare(const struct analysis *analysis, bool with_events, const struct model *model,
                    const char *trace, const char *directory)
{
	const char *events = with_events ? "-events" : "";
	struct arena arena = { .budget = &budget };
	char path[PATH_MAX];
	struct bytes text = { NULL, 0 };
	struct csv want, got;
	bool good;

	snprintf(path, sizeof(path), "%s/%s/expect/%s%s.csv", directory, trace, analysis->name,
	         events);
	if (!file_read(&arena, path, &text)) {
		ok(false, "%s %s%s: there is no %s", trace, analysis->name, events, path);
		return;
	}
	csv_parse(&want, &budget, text);
	good = ask(analysis, with_events, model, &got);
	ok(good && expected_compare(&want, &got) == 0, "%s %s%s", trace, analysis->name, events);
	csv_free(&want);
	csv_free(&got);
	arena_free(&arena);
}

/* That there is an answer. */
static void answers(const struct analysis *analysis, const struct model *model, const char *trace)
{
	struct csv got;

	ok(ask(analysis, false, model, &got) && got.rows > 0, "%s %s answers", trace,
	   analysis->name);
	csv_free(&got);
}

/* There is no damage; Go's reader has no such list: it stops. */
static void is_whole(const struct analysis *damage, const struct model *model, const char *trace)
{
	struct csv got;

	ok(ask(damage, false, model, &got) && got.rows == 1 && model->damage.bytes == 0,
	   "%s has no damage", trace);
	csv_free(&got);
}

static void keeps_promises(const struct model *model, const char *trace)
{
	const char *broken = promise_broken(model);

	if (!ok(broken == NULL, "%s keeps the promises", trace))
		printf("# %s\n", broken);
}

/* Go's tool does not tell it. */
static bool has_no_peer(const struct analysis *analysis)
{
	return analysis->kind == PROFILE_STACKS || analysis->pass == &analysis_findings ||
	       analysis->pass == &analysis_compare || analysis->chase != NULL;
}

static bool is_of_v2(const struct analysis *analysis)
{
	return analysis->fn == analysis_procs || analysis->fn == analysis_threads ||
	       analysis->pass == &analysis_mmu;
}

static void compare_all(const char *directory, const char *trace, struct version version)
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
		if (analyses[i].fn == analysis_damage)
			is_whole(&analyses[i], &loaded.model, trace);
		else if (version.minor < 11 || has_no_peer(&analyses[i]) ||
		         (!version_is_v2(version) && is_of_v2(&analyses[i])))
			answers(&analyses[i], &loaded.model, trace);
		else
			compare(&analyses[i], false, &loaded.model, trace, directory);
		if (version.minor >= 11 && analyses[i].events != NULL)
			compare(&analyses[i], true, &loaded.model, trace, directory);
	}
	load_free(&loaded);
}

int main(void)
{
	shared_each("answers", compare_all);
	return tap_done();
}
