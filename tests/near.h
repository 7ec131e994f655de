/* SPDX-License-Identifier: MIT */
#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

#include "tests/load.h"

/* The referee of close-ups: windows at random places of all parts whose histories are there, made
 * from checkpoints, have the runs and pieces that those histories have there. */
struct near_count {
	uint64_t made, refused; /* windows */
	uint64_t records;       /* that were compared */
};

/* What is wrong, or NULL. The same seed gives the same windows. */
const char *near_broken(const struct loaded *loaded, uint64_t seed, int windows,
                        struct near_count *count);

/* The same of one window; tells what is not the same if it is to. */
const char *near_window_broken(const struct loaded *loaded, uint32_t part, int64_t begin_ns,
                               int64_t end_ns, bool tells, struct near_count *count);

#endif
