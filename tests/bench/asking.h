/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_ASKING_H
#define TESTS_BENCH_ASKING_H

#include <stdbool.h>

/* How long it takes to tell why a goroutine did not run (why.h), where the histories are there: of
 * many goroutines, each at a time of its own. False: the trace cannot be read. */
bool bench_asking(const char *path);

#endif
