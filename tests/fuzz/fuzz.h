/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What a fuzz target is: libFuzzer calls it with --enable-fuzzing; otherwise replay.c does, with
 * each file of tests/fuzz/corpus/TARGET. It returns 0 or does not return. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
