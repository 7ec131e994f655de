/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/telling.h"

#include "core/model/go_spans.h"

#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* What is told part by part is what the lane of each goroutine shows. */

static struct loaded loaded;
static uint64_t wrong, all;

enum { SPANS = 1 << 20 };
static struct span lane[SPANS];

/* Stays as they come, each behind the one before of its goroutine. */
struct story {
	ARRAY(struct told) stays;
};

static void take(void *to, struct told *told)
{
	struct story *story = to;

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

static void check(const char *name)
{
	struct telling telling;
	struct story story = { .stays = { .budget = &loaded.budget } };

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
	compare(name, &story);
	array_free(&story.stays);
	telling_free(&telling);
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
	ok(all > 10000, "all in all %" PRIu64 " stays", all);
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
