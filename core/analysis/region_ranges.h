/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_REGION_RANGES_H
#define CORE_ANALYSIS_REGION_RANGES_H

#include "core/analysis/region_times.h"

/* The ranges that are charged to goroutines - mark assists, stops of the world, sweeps -, part by
 * part, for those that region_times has something of by then. A sweep that goes on beyond a run is
 * none of them. */
struct region_ranges {
	struct region_times *times;
	const struct model *model;
	size_t assists, stops; /* of the model's: those that are added */
	string_id assist_name, sweep_name;
};

void region_ranges_init(struct region_ranges *ranges, struct region_times *times,
                        const struct model *model);

/* Some of a part, from *at on, which is 0 first; false: that was all. */
bool region_ranges_add(struct region_ranges *ranges, uint32_t part, size_t *at);

#endif
