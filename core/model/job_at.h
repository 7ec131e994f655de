/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_JOB_AT_H
#define CORE_MODEL_JOB_AT_H

#include "core/model/job.h"

/* Inside of a job: what its owner does, one thing after the other. */

/* The next few milliseconds of it: in PHASE_WALK, the stretch that is claimed, or the end. */
void job_do_step(struct job *job);

/* PHASE_SORT, from at 0 on; false: that was the last (job_sort.c). */
bool job_sort_step(struct job *job);

#endif
