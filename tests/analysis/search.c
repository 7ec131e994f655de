/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/loader_at.h"
#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* Hits of expressions in real traces, against a look at each stretch of each lane. */

static struct loaded loaded;
static struct search search;

static void run_jobs(void)
{
	struct job *job;

	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
	}
}

static void settle(void)
{
	bool more = true;

	while (more) {
		while (search_step(&search, &loaded.model, &loaded.loader))
			;
		more = loader_has_wishes(&loaded.loader);
		run_jobs();
	}
}

static bool begin(const char *text)
{
	struct error err = { 0 };
	bool good = search_begin(&search, bytes_of(text), 0, &err);

	if (!good)
		ok(false, "%s makes sense: %s", text, err.message);
	settle();
	return good;
}

enum { SPANS = 1 << 20 };
static struct span spans[SPANS];

/* Stretches of a lane of each P, or of each goroutine, that the search says are hits. */
static uint64_t naive(enum lane_owner of, unsigned kinds)
{
	uint32_t lanes =
		of == LANE_OF_GO ? loaded.model.roster.count : (uint32_t)loaded.model.procs.count;
	uint64_t hits = 0;

	for (uint32_t i = 0; i < lanes; i++) {
		struct lane_id lane = { (uint8_t)of, i };
		size_t count = model_spans(&loaded.model, lane, 0, INT64_MAX, spans, SPANS);

		for (size_t s = 0; s < count; s++)
			hits += (kinds >> spans[s].kind & 1) != 0 &&
			        search_accepts(&search, &loaded.model, &spans[s]);
	}
	return hits;
}

static uint64_t naive_stops(void)
{
	uint64_t hits = 0;

	for (uint32_t i = 0; i < loaded.model.stops.count; i++)
		hits += search_accepts(&search, &loaded.model,
		                       &(struct span){ .kind = SPAN_STW, .index = i });
	return hits;
}

/* Of CPU samples that the search says are hits. */
static uint64_t naive_samples(void)
{
	uint64_t hits = 0;

	for (uint32_t p = 0; p < loaded.model.parts.count; p++)
		for (uint32_t i = 0; i < loaded.model.parts.items[p]->tables.samples.count; i++)
			hits += search_accepts(
				&search, &loaded.model,
				&(struct span){ .kind = SPAN_SAMPLE, .part = p, .index = i });
	return hits;
}

/* kinds: that lanes of that sort show; and stops. */
static void counts(const char *text, enum lane_owner of, unsigned kinds)
{
	char what[100];
	uint64_t hits;

	if (!begin(text))
		return;
	hits = naive(of, kinds) + naive_stops() + naive_samples();
	if (of == LANE_OF_PROC)
		hits += naive(LANE_IN_PROC, kinds);
	snprintf(what, sizeof(what), "%.40s: %" PRIu64 " hits", text, hits);
	ok(search_is_exact(&search, &loaded.model), "%s is counted", text);
	is_u64(search.hits, hits, what);
}

static bool is_in_lane(const struct span *hit)
{
	return hit->proc != INDEX_NONE &&
	       (hit->kind == SPAN_RUN || hit->kind == SPAN_SYSCALL || hit->kind == SPAN_SWEEP ||
	        hit->kind == SPAN_ASSIST);
}

/* In a picture of its P's lane, as fine as a part's marks. */
static bool is_touched(const struct span *hit)
{
	return hit->proc != INDEX_NONE &&
	       search_lanes_touch(&search.lanes, &loaded.model, hit->proc, hit->kind != SPAN_RUN,
	                          hit->begin_ns, hit->begin_ns + 1) &&
	       is_in_lane(hit);
}

