/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v2_wire.h"

#include <limits.h>
#include <stdlib.h>

#include "tests/expected.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/draw.h"
#include "tests/tap.h"

/* The demo cut at 1000 places: what is shown is exactly what its complete events and records say,
 * and what is lost is the rest, to the byte. The expected figures come from the index of the whole
 * file and from decoding each batch by itself. */
enum { CUTS = 1000, SMALL_CUTS = 300, FAILURES_SHOWN = 5 };

/* What a prefix of the file must show. */
struct prefix {
	uint64_t end; /* bytes that are decoded */
	uint64_t events, starts, syscalls, regions, logs, samples, strings, stacks;
	bool is_whole;     /* no generation is cut */
	struct batch next; /* that begins here */
};

static struct budget budget;
static struct bytes demo;
static ARRAY(struct prefix) prefixes; /* between two batches, by end */
static struct clock usual;
static int failures;

static bool equal(uint64_t got, uint64_t want, uint64_t cut, const char *what)
{
	if (got != want && failures++ < FAILURES_SHOWN)
		printf("# cut at %" PRIu64 ": %s: got %" PRIu64 ", want %" PRIu64 "\n", cut, what,
		       got, want);
	return got == want;
}

/* ---- what is expected */

/* Of the first len bytes of a batch. */
static void count_events(struct prefix *sum, const struct batch *batch, size_t len)
{
	struct wire_event events[256];
	struct wire_reader reader = { .in = { demo.data + batch->offset, len } };
	size_t count;

	clock_set(&reader.clock, CLOCK_USUAL_FREQUENCY);
	while ((count = wire_read(&reader, events, 256)) > 0)
		for (size_t i = 0; i < count; i++) {
			unsigned type = events[i].type;

			sum->events++;
			sum->starts += type == WIRE_GO_START || type == WIRE_GO_SWITCH ||
			               type == WIRE_GO_SWITCH_DESTROY;
			sum->syscalls += type == WIRE_GO_SYSCALL_BEGIN;
			sum->regions += type == WIRE_USER_REGION_BEGIN;
			sum->logs += type == WIRE_USER_LOG;
		}
	sum->end = batch->offset + reader.at;
}

static void count_tables(struct prefix *sum, const struct batch *batch, size_t len,
                         const struct clock *clock)
{
	struct batch part = *batch;
	struct tables tables;

	part.size = (uint32_t)len;
	tables_init(&tables, &budget);
	if (batch->kind != BATCH_SYNC)
		tables_read(&tables, &part, (struct bytes){ demo.data + batch->offset, len },
		            clock);
	sum->samples += tables.samples.count;
	sum->strings += tables.string_count;
	sum->stacks += tables.stack_count;
	sum->end = batch->offset + len - tables.damage.bytes;
	tables_free(&tables);
}

static void count_batch(struct prefix *sum, const struct batch *batch, size_t len,
                        const struct clock *clock)
{
	if (batch->kind == BATCH_EVENTS)
		count_events(sum, batch, len);
	else
		count_tables(sum, batch, len, clock);
}

static void add_prefix(struct prefix *sum, uint64_t end, bool is_whole, const struct batch *next)
{
	sum->end = end;
	sum->is_whole = is_whole;
	sum->next = next != NULL ? *next : (struct batch){ .offset = UINT64_MAX };
	*array_push(&prefixes) = *sum;
}

static void count_prefixes(const struct index *index)
{
	struct prefix sum = { 0 };

	prefixes.budget = &budget;
	usual = index->generations.items[0].clock;
	add_prefix(&sum, VERSION_HEADER, true, &index->batches.items[0]);
	for (size_t g = 0; g < index->generations.count; g++) {
		const struct generation *generation = &index->generations.items[g];
		const struct batch *batch = &index->batches.items[generation->first_batch];

		for (size_t i = 1; i <= generation->batch_count; i++, batch++) {
			count_batch(&sum, batch, batch->size, &usual);
			add_prefix(&sum, batch->offset + batch->size, false,
			           i < generation->batch_count ? batch + 1 : NULL);
		}
		add_prefix(&sum, generation->end, true, /* its mark */
		           g + 1 < index->generations.count ? batch : NULL);
	}
}

static struct prefix prefix_before(uint64_t cut)
{
	struct prefix prefix;
	size_t i = prefixes.count;

	while (prefixes.items[i - 1].end > cut)
		i--;
	prefix = prefixes.items[i - 1];
	if (prefix.end < cut)
		prefix.is_whole = false;
	if (prefix.next.offset <= cut)
		count_batch(&prefix, &prefix.next, (size_t)(cut - prefix.next.offset), &usual);
	return prefix;
}

