/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/said_scan.h"

#include "core/base/sort.h"
#include "core/model/part.h"
#include "core/trace/index.h"
#include "core/trace/v2_wire.h"

enum { EVENTS = 256 };

struct begin {
	int64_t ns;
	uint32_t batch;
	bool is_over; /* before the time that is asked for */
};

struct scan {
	const struct model *model;
	const struct source *source;
	const struct part *part;
	const struct generation *generation;
	int64_t from_ns;
	said_accept_fn *accept;
	void *to;
	struct said_place *place;
	bool has_any;
	uint8_t *payload;
};

static int begin_order(const void *a, const void *b)
{
	const struct begin *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return (x->batch > y->batch) - (x->batch < y->batch);
}

static const struct batch *batch_at(const struct scan *s, uint32_t at)
{
	return &s->model->index->batches.items[s->generation->first_batch + at];
}

static void look_at(struct scan *s, const struct wire_event *event, uint64_t m)
{
	int64_t ns = part_clip(s->part, event->time_ns - s->model->start_ns);
	bool is_region = event->type == WIRE_USER_REGION_BEGIN;
	string_id text, category = 0;

	if ((!is_region && event->type != WIRE_USER_LOG) || ns < s->from_ns ||
	    (s->has_any && ns >= s->place->ns))
		return;
	text = tables_string(&s->part->tables, event->arg[is_region ? 1 : 2]);
	if (!is_region)
		category = tables_string(&s->part->tables, event->arg[1]);
	if (!s->accept(s->to, text) && (category == 0 || !s->accept(s->to, category)))
		return;
	*s->place = (struct said_place){ ns, m, text, is_region };
	s->has_any = true;
}

static void read_batch(struct scan *s, const struct batch *batch)
{
	struct wire_event events[EVENTS];
	struct wire_reader wire = {
		.in = { s->payload, 0 },
		.clock = s->generation->clock,
		.time_ns = clock_ns(&s->generation->clock, batch->ticks),
	};
	size_t count;

	wire.in.len = source_read(s->source, batch->offset, s->payload, batch->size, NULL);
	while ((count = wire_read(&wire, events, EVENTS)) > 0)
		for (size_t i = 0; i < count; i++)
			look_at(s, &events[i], batch->m);
}

/* Of a thread that goes on before the time, no batch but its last before it can reach there. */
static void pass_over(const struct scan *s, struct begin *begins, size_t count)
{
	struct id_map seen = { .budget = s->model->budget };

	for (size_t i = count; i-- > 0;) {
		uint64_t m = batch_at(s, begins[i].batch)->m;

		if (begins[i].ns > s->from_ns)
			continue;
		begins[i].is_over = id_map_find(&seen, m) != ID_NONE;
		id_map_add(&seen, m, 0);
	}
	id_map_free(&seen);
}

bool said_scan(const struct model *model, const struct source *source, uint32_t number,
               int64_t from_ns, uint64_t most, said_accept_fn *accept, void *to,
               struct said_place *place)
{
	struct scan s = {
		.model = model,
		.source = index_payloads(model->index, source),
		.part = model->parts.items[number],
		.generation = &model->index->generations.items[number],
		.from_ns = from_ns,
		.accept = accept,
		.to = to,
		.place = place,
	};
	ARRAY(struct begin) begins = { .budget = model->budget };
	uint64_t read = 0;

	if (budget_is_beyond(model->budget,
	                     2 * s.generation->batch_count * sizeof(struct begin) + INDEX_BATCH_MAX))
		return false;
	for (uint32_t i = 0; i < s.generation->batch_count; i++) {
		const struct batch *batch = batch_at(&s, i);

		if (batch->kind == BATCH_EVENTS)
			*array_push(&begins) = (struct begin){
				clock_ns(&s.generation->clock, batch->ticks) - model->start_ns, i, false
			};
	}
	SORT_ARRAY(&begins, begin_order);
	pass_over(&s, begins.items, begins.count);
	s.payload = budget_resize(model->budget, NULL, 0, INDEX_BATCH_MAX);
	for (size_t i = 0; i < begins.count && read < most; i++) {
		if (s.has_any && begins.items[i].ns >= place->ns)
			break;
		if (begins.items[i].is_over)
			continue;
		read_batch(&s, batch_at(&s, begins.items[i].batch));
		read += batch_at(&s, begins.items[i].batch)->size;
	}
	budget_resize(model->budget, s.payload, INDEX_BATCH_MAX, 0);
	array_free(&begins);
	return s.has_any && read < most;
}
