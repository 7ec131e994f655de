/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index.h"

#include "core/base/decoder.h"
#include "core/trace/v1_trace.h"
#include "core/trace/v2_wire.h"

enum { HEADER_MAX = 48 }; /* a header has at most 42 bytes; with the first byte of its payload */

bool index_open(struct index *index, struct budget *budget, const struct source *source,
                struct error *err)
{
	uint8_t head[VERSION_HEADER];
	size_t got = source_read(source, 0, head, sizeof(head), err);

	*index = (struct index){ .budget = budget, .at = VERSION_HEADER };
	index->batches.budget = index->generations.budget = budget;
	damage_init(&index->damage, budget);
	if (err->kind != ERROR_NONE)
		return false;
	if (!version_parse((struct bytes){ head, got }, &index->version, err))
		return false;
	if (!version_is_v2(index->version))
		index->v1 = v1_trace_new(budget, index, source);
	return true;
}

void index_free(struct index *index)
{
	v1_trace_free(index->v1);
	index->v1 = NULL;
	array_free(&index->batches);
	array_free(&index->generations);
	damage_free(&index->damage);
}

/* The frequency in a generation's sync batch; 0 if there is none. */
static uint64_t find_frequency(const struct index *index, const struct source *source,
                               const struct generation *generation)
{
	uint8_t payload[64];
	struct decoder d;

	for (size_t i = 0; i < generation->batch_count; i++) {
		const struct batch *batch = &index->batches.items[generation->first_batch + i];

		if (batch->kind != BATCH_SYNC)
			continue;
		d = (struct decoder){ .in = { payload, batch->size } };
		if (d.in.len > sizeof(payload))
			d.in.len = sizeof(payload);
		d.in.len = source_read(source, batch->offset, payload, d.in.len, NULL);
		if (decoder_take_byte(&d) == WIRE_FREQUENCY)
			return decoder_take_uvarint(&d);
		while (!decoder_is_at_end(&d)) {
			uint8_t type = decoder_take_byte(&d);

			if (type == WIRE_FREQUENCY)
				return decoder_take_uvarint(&d);
			for (int arg = 0; type == WIRE_CLOCK_SNAPSHOT && arg < 4; arg++)
				decoder_take_uvarint(&d);
			if (type != WIRE_CLOCK_SNAPSHOT)
				break;
		}
	}
	return 0;
}

/* Ends the last generation: its clock is known now, or has to be assumed. */
static void close_generation(struct index *index, const struct source *source)
{
	struct generation *last;

	if (!index->generation_is_open)
		return;
	last = &index->generations.items[index->generations.count - 1];
	last->clock_is_assumed = !clock_set(&last->clock, find_frequency(index, source, last));
	if (last->clock_is_assumed && index->generations.count > 1)
		last->clock = last[-1].clock;
	last->begin_ns = clock_ns(&last->clock, last->begin_ticks);
	last->is_closed = true;
	index->generation_is_open = false;
}

/* The rest of the file can't be framed, or ends inside a batch. */
static void lose_rest(struct index *index, const struct source *source, const char *expected)
{
	uint64_t end = atomic_load(&source->end);

	if (end > index->at)
		damage_lose(&index->damage, DAMAGE_END, index->at, end - index->at, expected);
	index->at = end;
}

static void finish(struct index *index, const struct source *source)
{
	close_generation(index, source);
	index->is_finished = true;
}

static void open_generation(struct index *index, const struct source *source, uint64_t number,
                            uint64_t offset)
{
	close_generation(index, source);
	*array_push(&index->generations) = (struct generation){
		.number = number,
		.begin = offset,
		.end = offset,
		.first_batch = index->batches.count,
	};
	index->generation_is_open = true;
}

/* The kind follows from the first byte of the payload (trace-format-v2.md 2.4). */
static uint8_t kind_of(const struct index *index, bool experimental, uint8_t first)
{
	if (experimental)
		return BATCH_EXPERIMENTAL;
	switch (first) {
	case WIRE_STRINGS:
		return BATCH_STRINGS;
	case WIRE_STACKS:
		return BATCH_STACKS;
	case WIRE_CPU_SAMPLES:
		return BATCH_SAMPLES;
	case WIRE_FREQUENCY:
		return index->version.minor < 25 ? BATCH_SYNC : BATCH_EVENTS;
	case WIRE_SYNC:
		return index->version.minor >= 25 ? BATCH_SYNC : BATCH_EVENTS;
	default:
		return BATCH_EVENTS;
	}
}

