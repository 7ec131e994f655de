/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_INSIDE_H
#define CORE_ANALYSIS_INSIDE_H

#include "core/base/id_pages.h"
#include "core/model/user.h"

/* When goroutines were in the regions of one name, those inside of another one with it (Go:
 * cmd/trace, pprofMatchingRegions). Regions are added part by part, before what ends in that part
 * is asked for. */
struct inside {
	ARRAY(struct inside_go {
		ARRAY(struct inside_stretch { int64_t begin_ns, end_ns; }) stretches;
		bool is_sorted; /* by begin; none laps into another */
	})
	gos;
	struct id_pages go_of; /* goroutine -> gos */
};

void inside_init(struct inside *inside, struct budget *budget);
void inside_free(struct inside *inside);

/* Nobody began it: since the trace's begin. */
void inside_add(struct inside *inside, const struct user_region *region);

/* For how long of [begin_ns, end_ns) a goroutine was in one. */
int64_t inside_ns(struct inside *inside, uint32_t go, int64_t begin_ns, int64_t end_ns);

#endif
