/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_EVENTS_H
#define CORE_TRACE_V1_EVENTS_H

#include "core/trace/event.h"
#include "core/trace/v1_convert.h"

/* The events of a v1 trace as Go's reader hands them out after its conversion (trace-format-v1.md
 * 6; Go: internal/trace/tracev1.go): one sync before them and one behind, no two at one time. */
struct v1_events {
	struct v1_file file;
	struct v1_order order;
	struct v1_convert convert;
	int64_t last_ns;
	bool has_begun, has_ended;
};

/* The source is finished. */
void v1_events_init(struct v1_events *events, struct budget *budget, const struct source *source,
                    unsigned minor);
void v1_events_free(struct v1_events *events);

/* The next event; false at the end. */
bool v1_events_next(struct v1_events *events, struct event *event);

#endif
