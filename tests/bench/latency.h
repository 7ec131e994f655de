/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_LATENCY_H
#define TESTS_BENCH_LATENCY_H

#include "tests/bench/figures.h"

/* How long a key waits while a trace is being loaded: from a random moment, at which it comes, to
 * the cells of its picture, with a loop that does what the program's does. */
struct latency_question {
	const char *path;
	int jobs; /* threads; 0: loading is stepped between keys; -1: one a processor */
	int cols, rows;
};

/* On the thread's own clock (figures.h). */
struct latency {
	struct figures key, wall; /* wall: by the clock of all */
	int64_t step_ns, follow_ns,
		draw_ns; /* the longest: of loading, of taking it up, a picture */
};

/* An apart_fn: struct latency_question -> struct latency. */
bool press_while_loading(const void *question, void *latency);

#endif
