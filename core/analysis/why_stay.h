/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_WHY_STAY_H
#define CORE_ANALYSIS_WHY_STAY_H

#include "core/model/follow.h"

/* A stretch of one goroutine, with what made it runnable and who ended its wait: what chains are
 * made of (why.h). */

/* What a stay of one that waited ended with. */
enum why_end {
	WHY_UNKNOWN, /* nobody tells, or it is no wait */
	WHY_WOKEN,
	WHY_SWITCHED,  /* a coroutine: who gave it control */
	WHY_CREATED,   /* before it there was no such goroutine */
	WHY_BY_NOBODY, /* a timer, the network, the runtime */
	WHY_OPEN,      /* the trace ends first */
};

/* What made one runnable. */
enum why_start {
	WHY_SOMEHOW,
	WHY_UNBLOCKED, /* by from, or by none */
	WHY_BORN,
	WHY_STOPPED,     /* it ran, and was to stop */
	WHY_OUT_OF_CALL, /* that had lost its P */
};

/* How long it did what. */
struct why_mix {
	int64_t running_ns, runnable_ns, waiting_ns, syscall_ns;
	uint64_t waits;
};

/* What one goroutine did. */
struct why_stay {
	int64_t begin_ns, end_ns;
	uint32_t go;
	uint32_t from;      /* who made it runnable, or created it; INDEX_NONE */
	uint32_t by;        /* who ended its wait; INDEX_NONE */
	string_id reason;   /* 0: none */
	stack_id stack;     /* where it stood, or a run ended; 0: not recorded */
	stack_id end_stack; /* of who ended it */
	uint8_t kind;  /* enum span_kind; SPAN_NONE: it was not created yet; of several: what took
	                * most of it */
	uint8_t start; /* enum why_start: of one that is runnable */
	uint8_t end;   /* enum why_end */
	bool has_proc; /* a syscall that holds its P still */
	bool is_sum;   /* of several, with nothing in it that is long but runs */
	struct why_mix mix; /* then */
	int64_t longest_ns; /* then: of one of them, whose stack it is */
};

/* A stay that somebody is followed through; and how a wait ended, by what came next. */
struct why_stay why_stay_of(const struct follow *follow, struct told *told);
void why_stay_end(const struct follow *follow, struct why_stay *wait, struct told *next);

/* What it did: waiting, running, ... */
const char *why_state(const struct why_stay *stay);

/* The innermost frame that is neither of the runtime nor of sync, else the innermost; NULL. */
const struct frame *why_frame(const struct model *model, stack_id stack);

/* Whether it is a wait for a mutex. */
bool why_is_lock(const struct model *model, stack_id stack);

#endif
