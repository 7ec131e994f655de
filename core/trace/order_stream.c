/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/checked.h"
#include "core/trace/v2_take.h"

/* Each thread's events, one at a time. */

bool order_refuse(struct order *order, struct error *err, uint64_t offset, const char *why)
{
	order->is_refused = order->has_ended = true;
	order->queued = 0;
	return error_set(err, ERROR_INCONSISTENT, offset, "%s", why);
}

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

uint64_t order_offset_of(const struct order *order, const struct order_thread *thread, uint32_t at)
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
		damage_row(is_cut ? DAMAGE_END : DAMAGE_LOCAL,
	                   order_offset_of(order, thread, thread->at), thread->len - thread->at,
	                   is_cut ? "the file ends inside an event" : "expected an event");

	note(order, thread, row);
	thread->at = thread->len;
}

void order_note_event(struct order *order, const struct order_thread *thread,
                      enum damage_grade grade, const char *expected)
{
	struct damage_row row =
		damage_row(grade, order_offset_of(order, thread, thread->begin), 0, expected);

	damage_found(&row, "%s", wire_spec(thread->type)->name);
	note(order, thread, row);
}

bool order_decode(struct order *order, struct order_thread *thread, struct error *err)
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
				return order_refuse(order, err,
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
