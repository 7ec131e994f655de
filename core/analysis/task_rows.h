/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_TASK_ROWS_H
#define CORE_ANALYSIS_TASK_ROWS_H

#include "core/model/model.h"

/* The tasks of a window as rows: each below its parent, by begin, and below each task the
 * goroutines that began it, ended it, or had a region or a log of it in the window, as far as
 * histories are there. A goroutine that worked for several stands below each; but one
 * that only began or ended a part of what it stands below is not told again. */
struct task_row {
	uint32_t index; /* in the model's tasks, or the goroutine's number */
	uint8_t depth;  /* how many rows it is inside of */
	uint8_t copy;   /* of a goroutine: how often it came before */
	bool is_task;
};

typedef ARRAY(struct task_row) task_row_array;

enum {
	TASK_ROWS_TASKS = 1000,
	TASK_ROWS_GOS = 4000,
	TASK_ROWS_COPIES = 255, /* of a goroutine */
	TASK_ROWS_DEPTH = 8
};

/* The first ones, if there are more. False: no task is in the window. */
bool task_rows_find(const struct model *model, int64_t begin_ns, int64_t end_ns,
                    task_row_array *rows);

#endif
