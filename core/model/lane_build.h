/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_LANE_BUILD_H
#define CORE_MODEL_LANE_BUILD_H

#include "core/model/history.h"
#include "core/model/walk.h"

/* Puts what a history has in the order of its goroutines' strands and of its Ps' lanes, and what
 * the walk found inside runs likewise, in steps that each go over some 30,000 records once.
 *
 *	lane_build_begin(&build, history, walk, clipped)
 *	while (lane_build_step(&build)) ;
 */
struct lane_build {
	struct history *history;
	const struct walk *walk;
	const piece_array *clipped; /* what assists that go through several runs cover */
	int phase;
	size_t at;                /* in the phase */
	u64_array keys, room;     /* in the low halves of keys, runs in their new order */
	ARRAY(struct run) sorted; /* the runs in their new order, */
	u32_array place_of;       /* and where each went */
};

void lane_build_init(struct lane_build *build, struct budget *budget);
void lane_build_free(struct lane_build *build);

/* All of it stays where it is until the last step. */
void lane_build_begin(struct lane_build *build, struct history *history, const struct walk *walk,
                      const piece_array *clipped);

/* False: that was the last. */
bool lane_build_step(struct lane_build *build);

#endif
