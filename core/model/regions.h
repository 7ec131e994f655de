/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_REGIONS_H
#define CORE_MODEL_REGIONS_H

#include "core/base/id_pages.h"
#include "core/model/records.h"
#include "core/trace/stacks.h"

/* What the program said of itself, of the whole trace: tasks, and regions that last beyond one
 * generation; the others are in histories (history.h). Tasks and regions are few against other
 * events, but a file may claim as many as it likes: what takes more than a share of the memory is
 * counted and not kept. */

struct user_task {
	uint64_t id, parent;      /* parent 0: none */
	int64_t begin_ns, end_ns; /* TIME_UNKNOWN: not in the trace; of several ends the last */
	uint32_t go, end_go;      /* who began and ended it; INDEX_NONE */
	string_id name;           /* its type */
	stack_id stack;           /* of its begin */
};

/* With an end in another generation than its begin, or with one end alone. */
struct long_region {
	int64_t begin_ns, end_ns; /* TIME_UNKNOWN: before the trace; beyond it */
	uint64_t task;
	uint32_t go;
	uint32_t outer;  /* the one around it, or a part's (INDEX_NONE), while it is open */
	uint32_t before; /* the one of the same goroutine that was added before it; INDEX_NONE */
	string_id name;
	stack_id stacks[2];
	bool ends_with_go;
};

struct said {
	ARRAY(struct user_task) tasks; /* as they were heard of first */
	ARRAY(struct long_region) regions;
	struct id_pages task_of;   /* id -> its last task */
	struct id_pages region_of; /* goroutine -> its last region */
	struct id_pages open_of;   /* goroutine -> its innermost open region, + 1; 0: none */
	size_t sure;               /* with so many of both there is room for one more */
	uint64_t unkept;           /* tasks and regions */
};

void said_init(struct said *said, struct budget *budget);
void said_free(struct said *said);
size_t said_bytes(const struct said *said);

/* What they take at most; and what they may take yet. */
size_t said_most(const struct budget *budget);
size_t said_room(const struct said *said);

/* A task, or a region of a goroutine, begins, or ends; a task that begins may bring its end. */
void said_task_begins(struct said *said, const struct user_task *task);
void said_task_ends(struct said *said, uint64_t id, int64_t end_ns, uint32_t go);
void said_region_begins(struct said *said, const struct long_region *region);
void said_region_ends(struct said *said, const struct long_region *end);

/* The goroutine has ended: its regions have. */
void said_go_ends(struct said *said, uint32_t go, int64_t end_ns);

#endif
