/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/decoder.h"

/* A generation's tables and clocks, as Go reads them (Go: internal/trace/generation.go). */

/* What is wrong with a batch of clocks; NULL: nothing. The snapshot's own time stays in clock units
 * until the frequency is known, which may come behind it. */
static const char *take_sync(struct order *order, struct event *sync, const struct batch *batch,
                             struct bytes payload)
{
	struct decoder d = { .in = payload };
	bool has_snapshots = order->index->version.minor >= 25;
	uint64_t ticks = batch->ticks;

	if (has_snapshots)
		decoder_take_byte(&d);
	while (!decoder_is_at_end(&d)) {
		uint8_t type = decoder_take_byte(&d);

		if (type == WIRE_FREQUENCY) {
			if (order->has_frequency)
				return "expected one frequency in a generation";
			order->has_frequency = true;
			order->frequency = decoder_take_uvarint(&d);
		} else if (type == WIRE_CLOCK_SNAPSHOT && has_snapshots) {
			if (sync->has_clock)
				return "expected one clock snapshot in a generation";
			sync->has_clock = true;
			ticks += decoder_take_uvarint(&d);
			sync->arg[1] = ticks;
			sync->arg[2] = decoder_take_uvarint(&d);
			sync->wall_sec = (int64_t)decoder_take_uvarint(&d);
			sync->wall_nsec = (int64_t)decoder_take_uvarint(&d);
		} else {
			return "expected a frequency or a clock snapshot";
		}
	}
	return d.fault == DECODER_WELL ? NULL : "the batch ends inside a clock";
}

static struct bytes read_payload(const struct order *order, const struct batch *batch,
                                 uint8_t *payload)
{
	size_t len = source_read(order->source, batch->offset, payload, batch->size, NULL);

	return (struct bytes){ payload, len };
}

static void read_clocks(struct order *order, const struct batch *batches, size_t count,
                        uint8_t *payload, struct event *sync)
{
	for (size_t i = 0; i < count; i++) {
		const char *fault;

		if (batches[i].kind != BATCH_SYNC)
			continue;
		fault = take_sync(order, sync, &batches[i],
		                  read_payload(order, &batches[i], payload));
		if (fault != NULL)
			damage_lose(&order->tables.damage, DAMAGE_LOCAL, batches[i].offset,
			            batches[i].size, fault);
	}
	if (order->is_strict && order->frequency != 0)
		order->clock = clock_of_frequency(order->frequency);
	sync->arg[1] = (uint64_t)clock_ns(&order->clock, sync->arg[1]);
}

/* What it takes to put frames and samples in order. */
enum { FRAME_BYTES = 32, SAMPLE_BYTES = sizeof(struct order_place) + sizeof(struct sample) };

/* One address has one meaning: what the first frame of the generation says of it. */
static void give_addresses_meaning(struct tables *tables)
{
	struct id_map first_of = { .budget = tables->frames.budget };

	for (size_t i = 0; i < tables->frames.count; i++) {
		struct own_frame *frame = &tables->frames.items[i];

		*frame = tables->frames.items[id_map_add(&first_of, frame->pc, (uint32_t)i)];
	}
	id_map_free(&first_of);
}

/* By time; of one time, as Go sorts them. */
static void sort_samples(struct tables *tables)
{
	order_heap places = { .budget = tables->samples.budget };
	ARRAY(struct sample) sorted = { .budget = tables->samples.budget };

	for (size_t i = 0; i < tables->samples.count; i++)
		*array_push(&places) =
			(struct order_place){ tables->samples.items[i].time_ns, (uint32_t)i };
	order_heap_sort(&places);
	for (size_t i = 0; i < places.count; i++)
		*array_push(&sorted) = tables->samples.items[places.items[i].thread];
	if (sorted.count > 0)
		memcpy(tables->samples.items, sorted.items, sorted.count * sizeof(*sorted.items));
	array_free(&places);
	array_free(&sorted);
}

bool order_read_tables(struct order *order, const struct batch *batches, size_t count,
                       struct event *sync)
{
	uint8_t *payload = budget_resize(order->budget, NULL, 0, INDEX_BATCH_MAX);
	bool is_short = false;

	tables_free(&order->tables);
	tables_init(&order->tables, order->budget);
	order->tables.generation = order->generation;
	order->next_sample = 0;
	order->has_frequency = false;
	order->frequency = 0;
	read_clocks(order, batches, count, payload, sync);
	for (size_t i = 0; i < count && !(is_short = budget_is_short(order->budget)); i++) {
		uint8_t kind = batches[i].kind;

		if (kind != BATCH_EVENTS && kind != BATCH_EXPERIMENTAL && kind != BATCH_SYNC)
			tables_read(&order->tables, &batches[i],
			            read_payload(order, &batches[i], payload), &order->clock);
	}
	budget_resize(order->budget, payload, INDEX_BATCH_MAX, 0);
	if (!order->is_strict)
		damage_join(&order->damage, &order->tables.damage);
	if (is_short ||
	    order->tables.frames.count * FRAME_BYTES + order->tables.samples.count * SAMPLE_BYTES >
	            budget_room(order->budget))
		return false;
	give_addresses_meaning(&order->tables);
	sort_samples(&order->tables);
	return true;
}
