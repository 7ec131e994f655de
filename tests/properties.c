/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_map.h"
#include "core/trace/batch_head.h"
#include "core/trace/order.h"
#include "core/trace/v2_wire.h"
#include "tui/session.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tests/expected.h"
#include "tests/fuzz/made.h"
#include "tests/load.h"
#include "tests/seen_session.h"
#include "tests/draw.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

/* What holds of every trace, right or wrong (reliability.md 13.4), of those in the tree and of some
 * that a small scheduler makes, from a fixed seed and from a new one: however its bytes arrive,
 * however ids are hashed, the same is seen; what is cut off takes nothing away from what is before
 * it; and if Go would read it, nothing is lost. properties SEED tries those of that seed. */
enum { SCRIPT = 400, SHORT = 3000, FAILURES_SHOWN = 5 };
#ifdef GANDER_SANITIZED
enum { MADE = 15, CUTS = 15 };
#else
enum { MADE = 60, CUTS = 60 };
#endif

static struct budget budget;
static text_traces traces;
static unsigned failures;
static uint64_t drawn;
static uint64_t forgotten, torn; /* goroutines, and traces of which some were told of again */

static void must(bool good, const struct text_trace *trace, const char *what)
{
	if (!good && failures++ < FAILURES_SHOWN)
		printf("# %s: %s\n", trace->name, what);
}

/* ---- what is seen */

struct seen {
	uint64_t answers, events;
};

static bool is_same(struct seen a, struct seen b)
{
	return a.answers == b.answers && a.events == b.events;
}

static struct seen see(const struct text_trace *trace)
{
	static struct loaded loaded;
	struct error err = { 0 };
	struct seen seen = { 0, 0 };

	if (load_bytes(&loaded, trace->bytes, &err)) {
		seen.answers = seen_answers(&loaded.model);
		seen.events = seen_events(&loaded.index, &loaded.source, false);
		load_free(&loaded);
	}
	return seen;
}

/* ---- however it arrives */

static void put(int fd, struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t done = write(fd, bytes.data, bytes.len);

		if (done < 0 && errno != EINTR)
			return;
		if (done > 0)
			bytes = (struct bytes){ bytes.data + done, bytes.len - (size_t)done };
	}
}

/* Through a pipe, in parts of up to most bytes; the session does what it can after each. */
static struct seen see_arriving(const struct text_trace *trace, size_t most, int jobs)
{
	static struct session session;
	struct bytes rest = { trace->bytes.data + VERSION_HEADER,
		              trace->bytes.len - VERSION_HEADER };
	struct seen seen = { 0, 0 };
	struct error err = { 0 };
	char path[64];
	int ends[2];

	if (pipe(ends) != 0)
		return seen;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	put(ends[1], (struct bytes){ trace->bytes.data, VERSION_HEADER });
	if (session_open(&session, &budget, path, jobs, &err)) {
		while (rest.len > 0) {
			size_t part = 1 + (size_t)draw(&drawn, most);

			part = part < rest.len ? part : rest.len;
			put(ends[1], (struct bytes){ rest.data, part });
			session_step(&session, 1000);
			rest = (struct bytes){ rest.data + part, rest.len - part };
		}
		close(ends[1]);
		session_finish(&session);
		seen.answers = seen_session_answers(&session);
		seen.events = seen_events(&session.index, &session.input.source, false);
		session_close(&session);
	} else {
		close(ends[1]);
	}
	close(ends[0]);
	return seen;
}

static void it_may_arrive_in_parts(const struct text_trace *trace, struct seen whole)
{
	if (trace->bytes.len < VERSION_HEADER)
		return;
	if (trace->bytes.len < SHORT)
		must(is_same(see_arriving(trace, 1, 0), whole), trace,
		     "byte by byte it is the same");
	must(is_same(see_arriving(trace, 40000, 0), whole), trace, "in parts it is the same");
	must(is_same(see_arriving(trace, 40000, 2), whole), trace,
	     "in parts, with threads, it is the same");
}

