/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_FINE_H
#define CORE_MODEL_FINE_H

#include "core/model/part.h"

/* Mixes and levels of windows narrower than the pyramid's buckets: exact, from the history, or a
 * close-up. */

/* The records of a window of a lane, where they are there and it is so narrow that the few of them
 * are walked, as the buckets of the pyramid would smear them; else NULL. */
const struct history *fine_near(const struct part *part, uint16_t own, int64_t begin_ns,
                                int64_t end_ns);

/* Adds [begin_ns, end_ns) of a lane to mix, from those. */
void fine_mix(const struct part *part, const struct history *history, uint16_t own,
              int64_t begin_ns, int64_t end_ns, struct mix *mix);

/* Adds the level of a count; false if the pyramid has to tell: there is no history, the window is
 * not narrow, or the series is no count. */
bool fine_level(const struct part *part, enum series series, int64_t begin_ns, int64_t end_ns,
                struct level *level);

#endif
