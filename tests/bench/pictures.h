/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_PICTURES_H
#define TESTS_BENCH_PICTURES_H

#include <stdbool.h>
#include <stdint.h>

/* Tables of how long pictures take, as cells and at a terminal, at many scales. False: the trace
 * cannot be read. */
bool bench_frames(const char *trace, int cols, int rows);

struct terminal_question {
	const char *gander, *trace;
	int64_t whole_ns; /* how long the trace is */
	int cols, rows;
	bool has_goals; /* at this size */
};

bool bench_terminal(const struct terminal_question *question);

#endif
