/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/telling.h"

#include "core/base/sort.h"
#include "core/model/go_spans.h"
#include "core/model/history.h"
#include "core/model/tour.h"

#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* What is told part by part is what the lane of each goroutine shows; and a tour, for which no
 * histories are made, is told the same. */

static struct loaded loaded;
static struct budget stories;
static uint64_t wrong, all, others;

enum { SPANS = 1 << 20 };
static struct span lane[SPANS];

/* Stays as they come, each behind the one before of its goroutine. */
struct story {
	ARRAY(struct told) stays;
};

static void take(void *to, struct told *told)
{
	struct story *story = to;

	told_know(told, &loaded.model);
	*array_push(&story->stays) = *told;
}

/* A sum that does not depend on the order of goroutines, but on that of each one's stays. */
struct sum {
	uint64_t count, length, mixed;
	int64_t last_ns;
	bool goes_back;
};

static void add(struct sum *sum, const struct span *span, int64_t begin_ns, int64_t end_ns)
{
	sum->count++;
	sum->length += (uint64_t)(end_ns - begin_ns);
	sum->mixed += (uint64_t)begin_ns * (span->kind + 1u) + span->index * 31u + span->part * 7u +
	              span->proc;
	sum->goes_back |= begin_ns < sum->last_ns;
	sum->last_ns = begin_ns;
}

/* In the lane, a syscall that loses its P is two spans. */
static bool goes_on(const struct span *span, const struct span *next)
{
	return span->kind == SPAN_SYSCALL && next->kind == SPAN_SYSCALL &&
	       span->proc != INDEX_NONE && next->proc == INDEX_NONE &&
	       span->end_ns == next->begin_ns;
}

static void add_lane(struct sum *sum, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t begin_ns = lane[i].begin_ns;

		if (i + 1 < count && goes_on(&lane[i], &lane[i + 1]))
			i++;
		add(sum, &lane[i], begin_ns, lane[i].end_ns);
	}
}

static void compare(const char *name, const struct story *story)
{
	uint32_t gos = loaded.model.roster.count;
	ARRAY(struct sum) sums = { .budget = &loaded.budget };
	uint64_t differ = 0;

	array_resize(&sums, gos + 1);
	for (uint32_t go = 0; go < gos; go++)
		sums.items[go].last_ns = INT64_MIN;
	for (size_t i = 0; i < story->stays.count; i++) {
		const struct told *told = &story->stays.items[i];

		add(&sums.items[told->span.go], &told->span, told->begin_ns, told->end_ns);
	}
	for (uint32_t go = 0; go < gos; go++) {
		size_t count =
			go_spans(&loaded.model, go, INT64_MIN / 4, INT64_MAX / 4, lane, SPANS);
		struct sum sum = { .last_ns = INT64_MIN };

		add_lane(&sum, count);
		differ += sum.count != sums.items[go].count ||
		          sum.length != sums.items[go].length ||
		          sum.mixed != sums.items[go].mixed || sums.items[go].goes_back;
	}
	if (differ > 0)
		printf("# %s: %" PRIu64 " of %u goroutines differ\n", name, differ, gos);
	wrong += differ;
	all += story->stays.count;
	array_free(&sums);
}

/* ---- on a tour */

static void run_jobs(void)
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

static void tell_tour(struct telling *telling, struct story *story, uint8_t pass)
{
	struct tour tour;
	enum tour_place place;
	uint32_t part;

	tour_init(&tour, &loaded.budget);
	for (uint32_t p = 0; p < loaded.model.parts.count; p++)
		*array_push(&tour.parts) = p;
	tour.pass = pass;
	tour_begin(&tour, &loaded.loader);
	while ((place = tour_at(&tour, &part)) != TOUR_OVER) {
		size_t at = 0;

		if (place == TOUR_WAIT) {
			run_jobs();
			continue;
		}
		if (place == TOUR_MISSING || model_has_history(&loaded.model, part))
			telling_skip(telling, &loaded.model, part, take, story);
		else
			while (telling_step(telling, &loaded.model, part, &at, take, story))
				;
		tour_go_on(&tour);
	}
	telling_end(telling, &loaded.model, take, story);
	tour_free(&tour);
}

static int by_go(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	return (x->span.go > y->span.go) - (x->span.go < y->span.go);
}

static bool is_same(const struct told *a, const struct told *b)
{
	return a->span.go == b->span.go && a->span.kind == b->span.kind &&
	       a->span.worker == b->span.worker && a->begin_ns == b->begin_ns &&
	       a->end_ns == b->end_ns && a->heard_ns == b->heard_ns && a->lost_ns == b->lost_ns &&
	       a->proc == b->proc && a->is_open == b->is_open && a->reason == b->reason &&
	       a->stack == b->stack && a->by == b->by;
}

