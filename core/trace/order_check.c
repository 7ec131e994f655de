/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/decoder.h"

#include <inttypes.h>

/* What Go asks of a generation before it orders it (trace-format-v2.md 4.3), and of each event. */

uint64_t order_limit(const struct order *order)
{
	const struct damage_row *first =
		order->is_strict ? damage_first(&order->index->damage) : NULL;

	return first != NULL ? first->offset : UINT64_MAX;
}

static bool refuse(struct error *err, uint64_t offset, const char *why)
{
	return error_set(err, ERROR_INCONSISTENT, offset, "%s", why);
}

/* What is no batch to us, and to Go one of generation 0, which is the end of the one before. */
static bool is_of_generation_zero(const struct order *order, uint64_t offset)
{
	uint8_t head[48];
	struct decoder d = { .in = { head, source_read(order->source, offset, head, sizeof(head),
		                                       NULL) } };
	uint8_t type = decoder_take_byte(&d);
	uint64_t number, size;

	if (type == WIRE_END_OF_GENERATION)
		return true;
	if (type == WIRE_EXPERIMENTAL_BATCH)
		decoder_take_byte(&d);
	else if (type != WIRE_EVENT_BATCH)
		return false;
	number = decoder_take_uvarint(&d);
	decoder_take_uvarint(&d);
	decoder_take_uvarint(&d);
	size = decoder_take_uvarint(&d);
	return d.fault == DECODER_WELL && number == 0 && size <= INDEX_BATCH_MAX &&
	       size <= atomic_load(&order->source->end) - offset - d.at;
}

/* Before 1.26 a generation ends where the next one begins, or where no batch is found. */
static bool is_framed_by_next(const struct order *order, const struct generation *generation,
                              const struct generation *next, struct error *err)
{
	uint64_t limit = order_limit(order);

	if (next != NULL && next->number != generation->number + 1)
		return refuse(err, next->begin, "generations out of order");
	if (next == NULL && limit != UINT64_MAX && is_of_generation_zero(order, limit))
		return refuse(err, limit, "a batch of generation 0");
	return true;
}

static bool is_framed_by_mark(const struct order *order, const struct generation *generation,
                              const struct generation *next, struct error *err)
{
	uint64_t limit = order_limit(order);

	if (generation->has_end_mark && generation->end <= limit)
		return true;
	if (next != NULL)
		return refuse(err, next->begin, "a generation begins before the last one's end");
	if (limit != UINT64_MAX || generation->has_threads)
		return refuse(err, generation->end, "a generation has no end");
	return true;
}

bool order_is_framed(const struct order *order, struct error *err)
{
	size_t i = order->next_generation;
	const struct generation *generation = &order->index->generations.items[i], *next = NULL;
	uint64_t limit = order_limit(order);

	if (generation->begin >= limit)
		return order_has_ended_well(order, err);
	if (generation->begin != (i == 0 ? VERSION_HEADER : generation[-1].end))
		return refuse(err, generation->begin, "a generation ends that did not begin");
	if (i + 1 < order->index->generations.count && generation[1].begin < limit)
		next = generation + 1;
	return order->index->version.minor < 26 ? is_framed_by_next(order, generation, next, err)
	                                        : is_framed_by_mark(order, generation, next, err);
}

bool order_has_ended_well(const struct order *order, struct error *err)
{
	const struct damage_row *first = damage_first(&order->index->damage);
	size_t count = order->index->generations.count;
	uint64_t end = count == 0 ? VERSION_HEADER : order->index->generations.items[count - 1].end;

	if (first != NULL)
		return refuse(err, first->offset, first->expected);
	if (count == 0 && order->index->version.minor < 26)
		return refuse(err, VERSION_HEADER,
		              "expected a generation, found the end of the file");
	if (end != atomic_load(&order->source->end))
		return refuse(err, end, "a generation ends that did not begin");
	return true;
}

bool order_is_unfinished(const struct order *order, const struct generation *generation)
{
	return order->index->version.minor >= 26 && !generation->has_end_mark &&
	       generation->event_bytes == 0 &&
	       order->next_generation == order->index->generations.count;
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
	const struct damage_row *first = damage_first(&order->tables.damage);
	unsigned minor = order->index->version.minor;

	if (first != NULL)
		return error_set(err, ERROR_MALFORMED, first->offset, "%s", first->expected);
	if (order_is_unfinished(order, generation))
		return true;
	if (order->frequency == 0)
		return error_set(err, ERROR_INCONSISTENT, generation->begin,
		                 "no frequency in generation %" PRIu64, generation->number);
	if (minor >= 25 && !sync->has_clock)
		return error_set(err, ERROR_INCONSISTENT, generation->begin,
		                 "no clock snapshot in generation %" PRIu64, generation->number);
	if (!names_all_frames(&order->tables))
		return refuse(err, generation->begin, "a stack uses a text that is not there");
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
