/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_TERMINAL_H
#define TESTS_BENCH_TERMINAL_H

#include "tests/bench/figures.h"

#include <sys/types.h>

/* The program itself, at a terminal that takes everything at once (terminal.md 4.8): how long from
 * a key until nothing more comes, and how many bytes that is. */
struct terminal {
	int fd;
	pid_t pid;
	int64_t since; /* its begin */
};

/* What followed a key, or the begin. */
struct answer {
	int64_t first_ns;   /* until the end of the first picture: nothing came for a few ms then */
	int64_t settled_ns; /* until the last byte, with what was loaded for it */
	int64_t cpu_ns;     /* of the thread that draws; 0 if the system does not tell */
	int64_t first_bytes, bytes;
};

bool terminal_open(struct terminal *terminal, const char *program, const char *trace, int cols,
                   int rows);
void terminal_close(struct terminal *terminal);

/* Waits for the first picture of all, and until loading is over; then for the answer to a key. */
struct answer terminal_start(struct terminal *terminal);
struct answer terminal_press(struct terminal *terminal, const char *key);

#endif
