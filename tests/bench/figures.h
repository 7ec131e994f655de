/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* What measuring needs: clocks, medians, and a process of its own for what is measured, so that its
 * memory is as fresh as that of a program that has just begun, and its peak is its own. */

/* CLOCK_MONOTONIC for what threads do together, CLOCK_THREAD_CPUTIME_ID for what one does: on a
 * machine that is shared, only that can be compared. */
int64_t clock_now(clockid_t clock);

/* CLOCK_MONOTONIC less all that the thread has waited for a processor: what its clock would say if
 * it had a machine to itself. As CLOCK_MONOTONIC where the system does not tell. */
int64_t clock_alone(void);

/* Figures of the same thing. What is beyond its room is not kept. */
enum { FIGURES_MAX = 512 };
struct figures {
	size_t count;
	int64_t values[FIGURES_MAX];
};

void figures_add(struct figures *figures, int64_t value);

/* The value that percent of all do not exceed: 50 the median, 100 the largest; 0 of none. Sorts. */
int64_t figures_at(struct figures *figures, int percent);

/* Runs a function in a child; what it puts in result, size bytes, comes back. False if it says so
 * or dies, which is told on standard error. */
typedef bool apart_fn(const void *question, void *result);
bool run_apart(apart_fn *fn, const void *question, void *result, size_t size);

/* KiB a process took at most so far; 0: not known. */
uint64_t peak_of(const char *pid);

#endif
