/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_CLOSEUP_H
#define CORE_MODEL_CLOSEUP_H

#include "core/model/closeup_at.h"

/* The lanes of Ps in a narrow window of a part, from the few batches under it (performance.md 9.3,
 * tier T3): each thread is walked from the checkpoint of its last batch that begins before the
 * window to where all is over that laps into it. What comes of it is a history of that window, with
 * lanes and nothing else: the same runs, and the same pieces inside of them, as the part's history
 * has there.
 *
 * No part has close-ups that is of a v1 trace (its pieces are put in order, and then small), that
 * memory cut, or of which records were left out as they contradict others, as a thread does not
 * know that. Where floors of the part before moved what goroutines or Ps did (struct known), at its
 * begin, there are none, either. */

/* Window [begin_ns, end_ns] of the part, in the trace's times. NULL: there is none, or it would
 * take more than most bytes of the file. index: the part's generation is in it. */
struct closeup_job *closeup_begin(struct budget *budget, struct budget *histories,
                                  const struct model *model, uint32_t part,
                                  const struct timing *timing, int64_t begin_ns, int64_t end_ns,
                                  uint64_t most);
void closeup_free(struct closeup_job *job);

/* About a tenth of a millisecond of work; seldom, as where a thread has not told anything for long,
 * as much as a batch takes. False when it is done. */
bool closeup_step(struct closeup_job *job);

/* It is done: whose its records are. It has none then. */
void stitch_attach_closeup(const struct model *model, struct closeup_job *job,
                           struct closeup *closeup);

#endif
