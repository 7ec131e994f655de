/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/path.h"

#include "core/analysis/answering.h"
#include "core/model/user.h"
#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* The critical paths of all tasks of some traces, and of stretches of goroutines: pieces follow one
 * another from the begin to the end, and each is what the lane of its goroutine tells. */

enum { TASKS = 400, GOS = 60 };

static struct budget budget;
static struct loaded loaded;

static void load_on(void)
{
	struct job *job;

	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
		while (loader_join(&loaded.loader))
			;
	}
}

struct checked {
	uint64_t paths, pieces, bad;
};

/* Of a sum just that it lies in it: of its states the piece has one. */
static bool is_in_lane(const struct why_stay *stay, const struct path_piece *piece)
{
	const int64_t times[2] = { piece->begin_ns, piece->end_ns };
	int64_t ns = piece->end_ns - piece->begin_ns;
	struct go_mix mix;

	if (stay->go == INDEX_NONE || stay->kind == SPAN_NONE)
		return true;
	if (!model_go_mixes(&loaded.model, stay->go, times, 1, &mix))
		return false;
	if (stay->is_sum)
		return mix.running_ns + mix.runnable_ns + mix.waiting_ns + mix.syscall_ns == ns;
	return ns == (stay->kind == SPAN_WAITING    ? mix.waiting_ns
	              : stay->kind == SPAN_RUNNABLE ? mix.runnable_ns
	                                            : mix.syscall_ns);
}

static bool is_good(const struct why *why, const path_array *pieces, int64_t begin_ns,
                    int64_t end_ns)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const struct path_piece *piece = &pieces->items[i];

		if (piece->begin_ns != begin_ns || piece->end_ns <= begin_ns ||
		    piece->step >= why->steps.count ||
		    !is_in_lane(&why->steps.items[piece->step].stay, piece))
			return false;
		begin_ns = piece->end_ns;
	}
	return begin_ns == end_ns;
}

static void check_path(struct checked *checked, uint32_t go, int64_t begin_ns, int64_t end_ns)
{
	path_array pieces = { .budget = &budget };
	enum why_place place;
	struct why why;

	why_begin_path(&why, &loaded.model, go, begin_ns, end_ns, &budget);
	while ((place = why_step(&why)) == WHY_MORE)
		;
	path_make(&pieces, &why);
	checked->paths++;
	checked->pieces += pieces.count;
	if (place != WHY_OVER || !is_good(&why, &pieces, begin_ns, end_ns))
		if (checked->bad++ < 3)
			printf("# go %u %" PRId64 "..%" PRId64 "\n", (unsigned)go, begin_ns,
			       end_ns);
	array_free(&pieces);
	why_free(&why);
}

static void check_all(const char *path, const char *name)
{
	struct checked checked = { 0 };
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", path, err.message);
		return;
	}
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	load_on();
	for (uint32_t i = 0; i < loaded.model.said.tasks.count && i < TASKS; i++) {
		const struct user_task *task = &loaded.model.said.tasks.items[i];
		struct span span = user_task_span(&loaded.model, i);

		if (task->end_go != INDEX_NONE && span.end_ns >= span.begin_ns)
			check_path(&checked, task->end_go, span.begin_ns, span.end_ns);
	}
	for (uint32_t go = 0; go < loaded.model.roster.count;
	     go += loaded.model.roster.count / GOS + 1)
		check_path(&checked, go, loaded.model.end_ns / 5, loaded.model.end_ns);
	ok(checked.bad == 0, "%s: %" PRIu64 " paths, %" PRIu64 " pieces, %" PRIu64 " otherwise",
	   name, checked.paths, checked.pieces, checked.bad);
	load_free(&loaded);
}

/* ---- what can be asked for */

static bool ask(const char *selector, struct table *table, struct error *err)
{
	const struct analysis *analysis = analysis_find(bytes_of("critical"));
	struct question question = question_of_all();

	question.selector = bytes_of(selector);
	question.has_selector = true;
	return analysis->chase->check(&question, err) &&
	       answer_now(table, analysis, &loaded.model, &question, err);
}

static void is_path(const char *selector, int64_t begin_ns, int64_t length_ns)
{
	struct error err = { 0 };
	struct table table;
	int64_t sum_ns = 0;

	table_init(&table, &budget);
	ok(ask(selector, &table, &err) && table_rows(&table) > 0 &&
	           table_value(&table, 0, 1).number == begin_ns,
	   "%s: %zu steps %s", selector, table_rows(&table), err.message);
	for (size_t i = 0; i < table_rows(&table); i++)
		sum_ns += table_value(&table, i, 2).number;
	is_i64(sum_ns, length_ns, "all of it");
	table_free(&table);
}

static void is_refused(const char *selector, const char *why)
{
	struct error err = { 0 };
	struct table table;

	table_init(&table, &budget);
	ok(!ask(selector, &table, &err) && err.kind == ERROR_USAGE &&
	           strstr(err.message, why) != NULL,
	   "%s: %s", selector, err.message);
	table_free(&table);
}

static void questions(const char *path)
{
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s", err.message);
		return;
	}
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	load_on();
	is_path("order", 1172215168, 11741376);
	is_path("405", 1172215168, 11741376);
	is_path("G1000@1.18s", 1178594880, 6225088);
	is_path("G1@300ms+5ms", 300000000, 5000000);
	is_refused("nothing", "no complete task \"nothing\"");
	is_refused("G1@3x", "takes a goroutine and a time");
	is_refused("G1@1s+", "takes a goroutine and a time");
	is_refused("G99999@1s+1ms", "no goroutine G99999");
	is_refused("G2@1s", "no region of G2 at that time");
	is_refused("G2@1h+1s", "outside of the trace");
	load_free(&loaded);
}

static void of_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	check_all(path, name);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	check_all(path, "demo");
	questions(path);
	shared_each("all paths", of_shared);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
