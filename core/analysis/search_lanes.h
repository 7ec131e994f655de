/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SEARCH_LANES_H
#define CORE_ANALYSIS_SEARCH_LANES_H

#include "core/model/model.h"

/* In which lanes of Ps hits begin, so that they are seen where a cell of a lane has too many slices
 * for each to be asked: a bit for each 4096th of a part in each lane, which the counting of the part
 * sets. Half a kilobyte a lane and part; from a few megabytes on no more parts are marked. */
struct search_lanes {
	ARRAY(uint64_t) bits;
	u32_array blocks; /* of each part: which is the first of its lanes', + 1; 0: nothing is known */
	uint32_t procs;   /* a block has two lanes of each of so many */
};

enum { SEARCH_LANE_MARKS = 4096 };

void search_lanes_init(struct search_lanes *lanes, struct budget *budget);
void search_lanes_free(struct search_lanes *lanes);
void search_lanes_clear(struct search_lanes *lanes);

/* A hit that begins in a part; those that no lane of a P shows are left out. */
void search_lanes_mark(struct search_lanes *lanes, const struct model *model, uint32_t part,
                       const struct span *hit);

/* Whether one begins in [begin_ns, end_ns) of what runs on a P, or, inner, of what is inside of
 * that: to a 4096th of a part. */
bool search_lanes_touch(const struct search_lanes *lanes, const struct model *model, uint32_t proc,
                        bool inner, int64_t begin_ns, int64_t end_ns);

#endif
