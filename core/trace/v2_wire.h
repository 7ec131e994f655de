/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V2_WIRE_H
#define CORE_TRACE_V2_WIRE_H

#include "core/base/bytes.h"
#include "core/trace/clock.h"

/* The records of Go 1.22-1.26 as they stand in the file (Go: internal/trace/tracev2/events.go). */
enum wire_type {
	WIRE_NONE,
	WIRE_EVENT_BATCH,
	WIRE_STACKS,
	WIRE_STACK,
	WIRE_STRINGS,
	WIRE_STRING,
	WIRE_CPU_SAMPLES,
	WIRE_CPU_SAMPLE,
	WIRE_FREQUENCY,
	WIRE_PROCS_CHANGE, /* from here on timed: what stands in event batches */
	WIRE_PROC_START,
	WIRE_PROC_STOP,
	WIRE_PROC_STEAL,
	WIRE_PROC_STATUS,
	WIRE_GO_CREATE,
	WIRE_GO_CREATE_SYSCALL,
	WIRE_GO_START,
	WIRE_GO_DESTROY,
	WIRE_GO_DESTROY_SYSCALL,
	WIRE_GO_STOP,
	WIRE_GO_BLOCK,
	WIRE_GO_UNBLOCK,
	WIRE_GO_SYSCALL_BEGIN,
	WIRE_GO_SYSCALL_END,
	WIRE_GO_SYSCALL_END_BLOCKED,
	WIRE_GO_STATUS,
	WIRE_STW_BEGIN,
	WIRE_STW_END,
	WIRE_GC_ACTIVE,
	WIRE_GC_BEGIN,
	WIRE_GC_END,
	WIRE_GC_SWEEP_ACTIVE,
	WIRE_GC_SWEEP_BEGIN,
	WIRE_GC_SWEEP_END,
	WIRE_GC_MARK_ASSIST_ACTIVE,
	WIRE_GC_MARK_ASSIST_BEGIN,
	WIRE_GC_MARK_ASSIST_END,
	WIRE_HEAP_ALLOC,
	WIRE_HEAP_GOAL,
	WIRE_GO_LABEL,
	WIRE_USER_TASK_BEGIN,
	WIRE_USER_TASK_END,
	WIRE_USER_REGION_BEGIN,
	WIRE_USER_REGION_END,
	WIRE_USER_LOG,
	WIRE_GO_SWITCH,
	WIRE_GO_SWITCH_DESTROY,
	WIRE_GO_CREATE_BLOCKED,
	WIRE_GO_STATUS_STACK,
	WIRE_EXPERIMENTAL_BATCH,
	WIRE_SYNC,
	WIRE_CLOCK_SNAPSHOT,
	WIRE_END_OF_GENERATION,
	WIRE_SPAN = 128, /* experimental: skipped and counted */
	WIRE_SPAN_ALLOC,
	WIRE_SPAN_FREE,
	WIRE_HEAP_OBJECT,
	WIRE_HEAP_OBJECT_ALLOC,
	WIRE_HEAP_OBJECT_FREE,
	WIRE_GOROUTINE_STACK,
	WIRE_GOROUTINE_STACK_ALLOC,
	WIRE_GOROUTINE_STACK_FREE,
	WIRE_TYPES,
};

enum { WIRE_ARGS = 5 }; /* the most arguments a record has, without dt */

/* What a record is called and what it takes, as in Go's text form. */
struct wire_spec {
	const char *name;
	const char *args[WIRE_ARGS]; /* in order, without dt; NULL behind the last */
	uint8_t arg_count;
	bool timed;       /* may stand in an event batch, with dt before its arguments */
	int8_t stack_arg; /* the argument that is the stack of whoever wrote it; -1: none */
};

/* The spec of a type; its name is NULL if there is no such type. */
const struct wire_spec *wire_spec(unsigned type);

/* Numbers behind dt of a timed record, + 1; 0: not one. */
extern const uint8_t wire_timed_args[256];

/* The goroutine and P statuses of GoStatus and ProcStatus. */
enum wire_go_status {
	WIRE_GO_BAD,
	WIRE_GO_RUNNABLE,
	WIRE_GO_RUNNING,
	WIRE_GO_SYSCALL,
	WIRE_GO_WAITING
};
enum wire_proc_status {
	WIRE_PROC_BAD,
	WIRE_PROC_RUNNING,
	WIRE_PROC_IDLE,
	WIRE_PROC_SYSCALL,
	WIRE_PROC_ABANDONED,
};

#define WIRE_NO_THREAD UINT64_MAX

/* Threads that readers of v1 traces make up; no system has such ids. */
#define WIRE_MADE_UP_THREAD (UINT64_MAX - UINT32_MAX)

/* In v1 a syscall counts as executing while a P goes on that it was last seen on, though another
 * thread has the P (Go: internal/trace/tracev1.go, summary.go). Of one that was in progress when
 * tracing began that is a thread from WIRE_BOUND_THREAD on; and when the P goes idle, the thread
 * says ProcSteal of it from itself with this number, which no trace has. */
#define WIRE_BOUND_THREAD (WIRE_MADE_UP_THREAD + INT32_MAX)
#define WIRE_PARTED 0

static inline bool wire_is_bound(uint64_t m)
{
	return m >= WIRE_BOUND_THREAD && m != WIRE_NO_THREAD;
}

/* The thread, if it is one that people may see. */
static inline uint64_t wire_thread(uint64_t m)
{
	return m < WIRE_MADE_UP_THREAD ? m : WIRE_NO_THREAD;
}

/* A timed record, its time made absolute. */
struct wire_event {
	int64_t time_ns; /* as Go converts it: each delta truncated to ns, then added */
	uint64_t arg[4];
	uint32_t offset; /* of its first byte in the payload */
	uint8_t type;
};

/* Reads the payload of one event batch. Set in, clock and time_ns (the batch's base) to begin. */
struct wire_reader {
	struct bytes in;
	struct clock clock;
	size_t at;
	int64_t time_ns;
	const char *fault; /* what is wrong with the bytes at at; NULL: nothing so far */
};

/* The next records, up to max; 0 at the end or at a fault. What stood before a fault counts. */
size_t wire_read(struct wire_reader *reader, struct wire_event *events, size_t max);

#endif
