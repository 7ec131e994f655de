/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_EVENT_H
#define CORE_TRACE_EVENT_H

#include "core/base/bytes.h"

/* The vocabulary that v1 and v2 share. */

/* What a goroutine does (Go: internal/trace/resources.go, GoState). */
enum go_state {
	GO_UNKNOWN,
	GO_RUNNABLE,
	GO_RUNNING,
	GO_SYSCALL,
	GO_WAITING,
	GO_DEAD,
	GO_STATES,
};

/* Shown to people and in tables: runnable, running, ... */
const char *go_state_name(enum go_state state);

struct tables;

#define EVENT_NONE UINT64_MAX /* no thread, P, goroutine or task */

/* What Go's reader knows of a P: one in a syscall is running. */
enum event_proc_state {
	EVENT_PROC_UNKNOWN,
	EVENT_PROC_MISSING, /* it was not there */
	EVENT_PROC_RUNNING,
	EVENT_PROC_IDLE,
};

/* An event in Go's total order (Go: internal/trace/event.go), told by the wire event that it is of;
 * v1 has the same. Texts and stacks are own ids of the generation's tables, which live until the
 * next event is asked for. */
struct event {
	int64_t time_ns;     /* as Go hands it out: at least 1 ns after the event before */
	int64_t recorded_ns; /* as in the file */
	uint64_t offset;     /* of the wire event in the file; EVENT_NONE: it stands in none */
	uint64_t m, p, g;    /* where it happened, before it; EVENT_NONE */
	uint64_t
		arg[4];    /* of the wire event; of WIRE_CPU_SAMPLE: the stack; of WIRE_SYNC: its
	                    * number, and of a clock snapshot the trace's time and the monotonic one */
	uint64_t parent;   /* of a task; EVENT_NONE */
	struct bytes name; /* of the task that ends: as its begin said */
	int64_t wall_sec, wall_nsec; /* of a clock snapshot */
	const struct tables *tables;
	uint8_t type;     /* enum wire_type */
	uint8_t before;   /* of a status: what was known, enum go_state or event_proc_state; of a
	                   * steal: the P's */
	bool was_missing; /* of a goroutine's status: nothing was known */
	bool has_clock;   /* of a sync */
};

#endif
