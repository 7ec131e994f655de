/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

/* Threads that wait: taken out of the tournament, each in a chain of those who wait for the same.
 */

/* The head of the chain that a thread waits in. */
static uint32_t *chain_of(struct order *order, const struct order_thread *thread)
{
	if (thread->waits_kind == WAIT_GO)
		return &order->state->gos.items[thread->waits_index].parked;
	if (thread->waits_kind == WAIT_PROC)
		return &order->state->procs.items[thread->waits_index].parked;
	return &order->state->gc_parked;
}

void order_unpark(struct order *order, uint32_t t)
{
	struct order_thread *thread = order->threads.items[t];

	if (thread->before == NOBODY)
		*chain_of(order, thread) = thread->behind;
	else
		order->threads.items[thread->before]->behind = thread->behind;
	if (thread->behind != NOBODY)
		order->threads.items[thread->behind]->before = thread->before;
	thread->before = thread->behind = NOBODY;
	thread->waits_kind = WAIT_NOT;
	order_tree_set(&order->tree, t, thread->time_ns);
}

void order_wake(struct order *order, uint32_t *parked)
{
	while (*parked != NOBODY)
		order_unpark(order, *parked);
}

/* The thread is taken out and hung on what it waits for. */
void order_park(struct order *order, uint32_t t, const struct turn *turn)
{
	struct order_thread *thread = order->threads.items[t];
	uint32_t *head;

	thread->waits_kind = turn->waits_kind;
	thread->waits_index = turn->waits_index;
	head = chain_of(order, thread);
	thread->behind = *head;
	if (*head != NOBODY)
		order->threads.items[*head]->before = t;
	*head = t;
	order_tree_set(&order->tree, t, ORDER_TREE_OUT);
}
