/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_NEED_H
#define CORE_MODEL_NEED_H

#include "core/model/job.h"
#include "core/model/model.h"

/* What it will take to finish what is begun, so that loading stops before memory does: a generation
 * that was walked in part has to be accounted for and joined whatever that costs. Not less than it
 * takes, and not much more. */

/* Of a job, from here to when it is joined; besides what it has now. */
size_t need_of_job(const struct job *job);

/* What the pyramid of its part may take. */
uint64_t need_of_pyramid(const struct job *job);

/* Of a model, for its tables to grow once. */
size_t need_of_model(const struct model *model);

#endif
