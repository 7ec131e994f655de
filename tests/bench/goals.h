/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_GOALS_H
#define TESTS_BENCH_GOALS_H

#include <stdbool.h>
#include <stdint.h>

/* What part 1 must reach, and performance.md 13 asks for. Beyond it, a figure has a mark. */
#define GOAL_INDEX 0.01
#define LIMIT_INDEX 0.03
#define GOAL_ONE_THREAD 2.9
#define LIMIT_ONE_THREAD 4.0
#define GOAL_THREADS 1.7
#define LIMIT_THREADS 2.5
#define GOAL_MEMORY 1.5
#define GOAL_SHARE 0.4  /* of a large file */
#define LIMIT_SHARE 0.5 /* and SPARE_KIB */
#define GOAL_FRAME_MS 1.0
#define LIMIT_FRAME_MS 5.0
#define GOAL_SHARP_MS 5.0 /* of windows of at most 10 ms */
#define LIMIT_SHARP_MS 25.0
#define GOAL_USABLE_MS 300.0
#define GOAL_FIRST_MS 100.0
#define GOAL_FIRST_COLD_MS 250.0
#define LIMIT_FIRST_MS 250.0
#define LIMIT_FIRST_COLD_MS 500.0
#define GOAL_KEY_MS 5.0
#define LIMIT_KEY_MS 50.0
#define GOAL_WHY_MS 50.0
#define GOAL_COUNTED_MS 50.0 /* an answer that loading has counted */

static inline double ms(int64_t ns)
{
	return (double)ns / 1e6;
}

static inline const char *mark(bool is_over)
{
	return is_over ? "!" : " ";
}

/* Between goal and limit: a mark; beyond: two. */
static inline const char *marks(double value, double goal, double limit)
{
	return value > limit ? "!!" : value > goal ? "! " : "  ";
}

#endif
