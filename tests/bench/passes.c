/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/passes.h"

#include <stdio.h>

#include "core/analysis/answering.h"
#include "tests/bench/figures.h"
#include "tests/bench/goals.h"
#include "tui/host/limits.h"
#include "tui/session.h"

/* What loading has counted goes first, before a pass has made anything. */
static const char *const counted[] = { "goroutines", "stw", "gc", "assists", "procs" };
static const char *const names[] = { "stacks", "compare", "findings" };

static bool load(struct session *session, struct budget *budget, const char *path)
{
	struct error err = { 0 };

	if (!session_open(session, budget, path, -1, &err)) {
		fprintf(stderr, "bench: %s: %s\n", path, err.message);
		return false;
	}
	session_finish(session);
	return true;
}

static bool ask(struct session *session, const char *name)
{
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;
	bool good;

	table_init(&table, session->budget);
	good = session_answer(session, &table, analysis_find(bytes_of(name)), &question, &err);
	if (!good)
		printf("%s: %s\n", name, err.message);
	table_free(&table);
	return good;
}

static void ask_counted(struct session *session)
{
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		int64_t cpu = -clock_now(CLOCK_PROCESS_CPUTIME_ID);

		if (!ask(session, counted[i]))
			continue;
		cpu += clock_now(CLOCK_PROCESS_CPUTIME_ID);
		printf("%scounted: %-10s %8.1f%s ms CPU\n", i == 0 ? "\n" : "", counted[i], ms(cpu),
		       mark(ms(cpu) > GOAL_COUNTED_MS));
	}
}

/* What threads do counts, too: CPU time of the process. */
bool bench_passes(const char *path)
{
	struct budget budget = { .limit = limits_budget(limits_read(), 0) };
	int64_t loading = -clock_now(CLOCK_PROCESS_CPUTIME_ID);
	struct session session;

	if (!load(&session, &budget, path))
		return false;
	loading += clock_now(CLOCK_PROCESS_CPUTIME_ID);
	ask_counted(&session);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int64_t cpu = -clock_now(CLOCK_PROCESS_CPUTIME_ID);
		int64_t wall = -clock_now(CLOCK_MONOTONIC);

		if (!ask(&session, names[i]))
			continue;
		cpu += clock_now(CLOCK_PROCESS_CPUTIME_ID);
		wall += clock_now(CLOCK_MONOTONIC);
		printf("%spass: %-8s %10.1f ms CPU, %.2f times loading (wall %.1f)\n",
		       i == 0 ? "\n" : "", names[i], ms(cpu), (double)cpu / (double)loading,
		       ms(wall));
	}
	session_close(&session);
	return true;
}
