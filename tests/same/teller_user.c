/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/same/teller.h"

/* What the program says of itself, and CPU samples. */

static void end_region(struct teller *t, struct story_region *region, uint64_t stack)
{
	region->end_ns = t->now_ns;
	region->is_open = false;
	region->stacks[1] = stack;
}

void tell_region_begin(struct teller *t)
{
	uint32_t g = teller_here(t), depth = 0;
	struct story_go *go;

	t->story->regions++;
	if (g == INDEX_NONE)
		return;
	go = &t->story->gos.items[g];
	for (size_t i = 0; i < go->regions.count; i++)
		depth += go->regions.items[i].is_open;
	*array_push(&go->regions) = (struct story_region){
		.begin_ns = t->now_ns,
		.end_ns = t->now_ns,
		.task = t->event->arg[0],
		.name = teller_text(t, t->event->arg[1]),
		.stacks = { teller_stack(t), 0 },
		.depth = depth,
		.is_open = true,
	};
}

void tell_region_end(struct teller *t)
{
	uint32_t g = teller_here(t);
	struct story_go *go;
	uint64_t stack = teller_stack(t);

	if (g == INDEX_NONE)
		return;
	go = &t->story->gos.items[g];
	for (size_t i = go->regions.count; i-- > 0;)
		if (go->regions.items[i].is_open) {
			end_region(t, &go->regions.items[i], stack);
			return;
		}
	*array_push(&go->regions) = (struct story_region){
		.begin_ns = go->created_ns,
		.end_ns = t->now_ns,
		.task = t->event->arg[0],
		.name = teller_text(t, t->event->arg[1]),
		.stacks = { 0, stack },
		.begins_before = true,
	};
}

void tell_regions_end(struct teller *t, uint32_t g)
{
	struct story_go *go = &t->story->gos.items[g];

	for (size_t i = 0; i < go->regions.count; i++)
		if (go->regions.items[i].is_open) {
			end_region(t, &go->regions.items[i], 0);
			go->regions.items[i].end_ns = go->ended_ns;
			go->regions.items[i].ends_with_go = true;
		}
}

void tell_log(struct teller *t)
{
	const struct event *e = t->event;

	t->story->logs++;
	if (e->g != EVENT_NONE)
		*array_push(&t->story->logs_told) = (struct story_mark){
			.time_ns = t->now_ns,
			.go = e->g,
			.proc = e->p,
			.thread = EVENT_NONE,
			.task = e->arg[0],
			.stack = teller_stack(t),
			.category = teller_text(t, e->arg[1]),
			.message = teller_text(t, e->arg[2]),
		};
}

void tell_sample(struct teller *t)
{
	const struct event *e = t->event;

	*array_push(&t->story->sampled) = (struct story_mark){
		.time_ns = t->now_ns,
		.go = e->g,
		.proc = e->p,
		.thread = e->m,
		.stack = teller_stack_of(t, e->arg[0]),
	};
}

/* A profile may name a P that no event does: then nothing is known of it. */
void tell_samples_end(struct teller *t)
{
	for (size_t i = 0; i < t->story->sampled.count; i++) {
		struct story_mark *mark = &t->story->sampled.items[i];

		if (id_map_find(&t->proc_of, mark->proc) == ID_NONE)
			mark->proc = EVENT_NONE;
	}
}

static struct story_task *find_task(struct teller *t, uint64_t id)
{
	uint32_t at = id_map_find(&t->task_of, id);

	return at == ID_NONE ? NULL : &t->story->tasks.items[at];
}

static struct story_task *add_task(struct teller *t, uint64_t id)
{
	id_map_set(&t->task_of, id, (uint32_t)t->story->tasks.count);
	*array_push(&t->story->tasks) = (struct story_task){
		.id = id,
		.go = EVENT_NONE,
		.end_go = EVENT_NONE,
		.begin_ns = TIME_UNKNOWN,
		.end_ns = TIME_UNKNOWN,
	};
	return &t->story->tasks.items[t->story->tasks.count - 1];
}

void tell_task(struct teller *t)
{
	const struct event *e = t->event;
	struct story_task *task = find_task(t, e->arg[0]);
	bool begins = e->type == WIRE_USER_TASK_BEGIN;

	if (task == NULL || (begins && task->begin_ns != TIME_UNKNOWN))
		task = add_task(t, e->arg[0]);
	if (!begins) {
		task->end_ns = t->now_ns;
		task->end_go = e->g;
		return;
	}
	task->begin_ns = t->now_ns;
	task->go = e->g;
	task->parent = e->arg[1] == EVENT_NONE ? 0 : e->arg[1];
	task->name = teller_text(t, e->arg[2]);
	task->stack = teller_stack(t);
}
