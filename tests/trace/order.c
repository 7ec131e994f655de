/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/events_text.h"
#include "core/trace/order.h"

#include <stdlib.h>

#include "tests/sha256.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* The order of many threads; its rules have their cases in tests/verdicts. */

enum { THREADS = 400 };

static struct budget budget;

/* A relay: in each round every thread starts the goroutine that the next thread creates, the last
 * one has one of its own, and all clocks stand still. So the first of them waits for all others. */
static bool relay(unsigned rounds, byte_array *trace)
{
	char *text = malloc((size_t)THREADS * (rounds + 2) * 128), *at = text;
	struct error err = { 0 };
	bool good;

	at += sprintf(at, "Trace Go1.22\nEventBatch gen=1 m=-1 time=90 size=auto\n"
	                  "Frequency freq=1000000000\n");
	for (unsigned i = 0; i < THREADS; i++) {
		at += sprintf(at,
		              "EventBatch gen=1 m=%u time=100 size=auto\n"
		              "ProcStatus dt=0 p=%u pstatus=1\n",
		              1000 + i, i);
		for (unsigned round = 0; round < rounds; round++) {
			unsigned first = 1 + round * THREADS;

			if (i + 1 == THREADS)
				at += sprintf(at, "GoCreate dt=0 new_g=%u new_stack=0 stack=0\n",
				              first + i);
			at += sprintf(at, "GoStart dt=0 g=%u g_seq=1\n", first + i);
			if (i > 0)
				at += sprintf(at, "GoCreate dt=0 new_g=%u new_stack=0 stack=0\n",
				              first + i - 1);
			at += sprintf(at, "GoDestroy dt=0\n");
		}
	}
	good = trace_text_assemble(bytes_of(text), trace, &err);
	free(text);
	return good;
}

struct told {
	uint64_t events;
	bool is_whole, is_in_heap;
	char sum[65];
};

static bool hash(void *context, struct bytes text)
{
	sha256_add(context, text);
	return true;
}

static struct told tell(const byte_array *trace)
{
	static struct text_out out;
	struct told told = { .events = 0 };
	struct error err = { 0 };
	struct sha256 sha;
	struct source source;
	struct index index;
	struct order order;
	struct event event;

	out = (struct text_out){ .take = hash, .context = &sha };
	sha256_init(&sha);
	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ trace->items, trace->count });
	source_finish(&source);
	index_open(&index, &budget, &source, &err);
	while (index_step(&index, &source, 64))
		;
	order_init(&order, &budget, &index, &source, true);
	for (; order_next(&order, &event, &err); told.events++)
		events_text(&out, &event);
	text_flush(&out);
	sha256_end(&sha, told.sum);
	told.is_whole = err.kind == ERROR_NONE;
	told.is_in_heap = order.has_heap;
	order_free(&order);
	index_free(&index);
	source_close(&source);
	return told;
}

/* Of two Syncs, a status for each thread, and three events in each leg of the relay. */
static uint64_t events_of_relay(unsigned rounds)
{
	return 2 + THREADS + (uint64_t)rounds * THREADS * 3;
}

/* The sum was made by go tool trace of Go 1.26. */
static void many_threads_stand_as_in_go(void)
{
	byte_array trace = { .budget = &budget };
	struct told told;

	ok(relay(3, &trace), "it is a trace");
	told = tell(&trace);
	ok(told.is_whole && told.is_in_heap, "it is not too much to sort");
	is_u64(told.events, events_of_relay(3), "all events");
	is_text(told.sum, "b239dea402a8de03ea8f1b8ac46c3b3941b0026642ca60a20b91a1ec56a8781e",
	        "as Go tells them");
	array_free(&trace);
}

static void who_waits_too_often_is_parked(void)
{
	byte_array trace = { .budget = &budget };
	struct told told;

	relay(80, &trace);
	told = tell(&trace);
	ok(told.is_whole && !told.is_in_heap, "it is too much to sort");
	is_u64(told.events, events_of_relay(80), "all events");
	array_free(&trace);
}

int main(void)
{
	many_threads_stand_as_in_go();
	who_waits_too_often_is_parked();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