/* ---- however little memory there is */

/* Of who is over all is forgotten, and told of once more. Where a record tells of one that has
 * ended, loading ends there, and says so. */
static void forgetting_changes_nothing(const struct text_trace *trace, struct seen whole)
{
	static struct loaded loaded;
	struct error err = { 0 };

	if (!load_bytes_forgetting(&loaded, trace->bytes, &err))
		return;
	forgotten += loaded.model.roster.forgotten;
	torn += loaded.loader.was_stopped;
	if (!loaded.loader.was_stopped)
		must(seen_answers(&loaded.model) == whole.answers, trace,
		     "what is forgotten and told of once more is the same");
	load_free(&loaded);
}

/* ---- however ids are hashed */

static void hashing_changes_nothing(const struct text_trace *trace, struct seen whole)
{
	id_map_key(draw(&drawn, UINT64_MAX));
	must(is_same(see(trace), whole), trace, "with another key it is the same");
	id_map_key(0);
}

/* ---- wherever it is cut */

struct place {
	uint64_t offset;
	int64_t time_ns;
};
typedef ARRAY(struct place) places;

/* The events of the first generations, in order. */
static void list_events(const struct loaded *loaded, uint64_t generations, places *list)
{
	struct order order;
	struct event event;
	struct error err = { 0 };

	array_clear(list);
	order_init(&order, &budget, &loaded->index, &loaded->source, false);
	while (order_next(&order, &event, &err) &&
	       (event.type != WIRE_SYNC || event.arg[0] <= generations))
		*array_push(list) = (struct place){ event.offset, event.time_ns };
	order_free(&order);
}

/* Generations that another one follows: they are as they will be. */
static uint64_t generations_for_good(const struct index *index)
{
	return index->generations.count > 0 ? index->generations.count - 1 : 0;
}

/* All of a that counts are in b. */
static bool is_begin_of(const places *a, const places *b)
{
	return a->count <= b->count &&
	       (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(struct place)) == 0);
}

/* Returns the events of the trace cut at len, of which some are known. */
static uint64_t see_cut(const struct text_trace *trace, size_t len, const struct loaded *whole)
{
	static struct loaded cut;
	places some = { .budget = &budget }, all = { .budget = &budget };
	struct error err = { 0 };
	uint64_t events, good;

	if (!load_bytes(&cut, (struct bytes){ trace->bytes.data, len }, &err))
		return 0;
	events = cut.model.events;
	good = generations_for_good(&cut.index);
	if (good > 0) {
		list_events(&cut, good, &some);
		list_events(whole, good, &all);
		must(is_begin_of(&some, &all), trace, "whole generations stay");
	}
	load_free(&cut);
	array_free(&some);
	array_free(&all);
	return events;
}

static uint64_t count_events(const struct text_trace *trace, const struct batch *batch)
{
	struct wire_event events[64];
	struct wire_reader reader = {
		.in = { trace->bytes.data + batch->offset, batch->size },
	};
	uint64_t sum = 0;
	size_t count;

	clock_set(&reader.clock, CLOCK_USUAL_FREQUENCY);
	while ((count = wire_read(&reader, events, 64)) > 0)
		sum += count;
	return sum;
}

/* As the runtime writes it: a length takes ten bytes, so that a header is hardly found by chance.
 * In text traces it takes one. */
static bool is_of_runtime(const struct text_trace *trace)
{
	struct batch_head head;

	return trace->bytes.len > VERSION_HEADER &&
	       batch_head_take((struct bytes){ trace->bytes.data + VERSION_HEADER,
	                                       trace->bytes.len - VERSION_HEADER },
	                       &head) == HEAD_WELL &&
	       head.is_padded;
}

