/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/cut.h"

#include "core/export/batch_copy.h"
#include "core/trace/v2_wire.h"

#define SEAM_NS INT64_C(1000000000) /* no generation laps so much into the next */

static int64_t start_ns(const struct index *index)
{
	return index->generations.items[0].begin_ns;
}

/* The last event of a batch. */
static int64_t last_of(const struct source *source, const struct batch *batch, struct clock clock,
                       uint8_t *buffer)
{
	struct wire_event events[256];
	struct wire_reader reader = { .clock = clock, .time_ns = clock_ns(&clock, batch->ticks) };
	int64_t last_ns = reader.time_ns;
	size_t count;

	reader.in.data = buffer;
	reader.in.len = source_read(source, batch->offset, buffer, batch->size, NULL);
	while ((count = wire_read(&reader, events, 256)) > 0)
		if (events[count - 1].time_ns > last_ns)
			last_ns = events[count - 1].time_ns;
	return last_ns;
}

/* The last event of a generation, since the begin of the trace. */
static int64_t end_of(const struct cut *cut, const struct generation *generation)
{
	uint8_t *buffer = budget_resize(cut->budget, NULL, 0, INDEX_BATCH_MAX);
	int64_t end_ns = generation->begin_ns;

	for (size_t i = 0; i < generation->batch_count; i++) {
		const struct batch *batch = &cut->index->batches.items[generation->first_batch + i];
		int64_t ns = batch->kind == BATCH_EVENTS && batch->size > 0
		                     ? last_of(cut->source, batch, generation->clock, buffer)
		                     : end_ns;

		end_ns = ns > end_ns ? ns : end_ns;
	}
	budget_resize(cut->budget, buffer, INDEX_BATCH_MAX, 0);
	return end_ns - start_ns(cut->index);
}

void cut_init(struct cut *cut, const struct index *index, const struct source *source,
              struct budget *budget)
{
	size_t g = index->generations.count - 1;

	*cut = (struct cut){
		.index = index,
		.source = source,
		.budget = budget,
		.from_ns = INT64_MIN,
		.to_ns = INT64_MAX,
	};
	while (g > 0 && index->generations.items[g].event_bytes == 0)
		g--;
	cut->end_ns = end_of(cut, &index->generations.items[g]);
	cut->end_ns = cut->end_ns > 0 ? cut->end_ns : 0; /* clocks may differ */
}

/* The next one begins a moment before the last events of this one. */
static bool laps(const struct cut *cut, size_t g)
{
	const struct generation *generation = &cut->index->generations.items[g];
	int64_t begin_ns = generation->begin_ns - start_ns(cut->index), next_ns;

	if (begin_ns >= cut->to_ns || cut->from_ns > cut->end_ns)
		return false;
	if (g + 1 == cut->index->generations.count)
		return true;
	next_ns = generation[1].begin_ns - start_ns(cut->index);
	return next_ns > cut->from_ns ||
	       (cut->from_ns - next_ns < SEAM_NS && end_of(cut, generation) >= cut->from_ns);
}

bool cut_has_any(const struct cut *cut)
{
	for (size_t g = 0; g < cut->index->generations.count; g++)
		if (laps(cut, g))
			return true;
	return false;
}

static void put_generation(struct batch_copy *copy, const struct generation *generation)
{
	for (size_t i = 0; i < generation->batch_count && !copy->out->is_over; i++)
		if (batch_copy_read(copy, generation,
		                    &copy->index->batches.items[generation->first_batch + i]))
			batch_copy_put(copy);
}

void cut_put(const struct cut *cut, struct text_out *out, struct damage *damage)
{
	struct batch_copy *copy = budget_resize(cut->budget, NULL, 0, sizeof(*copy));
	const struct generation *last = NULL;

	batch_copy_open(copy, cut->index, cut->source);
	batch_copy_begin(copy, out, damage);
	for (size_t g = 0; g < cut->index->generations.count; g++) {
		if (!laps(cut, g))
			continue;
		if (last != NULL)
			batch_copy_end_generation(copy, last, false);
		last = &cut->index->generations.items[g];
		put_generation(copy, last);
	}
	if (last != NULL)
		batch_copy_end_generation(copy, last, true);
	budget_resize(cut->budget, copy, sizeof(*copy), 0);
}
