/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_LOAD_RUN_H
#define TESTS_BENCH_LOAD_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Traces made up: of any size, of any shape, and the same for the same options. Go's own reader
 * accepts what it writes. */

struct load_options {
	uint32_t procs, goroutines;
	uint32_t steps, generations; /* small: so many steps of Ps in so many generations */
	uint32_t forgotten;          /* of these: the first ones, which are not in the file */
	uint64_t seed, bytes;
	int64_t generation_ns, skew_ns;
	int version;
	bool sparse;
	bool odd;   /* with what is seldom */
	bool small; /* few texts, short stacks, short GC cycles: for traces of some hundred events
	             */
};

struct load_result {
	uint64_t events, bytes, generations;
	int64_t length_ns;
	uint32_t threads;
};

/* Writes a whole trace of about as many bytes as wanted. False if that failed. */
bool load_run(const struct load_options *options, FILE *out, struct load_result *result);

#endif
