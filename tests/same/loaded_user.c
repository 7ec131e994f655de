/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/user.h"

#include "tests/same/loaded.h"

/* What the program said of itself, and CPU samples, as pictures get them. */

enum { WINDOW_NS = 10000000, REGIONS = 1 << 16, MARKS = 1 << 15 };

static void read_regions(const struct reader *r, uint32_t go, struct user_region *regions)
{
	struct story_go *to = &r->story->gos.items[go];
	size_t count = user_regions(r->model, go, 0, INT64_MAX, regions, REGIONS);

	for (size_t i = 0; i < count; i++)
		*array_push(&to->regions) = (struct story_region){
			.begin_ns = regions[i].begin_ns,
			.end_ns = regions[i].end_ns,
			.task = regions[i].task,
			.stacks = { reader_stack(r, regions[i].stacks[0]),
			            reader_stack(r, regions[i].stacks[1]) },
			.name = reader_text(r, regions[i].name),
			.depth = regions[i].depth,
			.begins_before = regions[i].begins_before,
			.is_open = regions[i].is_open,
			.ends_with_go = regions[i].ends_with_go,
		};
}

static void read_logs(const struct reader *r, uint32_t go, struct user_log *logs)
{
	size_t count =
		user_logs(r->model, (struct user_of){ go, INDEX_NONE }, 0, INT64_MAX, logs, MARKS);

	for (size_t i = 0; i < count; i++)
		*array_push(&r->story->logs_told) = (struct story_mark){
			.time_ns = logs[i].time_ns,
			.go = reader_go(r, logs[i].go),
			.proc = reader_proc(r, logs[i].proc),
			.thread = EVENT_NONE,
			.task = logs[i].task,
			.stack = reader_stack(r, logs[i].stack),
			.category = reader_text(r, logs[i].category),
			.message = reader_text(r, logs[i].message),
		};
}

static void read_samples(const struct reader *r, struct cpu_sample *samples)
{
	for (int64_t ns = 0; ns <= r->model->end_ns; ns += WINDOW_NS) {
		size_t count = user_samples(r->model, (struct user_of){ INDEX_NONE, INDEX_NONE },
		                            ns, ns + WINDOW_NS, samples, MARKS);

		for (size_t i = 0; i < count; i++)
			*array_push(&r->story->sampled) = (struct story_mark){
				.time_ns = samples[i].time_ns,
				.go = reader_go(r, samples[i].go),
				.proc = reader_proc(r, samples[i].proc),
				.thread = samples[i].thread,
				.stack = reader_stack(r, samples[i].stack),
			};
	}
}

static void read_tasks(const struct reader *r)
{
	for (size_t i = 0; i < r->model->said.tasks.count; i++) {
		const struct user_task *task = &r->model->said.tasks.items[i];

		*array_push(&r->story->tasks) = (struct story_task){
			.id = task->id,
			.parent = task->parent,
			.go = reader_go(r, task->go),
			.end_go = reader_go(r, task->end_go),
			.stack = reader_stack(r, task->stack),
			.begin_ns = task->begin_ns,
			.end_ns = task->end_ns,
			.name = reader_text(r, task->name),
		};
	}
}

void reader_user(const struct reader *r)
{
	struct budget *budget = r->story->budget;
	struct user_region *regions = budget_resize(budget, NULL, 0, REGIONS * sizeof(*regions));
	struct user_log *logs = budget_resize(budget, NULL, 0, MARKS * sizeof(*logs));
	struct cpu_sample *samples = budget_resize(budget, NULL, 0, MARKS * sizeof(*samples));

	for (uint32_t go = 0; go < r->story->gos.count; go++) {
		read_regions(r, go, regions);
		read_logs(r, go, logs);
	}
	read_samples(r, samples);
	read_tasks(r);
	budget_resize(budget, regions, REGIONS * sizeof(*regions), 0);
	budget_resize(budget, logs, MARKS * sizeof(*logs), 0);
	budget_resize(budget, samples, MARKS * sizeof(*samples), 0);
}