static void say(const char *what, const struct told *told)
{
	printf("# %s g %u kind %u %" PRId64 "..%" PRId64 " heard %" PRId64 " lost %" PRId64
	       " proc %d after %u open %d reason %u stack %u by %d\n",
	       what, told->span.go, told->span.kind, told->begin_ns, told->end_ns, told->heard_ns,
	       told->lost_ns, (int)told->proc, told->after, told->is_open, told->reason,
	       told->stack, (int)told->by);
}

/* Stays of the kinds that a pass tells; goroutine by goroutine. */
static size_t sift(struct story *story, uint8_t pass)
{
	static const uint8_t bits[] = { [SPAN_RUN] = PASS_RUNS,
		                        [SPAN_SYSCALL] = PASS_CALLS,
		                        [SPAN_WAITING] = PASS_WAITS,
		                        [SPAN_RUNNABLE] = PASS_READY };
	size_t kept = 0;

	for (size_t i = 0; i < story->stays.count; i++)
		if (bits[story->stays.items[i].span.kind] & pass)
			story->stays.items[kept++] = story->stays.items[i];
	story->stays.count = kept;
	SORT_ARRAY(&story->stays, by_go);
	return kept;
}

static void compare_tour(const char *name, const struct story *story, uint8_t pass)
{
	struct story toured = { .stays = { .budget = &stories } };
	struct story same = { .stays = { .budget = &stories } };
	struct telling telling;
	size_t i;

	for (i = 0; i < story->stays.count; i++)
		*array_push(&same.stays) = story->stays.items[i];
	telling_init(&telling, &loaded.budget);
	tell_tour(&telling, &toured, pass);
	telling_free(&telling);
	sift(&same, pass);
	sift(&toured, pass);
	for (i = 0; i < same.stays.count && i < toured.stays.count; i++) {
		const struct told *told = &same.stays.items[i], *other = &toured.stays.items[i];

		if (is_same(told, other) && (pass != PASS_STAYS || told->after == other->after))
			continue;
		say(name, told);
		say("but toured", other);
		break;
	}
	if (i < same.stays.count || i < toured.stays.count)
		printf("# %s: pass %u: %zu of %zu, %zu\n", name, pass, i, same.stays.count,
		       toured.stays.count);
	others += i < same.stays.count || i < toured.stays.count;
	array_free(&same.stays);
	array_free(&toured.stays);
}

static void compare_tours(const char *name, const struct story *story)
{
	static const uint8_t passes[] = { PASS_STAYS, PASS_CALLS, PASS_WAITS, PASS_READY };

	loader_want(&loaded.loader, -2, -1, 0);
	loaded.loader.history_limit = 0;
	loader_trim(&loaded.loader);
	for (size_t i = 0; i < sizeof(passes); i++)
		if (passes[i] == PASS_STAYS || loaded.model.damage.rows.count == 0)
			compare_tour(name, story, passes[i]);
}

static void check(const char *name)
{
	struct telling telling;
	struct story story = { .stays = { .budget = &stories } };

	telling_init(&telling, &loaded.budget);
	for (uint32_t p = 0; p < loaded.model.parts.count; p++) {
		size_t at = 0;

		if (!model_has_history(&loaded.model, p))
			telling_skip(&telling, &loaded.model, p, take, &story);
		else
			while (telling_step(&telling, &loaded.model, p, &at, take, &story))
				;
	}
	telling_end(&telling, &loaded.model, take, &story);
	telling_free(&telling);
	compare(name, &story);
	compare_tours(name, &story);
	array_free(&story.stays);
	load_free(&loaded);
}

static void check_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];
	struct error err = { 0 };

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (load_whole(&loaded, path, &err))
		check(name);
}

int main(void)
{
	struct budget budget = { 0 };
	struct arena arena = { .budget = &budget };
	text_traces traces = { .budget = &budget };
	const char *source = getenv("srcdir");
	char path[PATH_MAX];
	struct error err = { 0 };

	ok(text_traces_read(&traces, &arena), "there are traces");
	for (size_t i = 0; i < traces.count; i++)
		if (load_bytes(&loaded, traces.items[i].bytes, &err))
			check(traces.items[i].name);
	is_u64(wrong, 0, "goroutines of traces as texts");
	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (load_whole(&loaded, path, &err))
		check("demo");
	is_u64(wrong, 0, "of the demo");
	shared_each("telling", check_shared);
	is_u64(wrong, 0, "of real traces");
	is_u64(others, 0, "and on tours the same");
	ok(all > 10000, "all in all %" PRIu64 " stays", all);
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used) + atomic_load(&stories.used), 0, "memory comes back");
	return tap_done();
}
