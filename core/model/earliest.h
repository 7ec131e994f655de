/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_EARLIEST_H
#define CORE_MODEL_EARLIEST_H

#include "core/base/array.h"

/* Parts lap a little, as clocks disagree, and the seam clamps what a part tells first of a
 * goroutine or P that was heard of later before (struct floors). Where they lap by much, as a
 * generation comes twice or a time is damaged, that is not enough: then the part is done once more,
 * knowing who did nothing before when. */
enum earliest_kind { EARLIEST_GO, EARLIEST_PROC, EARLIEST_THREAD };

struct earliest {
	uint64_t id;
	int64_t time_ns; /* since the begin of the trace */
	uint8_t kind;    /* enum earliest_kind */
};

typedef ARRAY(struct earliest) earliest_array;

#endif
