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

/* Where the runs of each P begin, which are in the order of their Ps and begins, those without a P
 * last. */
void lanes_find_runs(struct history *history, size_t procs);

/* Pieces inside of runs, each of some P: all are counted, then laid in the order of their begins.
 */
void lanes_count_pieces(struct lanes *lanes, size_t procs);
void lanes_count_piece(struct lanes *lanes, const struct piece *piece);
void lanes_begin_pieces(struct lanes *lanes, size_t count);
void lanes_lay_piece(struct lanes *lanes, const struct piece *piece);

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
