/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"

#include "tests/load.h"
#include "tests/seen.h"
#include "tests/shared.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* A question gets the same answer whether all histories are there or are made one after the other
 * for it, or for a few goroutines at a time; what a survey cannot see it says. */

static struct budget budget;

static void load_on(struct loaded *loaded)
{
	struct job *job;

	while ((job = loader_next(&loaded->loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded->loader, job);
		while (loader_join(&loaded->loader))
			;
	}
}

static bool ask(struct loaded *loaded, const struct analysis *analysis, uint64_t width,
                struct table *table)
{
	struct question question = question_of_all();
	struct answering answering;
	enum survey_place place;
	struct error err = { 0 };
	bool good;

	answering_begin(&answering, analysis, &loaded->loader, &question);
	if (answering.survey.tour.pass & PASS_STAYS)
		answering.survey.tour.width = width;
	while ((place = answering_step(&answering)) != SURVEY_OVER)
		if (place == SURVEY_WAITS)
			load_on(loaded);
	good = answering_end(&answering, table, &err);
	answering_free(&answering);
	return good;
}

static bool is_equal(const struct table *a, const struct table *b)
{
	return seen_table(1, a) == seen_table(1, b) && table_rows(a) == table_rows(b);
}

/* Histories are dropped as soon as they were looked at. */
static void same_whatever_is_there(const char *path, const char *name)
{
	static struct loaded loaded;
	struct question question = question_of_all();
	struct error err = { 0 };
	uint64_t differ = 0, shares = 0, rows = 0;

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	for (size_t i = 0; i < analyses_count; i++) {
		struct table now, later, shared;

		table_init(&now, &budget);
		table_init(&later, &budget);
		table_init(&shared, &budget);
		loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
		load_on(&loaded);
		answer_now(&now, &analyses[i], &loaded.model, &question, &err);
		loader_want(&loaded.loader, -2, -1, 0);
		loaded.loader.history_limit = 0;
		loader_trim(&loaded.loader);
		differ += !ask(&loaded, &analyses[i], SHARE_ALL, &later) || !is_equal(&now, &later);
		shares += !ask(&loaded, &analyses[i], SHARE_ALL / 7, &shared) ||
		          !is_equal(&now, &shared);
		loaded.loader.history_limit = UINT64_MAX;
		rows += table_rows(&now);
		table_free(&now);
		table_free(&later);
		table_free(&shared);
	}
	ok(shares == 0, "%s: goroutines a few at a time", name);
	ok(differ == 0 && rows > 0, "%s: %" PRIu64 " rows", name, rows);
	load_free(&loaded);
}

static void of_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	same_whatever_is_there(path, name);
}

/* Somebody else's tour ends a survey, which then is not whole. */
static void who_is_interrupted_says_so(const char *path)
{
	static struct loaded loaded;
	struct question question = question_of_all();
	struct answering answering;
	struct error err = { 0 };
	struct table table;
	struct tour tour;

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s", err.message);
		return;
	}
	table_init(&table, &budget);
	tour_init(&tour, &budget);
	answering_begin(&answering, analysis_find(bytes_of("region")), &loaded.loader, &question);
	answering_step(&answering);
	tour_begin(&tour, &loaded.loader);
	while (answering_step(&answering) != SURVEY_OVER)
		;
	ok(!answering_end(&answering, &table, &err) && err.kind == ERROR_LIMIT, "%s", err.message);
	answering_free(&answering);
	tour_free(&tour);
	table_free(&table);
	load_free(&loaded);
}

int main(void)
{
	const char *source = getenv("srcdir");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	same_whatever_is_there(path, "demo");
	who_is_interrupted_says_so(path);
	shared_each("survey", of_shared);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
