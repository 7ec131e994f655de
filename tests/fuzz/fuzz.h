/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What a fuzz target is: libFuzzer calls it with --enable-fuzzing; otherwise replay.c does, with
 * each file of tests/fuzz/corpus/TARGET. It returns 0 or does not return. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold of any bytes. */
static inline void must(bool good, const char *what)
{
	if (good)
		return;
	fflush(stdout);
	fprintf(stderr, "broken promise: %s\n", what);
	abort();
}

#endif
