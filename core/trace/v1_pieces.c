/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_pieces.h"

enum {
	PIECE_EVENTS = 1 << 17,
	FEW_EVENTS = 1 << 12, /* less than these are no piece of their own */
	RECORD_BYTES = 1 + 10 * (1 + WIRE_ARGS),
};

#define PIECE_NS INT64_C(1000000000)

void v1_pieces_init(struct v1_pieces *pieces, struct budget *budget, struct index *index)
{
	*pieces = (struct v1_pieces){ .budget = budget, .index = index };
	pieces->open.budget = pieces->samples.budget = pieces->streams.budget = budget;
	pieces->stream_of.budget = pieces->order.budget = pieces->first.budget = budget;
	pieces->buffer.budget = pieces->heard.budget = pieces->heard_of.budget = budget;
	source_open_stream(&pieces->packed, budget);
	pieces->packed.is_made = true;
	tables_init(&pieces->tables, budget);
}

static void free_open(struct v1_pieces *pieces)
{
	array_free(&pieces->open);
	array_free(&pieces->samples);
	array_free(&pieces->streams);
	array_free(&pieces->order);
	array_free(&pieces->first);
	array_free(&pieces->buffer);
	id_map_free(&pieces->stream_of);
}

void v1_pieces_free(struct v1_pieces *pieces)
{
	free_open(pieces);
	array_free(&pieces->heard);
	id_map_free(&pieces->heard_of);
	source_close(&pieces->packed);
	tables_free(&pieces->tables);
}

void v1_pieces_add(struct v1_pieces *pieces, uint64_t m, const struct wire_event *event)
{
	uint32_t fresh = (uint32_t)pieces->streams.count;
	uint32_t stream = id_map_add(&pieces->stream_of, m, fresh);

	if (stream == fresh)
		*array_push(&pieces->streams) = m;
	*array_push(&pieces->open) = (struct v1_packed){ *event, stream };
	if (event->time_ns > pieces->last_ns)
		pieces->last_ns = event->time_ns;
}

void v1_pieces_add_sample(struct v1_pieces *pieces, const struct sample *sample)
{
	*array_push(&pieces->samples) = *sample;
}

bool v1_pieces_is_full(const struct v1_pieces *pieces, int64_t time_ns, bool held)
{
	size_t count = pieces->open.count + pieces->samples.count;

	if (held)
		return count >= 2 * PIECE_EVENTS;
	return count >= PIECE_EVENTS || (count >= FEW_EVENTS && pieces->open.count > 0 &&
	                                 time_ns - pieces->open.items[0].event.time_ns >= PIECE_NS);
}

/* ---- packing */

