/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_PROC_STOPS_H
#define CORE_ANALYSIS_PROC_STOPS_H

#include "core/model/part.h"
#include "core/model/telling.h"

/* When Ps stopped, in traces of before Go 1.22: a syscall that is said to have lost its P counts as
 * executing until that P stops (Go: internal/trace, summary.go, of what it converts). Parts are
 * added in order, before what ends in them is asked for. */
struct proc_stops {
	ARRAY(struct proc_stops_of { ARRAY(int64_t) ns; }) procs; /* like the model's */
};

void proc_stops_init(struct proc_stops *stops, struct budget *budget);
void proc_stops_free(struct proc_stops *stops);

/* Of such a trace, else nothing. */
void proc_stops_add(struct proc_stops *stops, const struct model *model, uint32_t part);

/* When it counts as having lost its P, as told->lost_ns. */
int64_t proc_stops_lost(const struct proc_stops *stops, const struct told *told);

#endif
