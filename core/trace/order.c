/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/radix.h"
#include "core/trace/v2_take.h"

enum {
	FILLS = 256, /* between two looks at what memory is left */
	/* of a thread in the trees, among the parked, and its batch's own memory */
	THREAD_BYTES = sizeof(struct order_thread) + 2 * (8 + 2 * 4) * 2 + 2 * 4 + WIRE_WINDOW + 16,
};

void order_init(struct order *order, struct budget *budget, const struct index *index,
                const struct source *source, bool is_strict)
{
	*order = (struct order){
		.budget = budget,
		.index = index,
		.source = source,
		.is_strict = is_strict,
	};
	order->threads.budget = order->batches.budget = order->heap.budget = budget;
	order->parked.budget = budget;
	order_tree_init(&order->tree, budget);
	order_tree_init(&order->frontier, budget);
	tables_init(&order->tables, budget);
	damage_init(&order->damage, budget);
	order->state = order_state_new(budget);
}

static void free_threads(struct order *order)
{
	for (size_t i = 0; i < order->threads.count; i++)
		array_free(&order->threads.items[i].payload);
	array_clear(&order->threads);
}

void order_free(struct order *order)
{
	free_threads(order);
	array_free(&order->threads);
	array_free(&order->batches);
	array_free(&order->heap);
	array_free(&order->parked);
	order_tree_free(&order->tree);
	order_tree_free(&order->frontier);
	tables_free(&order->tables);
	damage_free(&order->damage);
	order_state_free(order->state);
}

/* There is no memory for more. */
static bool stop(struct order *order, uint64_t offset, struct error *err)
{
	order->is_refused = order->has_ended = true;
	order->queued = 0;
	return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                 "stopped at %.0f %%: memory limit reached; --memory raises it",
	                 100.0 * (double)offset / (double)atomic_load(&order->source->end));
}

/* ---- generations */

static void add_thread(struct order *order, uint32_t first, uint32_t end)
{
	*array_push(&order->threads) = (struct order_thread){
		.m = order_batch(order, first)->m,
		.ms = NOBODY,
		.next = first,
		.end = end,
		.before = NOBODY,
		.behind = NOBODY,
		.payload = { .budget = order->budget },
	};
}

/* Event batches by thread, threads in the order of their first. */
static void group(struct order *order, const struct batch *all, size_t count)
{
	u64_array keys = { .budget = order->budget }, room = { .budget = order->budget };
	struct id_map rank_of = { .budget = order->budget };

	for (size_t i = 0; i < count; i++)
		if (all[i].kind == BATCH_EVENTS)
			*array_push(&keys) =
				(uint64_t)id_map_add(&rank_of, all[i].m, (uint32_t)rank_of.count)
					<< 32 |
				i;
	radix_sort(&keys, &room, 32, radix_bits(rank_of.count));
	order->all = all;
	array_clear(&order->batches);
	array_reserve(&order->batches, keys.count);
	for (size_t i = 0; i < keys.count; i++)
		*array_push(&order->batches) = (uint32_t)keys.items[i];
	array_free(&keys);
	array_free(&room);
	id_map_free(&rank_of);
}

/* What the threads of the batches will take, each with a batch in memory. */
static size_t need_of_threads(const struct order *order)
{
	size_t need = 0, largest = 0;

	for (uint32_t i = 0; i < order->batches.count; i++) {
		const struct batch *batch = order_batch(order, i);

		largest = batch->size > largest ? batch->size : largest;
		if (i + 1 < order->batches.count && order_batch(order, i + 1)->m == batch->m)
			continue;
		need += THREAD_BYTES + largest;
		largest = 0;
	}
	return need;
}

static void make_threads(struct order *order)
{
	uint32_t first = 0;

	for (uint32_t i = 1; i <= order->batches.count; i++)
		if (i == order->batches.count ||
		    order_batch(order, i)->m != order_batch(order, first)->m) {
			add_thread(order, first, i);
			first = i;
		}
}

static void give_sync(struct order *order, struct event sync, int64_t time_ns)
{
	sync.type = WIRE_SYNC;
	sync.arg[0] = ++order->syncs;
	sync.recorded_ns = time_ns;
	sync.offset = EVENT_NONE;
	sync.m = sync.p = sync.g = sync.parent = EVENT_NONE;
	sync.tables = &order->tables;
	order->queue[order->queued++] = sync;
}

