/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/tiers.h"

#include "core/model/part.h"
#include "core/model/seam.h"

enum {
	PICTURES = 8, /* of the share: as much may stay, before goroutines are forgotten */
	WORTH = 32,   /* less is not worth forgetting */
};

const char *const tier_names[TIER_KINDS] = {
	[TIER_GOROUTINES] = "goroutines",
	[TIER_PICTURES] = "pictures",
	[TIER_RANGES] = "ranges",
	[TIER_TABLES] = "tables",
};

/* ---- counting */

static size_t bytes_of_lanes(const struct model *model)
{
	size_t bytes = model->lanes.capacity * sizeof(struct lane);

	for (size_t p = 0; p < model->lanes.count; p++)
		bytes += (model->lanes.items[p].long_runs.capacity +
		          model->lanes.items[p].long_calls.capacity) *
		         sizeof(struct long_run);
	return bytes;
}

static size_t bytes_of_goroutines(const struct model *model)
{
	return roster_bytes(&model->roster) + id_pages_bytes(&model->go_of) +
	       id_runs_bytes(&model->past_of) + id_runs_bytes(&model->tasks) +
	       model->lives.capacity * sizeof(struct live) +
	       model->free_lives.capacity * sizeof(uint32_t) +
	       model->reborn.capacity * sizeof(struct reborn);
}

static size_t bytes_of_ranges(const struct model *model)
{
	return model->stops.capacity * sizeof(struct stw) +
	       model->cycles.capacity * sizeof(struct gc_cycle) +
	       model->assists.capacity * sizeof(struct assist) +
	       model->assist_runs.capacity * sizeof(struct proc_stretch) +
	       model->workers.capacity * sizeof(struct worker_run) +
	       model->labels.capacity * sizeof(int64_t) +
	       model->procs_counts.capacity * sizeof(struct metric_point) +
	       model->threads.capacity * sizeof(struct thread) +
	       model->procs.capacity * sizeof(struct model_proc) + id_map_bytes(&model->proc_of) +
	       said_bytes(&model->said) + id_map_bytes(&model->thread_of) +
	       model->damage.rows.capacity * sizeof(struct damage_row) + bytes_of_lanes(model);
}

static size_t bytes_of_tables(const struct model *model)
{
	return model->strings.arena.used + model->strings.texts.capacity * sizeof(struct bytes) +
	       id_map_bytes(&model->strings.by_hash) +
	       model->stacks.frames.capacity * sizeof(struct frame) +
	       model->stacks.places.capacity * sizeof(struct stack_place) +
	       id_map_bytes(&model->stacks.by_hash) + model->part_bytes +
	       model->parts.capacity * sizeof(struct part *);
}

void tiers_account(const struct model *model, size_t bytes[TIER_KINDS])
{
	bytes[TIER_GOROUTINES] = bytes_of_goroutines(model);
	bytes[TIER_PICTURES] = model->picture_bytes + tops_bytes(model->tops);
	bytes[TIER_RANGES] = bytes_of_ranges(model);
	bytes[TIER_TABLES] = bytes_of_tables(model);
}

static size_t sum_of(const size_t bytes[TIER_KINDS])
{
	size_t sum = 0;

	for (int kind = 0; kind < TIER_KINDS; kind++)
		sum += bytes[kind];
	return sum;
}

size_t tiers_bytes(const struct model *model)
{
	size_t bytes[TIER_KINDS];

	tiers_account(model, bytes);
	return sum_of(bytes) + model->point_bytes;
}

/* ---- pyramids */

static void coarsen(struct model *model, struct part *part)
{
	struct arena *arena = budget_resize(model->budget, NULL, 0, sizeof(*arena));

	*arena = (struct arena){ .budget = model->budget };
	pyramid_coarsen(&part->pyramid, arena);
	model->picture_bytes += arena->used;
	model->picture_bytes -= part->arena->used;
	arena_free(part->arena);
	budget_resize(model->budget, part->arena, sizeof(*arena), 0);
	part->arena = arena;
}

