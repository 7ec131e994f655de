/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

/* Threads that wait: taken out of the tournament until what they wait for is so. Each is found by
 * exactly that - this state of this goroutine with this number - so that a change lets none try in
 * vain, however many wait for other states of the same. Of those that wait for the same, one tries
 * at a time, as it mostly changes it. They stand in buckets, each a ring, in the order in which
 * they came. */

void order_park_begin(struct order *order)
{
	size_t buckets = 1;

	while (buckets < order->threads.count)
		buckets *= 2;
	array_resize(&order->parked, buckets);
	for (size_t i = 0; i < buckets; i++)
		order->parked.items[i] = NOBODY;
}

/* The last of the ring in which they stand. */
static uint32_t *bucket_of(struct order *order, struct order_wait wait)
{
	uint64_t hash = id_hash(wait.seq ^ id_hash((uint64_t)wait.index << 16 |
	                                           (uint64_t)wait.kind << 8 | wait.status));

	return &order->parked.items[(size_t)hash & (order->parked.count - 1)];
}

static bool is_same(struct order_wait a, struct order_wait b)
{
	return a.seq == b.seq && a.index == b.index && a.kind == b.kind && a.status == b.status;
}

void order_unpark(struct order *order, uint32_t t)
{
	struct order_thread *thread = &order->threads.items[t];
	uint32_t *last;

	if (thread->behind == NOBODY)
		return;
	last = bucket_of(order, thread->wait);
	if (*last == t)
		*last = thread->before == t ? NOBODY : thread->before;
	order->threads.items[thread->before].behind = thread->behind;
	order->threads.items[thread->behind].before = thread->before;
	thread->before = thread->behind = NOBODY;
	order_tree_set(&order->tree, t, thread->time_ns);
}

void order_park(struct order *order, uint32_t t, struct order_wait wait)
{
	struct order_thread *thread = &order->threads.items[t];
	uint32_t *last = bucket_of(order, wait);

	thread->wait = wait;
	thread->before = thread->behind = t;
	if (*last != NOBODY) {
		struct order_thread *before = &order->threads.items[*last];

		thread->before = *last;
		thread->behind = before->behind;
		order->threads.items[before->behind].before = t;
		before->behind = t;
	}
	*last = t;
	order_tree_set(&order->tree, t, ORDER_TREE_OUT);
}

/* The first that waits for that; NOBODY. */
static uint32_t first_for(struct order *order, struct order_wait wait)
{
	uint32_t last, t;

	if (order->has_heap) /* nobody is taken out */
		return NOBODY;
	last = *bucket_of(order, wait);
	if (last == NOBODY)
		return NOBODY;
	t = last;
	do {
		t = order->threads.items[t].behind;
		if (is_same(order->threads.items[t].wait, wait))
			return t;
	} while (t != last);
	return NOBODY;
}

static void wake_first(struct order *order, struct order_wait wait)
{
	uint32_t t = first_for(order, wait);

	if (t != NOBODY)
		order_unpark(order, t);
}

static void wake_all(struct order *order, struct order_wait wait)
{
	for (uint32_t t; (t = first_for(order, wait)) != NOBODY;)
		order_unpark(order, t);
}

/* ---- what has changed */

void order_wake_go(struct order *order, uint32_t g)
{
	const struct order_go *go = &order->state->gos.items[g];

	if (go->generation == order->generation)
		wake_first(order, (struct order_wait){ go->seq + 1, g, WAIT_GO, go->status });
}

void order_wake_proc(struct order *order, uint32_t p)
{
	const struct order_proc *proc = &order->state->procs.items[p];
	uint8_t status = proc->status == WIRE_PROC_ABANDONED ? WIRE_PROC_SYSCALL : proc->status;

	if (proc->generation == order->generation)
		wake_first(order, (struct order_wait){ proc->seq + 1, p, WAIT_PROC, status });
	if (proc->status != WIRE_PROC_SYSCALL)
		wake_all(order, (struct order_wait){ .index = p, .kind = WAIT_SYSCALL });
}

void order_wake_thread(struct order *order, uint32_t m)
{
	wake_all(order, (struct order_wait){ .index = m, .kind = WAIT_THREAD });
}

void order_wake_gc(struct order *order)
{
	wake_first(order, (struct order_wait){ .seq = order->state->gc_seq + 1, .kind = WAIT_GC });
}

void order_wake_next(struct order *order, struct order_wait wait)
{
	switch ((enum wait_kind)wait.kind) {
	case WAIT_GO:
		order_wake_go(order, wait.index);
		break;
	case WAIT_PROC:
		order_wake_proc(order, wait.index);
		break;
	case WAIT_GC:
		order_wake_gc(order);
		break;
	case WAIT_NOT:
	case WAIT_SYSCALL:
	case WAIT_THREAD:
		break; /* all were woken */
	}
}