/* Batches of a generation that Go's reader gets to see. */
static size_t count_batches(const struct order *order, const struct generation *generation)
{
	const struct batch *batches = order->index->batches.items + generation->first_batch;
	uint64_t limit = order_limit(order);
	size_t count = generation->batch_count;

	while (count > 0 && batches[count - 1].offset >= limit)
		count--;
	return count;
}

/* False without an error: there is none that Go would order. */
static bool open_generation(struct order *order, struct error *err)
{
	const struct generation *generation =
		&order->index->generations.items[order->next_generation];
	const struct batch *batches = order->index->batches.items + generation->first_batch;
	size_t count = count_batches(order, generation);
	struct event sync = { .has_clock = false };

	if (order->is_strict && !order_is_framed(order, err))
		return false;
	order->next_generation++;
	order->generation = generation->number;
	order->is_first = order->initial == 0 || order->generation == order->initial;
	order->clock = generation->clock;
	order_state_turn(order->state);
	if (!order_read_tables(order, batches, count, &sync))
		return stop(order, generation->begin, err);
	if (order->is_strict && !order_is_sound(order, generation, &sync, err))
		return false;
	if (order_is_unfinished(order, generation))
		return false;
	give_sync(order, sync, clock_ns(&order->clock, generation->sync_ticks));
	free_threads(order);
	group(order, batches, count);
	if (need_of_threads(order) > budget_room(order->budget))
		return stop(order, generation->begin, err);
	make_threads(order);
	return order_begin_turns(order, err);
}

/* The last event is a Sync, even where the trace is refused. */
static void end_trace(struct order *order, struct error *err)
{
	if (order->gave_last || order->is_refused) {
		order->has_ended = true;
		return;
	}
	if (order->is_strict && err->kind == ERROR_NONE)
		order_has_ended_well(order, err);
	give_sync(order, (struct event){ .has_clock = false }, order->last_ns);
	order->gave_last = true;
	order->is_refused = order->has_ended = err->kind != ERROR_NONE;
}

static void end_generation(struct order *order, struct error *err)
{
	free_threads(order);
	if (order->gave_last || order->next_generation == order->index->generations.count ||
	    !open_generation(order, err))
		end_trace(order, err);
}

static void give_sample(struct order *order)
{
	const struct sample *sample = &order->tables.samples.items[order->next_sample++];

	order->queue[order->queued++] = (struct event){
		.recorded_ns = sample->time_ns,
		.offset = EVENT_NONE,
		.m = sample->m,
		.p = sample->p,
		.g = sample->g == 0 ? EVENT_NONE : sample->g,
		.arg = { sample->stack },
		.parent = EVENT_NONE,
		.tables = &order->tables,
		.type = WIRE_CPU_SAMPLE,
	};
}

/* Fills the queue. False at the end of the trace. */
static bool fill(struct order *order, struct error *err)
{
	order->queued = order->given = 0;
	if (order->fills++ % FILLS == 0 && budget_is_short(order->budget))
		return stop(order, order->offset, err);
	while (order->queued == 0 && !order->has_ended) {
		bool has_sample = order->next_sample < order->tables.samples.count;
		int64_t next_ns =
			order->threads.count == 0 ? ORDER_TREE_OUT : order_frontier(order);

		if (has_sample && order->tables.samples.items[order->next_sample].time_ns < next_ns)
			give_sample(order);
		else if (next_ns == ORDER_TREE_OUT)
			end_generation(order, err);
		else
			order_take_turn(order, err);
	}
	return order->queued > 0;
}

bool order_next(struct order *order, struct event *event, struct error *err)
{
	if (order->given == order->queued && !fill(order, err))
		return false;
	*event = order->queue[order->given++];
	order->offset = event->offset != EVENT_NONE ? event->offset : order->offset;
	if (order->is_strict && !order_names_known(event, err)) {
		order->is_refused = order->has_ended = true;
		order->given = order->queued = 0;
		return false;
	}
	event->time_ns =
		event->recorded_ns > order->last_ns ? event->recorded_ns : order->last_ns + 1;
	order->last_ns = event->time_ns;
	return true;
}