static void add_batch(struct index *index, struct batch batch)
{
	struct generation *last = &index->generations.items[index->generations.count - 1];

	last->end = batch.offset + batch.size;
	if (batch.ticks != 0 && (last->begin_ticks == 0 || batch.ticks < last->begin_ticks))
		last->begin_ticks = batch.ticks;
	if (last->sync_ticks == 0 || batch.ticks < last->sync_ticks)
		last->sync_ticks = batch.ticks;
	if (batch.ticks > last->last_ticks)
		last->last_ticks = batch.ticks;
	index->experimental += batch.kind == BATCH_EXPERIMENTAL;
	if (batch.size == 0)
		return;
	if (batch.kind == BATCH_EVENTS)
		last->event_bytes += batch.size;
	*array_push(&index->batches) = batch;
	last->batch_count++;
}

/* The batch, end mark or damage at index->at. False if more bytes are needed first. */
static bool step(struct index *index, const struct source *source)
{
	bool all_there = atomic_load(&source->is_finished);
	uint64_t end = atomic_load(&source->end);
	uint8_t head[HEADER_MAX];
	struct decoder d = { .in = { head,
		                     source_read(source, index->at, head, sizeof(head), NULL) } };
	uint64_t number, size;
	struct batch batch = { 0 };
	uint8_t type;

	if (d.in.len == 0 && !all_there)
		return false;
	if (d.in.len == 0) {
		lose_rest(index, source, "the file has become shorter since it was opened");
		finish(index, source);
		return true;
	}
	type = decoder_take_byte(&d);
	if (type == WIRE_END_OF_GENERATION && index->version.minor >= 26) {
		index->at++;
		if (index->generation_is_open) {
			struct generation *last =
				&index->generations.items[index->generations.count - 1];

			last->end = index->at;
			last->has_end_mark = true;
		}
		close_generation(index, source);
		return true;
	}
	if (type == WIRE_EXPERIMENTAL_BATCH)
		decoder_take_byte(&d);
	number = decoder_take_uvarint(&d);
	batch.m = decoder_take_uvarint(&d);
	batch.ticks = decoder_take_uvarint(&d);
	size = decoder_take_uvarint(&d);
	batch.offset = index->at + d.at;
	if (d.fault == DECODER_SHORT && !all_there)
		return false;
	if (d.fault == DECODER_SHORT) {
		lose_rest(index, source, "the file ends inside a batch header");
		return true;
	}
	if ((type != WIRE_EVENT_BATCH && type != WIRE_EXPERIMENTAL_BATCH) || number == 0 ||
	    size > INDEX_BATCH_MAX || d.fault != DECODER_WELL) {
		if (!all_there)
			return false; /* for the count of what is lost */
		lose_rest(index, source, "expected a batch, found other bytes");
		return true;
	}
	if (size > end - batch.offset && !all_there)
		return false;
	if (size > end - batch.offset) {
		lose_rest(index, source, "the file ends inside a batch");
		return true;
	}
	batch.size = (uint32_t)size;
	batch.kind = kind_of(index, type == WIRE_EXPERIMENTAL_BATCH, decoder_take_byte(&d));
	if (!index->generation_is_open ||
	    index->generations.items[index->generations.count - 1].number != number)
		open_generation(index, source, number, index->at);
	add_batch(index, batch);
	index->at = batch.offset + size;
	return true;
}

bool index_step(struct index *index, const struct source *source, size_t count)
{
	if (index->v1 != NULL)
		return v1_trace_step(index->v1, count);
	for (; count > 0 && !index->is_finished; count--)
		if (!step(index, source))
			return false;
	return !index->is_finished;
}

const struct source *index_payloads(const struct index *index, const struct source *source)
{
	return index->v1 != NULL ? &index->v1->pieces.packed : source;
}

size_t index_closed(const struct index *index)
{
	return index->generations.count - index->generation_is_open;
}
