/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_CONVERT_H
#define CORE_TRACE_V1_CONVERT_H

#include "core/trace/v1_order.h"
#include "core/trace/v2_wire.h"

/* The ordered events of a v1 trace told in the words of v2, as Go's own conversion tells them
 * (trace-format-v1.md 6; Go: internal/trace/tracev1.go): the snapshot at the begin becomes
 * statuses, the reasons of blocking get their texts, a syscall that keeps its P lasts 1 ns. Traces
 * of before 1.11, which that conversion refuses, follow the same rules. */

/* What v2 says otherwise: a syscall has lost its P. Go's conversion drops it. */
#define V1_PROC_LOST WIRE_EVENT_BATCH

struct v1_modern {
	int64_t time_ns; /* as recorded, since the first event; Go squeezes them apart later */
	uint64_t arg[4]; /* of the record of v2 of that type: texts and stacks by ids of the file's
	                  * tables, sequence numbers 0 */
	uint64_t g;      /* that it is shown for; 0: none */
	int64_t thread;  /* that holds the P; -1: not known */
	uint64_t parent,
		name;        /* of UserTaskEnd: as its begin said; parent of an unknown one: none */
	uint32_t go, target; /* numbers of g and of the goroutine that the first argument names */
	int32_t p;           /* that it happened on; -1: none */
	uint8_t made_up;     /* enum v1_made_up: the P that Go shows it on */
	uint8_t type;        /* enum wire_type; CPU samples have stack, M, P, G; V1_PROC_LOST */
	bool is_plain;       /* Go fills in its context without asking whether there is any */
	bool is_initial; /* a goroutine found runnable when tracing began: shown without context */
};

struct v1_convert {
	struct budget *budget;
	struct v1_file *file;
	struct v1_order *order;
	uint64_t first_text; /* own id of our first text */
	uint64_t stop_reason;
	bool is_init;     /* before the first Gomaxprocs: the snapshot */
	uint32_t helpers; /* before 1.10: Ps that help with mark termination */

	struct id_map proc_of;
	ARRAY(struct v1_proc {
		int64_t thread;
		bool is_seen;
	})
	procs;
	ARRAY(struct v1_found {
		uint64_t g;
		uint32_t go;
	})
	found;                     /* goroutines of the snapshot */
	ARRAY(uint8_t) has_status; /* by number: nothing more has to be said of them */
	struct id_map task_of;
	ARRAY(struct v1_task {
		uint64_t parent, name;
		bool is_open;
	})
	tasks;

	struct v1_modern next; /* a second one that comes of the same event */
	bool has_next;
	size_t found_at; /* those of found that are given yet */
	int64_t found_ns;
	bool gives_found;
};

/* Adds our texts to the tables of the file, which is read and ordered. */
void v1_convert_init(struct v1_convert *convert, struct budget *budget, struct v1_file *file,
                     struct v1_order *order);
void v1_convert_free(struct v1_convert *convert);

/* The next one; false at the end. */
bool v1_convert_next(struct v1_convert *convert, struct v1_modern *modern);

#endif
