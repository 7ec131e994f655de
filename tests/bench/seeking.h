/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_SEEKING_H
#define TESTS_BENCH_SEEKING_H

#include <stdbool.h>

/* How long a search takes: to the first hit, as it is gone to, and to the exact count, of a trace
 * that is loaded whole; a line for each of some expressions. False: it cannot be read. */
bool bench_seeking(const char *path, int cols, int rows);

#endif
