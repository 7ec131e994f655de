/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_USER_H
#define CORE_MODEL_USER_H

#include "core/model/model.h"

/* What the program said of itself in a window, and where it was sampled: regions that lap into it,
 * logs and CPU samples that lie in it. Of each up to max; a full array may not be all. Histories
 * have them, but for samples, which stand in the parts' tables. Times are ns since the begin of the
 * trace. */

struct user_region {
	int64_t begin_ns, end_ns; /* as far as the trace knows */
	uint64_t task;            /* 0: none */
	uint32_t go;
	uint32_t part, index; /* of a history; part INDEX_NONE: among the model's long ones */
	uint32_t depth;       /* how many are around it */
	string_id name;
	stack_id stacks[2];          /* at its begin and end */
	bool begins_before, is_open; /* nobody began it, or ended it, in the trace */
	bool ends_with_go;           /* and then its goroutine did */
};

struct user_log {
	int64_t time_ns;
	uint64_t task;
	uint32_t go, proc; /* INDEX_NONE */
	uint32_t part, index;
	string_id category, message;
	stack_id stack;
};

struct cpu_sample {
	int64_t time_ns;
	uint64_t thread;
	uint32_t go, proc; /* INDEX_NONE */
	uint32_t part, index;
	stack_id stack;
};

/* Regions of a goroutine, by begin, those around others before them. Of one with very many that
 * last beyond a generation, the latest. */
size_t user_regions(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                    struct user_region *regions, size_t max);

/* Whose logs or samples: of a goroutine, or of a P. */
struct user_of {
	uint32_t go, proc; /* INDEX_NONE: any */
};

/* By time. */
size_t user_logs(const struct model *model, struct user_of of, int64_t begin_ns, int64_t end_ns,
                 struct user_log *logs, size_t max);
size_t user_samples(const struct model *model, struct user_of of, int64_t begin_ns, int64_t end_ns,
                    struct cpu_sample *samples, size_t max);

/* One, by its place; a blank one if its history is not there now. */
struct user_region user_region_at(const struct model *model, uint32_t part, uint32_t index);
struct user_log user_log_at(const struct model *model, uint32_t part, uint32_t index);
struct cpu_sample user_sample_at(const struct model *model, uint32_t part, uint32_t index);

/* A task by its id; NULL: nobody began or ended it in the trace, or it was not kept. */
const struct user_task *user_task(const struct model *model, uint64_t id);

/* It as a span: from the begin of the trace, or to its end, where nobody began or ended it. */
static inline struct span user_task_span(const struct model *model, uint32_t index)
{
	const struct user_task *task = &model->said.tasks.items[index];

	return (struct span){
		.begin_ns = task->begin_ns == TIME_UNKNOWN ? 0 : task->begin_ns,
		.end_ns = task->end_ns == TIME_UNKNOWN ? model->end_ns : task->end_ns,
		.go = task->go,
		.proc = INDEX_NONE,
		.part = INDEX_NONE,
		.index = index,
		.kind = SPAN_TASK,
	};
}

#endif