/* ---- what is shown */

/* The states of a goroutine fill its life; where records are missing, it is less and never more. */
static bool states_fill_lives(const struct model *model, bool is_whole, uint64_t cut)
{
	struct roster_reader reader;
	bool good = true;

	roster_reader_init(&reader, &model->roster);
	for (uint32_t i = 0; i < model->roster.count; i++) {
		const struct goroutine *g = roster_read(&reader, i);
		int64_t sum = g->exec_ns + g->sched_ns + g->syscall_exec_ns + g->syscall_block_ns;
		int64_t end = g->ended_ns != TIME_UNKNOWN ? g->ended_ns : model->end_ns;
		int64_t life = g->created_ns == TIME_UNKNOWN ? 0 : end - g->created_ns;

		for (uint32_t at = g->blocks; at != INDEX_NONE;
		     at = roster_amount(&reader, at)->next)
			sum += roster_amount(&reader, at)->ns;
		if (is_whole || sum > life)
			good = equal((uint64_t)sum, (uint64_t)life, cut,
			             "a goroutine's states together") &&
			       good;
	}
	roster_reader_free(&reader);
	return good;
}

static bool shows(const struct model *model, const struct prefix *want, uint64_t cut)
{
	/* all are said, not just the first that differs */
	bool good = states_fill_lives(model, want->is_whole, cut);
	const char *broken = promise_broken(model);
	uint64_t starts = 0;

	good = equal(broken != NULL, false, cut, broken) && good;
	for (size_t p = 0; p < model->procs.count; p++)
		starts += model->procs.items[p].runs;

	good = equal(model->events, want->events, cut, "events") && good;
	good = equal(starts, want->starts, cut, "runs") && good;
	good = equal(model->syscalls, want->syscalls, cut, "syscalls") && good;
	good = equal(model->regions, want->regions, cut, "regions") && good;
	good = equal(model->logs, want->logs, cut, "logs") && good;
	good = equal(model->samples, want->samples, cut, "samples") && good;
	good = equal(model->string_records, want->strings, cut, "strings") && good;
	good = equal(model->stack_records, want->stacks, cut, "stacks") && good;
	good = equal(model->damage.bytes, cut - want->end, cut, "bytes lost") && good;
	good = equal(model->bytes, cut, cut, "bytes") && good;
	return good;
}

static bool try_cut(uint64_t cut)
{
	static struct loaded loaded;
	struct error err = { 0 };
	struct prefix want;
	bool good = load_bytes(&loaded, (struct bytes){ demo.data, (size_t)cut }, &err);

	if (cut < VERSION_HEADER)
		return equal(good, false, cut, "opens") &&
		       equal(err.kind, ERROR_NOT_A_TRACE, cut, "error");
	if (!good)
		return equal(good, true, cut, "opens");
	want = prefix_before(cut);
	good = shows(&loaded.model, &want, cut);
	good = equal(damage_is_serious(&loaded.model.damage), !want.is_whole, cut,
	             "said to be damaged") &&
	       good;
	load_free(&loaded);
	return equal(atomic_load(&loaded.budget.used), 0, cut, "memory not given back") && good;
}

/* ---- where to cut */

static uint64_t seed = 20;

/* The first bytes all, then half of them anywhere and half around the ends of batches. */
static uint64_t place(int i)
{
	uint64_t cut;

	if (i < tap_times(SMALL_CUTS))
		return (uint64_t)i;
	if (i % 2 == 0)
		return draw(&seed, demo.len + 1);
	cut = prefixes.items[draw(&seed, prefixes.count)].end + draw(&seed, 3) - 1;
	return cut > demo.len ? demo.len : cut;
}

int main(void)
{
	static struct loaded loaded;
	struct arena arena = { .budget = &budget };
	const char *source = getenv("srcdir");
	struct error err = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (!file_read(&arena, path, &demo) || !load_whole(&loaded, path, &err)) {
		ok(false, "%s opens", path);
		return tap_done();
	}
	count_prefixes(&loaded.index);
	load_free(&loaded);
	ok(try_cut(demo.len), "the whole demo shows what its batches hold");
	for (int i = 0; i < tap_times(CUTS); i++)
		try_cut(place(i));
	is_u64((uint64_t)failures, 0, "cut anywhere, it shows exactly the complete events");
	array_free(&prefixes);
	arena_free(&arena);
	return tap_done();
}