static void what_is_whole_stays(const struct text_trace *trace)
{
	static struct loaded whole;
	size_t step = trace->bytes.len / CUTS + 1, next = 0;
	struct error err = { 0 };
	uint64_t events = 0;

	if (!is_of_runtime(trace) || !load_bytes(&whole, trace->bytes, &err))
		return;
	for (size_t len = VERSION_HEADER; len < trace->bytes.len; len += 1 + draw(&drawn, step)) {
		const struct batch *batch = whole.index.batches.items;

		for (; next < whole.index.batches.count &&
		       batch[next].offset + batch[next].size <= len;
		     next++)
			if (batch[next].kind == BATCH_EVENTS)
				events += count_events(trace, &batch[next]);
		must(see_cut(trace, len, &whole) >= events, trace, "whole batches are kept");
	}
	load_free(&whole);
}

/* ---- if Go would read it */

static void what_go_reads_is_whole(const struct text_trace *trace, struct seen all)
{
	static struct loaded loaded;
	struct error err = { 0 };
	uint64_t strict;

	if (!load_bytes(&loaded, trace->bytes, &err))
		return;
	strict = seen_events(&loaded.index, &loaded.source, true);
	if (strict != 0) {
		must(strict == all.events, trace, "strict it is the same");
		must(!damage_is_serious(&loaded.model.damage), trace, "nothing is lost");
	}
	load_free(&loaded);
}

/* ---- which traces */

static void add_demo(struct arena *arena)
{
	const char *source = getenv("srcdir");
	struct text_trace demo = { .name = "demo" };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (ok(file_read(arena, path, &demo.bytes), "the demo is there"))
		*array_push(&traces) = demo;
}

static void add_made(struct arena *arena, uint64_t seed)
{
	uint8_t script[SCRIPT];
	byte_array bytes = { .budget = &budget };
	char *name = ARENA_NEW(arena, 40, char);
	struct made made;

	drawn = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (int i = 0; i < SCRIPT; i++)
		script[i] = (uint8_t)(draw(&drawn, 65536) >> 8);
	made = made_trace((struct bytes){ script, SCRIPT }, false, &bytes);
	snprintf(name, 40, "seed %" PRIu64, seed);
	*array_push(&traces) =
		(struct text_trace){ name, arena_copy(arena,
		                                      (struct bytes){ bytes.items, bytes.count }) };
	made_free(&made);
	array_free(&bytes);
}

/* ---- */

static void try_all(const char *name)
{
	failures = 0;
	drawn = 1;
	for (size_t i = 0; i < traces.count; i++) {
		const struct text_trace *trace = &traces.items[i];
		struct seen whole = see(trace);

		it_may_arrive_in_parts(trace, whole);
		hashing_changes_nothing(trace, whole);
		forgetting_changes_nothing(trace, whole);
		what_go_reads_is_whole(trace, whole);
		what_is_whole_stays(trace);
	}
	array_clear(&traces);
	printf("# %" PRIu64 " goroutines are forgotten; %" PRIu64
	       " traces tell of some once more\n",
	       forgotten, torn);
	ok(failures == 0, "%s", name);
}

static void try_made(struct arena *arena, uint64_t seed, const char *name)
{
	printf("# seeds from %" PRIu64 "\n", seed);
	for (uint64_t i = 0; i < MADE; i++)
		add_made(arena, seed + i);
	try_all(name);
}

/* Syscalls that lost their P: of two runs that end at one time, by clocks of two threads; that had
 * ended before, by the clock of their own; and who is told of again after its end. */
static void try_found(struct arena *arena)
{
	static const uint64_t seeds[] = { 1796200014013, 1796200030044, 1796200017036, 1796129842004 };

	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		add_made(arena, seeds[i]);
	try_all("made of seeds that found something");
}

int main(int argc, char **argv)
{
	struct arena arena = { .budget = &budget };

	traces.budget = &budget;
	if (argc > 1) {
		try_made(&arena, strtoull(argv[1], NULL, 10), "made of a seed");
	} else {
		ok(text_traces_read(&traces, &arena), "there are traces");
		add_demo(&arena);
		try_all("those in the tree");
		try_made(&arena, 1, "made of a fixed seed");
		try_found(&arena);
		try_made(&arena, (uint64_t)time(NULL) * 1000, "made of a new one");
	}
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
