/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_EVENTS_H
#define CORE_TRACE_V1_EVENTS_H

#include "core/trace/event.h"
#include "core/trace/v1_convert.h"

/* The events of a v1 trace as Go's reader hands them out: what order.h is to v2. The whole trace is
 * one generation, between two syncs. Traces of before 1.11, which Go's reader refuses, follow the
 * same rules. */
struct v1_events {
	struct v1_file file;
	struct v1_order order;
	struct v1_convert convert;
	int64_t last_ns;
	uint64_t syncs, count;
	bool is_full;
};

/* Reads and orders the trace, whose source is finished. Strict: false if Go would refuse it, and
 * *err says why; freed in any case. */
bool v1_events_init(struct v1_events *events, struct budget *budget, const struct source *source,
                    unsigned minor, bool is_strict, struct error *err);
void v1_events_free(struct v1_events *events);

/* Whether there was no memory for all of them. */
bool v1_events_are_cut(const struct v1_events *events);

/* The next event; false at the end. */
bool v1_events_next(struct v1_events *events, struct event *event);

#endif
