/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/sketch_at.h"
#include "core/trace/v2_wire.h"

/* Which batches to read, by the index: of each thread one in each column of the window, the first
 * of a generation rather than another one, as that names the thread's P. What there is to decode is
 * shared out by how much time a batch stands for. */

enum {
	COLUMNS = 192,
	TAKE_MIN = 2 << 10,  /* bytes: fewer tell little */
	END_BYTES = 4 << 20, /* at the end of the trace, to see when that is */
	LOOKS = 1 << 14,     /* batches that are looked at in a step */
	COARSER = 4,         /* so many times fewer columns, if there are too many places */
};

/* A thread in the generation that is looked at, from its end to its begin. */
struct planned {
	size_t generation;         /* + 1: that it was met in last */
	struct sketch_place first; /* the earliest so far */
	uint64_t bytes;            /* up to the one that was chosen last */
	size_t chosen;             /* that, into places; SIZE_MAX: there is none */
	bool is_first_chosen;
};

struct sketch_plan {
	struct sketch *sketch;
	const struct index *index;
	int64_t column_ns, columns;
	size_t generation;
	size_t left; /* batches of it that are not looked at yet */
	bool is_begun;
	int64_t until_ns; /* its end */
	bool is_complete; /* no batch of the window was passed over */
	ARRAY(struct planned) threads;
	u32_array met; /* threads, in the generation */
};

static int64_t time_of(const struct sketch_plan *plan, const struct generation *generation,
                       uint64_t ticks)
{
	return clock_ns(&generation->clock, ticks) - plan->sketch->start_ns;
}

/* -1: it begins before the window. */
static int64_t column_of(const struct sketch_plan *plan, const struct sketch_place *place)
{
	int64_t ns = place->base_ns - plan->sketch->begin_ns;

	return ns < 0 ? -1 : ns / plan->column_ns;
}

static struct planned *find_thread(struct sketch_plan *plan, uint32_t thread, bool *is_new)
{
	struct planned *planned;

	if (thread >= plan->threads.count)
		array_resize(&plan->threads, thread + 1);
	planned = &plan->threads.items[thread];
	*is_new = planned->generation != plan->generation + 1;
	if (*is_new) {
		planned->generation = plan->generation + 1;
		planned->chosen = SIZE_MAX;
		planned->bytes = 0;
		*array_push(&plan->met) = thread;
	}
	return planned;
}

static bool is_full(const struct sketch_plan *plan)
{
	return plan->sketch->places.count == PLACES_MAX;
}

static void choose(struct sketch_plan *plan, struct planned *planned)
{
	if (is_full(plan))
		return;
	planned->chosen = plan->sketch->places.count;
	planned->is_first_chosen = true;
	planned->first.bytes = planned->bytes;
	planned->bytes = 0;
	*array_push(&plan->sketch->places) = planned->first;
}

/* Batches come from the generation's end to its begin. */
static void look_at(struct sketch_plan *plan, const struct generation *generation,
                    const struct batch *batch)
{
	struct sketch *sketch = plan->sketch;
	struct sketch_place place = {
		.offset = batch->offset,
		.size = batch->size,
		.m = batch->m,
		.base_ns = time_of(plan, generation, batch->ticks),
		.next_ns = plan->until_ns,
		.until_ns = plan->until_ns,
		.clock = generation->clock,
	};
	struct planned *planned;

	if (batch->kind != BATCH_EVENTS || batch->m == WIRE_NO_THREAD)
		return;
	place.thread = sketch_find_thread(sketch, batch->m);
	if (place.thread == INDEX_NONE)
		return;
	planned = find_thread(plan, place.thread, &place.is_last);
	if (!place.is_last)
		place.next_ns = planned->first.base_ns;
	planned->first = place;
	planned->is_first_chosen = false;
	planned->bytes += place.size;
	if (place.next_ns <= sketch->begin_ns || place.base_ns >= sketch->end_ns)
		return;
	if (planned->chosen == SIZE_MAX ||
	    column_of(plan, &sketch->places.items[planned->chosen]) != column_of(plan, &place))
		choose(plan, planned);
	else
		plan->is_complete = false;
}

/* The first of a thread in the generation tells which P it has: it is read for that alone, if all
 * of the window is later. */
static void add_first(struct sketch_plan *plan, struct planned *planned)
{
	struct sketch_place *chosen;

	if (planned->chosen == SIZE_MAX || planned->is_first_chosen)
		return;
	chosen = &plan->sketch->places.items[planned->chosen];
	if (column_of(plan, chosen) < 0)
		choose(plan, planned);
	else if (column_of(plan, chosen) == column_of(plan, &planned->first)) {
		planned->first.bytes = chosen->bytes + planned->bytes;
		*chosen = planned->first;
	}
}

