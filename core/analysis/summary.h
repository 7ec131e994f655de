/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SUMMARY_H
#define CORE_ANALYSIS_SUMMARY_H

#include "core/analysis/analysis.h"

/* What is counted for a summary beside what stands in the model as it is: of the whole trace
 * (summary.c), or of a stretch (summary_within.c). */
#define SUMMARY_UNKNOWN UINT64_MAX

struct summary {
	uint64_t events, generations, procs, threads, goroutines, gomaxprocs, syscalls, tasks,
		regions, logs, samples, stacks, strings, heap_max, runnable_max, lost_bytes;
};

void summary_put(struct table *table, const struct model *model, const struct question *question,
                 const struct summary *summary);

/* Without those that were made up. */
bool summary_has_thread(const struct thread *thread);

#endif
