/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/decoder.h"

#include <inttypes.h>

/* What Go asks of a generation before it orders it (trace-format-v2.md 4.3), and of each event. */

void order_read_clock(struct event *sync, const struct batch *batch, struct bytes payload,
                      const struct clock *clock)
{
	struct decoder d = { .in = payload };

	decoder_take_byte(&d);
	while (!decoder_is_at_end(&d)) {
		uint8_t type = decoder_take_byte(&d);
		uint64_t dt;

		if (type == WIRE_FREQUENCY) {
			decoder_take_uvarint(&d);
			continue;
		}
		if (type != WIRE_CLOCK_SNAPSHOT)
			return;
		dt = decoder_take_uvarint(&d);
		sync->arg[2] = decoder_take_uvarint(&d);
		sync->wall_sec = (int64_t)decoder_take_uvarint(&d);
		sync->wall_nsec = (int64_t)decoder_take_uvarint(&d);
		sync->arg[1] = (uint64_t)clock_ns(clock, batch->ticks + dt);
		sync->has_clock = d.fault == DECODER_WELL;
	}
}

static bool names_all_frames(const struct tables *tables)
{
	for (size_t i = 0; i < tables->frames.count; i++)
		if (!tables_has_string(tables, tables->frames.items[i].function) ||
		    !tables_has_string(tables, tables->frames.items[i].file))
			return false;
	return true;
}

bool order_is_sound(const struct order *order, const struct generation *generation,
                    const struct event *sync, struct error *err)
{
	const struct generation *before = generation - 1;
	const struct damage_row *first = damage_first(&order->tables.damage);

	if (!order->is_first && order->index->version.minor < 26 &&
	    generation->number != before->number + 1)
		return error_set(err, ERROR_INCONSISTENT, generation->begin,
		                 "generations out of order");
	if (generation->clock_is_assumed)
		return error_set(err, ERROR_INCONSISTENT, generation->begin,
		                 "no frequency in generation %" PRIu64, generation->number);
	if (order->index->version.minor >= 25 && !sync->has_clock)
		return error_set(err, ERROR_INCONSISTENT, generation->begin,
		                 "no clock snapshot in generation %" PRIu64, generation->number);
	if (first != NULL)
		return error_set(err, ERROR_MALFORMED, first->offset, "%s", first->expected);
	if (!names_all_frames(&order->tables))
		return error_set(err, ERROR_INCONSISTENT, generation->begin,
		                 "a stack uses a text that is not there");
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

bool order_names_known(const struct event *event, struct error *err)
{
	const struct wire_spec *spec = wire_spec(event->type);

	if (event->type == WIRE_SYNC || event->type == WIRE_CPU_SAMPLE)
		return true;
	for (unsigned i = 0; i < spec->arg_count; i++) {
		if (ends_with(spec->args[i], "stack") &&
		    !tables_has_stack(event->tables, event->arg[i]))
			return error_set(err, ERROR_INCONSISTENT, ERROR_NO_OFFSET,
			                 "%s uses unknown stack %" PRIu64, spec->name,
			                 event->arg[i]);
		if (ends_with(spec->args[i], "string") &&
		    !tables_has_string(event->tables, event->arg[i]))
			return error_set(err, ERROR_INCONSISTENT, ERROR_NO_OFFSET,
			                 "%s uses unknown string %" PRIu64, spec->name,
			                 event->arg[i]);
	}
	return true;
}
