/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/kept.h"

#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { EVENTS = 256 };

/* What was changed. */
struct hit {
	uint64_t begin, end;
};

/* The index of what is in the file now. */
static bool index_file(const struct kept *kept, struct budget *budget, struct index *index,
                       struct source *source, uint64_t size)
{
	struct error err = { 0 };

	source_open_file(source, budget, dup(kept->fd), size);
	if (!index_open(index, budget, source, &err))
		return false;
	while (index_step(index, source, SIZE_MAX))
		;
	return true;
}

/* ---- the sound trace */

static void add_events(struct kept *kept, const struct batch *batch)
{
	struct wire_event events[EVENTS];
	struct wire_reader reader = { .in = { kept->trace.data + batch->offset, batch->size } };
	size_t count;

	while ((count = wire_read(&reader, events, EVENTS)) > 0)
		for (size_t i = 0; i < count; i++) {
			*array_push(&kept->offsets) = (uint32_t)batch->offset + events[i].offset;
			*array_push(&kept->types) = events[i].type;
		}
}

bool kept_open(struct kept *kept, struct budget *budget, struct bytes trace)
{
	struct source source;

	*kept = (struct kept){ .budget = budget, .trace = trace };
	kept->offsets.budget = kept->types.budget = budget;
	kept->fd = memfd_create("trace", MFD_CLOEXEC);
	if (kept->fd < 0 || pwrite(kept->fd, trace.data, trace.len, 0) != (ssize_t)trace.len ||
	    !index_file(kept, budget, &kept->index, &source, trace.len))
		return false;
	source_close(&source);
	for (size_t i = 0; i < kept->index.batches.count; i++)
		if (kept->index.batches.items[i].kind == BATCH_EVENTS)
			add_events(kept, &kept->index.batches.items[i]);
	return kept->index.damage.rows.count == 0;
}

void kept_close(struct kept *kept)
{
	index_free(&kept->index);
	array_free(&kept->offsets);
	array_free(&kept->types);
	close(kept->fd);
}

