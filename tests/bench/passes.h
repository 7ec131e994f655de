/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_PASSES_H
#define TESTS_BENCH_PASSES_H

#include <stdbool.h>

/* How long answers take that go through the whole trace once, beside loading it. False: the trace
 * cannot be read. */
bool bench_passes(const char *path);

#endif