/* Where nothing in a lane is a hit, no mark says so: but for a mark at each side. */
static void lanes_are_marked_where_hits_are(const char *text)
{
	int64_t step = loaded.model.end_ns / 1000 + 1, most = step * 2;
	uint64_t wrong = 0, empty = 0;

	if (!begin(text))
		return;
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	run_jobs();
	for (uint32_t proc = 0; proc < loaded.model.procs.count; proc++)
		for (int64_t at = 0; at < loaded.model.end_ns; at += step) {
			size_t count = model_spans(&loaded.model, lane_of_proc(proc, false),
			                           at - most, at + step + most, spans, SPANS);
			bool has_any = false;

			for (size_t i = 0; i < count; i++)
				has_any |= search_accepts(&search, &loaded.model, &spans[i]);
			empty += !has_any;
			wrong += !has_any &&
			         search_lanes_touch(&search.lanes, &loaded.model, proc, false, at,
			                            at + step);
		}
	ok(empty > 0 && wrong == 0, "%s: %" PRIu64 " of %" PRIu64 " empty places are marked", text,
	   wrong, empty);
}

/* Steps through all hits, both ways. */
static void steps_through(const char *text)
{
	struct span from = { .begin_ns = -1 }, hit;
	uint64_t count = 0, wrong = 0, rank;
	uint32_t part;

	if (!begin(text))
		return;
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	run_jobs();
	while (search_find(&search, &loaded.model, &loaded.loader, &from, false, &hit, &part) ==
	               SEARCH_FOUND &&
	       count < 200) {
		wrong += hit.begin_ns < from.begin_ns;
		wrong += !search_rank(&search, &loaded.model, &hit, &rank) || rank != count;
		wrong += !search_touches(&search, &loaded.model, hit.begin_ns, hit.begin_ns + 1);
		wrong += is_in_lane(&hit) != is_touched(&hit);
		count++;
		from = hit;
	}
	is_u64(wrong, 0, "they come by time, and each knows its place");
	ok(count == search.hits || count == 200, "%s: all are found: %" PRIu64 " of %" PRIu64, text,
	   count, search.hits);
	for (wrong = 0; --count > 0; from = hit)
		wrong += search_find(&search, &loaded.model, &loaded.loader, &from, true, &hit,
		                     &part) != SEARCH_FOUND ||
		         !search_rank(&search, &loaded.model, &hit, &rank) || rank != count - 1;
	is_u64(wrong, 0, "and backwards the same ones");
}

/* By what lanes there are: the first run that is a hit, and others behind it. */
static void is_found_near(const char *text)
{
	struct span from = { .begin_ns = -1 }, hit, first;
	struct search_window window;
	const struct said_place *said;
	uint64_t count = 0, wrong = 0;
	uint32_t part;

	if (!begin(text))
		return;
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	run_jobs();
	for (first = from; search_find(&search, &loaded.model, &loaded.loader, &first, false, &hit,
	                               &part) == SEARCH_FOUND &&
	                   (first = hit).kind != SPAN_RUN;)
		;
	while (search_find_near(&search, &loaded.model, NULL, &from, &hit, &window, &said) ==
	       SEARCH_FOUND) {
		wrong += hit.begin_ns <= from.begin_ns || hit.kind != SPAN_RUN ||
		         !search_accepts(&search, &loaded.model, &hit);
		wrong += count == 0 && hit.begin_ns != first.begin_ns;
		from = hit;
		count++;
	}
	ok(count > 3 && wrong == 0, "%s: %" PRIu64 " runs, %" PRIu64 " wrong", text, count, wrong);
}

static void nonsense(const char *text, uint64_t offset)
{
	struct error err = { 0 };

	ok(!search_begin(&search, bytes_of(text), 0, &err), "%s: %s", text, err.message);
	is_u64(err.offset, offset, "where it is wrong");
	ok(!search.is_on, "nothing is looked for");
}

/* While it is typed, no history is asked for. */
static void names_come_first(void)
{
	struct error err = { 0 };

	search_begin(&search, bytes_of("^G15"), 0, &err);
	while (search_step(&search, &loaded.model, NULL))
		;
	ok(search.counted_at == search.parts.count && !tour_is_on(&search.tour) &&
	           !search_is_exact(&search, &loaded.model),
	   "without a loader: parts that have hits");
	settle();
	ok(search_is_exact(&search, &loaded.model), "with one: how many");
}

