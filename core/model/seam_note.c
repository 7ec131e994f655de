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

static void begin_task(struct seam *seam, const struct task_begin *begin)
{
	const struct tables *tables = &seam->part->tables;
	struct user_task task = {
		.id = begin->task,
		.parent = begin->parent,
		.begin_ns = seam_ns(seam, begin->time),
		.end_ns = TIME_UNKNOWN,
		.go = seam_go_at(seam, begin->g, begin->time),
		.end_go = INDEX_NONE,
		.name = tables_string(tables, begin->name),
		.stack = tables_stack(tables, begin->stack),
	};

	if (begin->end != TIME_NONE) {
		task.end_ns = seam_ns(seam, begin->end);
		task.end_go = seam_go_at(seam, begin->end_go, begin->end);
	}
	said_task_begins(&seam->model->said, &task);
}

static void end_task(struct seam *seam, const struct task_end *end)
{
	said_task_ends(&seam->model->said, end->task, seam_ns(seam, end->time),
	               seam_go_at(seam, end->g, end->time));
}

/* All begins first, as threads come one after the other: most have their ends by then. */
static bool join_some_tasks(struct seam *seam, size_t *at)
{
	size_t begins = seam->walk->task_begins.count;
	size_t count = begins + seam->walk->task_ends.count;

	for (size_t end = *at + TASKS_A_STEP; *at < end && *at < count; ++*at)
		if (*at < begins)
			begin_task(seam, &seam->walk->task_begins.items[*at]);
		else
			end_task(seam, &seam->walk->task_ends.items[*at - begins]);
	return *at < count;
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
