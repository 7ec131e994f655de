/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order.h"
#include "core/trace/v2_wire.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/made.h"

/* The order of events, of traces that a small scheduler makes out of the bytes (made.h). What has
 * to hold: it ends; times grow; each event is given once or counted as left out; what the strict
 * order gives, the other gives first; if nothing is wrong, nothing is left out; one with many
 * threads has the order of one with few; and a trace that is as Go writes it is in order. */

/* With which many threads stay in the heap for a while. */
enum { LITTLE = 1000, FOR_EVER = 1 << 30 };

static struct budget budget, own;

/* What an order gave. */
struct given {
	ARRAY(struct event) events;
	uint64_t turns; /* events of the file: some are given as two or three */
	uint64_t broken, forced, samples, syncs;
	bool is_refused;
};

static bool is_of_file(const struct event *event)
{
	return event->type != WIRE_SYNC && event->type != WIRE_CPU_SAMPLE;
}

/* The tables are gone when the order is. */
static void keep(struct given *given, struct event event)
{
	event.tables = NULL;
	event.name.data = NULL;
	*array_push(&given->events) = event;
}

static void put_in_order(struct given *given, const struct index *index,
                         const struct source *source, bool is_strict, uint64_t impatience,
                         uint64_t most)
{
	struct id_map seen = { .budget = &own }; /* offsets */
	struct order order;
	struct event event;
	struct error err = { 0 };
	int64_t last_ns = -1;

	*given = (struct given){ .events = { .budget = &own } };
	order_init(&order, &budget, index, source, is_strict);
	order.impatience = impatience;
	while (order_next(&order, &event, &err)) {
		must(event.time_ns > last_ns, "times grow");
		must(event.time_ns >= event.recorded_ns, "and are not before those in the file");
		last_ns = event.time_ns;
		given->samples += event.type == WIRE_CPU_SAMPLE;
		given->syncs += event.type == WIRE_SYNC;
		if (is_of_file(&event) && order.given == 1) {
			must(id_map_add(&seen, event.offset, 0) == 0 &&
			             seen.count == ++given->turns,
			     "no event comes twice");
		}
		keep(given, event);
		must(given->events.count <= most, "no event is made up");
	}
	must(!order_next(&order, &event, &err), "the end is the end");
	given->is_refused = order.is_refused;
	must(!order.is_refused || is_strict, "only the strict order refuses");
	given->broken = order.broken;
	given->forced = order.forced;
	order_free(&order);
	id_map_free(&seen);
}

/* Events of the file, of batches that can't be read to their end as far as they can. */
static uint64_t count_events(const struct index *index, const struct source *source)
{
	static uint8_t payload[INDEX_BATCH_MAX];
	uint64_t sum = 0;

	for (size_t i = 0; i < index->batches.count; i++) {
		const struct batch *batch = &index->batches.items[i];
		struct wire_reader reader = { .in = { payload, batch->size } };
		struct wire_event events[64];
		size_t count;

		if (batch->kind != BATCH_EVENTS)
			continue;
		source_read(source, batch->offset, payload, batch->size, NULL);
		clock_set(&reader.clock, 1000000000);
		while ((count = wire_read(&reader, events, 64)) > 0)
			sum += count;
	}
	return sum;
}

static bool same(const struct event *a, const struct event *b)
{
	return a->time_ns == b->time_ns && a->recorded_ns == b->recorded_ns && a->m == b->m &&
	       a->p == b->p && a->g == b->g && a->type == b->type && a->parent == b->parent &&
	       a->before == b->before && a->was_missing == b->was_missing &&
	       a->name.len == b->name.len && memcmp(a->arg, b->arg, sizeof(a->arg)) == 0;
}

/* The last that the strict order gives may be the sync of a generation that it refuses. */
static void check_strict(const struct given *strict, const struct given *all)
{
	size_t count = strict->events.count;

	if (strict->is_refused && count > 0 && strict->events.items[count - 1].type == WIRE_SYNC)
		count--;
	must(count <= all->events.count, "the strict order gives no more");
	for (size_t i = 0; i < count; i++)
		must(same(&strict->events.items[i], &all->events.items[i]),
		     "what the strict order gives, the other gives");
	if (strict->is_refused)
		return;
	must(all->broken == 0 && all->forced == 0, "what is right has no faults");
	must(count == all->events.count, "and nothing more in it");
}

static bool is_of_crowd(const struct event *event)
{
	return event->recorded_ns % MADE_TICKS == MADE_CROWD_TICK;
}

/* The next event that is in both kinds of a trace; count: there is none. */
static size_t next_common(const struct given *given, size_t at)
{
	while (at < given->events.count &&
	       (!is_of_file(&given->events.items[at]) || is_of_crowd(&given->events.items[at])))
		at++;
	return at;
}

/* Where something is wrong they may differ: among many a thread that waits is not asked again. */
static void check_crowded(const struct given *few, const struct given *many)
{
	size_t f = 0, m = 0;

	for (;; f++, m++) {
		f = next_common(few, f);
		m = next_common(many, m);
		if (f == few->events.count || m == many->events.count)
			break;
		must(few->events.items[f].recorded_ns == many->events.items[m].recorded_ns &&
		             few->events.items[f].type == many->events.items[m].type,
		     "many threads have the order of few");
	}
	must(f == few->events.count && m == many->events.count, "to the end");
}

/* ---- a trace as Go writes it */

enum subject { THREAD, PROC, GOROUTINE, COLLECTOR };

/* Places in the sequence in which things happened. */
struct heard {
	struct id_map place_of; /* of a time */
	struct id_map last_of;  /* of a subject: where it was heard of last */
};

