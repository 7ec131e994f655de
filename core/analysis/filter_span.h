/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FILTER_SPAN_H
#define CORE_ANALYSIS_FILTER_SPAN_H

#include "core/analysis/filter.h"
#include "core/model/telling.h"

/* Whether a filter accepts a stretch of a lane: what it asks for is taken from the model, and from
 * the history of the stretch's part, if that is there. What is not known is not equal to anything.
 */
bool filter_accepts_span(struct filter *filter, const struct model *model, const struct span *span);

/* The same of a whole stay, while the part in which it ends is told (telling.h), and of which is
 * known how it began (told_know), however long ago that is. */
bool filter_accepts_told(struct filter *filter, const struct model *model, const struct told *told);

/* The same of what a program says: tasks and regions are complete or open, a log is in no state;
 * and what it is called itself is meant, of a task also what its regions and logs are called. */
struct filter_said {
	int64_t begin_ns, end_ns;
	bool has_ends, is_complete;
	uint64_t task;     /* 0: none */
	uint32_t go, proc; /* INDEX_NONE */
	string_id region, message, category;
	stack_id stacks[2];
	const string_id *regions, *logs; /* of a task; NULL: none */
	size_t region_count, log_count;
};
bool filter_accepts_said(struct filter *filter, const struct model *model,
                         const struct filter_said *said);

#endif
