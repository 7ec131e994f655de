/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_FRAMES_H
#define TESTS_BENCH_FRAMES_H

#include "tests/bench/figures.h"

/* What a key costs from its name to the cells, without a terminal: CPU time of the thread that
 * draws, at every power of four of zoom, at random places. */

enum { FRAME_LEVELS_MAX = 24, FRAME_KEY_MAX = 16, DEEP_LEVELS = 3 };

struct frame_level {
	int64_t window_ns;
	int64_t jump_ns, jump_max_ns; /* the first picture of a place, with what is loaded there */
	int64_t make_ns,
		make_max_ns; /* until the records for its sharp one are there; by the clock */
	int64_t key_ns, key_95_ns, key_max_ns; /* a key there, and its picture */
	char worst[FRAME_KEY_MAX];             /* the key of key_max_ns */
};

/* Deep zoom, not cached: from wanting a window until it is drawn sharp, all of it by the thread
 * that draws. */
struct frame_deep {
	int64_t window_ns;
	int64_t sharp_ns, sharp_95_ns, sharp_max_ns;
	int64_t clock_ns;    /* by the clock */
	int64_t pan_ns;      /* a step to the side, then */
	size_t near, places; /* of how many of them there was a close-up, and no history yet */
};

struct frames {
	size_t count, deep_count;
	struct frame_level levels[FRAME_LEVELS_MAX];
	struct frame_deep deep[DEEP_LEVELS];
};

struct frame_question {
	const char *path;
	int cols, rows;
};

/* An apart_fn: struct frame_question -> struct frames. */
bool draw_frames(const void *question, void *frames);

#endif
