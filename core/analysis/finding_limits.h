/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FINDING_LIMITS_H
#define CORE_ANALYSIS_FINDING_LIMITS_H

#include "core/base/bytes.h"
#include "core/base/error.h"

/* From when on something is a finding: issue by issue what people can set, --threshold NAME=VALUE.
 */
struct finding_limits {
	int64_t stop_ns;        /* a stop of the world */
	int64_t wait_ns;        /* a wait for a P */
	int64_t idle_ns;        /* a P is idle while somebody is runnable */
	int64_t serial_ns;      /* one runs alone */
	int64_t stall_times;    /* as long as nine of ten waits at its stack */
	int64_t stall_alone_ns; /* a wait without peers */
	int64_t convoy_percent; /* waits for a lock, of the trace's length */
	int64_t burst_count;    /* goroutines created */
	int64_t burst_ns;       /* within */
	int64_t run_ns;         /* a run without a stop */
};

extern const struct finding_limits finding_limits_usual;

/* "stop=2ms,burst=500": sets those that are named. False: there is none of that name, or no such
 * value. */
bool finding_limits_parse(struct finding_limits *limits, struct bytes text, struct error *err);

#endif