static void hear(struct heard *heard, enum subject subject, uint64_t id, uint32_t place)
{
	uint64_t key = (uint64_t)subject << 32 | id;
	uint32_t last = id_map_find(&heard->last_of, key);

	must(last == ID_NONE || last <= place, "what happens to one comes in order");
	id_map_set(&heard->last_of, key, place);
}

/* The P and the goroutine that an event of the scheduler is about, beside its thread. In a syscall
 * no number tells whether the thread still has its P. */
static void hear_event(struct heard *heard, const struct event *event)
{
	uint32_t place = id_map_find(&heard->place_of, (uint64_t)event->recorded_ns);

	must(place != ID_NONE, "its time is that of an event");
	hear(heard, THREAD, (uint64_t)event->recorded_ns % MADE_TICKS, place);
	switch (event->type) {
	case WIRE_GO_CREATE:
	case WIRE_GO_CREATE_BLOCKED:
	case WIRE_GO_START:
	case WIRE_GO_SWITCH:
	case WIRE_GO_SWITCH_DESTROY:
		hear(heard, PROC, event->p, place);
		hear(heard, GOROUTINE, event->arg[0], place);
		break;
	case WIRE_GO_CREATE_SYSCALL:
	case WIRE_GO_UNBLOCK:
		hear(heard, GOROUTINE, event->arg[0], place);
		break;
	case WIRE_GO_STOP:
	case WIRE_GO_BLOCK:
	case WIRE_GO_DESTROY:
	case WIRE_GO_SYSCALL_BEGIN:
	case WIRE_GO_SYSCALL_END:
		hear(heard, PROC, event->p, place);
		hear(heard, GOROUTINE, event->g, place);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
	case WIRE_GO_DESTROY_SYSCALL:
		hear(heard, GOROUTINE, event->g, place);
		break;
	case WIRE_PROC_START:
		hear(heard, PROC, event->arg[0], place);
		break;
	case WIRE_PROC_STOP:
		hear(heard, PROC, event->p, place);
		break;
	case WIRE_PROC_STEAL:
		if (event->arg[1] != 0) /* not one that we make for a thread that is back in C */
			hear(heard, PROC, event->arg[0], place);
		break;
	case WIRE_GC_ACTIVE:
	case WIRE_GC_BEGIN:
	case WIRE_GC_END:
		hear(heard, COLLECTOR, 0, place);
		break;
	}
}

/* Whatever the clocks say, each thread, P and goroutine lives its own life in order. */
static void check_lives(const struct given *strict, const struct made *made)
{
	struct heard heard = { { .budget = &own }, { .budget = &own } };

	for (size_t i = 0; i < made->times_ns.count; i++)
		id_map_set(&heard.place_of, (uint64_t)made->times_ns.items[i], (uint32_t)i);
	for (size_t i = 0; i < strict->events.count; i++)
		if (is_of_file(&strict->events.items[i]) && !is_of_crowd(&strict->events.items[i]))
			hear_event(&heard, &strict->events.items[i]);
	id_map_free(&heard.place_of);
	id_map_free(&heard.last_of);
}

static void check_one_clock(const struct given *strict)
{
	int64_t last_ns = 0;

	for (size_t i = 0; i < strict->events.count; i++) {
		const struct event *event = &strict->events.items[i];

		must(!is_of_file(event) || event->recorded_ns >= last_ns,
		     "by the one clock that there is");
		if (is_of_file(event))
			last_ns = event->recorded_ns;
	}
}

static void check_honest(const struct given *strict, const struct made *made)
{
	must(!strict->is_refused, "a trace as Go writes it is in order");
	must(strict->turns == made->times_ns.count + made->crowd, "all of it");
	check_lives(strict, made);
	if (made->is_exact)
		check_one_clock(strict);
}

/* ---- */

/* Both orders of a trace made of the bytes. True if it may be crowded. */
static bool put_both(struct bytes script, bool is_crowded, struct given *strict, struct given *all)
{
	byte_array bytes = { .budget = &own };
	struct made made = made_trace(script, is_crowded, &bytes);
	struct source source;
	struct index index;
	struct error err = { 0 };
	uint64_t impatience = made.is_impatient ? FOR_EVER : ORDER_PATIENCE - LITTLE;
	uint64_t events;

	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ bytes.items, bytes.count });
	source_finish(&source);
	must(index_open(&index, &budget, &source, &err), "a header opens");
	while (index_step(&index, &source, 100))
		;
	must(index.damage.bytes == 0, "it is framed well");
	events = count_events(&index, &source);
	put_in_order(all, &index, &source, false, impatience,
	             3 * (events + index.generations.count) + 3);
	must(all->turns == events, "each event is given");
	must(all->samples == index.generations.count, "samples are given");
	must(all->syncs == index.generations.count + 1, "generations begin and end");
	put_in_order(strict, &index, &source, true, impatience, all->events.count + 1);
	check_strict(strict, all);
	if (made.is_honest)
		check_honest(strict, &made);
	index_free(&index);
	source_close(&source);
	array_free(&bytes);
	made_free(&made);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return made.may_be_crowded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes script = { data, size };
	struct given strict, all, strict_crowded, all_crowded;

	if (put_both(script, false, &strict, &all)) {
		put_both(script, true, &strict_crowded, &all_crowded);
		must(strict.is_refused == strict_crowded.is_refused, "a crowd changes no verdict");
		if (!strict.is_refused)
			check_crowded(&strict, &strict_crowded);
		array_free(&strict_crowded.events);
		array_free(&all_crowded.events);
	}
	array_free(&strict.events);
	array_free(&all.events);
	must(atomic_load(&own.used) == 0, "and ours");
	return 0;
}
