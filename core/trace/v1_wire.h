/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_WIRE_H
#define CORE_TRACE_V1_WIRE_H

#include "core/base/bytes.h"

/* The records of Go 1.5-1.21 as they stand in the file (trace-format-v1.md 2 and 3; Go:
 * internal/trace/internal/tracev1/parser.go and, before 1.11, internal/trace/parser.go). */
enum v1_type {
	V1_NONE,
	V1_BATCH,
	V1_FREQUENCY,
	V1_STACK,
	V1_GOMAXPROCS,
	V1_PROC_START,
	V1_PROC_STOP,
	V1_GC_START,
	V1_GC_DONE,
	V1_STW_START, /* before 1.10: this P helps with mark termination */
	V1_STW_DONE,
	V1_GC_SWEEP_START,
	V1_GC_SWEEP_DONE,
	V1_GO_CREATE,
	V1_GO_START,
	V1_GO_END,
	V1_GO_STOP,
	V1_GO_SCHED,
	V1_GO_PREEMPT,
	V1_GO_SLEEP,
	V1_GO_BLOCK,
	V1_GO_UNBLOCK,
	V1_GO_BLOCK_SEND,
	V1_GO_BLOCK_RECV,
	V1_GO_BLOCK_SELECT,
	V1_GO_BLOCK_SYNC,
	V1_GO_BLOCK_COND,
	V1_GO_BLOCK_NET,
	V1_GO_SYS_CALL,
	V1_GO_SYS_EXIT,
	V1_GO_SYS_BLOCK,
	V1_GO_WAITING,
	V1_GO_IN_SYSCALL,
	V1_HEAP_ALLOC,
	V1_HEAP_GOAL,
	V1_TIMER_GOROUTINE,
	V1_FUTILE_WAKEUP,
	V1_STRING,
	V1_GO_START_LOCAL,
	V1_GO_UNBLOCK_LOCAL,
	V1_GO_SYS_EXIT_LOCAL,
	V1_GO_START_LABEL,
	V1_GO_BLOCK_GC,
	V1_GC_MARK_ASSIST_START,
	V1_GC_MARK_ASSIST_DONE,
	V1_USER_TASK_CREATE,
	V1_USER_TASK_END,
	V1_USER_REGION,
	V1_USER_LOG,
	V1_CPU_SAMPLE,
	V1_TYPES,
};

enum { V1_ARGS = 3 }; /* the most arguments a timed record has, without its deltas and its stack */

/* What a record is called and what it takes. */
struct v1_spec {
	const char *name;
	const char *args[V1_ARGS + 1];
	uint8_t since;     /* the first header it may stand under */
	uint8_t arg_count; /* under the newest one */
	bool has_stack;    /* behind the arguments */
	bool is_timed;     /* deltas before the arguments */
};

/* The spec of a type below V1_TYPES. */
const struct v1_spec *v1_spec(unsigned type);

/* How many arguments a type takes under a header, without deltas and stack. */
unsigned v1_arg_count(unsigned type, unsigned minor);

/* One record, its numbers taken apart. What its header's version does not write is 0. */
struct v1_record {
	uint64_t seq;   /* difference to the record before; header 1.5, and absolute of Batch */
	uint64_t ticks; /* the same of its time */
	uint64_t arg[V1_ARGS];
	uint64_t stack;     /* the file's id; 0: none */
	struct bytes text;  /* of String and UserLog; of Stack the numbers of its frames */
	uint8_t type;       /* enum v1_type */
	uint8_t frame_size; /* numbers a frame; of Stack */
};

enum { V1_STRING_MAX = 1000000, V1_FRAMES_MAX = 1000, V1_RECORD_MAX = 1 << 16 };

/* The fault of a record that is not all there. */
extern const char v1_cut[];

/* Takes the record at *at. NULL and *at behind it, or what is wrong with it and *at unchanged. */
const char *v1_take(struct bytes in, size_t *at, unsigned minor, struct v1_record *record);

#endif