static uint8_t *put(uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

static uint64_t ticks_of(int64_t time_ns)
{
	return time_ns < 0 ? 0 : (uint64_t)time_ns + 1;
}

void v1_pieces_hear(struct v1_pieces *pieces, uint64_t m, int64_t time_ns)
{
	uint32_t fresh = (uint32_t)pieces->heard.count;
	uint32_t at = id_map_add(&pieces->heard_of, m, fresh);
	uint64_t ticks = ticks_of(time_ns);

	if (at == fresh)
		*array_push(&pieces->heard) = (struct v1_heard){ ticks, ticks };
	pieces->heard.items[at].last = ticks; /* they come in order */
}

/* What has been put since becomes a batch. */
static void put_batch(struct v1_pieces *pieces, enum batch_kind kind, uint64_t m, uint64_t ticks)
{
	struct index *index = pieces->index;
	struct generation *last = &index->generations.items[index->generations.count - 1];
	struct bytes payload = { pieces->buffer.items, pieces->buffer.count };

	if (payload.len == 0)
		return;
	*array_push(&index->batches) = (struct batch){
		.offset = atomic_load(&pieces->packed.end),
		.ticks = ticks,
		.m = m,
		.size = (uint32_t)payload.len,
		.kind = (uint8_t)kind,
	};
	last->batch_count++;
	if (kind == BATCH_EVENTS)
		last->event_bytes += payload.len;
	source_append(&pieces->packed, payload);
	array_clear(&pieces->buffer);
}

/* The events by thread, each in order: their indexes; those of thread s end at first[s]. */
static void group(struct v1_pieces *pieces)
{
	size_t count = pieces->open.count;

	array_clear(&pieces->first);
	array_resize(&pieces->first, pieces->streams.count + 1);
	for (size_t i = 0; i < count; i++)
		pieces->first.items[pieces->open.items[i].stream + 1]++;
	for (size_t s = 0; s < pieces->streams.count; s++)
		pieces->first.items[s + 1] += pieces->first.items[s];
	array_resize(&pieces->order, count);
	for (size_t i = 0; i < count; i++)
		pieces->order.items[pieces->first.items[pieces->open.items[i].stream]++] =
			(uint32_t)i;
}

static void put_event(struct v1_pieces *pieces, const struct wire_event *event, uint64_t dt)
{
	unsigned args = wire_spec(event->type)->arg_count;
	uint8_t *at = pieces->buffer.items + pieces->buffer.count;

	*at++ = event->type;
	at = put(at, dt);
	for (unsigned i = 0; i < args; i++)
		at = put(at, event->arg[i]);
	pieces->buffer.count = (size_t)(at - pieces->buffer.items);
}

static void put_sample(struct v1_pieces *pieces, const struct sample *sample)
{
	uint8_t *at = pieces->buffer.items + pieces->buffer.count;

	at = put(at, WIRE_CPU_SAMPLE);
	at = put(at, ticks_of(sample->time_ns));
	at = put(at, sample->m);
	at = put(at, sample->p);
	at = put(at, sample->g);
	at = put(at, sample->stack);
	pieces->buffer.count = (size_t)(at - pieces->buffer.items);
}

static void put_thread(struct v1_pieces *pieces, uint32_t stream, uint32_t begin, uint32_t end)
{
	uint64_t now = 0, base = 0, m = pieces->streams.items[stream];

	for (uint32_t i = begin; i < end; i++) {
		const struct wire_event *event = &pieces->open.items[pieces->order.items[i]].event;
		uint64_t ticks = ticks_of(event->time_ns);

		if (pieces->buffer.count + RECORD_BYTES > INDEX_BATCH_MAX)
			put_batch(pieces, BATCH_EVENTS, m, base);
		if (pieces->buffer.count == 0)
			base = now = ticks > now ? ticks : now;
		if (ticks < now)
			ticks = now; /* what we made up lasts a nanosecond */
		put_event(pieces, event, ticks - now);
		now = ticks;
	}
	put_batch(pieces, BATCH_EVENTS, m, base);
}

static void put_samples(struct v1_pieces *pieces)
{
	uint64_t base = 0;

	for (size_t i = 0; i < pieces->samples.count; i++) {
		const struct sample *sample = &pieces->samples.items[i];

		if (pieces->buffer.count + RECORD_BYTES > INDEX_BATCH_MAX)
			put_batch(pieces, BATCH_SAMPLES, WIRE_NO_THREAD, base);
		if (pieces->buffer.count == 0) {
			base = ticks_of(sample->time_ns);
			*array_push(&pieces->buffer) = WIRE_CPU_SAMPLES;
		}
		put_sample(pieces, sample);
	}
	put_batch(pieces, BATCH_SAMPLES, WIRE_NO_THREAD, base);
}

static void open_generation(struct v1_pieces *pieces)
{
	struct index *index = pieces->index;
	size_t number = index->generations.count;
	int64_t begin_ns = pieces->open.count > 0 ? pieces->open.items[0].event.time_ns
	                                          : pieces->samples.items[0].time_ns;
	/* time 0 is a nanosecond before the first event */
	uint64_t begin = number == 0 ? 0 : ticks_of(begin_ns);

	*array_push(&index->generations) = (struct generation){
		.number = number + 1,
		.begin = atomic_load(&pieces->packed.end),
		.first_batch = index->batches.count,
		.begin_ticks = begin,
		.last_ticks = ticks_of(pieces->last_ns),
		.begin_ns = (int64_t)begin,
		.clock = { .ns_per_tick = 1, .whole = 1 },
		.shared = &pieces->tables,
	};
}

void v1_pieces_cut(struct v1_pieces *pieces)
{
	struct generation *last;
	uint32_t begin = 0;

	if (pieces->open.count + pieces->samples.count == 0)
		return;
	open_generation(pieces);
	array_reserve(&pieces->buffer, INDEX_BATCH_MAX);
	group(pieces);
	for (uint32_t s = 0; s < pieces->streams.count; s++) {
		put_thread(pieces, s, begin, pieces->first.items[s]);
		begin = pieces->first.items[s];
	}
	put_samples(pieces);
	last = &pieces->index->generations.items[pieces->index->generations.count - 1];
	last->end = atomic_load(&pieces->packed.end);
	last->is_closed = true;
	array_clear(&pieces->open);
	array_clear(&pieces->samples);
	array_clear(&pieces->streams);
	id_map_clear(&pieces->stream_of);
}
