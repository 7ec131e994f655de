/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/shared.h"
#include "tests/tap.h"
#include "tui/session.h"

#include <stdlib.h>

/* How many threads are in a syscall, against what the lanes of all goroutines tell: exact in a
 * window that is looked at closely, and of a wide one holding all that is inside. */

enum { SPANS = 1 << 14, STEPS = 1 << 20, WINDOWS = 200 };

static struct budget budget;
static struct session session;
static struct span spans[SPANS];
static struct entry {
	int64_t time_ns;
	int64_t add;
} steps[STEPS];
static size_t step_count;
static uint64_t seed = 1;

static uint64_t draw(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 16) % below;
}

static int step_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* Each time at which the number changes, once, with what it is from then on. */
static void sum_up(void)
{
	size_t kept = 0;
	int64_t now = 0;

	qsort(steps, step_count, sizeof(*steps), step_order);
	for (size_t i = 0; i < step_count; i++) {
		now += steps[i].add;
		if (kept > 0 && steps[kept - 1].time_ns == steps[i].time_ns)
			kept--;
		steps[kept++] = (struct entry){ steps[i].time_ns, now };
	}
	step_count = kept;
}

static void add_step(int64_t time_ns, int64_t add)
{
	if (step_count < STEPS)
		steps[step_count++] = (struct entry){ time_ns, add };
}

/* Of one goroutine, a stretch at a time. */
static void find_steps_of(uint32_t go)
{
	const struct model *model = &session.model;
	int64_t at_ns = 0, seen_ns = -1;
	size_t count;

	do {
		count = model_spans(model, lane_of_go(go), at_ns, model->end_ns + 1, spans, SPANS);
		for (size_t i = 0; i < count; i++) {
			if (spans[i].kind != SPAN_SYSCALL || spans[i].begin_ns <= seen_ns)
				continue;
			seen_ns = spans[i].begin_ns;
			add_step(spans[i].begin_ns, 1);
			if (spans[i].end_ns < model->end_ns)
				add_step(spans[i].end_ns, -1);
		}
		at_ns = count > 0 ? spans[count - 1].begin_ns : at_ns;
	} while (count == SPANS);
}

static void find_steps(void)
{
	step_count = 0;
	for (uint32_t go = 0; go < session.model.roster.count; go++)
		find_steps_of(go);
	sum_up();
}

static struct level plain_level(int64_t begin_ns, int64_t end_ns)
{
	struct level level = { .is_known = true };
	size_t at = 0;

	while (at < step_count && steps[at].time_ns <= begin_ns)
		at++;
	level.last = at == 0 ? 0 : steps[at - 1].add;
	level.min = level.max = level.last;
	for (; at < step_count && steps[at].time_ns < end_ns; at++) {
		level.last = steps[at].add;
		level.min = level.last < level.min ? level.last : level.min;
		level.max = level.last > level.max ? level.last : level.max;
	}
	return level;
}

static bool is_exact(int64_t begin_ns, int64_t end_ns)
{
	struct level got = model_level(&session.model, SERIES_CALLS, begin_ns, end_ns);
	struct level want = plain_level(begin_ns, end_ns);
	bool good = got.min == want.min && got.max == want.max && got.last == want.last;

	if (!good)
		printf("# [%lld, %lld): %lld .. %lld, last %lld; wanted %lld .. %lld, last %lld\n",
		       (long long)begin_ns, (long long)end_ns, (long long)got.min,
		       (long long)got.max, (long long)got.last, (long long)want.min,
		       (long long)want.max, (long long)want.last);
	return good;
}

static bool holds(int64_t begin_ns, int64_t end_ns)
{
	struct level got = model_level(&session.model, SERIES_CALLS, begin_ns, end_ns);
	struct level want = plain_level(begin_ns, end_ns);

	return got.is_known && got.min <= want.min && got.max >= want.max;
}

static void try_trace(const char *path, const char *name)
{
	struct error err = { 0 };
	int wrong = 0, narrow = 0;
	int64_t end_ns;

	if (!session_open(&session, &budget, path, 0, &err))
		return;
	session_finish(&session);
	while (!session_want(&session, 0, session.model.end_ns))
		session_finish(&session);
	end_ns = session.model.end_ns;
	find_steps();
	for (int i = 0; i < WINDOWS && end_ns > 1000; i++) {
		int64_t begin = (int64_t)draw((uint64_t)end_ns), width = end_ns >> draw(24);

		wrong += !holds(begin, begin + width + 1);
		narrow += !is_exact(begin, begin + 100 < end_ns ? begin + 100 : end_ns);
	}
	ok(wrong == 0, "%s: a window holds the levels in it (%d do not)", name, wrong);
	ok(narrow == 0, "%s: a narrow one is exact (%d are not)", name, narrow);
	session_close(&session);
}

static void visit(const char *directory, const char *name, struct version version)
{
	char path[1024];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	try_trace(path, name);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	try_trace(path, "demo.trace");
	shared_each("shared traces", visit);
	return tap_done();
}
