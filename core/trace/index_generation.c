/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index_at.h"

#include "core/base/decoder.h"
#include "core/trace/v2_wire.h"

#include <inttypes.h>

/* ---- what a generation's batches tell of its clock */

/* What stands in a sync batch; frequency 0: none does. */
struct sync {
	uint64_t frequency;
	bool has_wall_clock;
	uint64_t ticks, sec, nsec; /* when the clock was looked at, since its batch; what it was */
};

static void read_sync(struct sync *sync, struct bytes payload)
{
	struct decoder d = { .in = payload };

	if (decoder_take_byte(&d) == WIRE_FREQUENCY) {
		sync->frequency = decoder_take_uvarint(&d);
		return;
	}
	while (!decoder_is_at_end(&d)) {
		uint8_t type = decoder_take_byte(&d);

		if (type == WIRE_FREQUENCY) {
			sync->frequency = decoder_take_uvarint(&d);
			continue;
		}
		if (type != WIRE_CLOCK_SNAPSHOT)
			return;
		sync->ticks += decoder_take_uvarint(&d);
		decoder_take_uvarint(&d); /* the monotonic clock */
		sync->sec = decoder_take_uvarint(&d);
		sync->nsec = decoder_take_uvarint(&d);
		sync->has_wall_clock = d.fault == DECODER_WELL;
	}
}

static struct sync find_sync(const struct index *index, const struct source *source,
                             const struct generation *generation)
{
	struct sync sync = { 0 };
	uint8_t payload[64];

	for (size_t i = 0; i < generation->batch_count && sync.frequency == 0; i++) {
		const struct batch *batch = &index->batches.items[generation->first_batch + i];
		struct bytes in = { payload, batch->size };

		if (batch->kind != BATCH_SYNC)
			continue;
		if (in.len > sizeof(payload))
			in.len = sizeof(payload);
		in.len = source_read(source, batch->offset, payload, in.len, NULL);
		sync.ticks = batch->ticks;
		read_sync(&sync, in);
	}
	return sync;
}

/* ---- damage */

struct damage_row index_damage_row(const struct index *index, enum damage_grade grade,
                                   uint64_t offset, uint64_t len, const char *expected)
{
	struct damage_row row = damage_row(grade, offset, len, expected);

	if (index->generation_is_open)
		row.generation = index_last(index)->number;
	if (index->ticks != 0 && index->ticks <= INT64_MAX)
		row.begin_ns = (int64_t)index->ticks;
	return row;
}

static int64_t row_ns(const struct clock *clock, int64_t ticks)
{
	return ticks == DAMAGE_TIME_UNKNOWN ? ticks : clock_ns(clock, (uint64_t)ticks);
}

/* Gives the rows since the last call their times. */
static void time_damage(struct index *index, const struct clock *clock)
{
	for (; index->untimed < index->damage.rows.count; index->untimed++) {
		struct damage_row *row = &index->damage.rows.items[index->untimed];

		row->begin_ns = row_ns(clock, row->begin_ns);
		row->end_ns = row_ns(clock, row->end_ns);
	}
}

void index_time_damage(struct index *index)
{
	static const struct clock none = { .ns_per_tick = 0 };

	time_damage(index, index->generations.count > 0 ? &index_last(index)->clock : &none);
}

/* The next batch's time is about the end of what was lost before it. */
static void end_damage(struct index *index, uint64_t ticks)
{
	for (size_t i = index->damage.rows.count; i > index->untimed; i--) {
		struct damage_row *row = &index->damage.rows.items[i - 1];

		if (row->begin_ns == DAMAGE_TIME_UNKNOWN || row->end_ns != DAMAGE_TIME_UNKNOWN)
			break;
		row->end_ns = ticks < (uint64_t)row->begin_ns || ticks > INT64_MAX ? row->begin_ns
		                                                                   : (int64_t)ticks;
	}
}

static bool has_tables(const struct index *index, const struct generation *generation)
{
	for (size_t i = 0; i < generation->batch_count; i++) {
		uint8_t kind = index->batches.items[generation->first_batch + i].kind;

		if (kind == BATCH_STRINGS || kind == BATCH_STACKS)
			return true;
	}
	return false;
}

static void note(struct index *index, enum damage_grade grade, const char *expected)
{
	struct damage_row row = index_damage_row(index, grade, index_last(index)->end, 0, expected);

	if (grade == DAMAGE_NOTE && index_last(index)->begin_ticks <= INT64_MAX)
		row.begin_ns = (int64_t)index_last(index)->begin_ticks; /* all of the generation */
	damage_add(&index->damage, &row);
}

