/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_STITCH_H
#define CORE_MODEL_STITCH_H

#include "core/model/job.h"
#include "core/model/part.h"

/* What crosses from one generation to the next: a goroutine that waits, an open range, a P in a
 * syscall, the preempted goroutine without a status. Joined in order of generations; afterwards a
 * wait through twenty of them is one span to everybody else (performance.md 6). */

/* Whether a finished job has to be done once more, with what it has got in earliest then. */
bool stitch_needs_second(struct model *model, struct job *job);

/* Adds a finished job to the model; its history becomes the part's. The next in order, and one at a
 * time: in steps of about a millisecond, between which the model can be read. Of the part there are
 * only goroutines then, and some of what they did; it is among the model's parts when all is done.
 */
struct stitch;
struct stitch *stitch_begin(struct model *model, struct job *job);

/* False when it is over, and gone. */
bool stitch_step(struct stitch *stitch);

/* Where that will not be: the model can only be freed then. */
void stitch_drop(struct stitch *stitch);

/* After the last: what is still open ends with the trace. */
void stitch_finish(struct model *model);

/* A history that was made again: the same numbers as when it was joined. */
void stitch_attach(struct model *model, struct job *job);

/* Whether records are missing, or contradict each other: some of what is told is a guess. */
bool stitch_is_doubtful(const struct model *model);

#endif
