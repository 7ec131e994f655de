/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_LANE_H
#define CORE_MODEL_LANE_H

#include "core/base/radix.h"
#include "core/model/walk.h"

struct history;

/* The records of a generation in the order of its Ps' lanes: what runs on a P, and inside it. */
struct lanes {
	ARRAY(uint32_t)
	first_run;             /* of each P, into the history's runs; one more than there are Ps
	                        */
	ARRAY(uint32_t) hints; /* of each P: where it was looked last; nothing depends on it */
	ARRAY(struct piece) pieces; /* by P, then begin */
	ARRAY(uint32_t) first_piece;
	part_time longest_piece;
};

void lanes_init(struct lanes *lanes, struct budget *budget);
void lanes_free(struct lanes *lanes);

/* Puts the runs of a history in the order of their Ps and begins, those without a P last, and what
 * the walk found inside them likewise. clipped: what assists that go through several runs cover. In
 * steps, from 0 on; false: that was the last. keys stay as they are in between. */
bool lanes_build(struct history *history, const struct walk *walk, const struct piece *clipped,
                 size_t clipped_count, u64_array *keys, u64_array *room, size_t step);

/* Both ends of its stay on the P are in this part; else the seam knows it (struct long_run). */
static inline bool lane_is_whole(const struct run *run)
{
	return (run->open == RUN_START || run->open == RUN_SWITCH) && run->lane_end != TIME_NONE;
}

/* Some pieces at the begin of lanes begin a little later than they did. */
void lanes_reorder(struct lanes *lanes);

/* The first run of a P that begins at or after a time: an index into runs. */
uint32_t lanes_first_from(const struct history *history, uint16_t proc, part_time time);

/* The first piece that may lap into what begins at a time, likewise. */
uint32_t lanes_first_piece(const struct history *history, uint16_t proc, part_time time);

#endif