/* What every generation has, and this one has not. */
static void note_missing(struct index *index, const struct generation *last,
                         const struct sync *sync, bool is_last)
{
	unsigned minor = index->version.minor;

	if (index->is_strict)
		return; /* Go asks for other things */
	if (sync->frequency != 0 && last->clock_is_assumed)
		note(index, DAMAGE_LOCAL, "expected a frequency that a clock has");
	else if (is_last && minor >= 26 && index->damage.counts[DAMAGE_END] == 0)
		note(index, DAMAGE_END, "the file ends before the end mark of its last generation");
	else if (is_last && minor < 25 && last->clock_is_assumed &&
	         index->damage.counts[DAMAGE_END] == 0)
		note(index, DAMAGE_END, "the file ends before its last generation does");
	else if (last->clock_is_assumed)
		note(index, DAMAGE_NOTE,
		     "no frequency: that of a neighbour, or the usual one, is taken");
	if (minor >= 25 && !sync->has_wall_clock)
		note(index, DAMAGE_NOTE, "no wall clock in this generation");
	if (last->event_bytes > 0 && !has_tables(index, last))
		note(index, DAMAGE_NOTE, "no strings and no stacks in this generation");
}

/* A clock that can be right: of no year beyond this century. */
static void note_wall_clock(struct index *index, const struct clock *clock, const struct sync *sync)
{
	if (index->wall.is_known || !sync->has_wall_clock || sync->sec > UINT32_MAX ||
	    sync->nsec >= 1000000000)
		return;
	index->wall = (struct wall_clock){
		.is_known = true,
		.clock_ns = clock_ns(clock, sync->ticks),
		.unix_ns = (int64_t)(sync->sec * 1000000000 + sync->nsec),
	};
}

/* ---- generations */

void index_close_generation(struct index *index, const struct source *source, bool is_last)
{
	struct generation *last;
	struct sync sync;

	if (!index->generation_is_open)
		return;
	last = index_last(index);
	sync = find_sync(index, source, last);
	last->clock_is_assumed = !clock_set(&last->clock, sync.frequency);
	if (last->clock_is_assumed && index->generations.count > 1)
		last->clock = last[-1].clock;
	last->begin_ns = clock_ns(&last->clock, last->begin_ticks);
	note_wall_clock(index, &last->clock, &sync);
	note_missing(index, last, &sync, is_last);
	end_damage(index, last->last_ticks);
	time_damage(index, &last->clock);
	last->is_closed = true;
	index->generation_is_open = false;
}

void index_open_generation(struct index *index, const struct source *source, uint64_t number,
                           uint64_t offset)
{
	index_close_generation(index, source, false);
	*array_push(&index->generations) = (struct generation){
		.number = number,
		.begin = offset,
		.end = offset,
		.first_batch = index->batches.count,
		.gaps = index->batches.count > 0 ? index_last_batch(index)->gaps : 0,
	};
	index->generation_is_open = true;
}

void index_add_batch(struct index *index, struct batch batch)
{
	struct generation *last = index_last(index);

	end_damage(index, batch.ticks);
	last->end = batch.offset + batch.size;
	if (batch.ticks != 0 && (last->begin_ticks == 0 || batch.ticks < last->begin_ticks))
		last->begin_ticks = batch.ticks;
	if (last->sync_ticks == 0 || batch.ticks < last->sync_ticks)
		last->sync_ticks = batch.ticks;
	if (batch.ticks > last->last_ticks)
		last->last_ticks = batch.ticks;
	if (batch.ticks != 0)
		index->ticks = batch.ticks;
	index->experimental += batch.kind == BATCH_EXPERIMENTAL;
	last->has_threads |= batch.kind == BATCH_EVENTS;
	if (batch.size == 0 && !(index->keeps_empty && batch.kind == BATCH_EVENTS))
		return;
	if (batch.kind == BATCH_EVENTS)
		last->event_bytes += batch.size;
	*array_push(&index->batches) = batch;
	last->batch_count++;
}

void index_resize_batch(struct index *index, uint64_t size)
{
	struct generation *last = index_last(index);
	struct batch *batch = index_last_batch(index);

	if (batch->kind == BATCH_EVENTS)
		last->event_bytes += size - batch->size;
	batch->size = (uint32_t)size;
	last->end = batch->offset + size;
	if (size == 0) {
		index->batches.count--;
		last->batch_count--;
	}
}

#define HOUR_NS 3600e9

struct resync_near index_near(const struct index *index)
{
	struct resync_near near = {
		.number = index->generations.count == 0 ? 0 : index_last(index)->number,
		.ticks = index->ticks,
		.apart = (uint64_t)HOUR_NS,
		.is_minimal = index->is_minimal,
		.has_marks = index->version.minor >= 26,
	};
	const struct generation *last = index->generations.count == 0 ? NULL : index_last(index);

	if (last != NULL && index->generation_is_open)
		last = index->generations.count > 1 ? last - 1 : NULL;
	if (last != NULL)
		near.apart = (uint64_t)(HOUR_NS / last->clock.ns_per_tick);
	return near;
}