static void of_a_trace(const char *name)
{
	const char *source = getenv("srcdir");
	char path[500];
	struct error err = { 0 };
	const unsigned waits = 1u << SPAN_WAITING | 1u << SPAN_RUNNABLE;

	snprintf(path, sizeof(path), "%s/tests/traces/%s", source != NULL ? source : ".", name);
	if (!ok(load_whole(&loaded, path, &err), "%s is loaded %s", name, err.message))
		return;
	loaded.loader.history_limit = 0;
	search_init(&search, &loaded.budget);
	counts("^running$", LANE_OF_PROC, 1u << SPAN_RUN);
	counts("gcBgMarkWorker$", LANE_OF_PROC, 1u << SPAN_RUN);
	counts("\\(dedicated\\)$", LANE_OF_PROC, 1u << SPAN_RUN);
	ok(search.hits > 0, "workers are found by their labels");
	counts("gcDrain|findRunnable", LANE_OF_PROC, 1u << SPAN_RUN);
	ok(naive_samples() > 0, "CPU samples are found by their stacks");
	counts("^G15\\b", LANE_OF_PROC, 1u << SPAN_RUN);
	counts("\\VG15", LANE_OF_PROC, 1u << SPAN_RUN);
	counts("^syscall$", LANE_OF_PROC, 1u << SPAN_SYSCALL);
	counts("^sweep$", LANE_OF_PROC, 1u << SPAN_SWEEP);
	counts("^runnable$", LANE_OF_GO, waits);
	counts("waiting", LANE_OF_GO, waits);
	counts("^chan receive$", LANE_OF_GO, waits);
	counts("^select$|^preempted$", LANE_OF_GO, waits);
	counts("chanrecv1|semacquire", LANE_OF_PROC, 1u << SPAN_RUN);
	ok(search.match.has_inner, "functions inside of stacks are found");
	names_come_first();
	steps_through("catalog");
	steps_through("STW|GC|assist");
	lanes_are_marked_where_hits_are("catalog");
	is_found_near("catalog");
	is_found_near("main\\.main$|visit$");
	nonsense("a(b", 3);
	nonsense("[z", 2);
	ok(begin("") && !search.is_on, "the empty one looks for nothing");
	search_free(&search);
	load_free(&loaded);
	is_u64(loaded.budget.used, 0, "all memory is given back");
}

/* What censuses tell is what records do. */
static uint64_t wrong_censuses, unknown_censuses, all_hits;

static void check_censuses(const char *name)
{
	static const char *const texts[] = { "^main\\.[a-z]+$", "^runtime\\.(bgsweep|gcBg.*|main)$",
		                             "^(chan.*|select|sync|preempted|sleep)$" };
	struct error err = { 0 };

	search_init(&search, &loaded.budget);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint64_t counted = 0;

		search_begin(&search, bytes_of(texts[i]), 0, &err);
		search.match.words = 0; /* of which no census tells */
		while (!tour_is_on(&search.tour) &&
		       search_step(&search, &loaded.model, &loaded.loader))
			counted = search.hits;
		unknown_censuses += !search.match.has_inner && search.known < search.parts.count;
		if (search.known < search.parts.count)
			continue; /* frames inside of stacks */
		settle();
		all_hits += counted;
		if (search.hits == counted)
			continue;
		printf("# %s, %s: %" PRIu64 " by censuses, %" PRIu64 " records\n", name, texts[i],
		       counted, search.hits);
		wrong_censuses++;
	}
	search_free(&search);
	load_free(&loaded);
}

static void count(void *to, const struct span *hit)
{
	(void)hit;
	++*(uint64_t *)to;
}

