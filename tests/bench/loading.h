/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_LOADING_H
#define TESTS_BENCH_LOADING_H

#include "tests/bench/figures.h"

/* From the file to the model, beside a kernel that only reads and decodes: its time is the unit
 * that makes figures of other machines, and of this one when it is busy, comparable (performance.md
 * 13). */

enum { PHASES = 16 };

struct loading {
	int64_t cpu_ns, wall_ns;
	int64_t usable_ns; /* of load_threaded: until a first part is there to be seen */
	int64_t whole_ns;  /* the trace's own length */
	uint64_t peak_kib;
	uint64_t bytes, event_bytes, events, generations;
	int64_t phase_ns[PHASES], longest_ns[PHASES]; /* of load_stepped: in all, and of a step */
	bool was_stopped;                             /* memory ran short */
};

/* What a figure is to be asked of. */
struct load_question {
	const char *path;
	int threads;     /* of load_threaded; -1: one a processor */
	uint64_t memory; /* as --memory asks for; 0: not asked */
};

/* Phases as load_stepped tells them apart; NULL behind the last. */
extern const char *const phase_names[PHASES];

/* Each is an apart_fn: struct load_question -> struct loading. */
bool calibrate(const void *question, void *loading);    /* all event batches, byte by byte */
bool load_index(const void *question, void *loading);   /* headers only */
bool load_stepped(const void *question, void *loading); /* all, by this thread */
bool load_threaded(const void *question, void *loading);

#endif
