/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/asking.h"

#include <stdio.h>

#include "core/analysis/related.h"
#include "core/analysis/why.h"
#include "tests/bench/figures.h"
#include "tests/bench/goals.h"
#include "tui/host/limits.h"
#include "tui/session.h"

enum { ASKED = 500, GOS = 256, SOON_NS = 1000000 };

static struct session session;

/* False: some history cannot be had, or it ran then, or was not there. */
static bool tell(uint64_t id, int64_t time_ns, struct figures *ns, struct figures *steps)
{
	int64_t begin = clock_now(CLOCK_THREAD_CPUTIME_ID);
	enum why_place place;
	struct why why;
	bool good;

	why_begin(&why, &session.model, id, time_ns, session.budget);
	while ((place = why_step(&why)) == WHY_MORE)
		;
	good = place == WHY_OVER && why.error.kind == ERROR_NONE;
	if (good) {
		figures_add(ns, clock_now(CLOCK_THREAD_CPUTIME_ID) - begin);
		figures_add(steps, (int64_t)why.steps.count);
	}
	why_free(&why);
	return good;
}

/* Somebody who runs soon after. */
static uint64_t somebody(int64_t time_ns, uint64_t random)
{
	uint32_t gos[GOS];
	size_t count = active_gos(&session.model, time_ns, time_ns + SOON_NS, gos, GOS);

	return count == 0 ? 0 : roster_brief(&session.model.roster, gos[random % count]).id;
}

static void ask_many(void)
{
	struct figures ns = { 0 }, steps = { 0 };
	uint64_t random = 1;

	for (int i = 0; i < 20 * ASKED && ns.count < ASKED; i++) {
		int64_t time_ns;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		time_ns = (int64_t)((random >> 20) % (uint64_t)(session.model.end_ns + 1));
		tell(somebody(time_ns, random >> 50), time_ns, &ns, &steps);
	}
	printf("why: %zu goroutines, each at some time, %lld steps at most: median %.3f ms, p99 "
	       "%.3f ms, longest %.3f ms%s goal %g\n",
	       ns.count, (long long)figures_at(&steps, 100), ms(figures_at(&ns, 50)),
	       ms(figures_at(&ns, 99)), ms(figures_at(&ns, 100)),
	       mark(ms(figures_at(&ns, 100)) > GOAL_WHY_MS), GOAL_WHY_MS);
}

bool bench_asking(const char *path)
{
	struct budget budget = { .limit = limits_budget(limits_read(), 0) };
	struct error err = { 0 };

	if (!session_open(&session, &budget, path, -1, &err)) {
		fprintf(stderr, "bench: %s: %s\n", path, err.message);
		return false;
	}
	session_finish(&session);
	loader_want(&session.loader, 0, INT64_MAX, UINT64_MAX);
	session_finish(&session);
	ask_many();
	session_close(&session);
	return true;
}