/* Of all histories, which are there. */
static uint64_t hits_of_histories(void)
{
	struct search_gos gos = { .part = INDEX_NONE };
	uint64_t hits = search.range_hits;

	gos.matches.budget = gos.runs.budget = &loaded.budget;
	for (uint32_t p = 0; p < loaded.model.parts.count; p++) {
		const struct history *history = loaded.model.parts.items[p]->history;
		size_t at = 0;

		while (search_learn_gos(&search.match, &loaded.model, history, p, &gos))
			;
		while (search_tell_part(&search.match, &loaded.model, history, p, &gos, &at, count,
		                        &hits))
			;
	}
	array_free(&gos.matches);
	array_free(&gos.runs);
	return hits;
}

/* What passes tell is what histories do. */
static uint64_t wrong_passes, hits_of_passes;

static void check_passes(const char *name)
{
	static const char *const texts[] = {
		"^runtime\\.(chan|select|sema|gopark)|Lock$", "^running$|^runtime.gopark$", "runnable",
		"^waiting$|\\.go$", "GC", "G[1-9]$", "."
	};
	struct error err = { 0 };
	uint64_t hits[sizeof(texts) / sizeof(texts[0])];

	search_init(&search, &loaded.budget);
	loaded.loader.history_limit = 0;
	loader_want(&loaded.loader, -2, -1, 0); /* nobody looks at anything */
	loader_drop_unused(&loaded.loader);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		begin(texts[i]);
		hits[i] = search.hits;
	}
	search_end(&search);
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	run_jobs();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint64_t by_histories;

		search_begin(&search, bytes_of(texts[i]), 0, &err);
		settle();
		by_histories = hits_of_histories();
		hits_of_passes += hits[i];
		if (hits[i] == by_histories)
			continue;
		printf("# %s, %s: %" PRIu64 " by passes, %" PRIu64 " by histories\n", name,
		       texts[i], hits[i], by_histories);
		wrong_passes++;
	}
	search_free(&search);
}

static void is_found(const char *text, uint64_t want, const char *what)
{
	begin(text);
	is_u64(search.hits, want, what);
}

/* As Go tells of it: expect/regions.csv, tasks.csv, logs.csv. */
static void what_a_program_says(const char *path)
{
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err))
		return;
	search_init(&search, &loaded.budget);
	is_found("^query$", 1143, "regions of a name");
	is_found("^request$", 381, "tasks of a name");
	is_found("^select \\d+ rows$|^/item/", loaded.model.logs, "all logs");
	steps_through("^render$|^request$|^select 9");
	search_free(&search);
	load_free(&loaded);
}

static void check_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];
	struct error err = { 0 };

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (load_whole(&loaded, path, &err)) {
		check_passes(name);
		check_censuses(name);
	}
	if (strcmp(name, "go1.26-annotated") == 0)
		what_a_program_says(path);
}

static void censuses_are_right(void)
{
	struct budget budget = { 0 };
	struct arena arena = { .budget = &budget };
	text_traces traces = { .budget = &budget };
	struct error err = { 0 };

	wrong_censuses = 0;
	ok(text_traces_read(&traces, &arena), "there are traces");
	for (size_t i = 0; i < traces.count; i++)
		if (load_bytes(&loaded, traces.items[i].bytes, &err)) {
			check_passes(traces.items[i].name);
			check_censuses(traces.items[i].name);
		}
	array_free(&traces);
	arena_free(&arena);
	is_u64(wrong_censuses, 0, "censuses of traces as texts");
	wrong_censuses = 0;
	shared_each("censuses", check_shared);
	is_u64(wrong_censuses, 0, "and of real ones");
	is_u64(unknown_censuses, 0,
	       "which tell all of names and reasons, whatever is said besides");
	ok(all_hits > 50, "there are hits: %" PRIu64, all_hits);
	is_u64(wrong_passes, 0, "passes tell what histories do");
	ok(hits_of_passes > 500, "and there are hits of them: %" PRIu64, hits_of_passes);
}

int main(void)
{
	of_a_trace("demo.trace");
	censuses_are_right();
	return tap_done();
}
