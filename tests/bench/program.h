/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_PROGRAM_H
#define TESTS_BENCH_PROGRAM_H

#include "tests/bench/wire.h"

/* The program whose trace we make up: its functions, call stacks and texts. Goroutines are of JOBS
 * kinds, told apart by the function they begin with. Each generation numbers strings and stacks
 * anew, as in real traces. */

enum { JOBS = 40, SMALL_JOBS = 5, PATHS = 3 };

/* What a goroutine is doing at the leaf of its stack. */
enum call {
	CALL_RECEIVE,
	CALL_SEND,
	CALL_SELECT,
	CALL_LOCK,
	CALL_READ,
	CALL_SLEEP,
	CALL_WRITE,
	CALL_OPEN,
	CALL_ALLOCATE,
	CALL_ANNOTATE,
	CALL_COMPUTE,
	CALL_GC_WORK, /* of the runtime's own workers */
	CALLS,
};

/* Fixed texts. Names of functions, files, tasks and regions follow them. */
enum text {
	TEXT_NONE,
	TEXT_LABEL_DEDICATED,
	TEXT_LABEL_FRACTIONAL,
	TEXT_LABEL_IDLE,
	TEXT_STOP_YIELD,
	TEXT_STOP_PREEMPTED,
	TEXT_BLOCK_RECEIVE,
	TEXT_BLOCK_SEND,
	TEXT_BLOCK_SELECT,
	TEXT_BLOCK_SYNC,
	TEXT_BLOCK_NETWORK,
	TEXT_BLOCK_SLEEP,
	TEXT_BLOCK_ASSIST,
	TEXT_BLOCK_SYSTEM,
	TEXT_BLOCK_FOREVER,
	TEXT_STW_START_TRACE,
	TEXT_STW_SWEEP_TERMINATION,
	TEXT_STW_MARK_TERMINATION,
	TEXT_STW_MEM_STATS,
	TEXT_LOG_CATEGORY,
	TEXT_LOG_MESSAGE,
	TEXT_TASK,                   /* and 7 more names of tasks */
	TEXT_REGION = TEXT_TASK + 8, /* and 15 more of regions */
	TEXTS = TEXT_REGION + 16,
};

/* The number of a text, or of the stack of a goroutine of this job in this call, in a generation.
 */
uint64_t program_string(uint64_t generation, unsigned text);
uint64_t program_stack(uint64_t generation, unsigned job, enum call call, unsigned path);

/* The stack a new goroutine of this job begins with. */
uint64_t program_entry(uint64_t generation, unsigned job);

/* Writes the stacks and strings of a generation; small: only those of the first SMALL_JOBS jobs,
 * with few frames. */
void program_write_tables(struct wire *wire, uint64_t at, bool small);

#endif
