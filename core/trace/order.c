/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/checked.h"
#include "core/base/radix.h"
#include "core/trace/v2_take.h"

enum {
	/* whenever a thread has to wait, all are sorted. Few are; many as long as it costs no more
	 * places an event than PATIENCE, on average. */
	FEW_THREADS = 256,
	PATIENCE = 64,
	PATIENCE_MAX = 1 << 22,
	FILLS = 256, /* between two looks at what memory is left */
	/* of a thread in the trees, among the parked, and its batch's own memory */
	THREAD_BYTES = sizeof(struct order_thread) + 2 * (8 + 2 * 4) * 2 + 2 * 4 + WIRE_WINDOW + 16,
};

static const char no_turn[] = "no thread's next event can come";

void order_init(struct order *order, struct budget *budget, const struct index *index,
                const struct source *source, bool is_strict)
{
	*order = (struct order){
		.budget = budget,
		.index = index,
		.source = source,
		.is_strict = is_strict,
		.patience = PATIENCE_MAX,
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

static bool refuse(struct order *order, struct error *err, uint64_t offset, const char *why)
{
	order->is_refused = order->has_ended = true;
	order->queued = 0;
	return error_set(err, ERROR_INCONSISTENT, offset, "%s", why);
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

/* ---- streams */

/* The thread's next batch; false if there is none. */
static bool open_batch(struct order *order, struct order_thread *thread)
{
	const struct batch *batch;

	if (thread->next == thread->end) {
		array_free(&thread->payload);
		return false;
	}
	batch = order_batch(order, thread->next);
	array_reserve(&thread->payload, (size_t)batch->size + WIRE_WINDOW);
	thread->len = (uint32_t)source_read(order->source, batch->offset, thread->payload.items,
	                                    batch->size, NULL);
	memset(thread->payload.items + thread->len, 0, WIRE_WINDOW);
	thread->at = 0;
	thread->time_ns = clock_ns(&order->clock, batch->ticks);
	thread->next++;
	return true;
}

static uint64_t offset_of(const struct order *order, const struct order_thread *thread, uint32_t at)
{
	return order_batch(order, thread->next - 1)->offset + at;
}

static void note(struct order *order, const struct order_thread *thread, struct damage_row row)
{
	row.generation = order->generation;
	row.m = wire_thread(thread->m);
	row.begin_ns = thread->time_ns;
	order->forced += row.grade == DAMAGE_STRETCH;
	order->broken += row.grade != DAMAGE_STRETCH;
	damage_add(&order->damage, &row);
}

/* The rest of a batch is no events. */
static void lose_rest(struct order *order, struct order_thread *thread)
{
	bool is_cut = order_batch(order, thread->next - 1)->is_cut;
	struct damage_row row =
		damage_row(is_cut ? DAMAGE_END : DAMAGE_LOCAL, offset_of(order, thread, thread->at),
	                   thread->len - thread->at,
	                   is_cut ? "the file ends inside an event" : "expected an event");

	note(order, thread, row);
	thread->at = thread->len;
}

/* Something about the event whose turn it is. */
static void note_event(struct order *order, const struct order_thread *thread,
                       enum damage_grade grade, const char *expected)
{
	struct damage_row row =
		damage_row(grade, offset_of(order, thread, thread->begin), 0, expected);

	damage_found(&row, "%s", wire_spec(thread->type)->name);
	note(order, thread, row);
}

/* Decodes the next event of a thread. False at the end of its stream; a fault costs the rest of its
 * batch. */
static bool decode(struct order *order, struct order_thread *thread, struct error *err)
{
	for (;;) {
		const uint8_t *p = thread->payload.items + thread->at, *next;
		unsigned count;
		bool bad = false;
		uint64_t dt;

		if (thread->at == thread->len) {
			if (!open_batch(order, thread))
				return false;
			continue;
		}
		count = wire_timed_args[*p] - 1u;
		if (count > WIRE_ARGS && order->is_strict && *p == WIRE_CLOCK_SNAPSHOT)
			count = 3; /* is refused when its turn comes */
		next = count > WIRE_ARGS ? p : wire_take_args(p + 1, count, &dt, thread->arg, &bad);
		if (count > WIRE_ARGS || bad || next > thread->payload.items + thread->len) {
			if (order->is_strict)
				return refuse(order, err,
				              order_batch(order, thread->next - 1)->offset +
				                      thread->at,
				              "expected an event");
			lose_rest(order, thread);
			continue;
		}
		thread->type = *p;
		for (unsigned i = count; i < 4; i++)
			thread->arg[i] = 0;
		thread->time_ns = saturating_add_i64(thread->time_ns, clock_ns(&order->clock, dt));
		if (thread->time_ns == INT64_MAX)
			thread->time_ns--;
		thread->begin = thread->at;
		thread->at = (uint32_t)(next - thread->payload.items);
		return true;
	}
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

/* All threads, each with its first event. */
static bool begin_threads(struct order *order, struct error *err)
{
	order->has_heap = order->threads.count <= FEW_THREADS || order->patience > 0;
	array_clear(&order->heap);
	order_park_begin(order);
	order_tree_begin(&order->tree, order->has_heap ? 0 : (uint32_t)order->threads.count);
	order_tree_begin(&order->frontier, order->has_heap ? 0 : (uint32_t)order->threads.count);
	for (uint32_t t = 0; t < order->threads.count; t++) {
		struct order_thread *thread = &order->threads.items[t];

		if (!decode(order, thread, err)) {
			if (order->is_refused)
				return false;
		} else if (order->has_heap) {
			order_heap_insert(&order->heap, thread->time_ns, t);
		} else {
			order_tree_set(&order->tree, t, thread->time_ns);
			order_tree_set(&order->frontier, t, thread->time_ns);
		}
	}
	return true;
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
	return begin_threads(order, err);
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

/* ---- turns */

static void set_time(struct order *order, uint32_t t, int64_t time_ns)
{
	order_tree_set(&order->tree, t, time_ns);
	order_tree_set(&order->frontier, t, time_ns);
}

/* Whether the thread's event can come now, and if so lets it. BROKEN: the trace is refused. */
static enum verdict attempt(struct order *order, struct order_thread *thread, bool is_forced,
                            struct turn *turn, struct error *err)
{
	order_rule *rule = order_rule_of(thread->type);
	enum verdict verdict;

	*turn = (struct turn){ .order = order, .state = order->state, .thread = thread };
	if (order->initial == 0)
		order->initial = order->generation;
	if (thread->ms == NOBODY && thread->m != WIRE_NO_THREAD)
		thread->ms = order_find_m(order->state, thread->m);
	turn->new_g = turn->g =
		thread->ms == NOBODY ? NOBODY : order->state->ms.items[thread->ms].g;
	turn->new_p = turn->p =
		thread->ms == NOBODY ? NOBODY : order->state->ms.items[thread->ms].p;
	turn->is_forced = is_forced;
	verdict =
		rule == NULL ? turn_break(turn, "no event of this type may come here") : rule(turn);
	if (verdict == VERDICT_BROKEN && order->is_strict) {
		refuse(order, err, offset_of(order, thread, thread->at), turn->broken);
		return VERDICT_BROKEN;
	}
	if (verdict == VERDICT_BROKEN) {
		note_event(order, thread, DAMAGE_LOCAL, turn->broken);
		if (rule != NULL && order->queued == 0)
			turn_give(turn);
		return VERDICT_GOOD;
	}
	if (turn->doubt != NULL && !thread->is_doubted)
		note_event(order, thread, DAMAGE_LOCAL, turn->doubt);
	thread->is_doubted = turn->doubt != NULL || (thread->is_doubted && turn->new_p == NOBODY);
	if (verdict == VERDICT_GOOD && thread->ms != NOBODY) {
		order_bind(order->state, thread->ms, turn->new_g, turn->new_p);
		if (turn->p != NOBODY && turn->p != turn->new_p)
			order_wake_proc(order, turn->p);
	}
	return verdict;
}

/* ---- in a heap, as Go has them */

/* The verdict on the one at i, which then has its next event or is gone. */
static enum verdict try_place(struct order *order, size_t i, bool is_forced, struct error *err)
{
	struct order_thread *thread = &order->threads.items[order->heap.items[i].thread];
	struct turn turn;
	enum verdict verdict = attempt(order, thread, is_forced, &turn, err);

	if (verdict != VERDICT_GOOD)
		return verdict;
	if (decode(order, thread, err))
		order_heap_update(&order->heap, i, thread->time_ns);
	else if (order->is_refused)
		return VERDICT_BROKEN;
	else
		order_heap_remove(&order->heap, i);
	return VERDICT_GOOD;
}

/* What can't come even so is left out. */
static void skip_place(struct order *order, struct error *err)
{
	struct order_thread *thread = &order->threads.items[order->heap.items[0].thread];

	note_event(order, thread, DAMAGE_LOCAL,
	           "expected what it waits for, and it can't be forced");
	if (decode(order, thread, err))
		order_heap_update(&order->heap, 0, thread->time_ns);
	else if (!order->is_refused)
		order_heap_remove(&order->heap, 0);
}

/* Many threads wait too often: from here on they stand in the trees. */
static void leave_heap(struct order *order)
{
	order->has_heap = false;
	order_park_begin(order);
	order_tree_begin(&order->tree, (uint32_t)order->threads.count);
	order_tree_begin(&order->frontier, (uint32_t)order->threads.count);
	for (size_t i = 0; i < order->heap.count; i++)
		set_time(order, order->heap.items[i].thread, order->heap.items[i].time_ns);
	array_clear(&order->heap);
}

static void step_heap(struct order *order, struct error *err)
{
	enum verdict verdict = try_place(order, 0, false, err);

	if (order->patience < PATIENCE_MAX)
		order->patience += PATIENCE;
	if (verdict != VERDICT_WAIT)
		return;
	order->patience -= (int64_t)order->heap.count;
	if (order->patience < 0 && order->threads.count > FEW_THREADS) {
		leave_heap(order);
		return;
	}
	order_heap_sort(&order->heap);
	for (size_t i = 1; i < order->heap.count && verdict == VERDICT_WAIT; i++)
		verdict = try_place(order, i, false, err);
	if (verdict != VERDICT_WAIT)
		return;
	if (order->is_strict) {
		const struct order_thread *thread =
			&order->threads.items[order->heap.items[0].thread];

		refuse(order, err, offset_of(order, thread, thread->at), no_turn);
		return;
	}
	note_event(order, &order->threads.items[order->heap.items[0].thread], DAMAGE_STRETCH,
	           no_turn);
	if (try_place(order, 0, true, err) == VERDICT_WAIT)
		skip_place(order, err);
}

/* ---- in a tournament */

static void try_thread(struct order *order, uint32_t t, bool is_forced, struct error *err)
{
	struct order_thread *thread = &order->threads.items[t];
	struct order_wait waited = thread->wait;
	struct turn turn;
	enum verdict verdict = attempt(order, thread, is_forced, &turn, err);

	if (verdict == VERDICT_WAIT && !is_forced) {
		order_park(order, t, turn.wait);
		return;
	}
	if (verdict == VERDICT_BROKEN)
		return;
	thread->wait.kind = WAIT_NOT;
	set_time(order, t, decode(order, thread, err) ? thread->time_ns : ORDER_TREE_OUT);
	order_wake_next(order, waited);
}

/* All threads wait, for what is missing: the earliest goes on. */
static void force(struct order *order, struct error *err)
{
	uint32_t first = order_tree_top(&order->frontier);
	const struct order_thread *thread = &order->threads.items[first];

	if (order->is_strict) {
		refuse(order, err, offset_of(order, thread, thread->at), no_turn);
		return;
	}
	note_event(order, thread, DAMAGE_STRETCH, no_turn);
	order_unpark(order, first);
	try_thread(order, first, true, err);
}

static void step_trees(struct order *order, struct error *err)
{
	uint32_t top = order_tree_top(&order->tree);

	if (order->tree.keys.items[top] != ORDER_TREE_OUT)
		try_thread(order, top, false, err);
	else
		force(order, err);
}

/* The time of the earliest event that is not given, even if it has to wait. */
static int64_t frontier_ns(const struct order *order)
{
	if (order->has_heap)
		return order->heap.count > 0 ? order->heap.items[0].time_ns : ORDER_TREE_OUT;
	return order->frontier.keys.items[order_tree_top(&order->frontier)];
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
		int64_t next_ns = order->threads.count == 0 ? ORDER_TREE_OUT : frontier_ns(order);

		if (has_sample && order->tables.samples.items[order->next_sample].time_ns < next_ns)
			give_sample(order);
		else if (next_ns == ORDER_TREE_OUT)
			end_generation(order, err);
		else if (order->has_heap)
			step_heap(order, err);
		else
			step_trees(order, err);
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