/* False if it is not in the window. */
static bool begin_generation(struct sketch_plan *plan)
{
	const struct index *index = plan->index;
	const struct generation *generation = &index->generations.items[plan->generation];
	const struct generation *behind = generation + 1;
	bool is_last = plan->generation + 1 == index->generations.count;

	plan->until_ns = is_last ? time_of(plan, generation, generation->last_ticks)
	                         : time_of(plan, behind, behind->begin_ticks);
	if (time_of(plan, generation, generation->begin_ticks) >= plan->sketch->end_ns ||
	    (plan->until_ns <= plan->sketch->begin_ns && !is_last))
		return false;
	array_clear(&plan->met);
	plan->left = generation->batch_count;
	plan->is_begun = true;
	return true;
}

static void end_generation(struct sketch_plan *plan)
{
	for (size_t i = 0; i < plan->met.count; i++)
		add_first(plan, &plan->threads.items[plan->met.items[i]]);
	plan->is_begun = false;
	plan->generation++;
}

/* False when all generations were looked at, or there are more places than there may be. */
static bool look_on(struct sketch_plan *plan)
{
	for (size_t looks = 0; looks < LOOKS; looks++) {
		const struct generation *generation;

		if (plan->generation == plan->index->generations.count || is_full(plan))
			return false;
		if (!plan->is_begun && !begin_generation(plan)) {
			plan->generation++;
			continue;
		}
		generation = &plan->index->generations.items[plan->generation];
		if (plan->left > 0)
			look_at(plan, generation,
			        &plan->index->batches
			                 .items[generation->first_batch + --plan->left]);
		else
			end_generation(plan);
	}
	return true;
}

/* From the begin, in so many columns. */
static void begin(struct sketch_plan *plan, int64_t columns)
{
	plan->columns = columns;
	plan->column_ns = (plan->sketch->end_ns - plan->sketch->begin_ns) / columns + 1;
	plan->generation = 0;
	plan->is_begun = false;
	plan->is_complete = true;
	array_clear(&plan->sketch->places);
	array_clear(&plan->threads);
}

/* ---- how much of each */

/* Columns that it stands for. */
static uint64_t weight_of(const struct sketch_plan *plan, const struct sketch_place *place)
{
	int64_t from = place->base_ns, to = place->next_ns;

	from = from < plan->sketch->begin_ns ? plan->sketch->begin_ns : from;
	to = to > plan->sketch->end_ns ? plan->sketch->end_ns : to;
	return to > from ? (uint64_t)((to - from) / plan->column_ns) + 1 : 1;
}

static bool ends_trace(const struct sketch_plan *plan, const struct sketch_place *place)
{
	const struct generation *last =
		&plan->index->generations.items[plan->index->generations.count - 1];

	return place->is_last && place->offset >= last->begin;
}

static void share_out(struct sketch_plan *plan)
{
	struct sketch *sketch = plan->sketch;
	uint64_t bytes = sketch_bytes(sketch), weight = 1;
	uint64_t left = bytes + PLACE_BYTES, end_left = END_BYTES;

	for (size_t i = 0; i < sketch->places.count; i++)
		weight += weight_of(plan, &sketch->places.items[i]);
	for (size_t i = 0; i < sketch->places.count; i++) {
		struct sketch_place *place = &sketch->places.items[i];
		uint64_t take = weight_of(plan, place) * bytes / weight;

		/* up to the window, or to the end */
		if (place->base_ns < sketch->begin_ns && place->next_ns > sketch->begin_ns) {
			take = place->size;
		} else if (ends_trace(plan, place) && place->size <= end_left) {
			take = place->size;
			end_left -= take;
		}
		take = take < TAKE_MIN ? TAKE_MIN : take;
		take = take > place->size ? place->size : take;
		place->take = (uint32_t)(take > left ? left : take);
		left -= place->take;
		sketch->is_complete &=
			place->take == place->size || place->next_ns <= sketch->begin_ns;
	}
}

void sketch_plan(struct sketch *sketch, const struct index *index, int64_t start_ns,
                 int64_t begin_ns, int64_t end_ns)
{
	struct sketch_plan *plan = budget_resize(sketch->budget, NULL, 0, sizeof(*plan));

	*plan = (struct sketch_plan){ .sketch = sketch, .index = index };
	plan->threads.budget = plan->met.budget = sketch->budget;
	sketch->plan = plan;
	sketch->is_by_index = true;
	sketch->start_ns = start_ns;
	sketch_set_window(sketch, begin_ns, end_ns);
	begin(plan, COLUMNS);
}

void sketch_plan_free(struct sketch *sketch)
{
	struct sketch_plan *plan = sketch->plan;

	if (plan == NULL)
		return;
	array_free(&plan->threads);
	array_free(&plan->met);
	sketch->plan = budget_resize(sketch->budget, plan, sizeof(*plan), 0);
}

bool sketch_plan_step(struct sketch *sketch)
{
	struct sketch_plan *plan = sketch->plan;

	if (look_on(plan))
		return true;
	if (is_full(plan) && plan->columns > 1) {
		begin(plan, plan->columns / COARSER > 1 ? plan->columns / COARSER : 1);
		return true;
	}
	sketch->is_complete = plan->is_complete && !is_full(plan);
	share_out(plan);
	sketch_sort_places(sketch);
	return false;
}
