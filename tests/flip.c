/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "core/trace/order.h"
#include "core/trace/v2_wire.h"
#include "tests/expected.h"
#include "tests/harm.h"
#include "tests/kept.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/tap.h"

/* Single bits flipped in whole traces (reliability.md 13.8): all events outside of one batch are
 * kept, and on average nearly all; bytes that are decoded and bytes that are lost are the file. The
 * model finds as many events as the index, and the same bytes lost; the order gives all of them. */
enum { FLIPS = 500, LOADS = 50, FAILURES_SHOWN = 5 };

/* Of events, on average. Small files have few batches: one is a large part of them. */
#define KEPT_AT_LEAST 0.97

static struct budget budget;
static int failures;

static bool must(bool good, uint64_t offset, unsigned bit, const char *what)
{
	if (!good && failures++ < FAILURES_SHOWN)
		printf("# byte %" PRIu64 " bit %u: %s\n", offset, bit, what);
	return good;
}

/* Events of the file that come in order. */
static uint64_t count_ordered(struct loaded *loaded)
{
	struct order order;
	struct event event;
	struct error err = { 0 };
	uint64_t count = 0;

	order_init(&order, &loaded->budget, &loaded->index, &loaded->source, false);
	while (order_next(&order, &event, &err)) /* a switch is three at once */
		count += event.type != WIRE_SYNC && event.type != WIRE_CPU_SAMPLE &&
		         order.given == 1;
	order_free(&order);
	return count;
}

static void load(struct bytes trace, uint64_t offset, unsigned bit, const struct kept_share *share)
{
	static struct loaded loaded;
	struct arena arena = { .budget = &budget };
	struct bytes damaged = arena_copy(&arena, trace);
	struct error err = { 0 };
	const char *broken;

	((uint8_t *)(uintptr_t)damaged.data)[offset] ^= (uint8_t)(1u << bit);
	if (must(load_bytes(&loaded, damaged, &err), offset, bit, "opens")) {
		must(loaded.model.events == share->events, offset, bit, "events of the model");
		must(count_ordered(&loaded) == share->events, offset, bit, "events in order");
		must(loaded.model.damage.bytes == share->lost, offset, bit, "bytes lost");
		broken = promise_broken(&loaded.model);
		must(broken == NULL, offset, bit, broken);
		load_free(&loaded);
	}
	arena_free(&arena);
}

static void flip(const char *name, struct bytes trace)
{
	struct harm harm = { .seed = 12 };
	int flips = tap_times(FLIPS), loads = tap_times(LOADS);
	struct kept kept;
	double sum = 0;

	if (!ok(kept_open(&kept, &budget, trace), "%s is sound", name))
		return;
	failures = 0;
	for (int i = 0; i < flips; i++) {
		uint64_t offset = VERSION_HEADER + harm_draw(&harm, trace.len - VERSION_HEADER);
		unsigned bit = (unsigned)harm_draw(&harm, 8);
		struct kept_share share = kept_flip(&kept, offset, bit);

		sum += (double)share.kept / (double)share.of;
		must(share.kept + share.in_batch >= share.of, offset, bit,
		     "all that is outside of one batch is kept");
		must(share.bytes + share.lost == share.size, offset, bit,
		     "decoded and lost are the file");
		if (i < loads)
			load(trace, offset, bit, &share);
	}
	is_u64((uint64_t)failures, 0, "what holds of each flip");
	if (!ok(sum / flips >= KEPT_AT_LEAST, "%s keeps most events", name))
		printf("# %.2f %%\n", 100 * sum / flips);
	kept_close(&kept);
}

static bool flip_file(const char *path, const char *name)
{
	struct arena arena = { .budget = &budget };
	struct bytes trace;
	bool is_there = file_read(&arena, path, &trace);

	if (is_there)
		flip(name, trace);
	arena_free(&arena);
	return is_there;
}

int main(void)
{
	static const char *const shared[] = { "go1.22-classic", "go1.23-classic", "go1.24-classic",
		                              "go1.25-classic", "go1.26-classic" };
	const char *source = getenv("srcdir"), *directory = getenv("GANDER_SHARED");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	ok(flip_file(path, "the demo"), "there is a demo");
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		snprintf(path, sizeof(path), "%s/traces/%s/trace.out",
		         directory != NULL ? directory : "../shared", shared[i]);
		if (!flip_file(path, shared[i]))
			skip(shared[i], "no shared traces: GANDER_SHARED names their directory");
	}
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
