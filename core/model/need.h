/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_NEED_H
#define CORE_MODEL_NEED_H

#include "core/model/job.h"
#include "core/model/model.h"

/* What it will take to finish what is begun, so that loading stops before memory does: a generation
 * that was walked in part has to be accounted for and joined whatever that costs. Not less than it
 * takes, and not much more. */

/* What the account of a job has come to, for what it needs: asked while nothing is accounted for.
 */
struct account_need need_of_account(const struct job *job);

/* Of a job, from here to when it is joined; besides what it has now. What the account adds to it is
 * known as of when the walk went on. */
size_t need_of_job(const struct job *job);

/* What the model has for whichever part is joined next. */
struct ready need_ready(const struct model *model);

/* What the pyramid of its part may take. */
uint64_t need_of_pyramid(const struct job *job);

/* Of a model, for its tables to grow once. */
size_t need_of_model(const struct model *model);

#endif
