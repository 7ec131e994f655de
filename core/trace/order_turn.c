/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

/* Whose turn it is: Go's order among threads (trace-format-v2.md 5). */

enum {
	FEW_THREADS = 256, /* are always sorted */
	PATIENCE = 64,     /* places that an event lets be sorted */
};

static const char no_turn[] = "no thread's next event can come";

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
		order_refuse(order, err, order_offset_of(order, thread, thread->at), turn->broken);
		return VERDICT_BROKEN;
	}
	if (verdict == VERDICT_BROKEN) {
		order_note_event(order, thread, DAMAGE_LOCAL, turn->broken);
		if (rule != NULL && order->queued == 0)
			turn_give(turn);
		return VERDICT_GOOD;
	}
	if (turn->doubt != NULL && !thread->is_doubted)
		order_note_event(order, thread, DAMAGE_LOCAL, turn->doubt);
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
	if (order_decode(order, thread, err))
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

	order_note_event(order, thread, DAMAGE_LOCAL,
	                 "expected what it waits for, and it can't be forced");
	if (order_decode(order, thread, err))
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

	order->impatience -= order->impatience < PATIENCE ? order->impatience : PATIENCE;
	if (verdict != VERDICT_WAIT)
		return;
	order->impatience += order->heap.count;
	if (order->impatience > ORDER_PATIENCE && order->threads.count > FEW_THREADS) {
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

		order_refuse(order, err, order_offset_of(order, thread, thread->at), no_turn);
		return;
	}
	order_note_event(order, &order->threads.items[order->heap.items[0].thread], DAMAGE_STRETCH,
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
	set_time(order, t, order_decode(order, thread, err) ? thread->time_ns : ORDER_TREE_OUT);
	order_wake_next(order, waited);
}

/* All threads wait, for what is missing: the earliest goes on. */
static void force(struct order *order, struct error *err)
{
	uint32_t first = order_tree_top(&order->frontier);
	const struct order_thread *thread = &order->threads.items[first];

	if (order->is_strict) {
		order_refuse(order, err, order_offset_of(order, thread, thread->at), no_turn);
		return;
	}
	order_note_event(order, thread, DAMAGE_STRETCH, no_turn);
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

/* ---- */

bool order_begin_turns(struct order *order, struct error *err)
{
	order->has_heap = order->threads.count <= FEW_THREADS || order->impatience < ORDER_PATIENCE;
	array_clear(&order->heap);
	order_park_begin(order);
	order_tree_begin(&order->tree, order->has_heap ? 0 : (uint32_t)order->threads.count);
	order_tree_begin(&order->frontier, order->has_heap ? 0 : (uint32_t)order->threads.count);
	for (uint32_t t = 0; t < order->threads.count; t++) {
		struct order_thread *thread = &order->threads.items[t];

		if (!order_decode(order, thread, err)) {
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

void order_take_turn(struct order *order, struct error *err)
{
	if (order->has_heap)
		step_heap(order, err);
	else
		step_trees(order, err);
}

int64_t order_frontier(const struct order *order)
{
	if (order->has_heap)
		return order->heap.count > 0 ? order->heap.items[0].time_ns : ORDER_TREE_OUT;
	return order->frontier.keys.items[order_tree_top(&order->frontier)];
}
