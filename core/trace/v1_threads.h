/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_THREADS_H
#define CORE_TRACE_V1_THREADS_H

#include "core/trace/v1_convert.h"
#include "core/trace/v1_pieces.h"

/* v1 tells what each P did, and its order is known; the model wants to hear what each thread did,
 * and numbers that tell the order. So events are given to the threads that hold their Ps,
 * goroutines and Ps are counted through, and each piece says again, where one is first mentioned,
 * what it was doing, as a generation of v2 does. Threads that the trace does not name - of a P
 * that never started, of a syscall that was in progress - are made up, with ids from
 * WIRE_MADE_UP_THREAD on.
 *
 * What damage left impossible is mended so that the newer event is right. */

enum { V1_NOBODY = UINT32_MAX };

struct v1_threads {
	struct budget *budget;
	struct v1_pieces *pieces;
	struct id_map proc_of, thread_of;
	ARRAY(struct v1_go { /* by number */
			     uint64_t id;
			     uint32_t proc;   /* that it holds; V1_NOBODY */
			     uint32_t thread; /* that it is on; V1_NOBODY */
			     uint32_t bound;  /* P that its syscall is bound to; V1_NOBODY */
			     uint32_t seq;    /* in the piece */
			     uint32_t piece;  /* it was last mentioned in, + 1 */
			     uint8_t status;  /* enum wire_go_status; 0: not known, or dead */
	})
	gos;
	ARRAY(struct v1_held {
		uint64_t id;
		uint32_t go;     /* that runs on it, in a syscall or not */
		uint32_t thread; /* that holds it; V1_NOBODY: it is idle */
		uint32_t caller; /* goroutine whose syscall is bound to it; V1_NOBODY */
		uint32_t seq, piece;
		bool is_lost; /* said to have been taken from its goroutine's syscall */
	})
	procs;
	ARRAY(struct v1_thread {
		uint64_t m;
		uint32_t go, proc; /* V1_NOBODY */
	})
	threads;
	uint32_t piece; /* number of the open one, + 1 */
	uint64_t gc_seq;
	uint64_t stop_m; /* the thread that stopped the world */
	bool is_stopped;
	int64_t now_ns;
	uint64_t made_up; /* threads */
	uint64_t bound;   /* those from WIRE_BOUND_THREAD on */
};

void v1_threads_init(struct v1_threads *threads, struct budget *budget, struct v1_pieces *pieces);
void v1_threads_free(struct v1_threads *threads);

/* The next event in order. Pieces are cut on the way; the last one by v1_pieces_cut. */
void v1_threads_add(struct v1_threads *threads, const struct v1_modern *modern);

#endif
