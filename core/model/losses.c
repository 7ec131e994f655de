/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/losses.h"

#include <inttypes.h>

/* A time on the trace's own clock as one since its begin. */
static int64_t place_time(const struct model *model, int64_t time_ns)
{
	if (time_ns == DAMAGE_TIME_UNKNOWN)
		return time_ns;
	return time_ns < model->start_ns ? 0 : time_ns - model->start_ns;
}

/* Those that came since the last time. */
static void place_new(struct loader *loader)
{
	struct damage *damage = &loader->model->damage;

	for (size_t i = loader->placed; i < damage->rows.count; i++) {
		struct damage_row *row = &damage->rows.items[i];

		row->begin_ns = place_time(loader->model, row->begin_ns);
		row->end_ns = place_time(loader->model, row->end_ns);
	}
	damage_sort_new(damage, loader->placed);
	loader->placed = damage->rows.count;
}

uint64_t losses_end(const struct loader *loader, uint32_t generation)
{
	const struct index *index = loader->index;
	const struct generation *own = &index->generations.items[generation];

	if (index->version.minor >= 26)
		return own->end;
	return generation + 1 < index->generations.count ? own[1].begin : UINT64_MAX;
}

/* Rows of the index whose times are known are not changed any more. */
static void take_rows(struct loader *loader, size_t end)
{
	const struct index *index = loader->index;

	for (; loader->told < end && loader->told < index->untimed; loader->told++) {
		const struct damage_row *row = &index->damage.rows.items[loader->told];

		damage_add(&loader->model->damage, row);
		if (row->offset + row->len > loader->model->bytes)
			loader->model->bytes = row->offset + row->len;
	}
}

void losses_join(struct loader *loader)
{
	uint32_t part = (uint32_t)loader->model->parts.count - 1;
	uint64_t end = losses_end(loader, part), all = atomic_load(&loader->source->end);

	loader->model->bytes = loader->index->v1 != NULL || end > all ? all : end;
	take_rows(loader, loader->timings.items[part].losses_end);
	place_new(loader);
}

/* What was not loaded when memory ran short, without what is lost in it already. */
static void lose_rest(struct loader *loader)
{
	const struct damage *known = &loader->index->damage;
	uint64_t end = atomic_load(&loader->source->end), from, len;

	if (!loader->was_stopped || loader->next >= loader->index->generations.count ||
	    loader->index->v1 != NULL) /* whose pieces are no bytes of the file */
		return;
	from = loader->index->generations.items[loader->next].begin;
	len = end - from;
	for (size_t i = 0; i < known->rows.count; i++)
		if (known->rows.items[i].offset >= from)
			len -= known->rows.items[i].len;
	damage_lose(&loader->model->damage, DAMAGE_END, from, len, "the memory limit is reached");
}

static void note_experimental(struct damage *damage, const struct index *index, uint64_t count)
{
	struct damage_row row = damage_row(DAMAGE_NOTE, index->generations.items[0].begin, 0,
	                                   "experimental events and batches are not shown");

	damage_found(&row, "%" PRIu64, count);
	damage_add(damage, &row);
}

void losses_join_rest(struct loader *loader)
{
	struct model *model = loader->model;

	damage_join_from(&model->damage, &loader->index->damage, loader->told);
	loader->told = loader->index->damage.rows.count;
	lose_rest(loader);
	if (model->experimental > 0)
		note_experimental(&model->damage, loader->index, model->experimental);
	place_new(loader);
	model->bytes = atomic_load(&loader->source->end);
}

/* Where the file ends inside a batch, what its thread did after its last event is missing. */
static void place_end(const struct model *model, struct damage_row *row)
{
	uint32_t thread = id_map_find(&model->thread_of, row->m);

	if (row->grade != DAMAGE_END || row->begin_ns != DAMAGE_TIME_UNKNOWN || thread == ID_NONE)
		return;
	row->begin_ns = model->threads.items[thread].told_ns;
	row->end_ns = model->end_ns;
}

void losses_finish(struct loader *loader)
{
	const struct model *model = loader->model;

	for (size_t i = 0; i < model->damage.rows.count; i++) {
		struct damage_row *row = &model->damage.rows.items[i];

		row->begin_ns = row->begin_ns < model->end_ns ? row->begin_ns : model->end_ns;
		row->end_ns = row->end_ns < model->end_ns ? row->end_ns : model->end_ns;
		place_end(model, row);
	}
}
