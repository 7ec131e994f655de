/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_LOSSES_H
#define CORE_MODEL_LOSSES_H

#include "core/model/loader.h"

/* What is lost of a trace, in the model's one list, as its parts are: what the jobs found in what
 * they decoded, and what the index found that is no batch. At any time the list is in order, its
 * times are since the begin of the trace, and model->bytes is how much of the file it is about. */

/* Where in the file what belongs to a closed generation ends: with its end mark; before there were
 * any, what lies behind it, too; of the last one, that is all. */
uint64_t losses_end(const struct loader *loader, uint32_t generation);

/* A part was joined: what belongs to it, and to all before. */
void losses_join(struct loader *loader);

/* All were: what belongs to none. */
void losses_join_rest(struct loader *loader);

/* The length of the trace is known: no time is outside of it. */
void losses_finish(struct loader *loader);

#endif
