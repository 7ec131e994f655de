/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_CHECK_H
#define CORE_TRACE_V1_CHECK_H

#include "core/base/array.h"
#include "core/base/id_map.h"
#include "core/trace/v1_order.h"

/* What Go asks of the events of a v1 trace once they are ordered (trace-format-v1.md 5.4; Go:
 * internal/trace/internal/tracev1/parser.go): states of goroutines and Ps that go together, ranges
 * that do not nest, regions that do. For strict alone: nothing else minds. */
struct v1_check {
	struct budget *budget;
	struct id_map go_of, proc_of, task_of;
	ARRAY(struct v1_checked_go {
		uint32_t region; /* the innermost open one, into regions; V1_CHECK_NONE */
		uint8_t state;
		bool is_known, assists;
	})
	gos;
	ARRAY(struct v1_checked_proc {
		uint64_t g; /* that runs on it; 0: none */
		bool is_running, sweeps;
	})
	procs;
	ARRAY(struct v1_checked_region {
		uint64_t task, name;
		uint32_t around; /* the one around it, or the next free one */
	})
	regions;
	ARRAY(uint8_t) tasks; /* whether they are open */
	uint32_t free_region;
	bool in_gc, is_stopped;
	const char *why; /* what is wrong; NULL: nothing */
	uint32_t offset; /* of the event that is */
};

#define V1_CHECK_NONE UINT32_MAX

void v1_check_init(struct v1_check *check, struct budget *budget);
void v1_check_free(struct v1_check *check);

/* The next event in order; false if Go refuses the trace for it. */
bool v1_check_take(struct v1_check *check, const struct v1_event *event);

#endif
