/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_LANE_H
#define CORE_MODEL_LANE_H

#include "core/base/radix.h"
#include "core/model/walk.h"

/* The records of a generation in the order of its Ps' lanes: what runs on a P, and inside it. */
struct lanes {
	ARRAY(uint32_t) runs;       /* indexes of runs, by P, then begin */
	ARRAY(uint32_t) first_run;  /* of each P; one more than there are Ps */
	ARRAY(uint32_t) hints;      /* of each P: where it was looked last; nothing depends on it */
	ARRAY(struct piece) pieces; /* assists and sweeps, by P, then begin */
	ARRAY(uint32_t) first_piece;
};

void lanes_init(struct lanes *lanes, struct budget *budget);
void lanes_free(struct lanes *lanes);

/* From a walk whose times are final. clipped: what assists that go through several runs cover. */
void lanes_build(struct lanes *lanes, const struct walk *walk, const struct piece *clipped,
                 size_t clipped_count, u64_array *keys, u64_array *room);

/* When a run left its P: at its end, or when a syscall lost the P. TIME_NONE: not in this part. */
part_time lane_end(const struct walk *walk, uint32_t run);

/* Both ends of its stay on the P are in this part; else the seam knows it (struct long_run). */
bool lane_is_whole(const struct walk *walk, uint32_t run);

/* The first run of a P that begins at or after a time: an index into runs. */
uint32_t lanes_first_from(const struct lanes *lanes, const struct walk *walk, uint16_t proc,
                          part_time time);

#endif