/* The oldest first, then the next; and again from the oldest. So all are as coarse, about. */
static void coarsen_parts(struct model *model, size_t most)
{
	for (size_t idle = 0; model->picture_bytes > most && idle < model->parts.count; idle++) {
		struct part *part;

		if (model->coarsened >= model->parts.count)
			model->coarsened = 0;
		part = model->parts.items[model->coarsened++];
		if (!pyramid_can_coarsen(&part->pyramid))
			continue;
		coarsen(model, part);
		idle = 0;
	}
}

/* ---- goroutines */

/* Who is charged for what is still open is not forgotten. */
static void keep_charged(struct model *model)
{
	for (size_t p = 0; p < model->seams->sweeps.count; p++)
		if (model->seams->sweeps.items[p].go != INDEX_NONE)
			roster_edit(&model->roster, model->seams->sweeps.items[p].go);
	for (size_t i = 0; i < model->stops.count && !model->is_whole; i++)
		if (model->stops.items[i].is_open && model->stops.items[i].go != INDEX_NONE)
			roster_edit(&model->roster, model->stops.items[i].go);
}

/* A goroutine's id goes where those of its neighbours are, if it is forgotten. One whose id was
 * used again stays. */
static void move_id(void *context, uint64_t id, uint32_t go)
{
	struct model *model = context;

	if (roster_is_forgotten(&model->roster, go) && id_runs_find(&model->past_of, id) == ID_NONE)
		id_runs_add(&model->past_of, id, go);
}

struct kept {
	const struct model *model;
	struct id_pages *pages;
};

static void keep_id(void *context, uint64_t id, uint32_t go)
{
	const struct kept *kept = context;

	if (id_runs_find(&kept->model->past_of, id) != go)
		id_pages_set(kept->pages, id, go);
}

static void move_ids(struct model *model)
{
	struct id_pages rest;
	struct kept kept = { model, &rest };

	id_pages_each(&model->go_of, move_id, model);
	id_runs_settle(&model->past_of);
	id_pages_init(&rest, model->budget);
	id_pages_each(&model->go_of, keep_id, &kept);
	id_pages_free(&model->go_of);
	model->go_of = rest;
}

/* Those that go on, for their ends. */
static void keep_open_assists(struct model *model)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < model->assists.count; i++) {
		struct assist assist = model->assists.items[i];
		struct live *live = assist.is_open ? seam_live(model, assist.go) : NULL;

		if (live == NULL || live->assist != i)
			continue;
		model->assists.items[kept] = assist;
		live->assist = kept++;
	}
	model->assists.count = kept;
}

/* Of a model that tells of goroutines alone. */
static void strip(struct model *model, struct part *part)
{
	keep_open_assists(model);
	model->picture_bytes -= part->arena->used;
	model->part_bytes -= tables_bytes(&part->tables);
	model->point_bytes -= checkpoints_bytes(&part->points);
	arena_free(part->arena);
	tables_free(&part->tables);
	checkpoints_free(&part->points);
	part->pyramid = (struct pyramid){ 0 };
}

void tiers_forget(struct model *model)
{
	keep_charged(model);
	roster_forget(&model->roster, model->listener);
	move_ids(model);
	if (model->listener != NULL)
		strip(model, model->parts.items[model->parts.count - 1]);
	else
		budget_trim(); /* a block of the roster was a block of memory */
}

/* Close-ups begin with batches then. */
static void drop_within(struct model *model)
{
	for (size_t i = 0; i < model->parts.count; i++) {
		struct checkpoints *points = &model->parts.items[i]->points;

		model->point_bytes -= points->within.capacity * sizeof(*points->within.items);
		array_free(&points->within);
	}
}

void tiers_shrink(struct model *model, size_t share)
{
	if (tiers_bytes(model) <= share)
		return;
	drop_within(model);
	coarsen_parts(model, share / PICTURES);
	if (tiers_bytes(model) > share && model->roster.packed > share / WORTH)
		tiers_forget(model);
}
