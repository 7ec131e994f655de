/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_FIRST_H
#define TESTS_BENCH_FIRST_H

#include "tests/bench/figures.h"

/* How long until something of all of a trace can be seen, with whatever else goes on then: from
 * opening it to the cells of the first picture. */
struct first_question {
	const char *path;
	bool is_cold; /* what the system has of the file in memory is dropped before; else it has
	                 all */
	int cols, rows;
};

struct first {
	int64_t alone_ns;        /* on the thread's own clock (figures.h) */
	int64_t wall_ns, cpu_ns; /* cpu: of the thread that draws */
	bool is_sketched;        /* else so much of it is loaded that it is not worth while */
	int64_t there_ns; /* then, by the same clock: a thousandth of the trace, near its end */
};

/* An apart_fn: struct first_question -> struct first. */
bool draw_first(const void *question, void *first);

#endif
