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
static uint64_t wrong, told;

enum { SPANS = 1 << 20 };
static struct span lane[SPANS];

/* Spans as they come, each behind the one before of its goroutine. */
struct story {
	ARRAY(struct span) spans;
};

static bool take(void *to, const struct span *span)
{
	struct story *story = to;

	*array_push(&story->spans) = *span;
	return true;
}

/* A sum that does not depend on the order of goroutines, but on that of each one's spans. */
struct sum {
	uint64_t count, length, mixed;
	int64_t last_ns;
	bool goes_back;
};

static void add(struct sum *sum, const struct span *span)
{
	sum->count++;
	sum->length += (uint64_t)(span->end_ns - span->begin_ns);
	sum->mixed += (uint64_t)span->begin_ns * (span->kind + 1u) + span->index * 31u +
	              span->part * 7u + span->proc;
	sum->goes_back |= span->begin_ns < sum->last_ns;
	sum->last_ns = span->begin_ns;
}

static void compare(const char *name, const struct story *story)
{
	uint32_t gos = loaded.model.roster.count;
	ARRAY(struct sum) sums = { .budget = &loaded.budget };
	uint64_t differ = 0;

	array_resize(&sums, gos + 1);
	for (uint32_t go = 0; go < gos; go++)
		sums.items[go].last_ns = INT64_MIN;
	for (size_t i = 0; i < story->spans.count; i++)
		add(&sums.items[story->spans.items[i].go], &story->spans.items[i]);
	for (uint32_t go = 0; go < gos; go++) {
		size_t count =
			go_spans(&loaded.model, go, INT64_MIN / 4, INT64_MAX / 4, lane, SPANS);
		struct sum sum = { .last_ns = INT64_MIN };

		for (size_t i = 0; i < count; i++)
			add(&sum, &lane[i]);
		differ += sum.count != sums.items[go].count ||
		          sum.length != sums.items[go].length ||
		          sum.mixed != sums.items[go].mixed || sums.items[go].goes_back;
	}
	if (differ > 0)
		printf("# %s: %" PRIu64 " of %u goroutines differ\n", name, differ, gos);
	wrong += differ;
	told += story->spans.count;
	array_free(&sums);
}

static void check(const char *name)
{
	struct telling telling;
	struct story story = { .spans = { .budget = &loaded.budget } };

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
	array_free(&story.spans);
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
	ok(told > 10000, "all in all %" PRIu64 " spans", told);
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
