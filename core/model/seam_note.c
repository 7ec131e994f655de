/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* Tasks, and regions that last beyond the part. */

enum { TASKS_A_STEP = 1 << 14 };

static void join_region(struct seam *seam, const struct note *note)
{
	const struct tables *tables = &seam->part->tables;
	bool begins = note->kind == NOTE_REGION_BEGIN;
	int64_t ns = seam_ns(seam, note->time);
	stack_id stack = tables_stack(tables, note->stack);
	struct long_region region = {
		.begin_ns = begins ? ns : TIME_UNKNOWN,
		.end_ns = begins ? TIME_UNKNOWN : ns,
		.task = note->task,
		.go = begins ? seam_go(seam, note->g) : seam_go_at(seam, note->g, note->time),
		.outer = INDEX_NONE,
		.before = INDEX_NONE,
		.name = tables_string(tables, note->name),
		.stacks = { begins ? stack : 0, begins ? 0 : stack },
	};

	if (region.go == INDEX_NONE)
		return;
	if (begins)
		said_region_begins(&seam->model->said, &region);
	else
		said_region_ends(&seam->model->said, &region);
}

static void join_task(struct seam *seam, const struct task_note *note)
{
	const struct tables *tables = &seam->part->tables;
	uint32_t go = seam_go_at(seam, note->g, note->time);
	int64_t ns = seam_ns(seam, note->time);

	if (!note->begins) {
		said_task_ends(&seam->model->said, note->task, ns, go);
		return;
	}
	said_task_begins(&seam->model->said,
	                 &(struct user_task){ .id = note->task,
	                                      .parent = note->parent,
	                                      .begin_ns = ns,
	                                      .end_ns = TIME_UNKNOWN,
	                                      .go = go,
	                                      .end_go = INDEX_NONE,
	                                      .name = tables_string(tables, note->name),
	                                      .stack = tables_stack(tables, note->stack) });
}

/* All begins first, as threads come one after the other. */
static bool join_some_tasks(struct seam *seam, size_t *at)
{
	size_t count = seam->walk->task_notes.count;

	for (size_t end = *at + TASKS_A_STEP; *at < end && *at < 2 * count; ++*at) {
		const struct task_note *note =
			&seam->walk->task_notes.items[*at < count ? *at : *at - count];

		if (note->begins == (*at < count))
			join_task(seam, note);
	}
	return *at < 2 * count;
}

/* Regions of those who stood at the heads of streams, or of all others. */
static void join_regions(struct seam *seam, bool of_heads)
{
	const note_array *notes = &seam->account->notes.all;

	for (size_t i = 0; i < notes->count; i++) {
		const struct note *note = &notes->items[i];

		if (seam->walk->gos.items[note->g].is_standin == of_heads)
			join_region(seam, note);
	}
}

/* Who lives in the part alone has left none behind. */
static void end_regions(struct seam *seam)
{
	const u32_array *others = &seam->seams->others;

	for (size_t i = 0; i < others->count && seam->model->said.regions.count > 0; i++) {
		uint32_t own = others->items[i], go = seam_go(seam, own);
		const struct go_life *life = &seam->account->lives.items[own];

		if (go != INDEX_NONE && life->state == GO_DEAD)
			said_go_ends(&seam->model->said, go, seam_ns(seam, life->last));
	}
}

bool seam_join_notes(struct seam *seam, size_t *at)
{
	if (seam->model->listener != NULL)
		return false;
	if (join_some_tasks(seam, at))
		return true;
	join_regions(seam, true);
	join_regions(seam, false);
	end_regions(seam);
	return false;
}