/* The first event that is not before an offset. */
static size_t event_at(const struct kept *kept, uint64_t offset)
{
	size_t low = 0, high = kept->offsets.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kept->offsets.items[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The sound trace's batch whose payload begins there; NULL: none. */
static const struct batch *batch_at(const struct kept *kept, uint64_t offset)
{
	size_t low = 0, high = kept->index.batches.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kept->index.batches.items[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < kept->index.batches.count && kept->index.batches.items[low].offset == offset
	               ? &kept->index.batches.items[low]
	               : NULL;
}

/* ---- the damaged one */

/* Decodes a batch and looks for its events among those of the sound trace. */
static void compare_batch(struct kept *kept, const struct source *source, const struct batch *batch,
                          struct kept_share *share)
{
	static uint8_t payload[INDEX_BATCH_MAX];
	struct wire_event events[EVENTS];
	struct wire_reader reader = { .in = { payload, 0 } };
	size_t count, sound = event_at(kept, batch->offset);

	reader.in.len = source_read(source, batch->offset, payload, batch->size, NULL);
	while ((count = wire_read(&reader, events, EVENTS)) > 0) {
		share->events += count;
		for (size_t i = 0; i < count; i++) {
			uint64_t offset = batch->offset + events[i].offset;

			while (sound < kept->offsets.count && kept->offsets.items[sound] < offset)
				sound++;
			share->kept += sound < kept->offsets.count &&
			               kept->offsets.items[sound] == offset &&
			               kept->types.items[sound] == events[i].type;
		}
	}
	share->bytes += reader.at;
	share->lost += reader.in.len - reader.at;
}

/* Records of tables are not compared, only counted by their bytes. */
static void read_table(struct kept *kept, const struct source *source, const struct batch *batch,
                       struct kept_share *share)
{
	static uint8_t payload[INDEX_BATCH_MAX];
	struct clock clock = { .ns_per_tick = 1 };
	struct bytes in = { payload, 0 };
	struct tables tables;

	in.len = source_read(source, batch->offset, payload, batch->size, NULL);
	tables_init(&tables, &kept->damaged);
	tables_read(&tables, batch, in, &clock);
	share->bytes += in.len - tables.damage.bytes;
	share->lost += tables.damage.bytes;
	tables_free(&tables);
}

static void add_batch(struct kept *kept, const struct source *source, const struct batch *batch,
                      struct hit hit, struct kept_share *share)
{
	const struct batch *sound = batch_at(kept, batch->offset);
	uint64_t end = batch->offset + batch->size, count;
	bool is_hit = hit.begin < end && hit.end > batch->offset;
	bool is_same = sound != NULL && sound->size == batch->size && sound->kind == batch->kind;

	if (batch->kind == BATCH_EVENTS && (is_hit || !is_same)) {
		compare_batch(kept, source, batch, share);
	} else if (batch->kind == BATCH_EVENTS) {
		count = event_at(kept, end) - event_at(kept, batch->offset);
		share->events += count;
		share->kept += count;
		share->bytes += batch->size;
	} else if (batch->kind != BATCH_SYNC && batch->kind != BATCH_EXPERIMENTAL) {
		read_table(kept, source, batch, share);
	} else {
		share->bytes += batch->size;
	}
}

static struct kept_share share_of(struct kept *kept, uint64_t size, struct hit hit)
{
	struct kept_share share = { .size = size, .of = kept->types.count };
	struct source source;
	struct index index;
	uint64_t payload = 0;

	if (index_file(kept, &kept->damaged, &index, &source, size)) {
		for (size_t i = 0; i < index.batches.count; i++) {
			add_batch(kept, &source, &index.batches.items[i], hit, &share);
			payload += index.batches.items[i].size;
		}
		share.lost += index.damage.bytes;
		share.bytes += size - payload - index.damage.bytes; /* headers and marks */
	}
	index_free(&index);
	source_close(&source);
	return share;
}

/* Events of the batch that holds a byte, in its header or its payload. */
static uint64_t events_around(const struct kept *kept, uint64_t offset)
{
	for (size_t i = 0; i < kept->index.batches.count; i++) {
		const struct batch *batch = &kept->index.batches.items[i];

		if (batch->offset + batch->size > offset)
			return event_at(kept, batch->offset + batch->size) -
			       event_at(kept, batch->offset);
	}
	return 0;
}

static void put(struct kept *kept, uint64_t offset, const uint8_t *bytes, size_t len)
{
	if (pwrite(kept->fd, bytes, len, (off_t)offset) != (ssize_t)len)
		abort();
}

/* With other bytes in its middle. */
static struct kept_share share_with(struct kept *kept, uint64_t offset, const uint8_t *bytes,
                                    size_t len)
{
	struct kept_share share;

	put(kept, offset, bytes, len);
	share = share_of(kept, kept->trace.len, (struct hit){ offset, offset + len });
	put(kept, offset, kept->trace.data + offset, len);
	share.in_batch = events_around(kept, offset);
	return share;
}

struct kept_share kept_flip(struct kept *kept, uint64_t offset, unsigned bit)
{
	uint8_t byte = (uint8_t)(kept->trace.data[offset] ^ 1u << bit);

	return share_with(kept, offset, &byte, 1);
}

struct kept_share kept_zero(struct kept *kept, uint64_t offset, size_t len)
{
	static const uint8_t zeroes[1 << 16];

	if (len > sizeof(zeroes) || len > kept->trace.len - offset)
		abort();
	return share_with(kept, offset, zeroes, len);
}

struct kept_share kept_cut(struct kept *kept, uint64_t size)
{
	struct kept_share share = share_of(kept, size, (struct hit){ 0, 0 });
	size_t behind = event_at(kept, size);

	/* the one that is cut is not complete, unless it ends there */
	share.of = behind;
	if (behind > 0) {
		uint64_t last = kept->offsets.items[behind - 1];
		struct wire_event event;
		struct wire_reader reader = { .in = { kept->trace.data + last, size - last } };

		share.of -= wire_read(&reader, &event, 1) == 0;
	}
	return share;
}
