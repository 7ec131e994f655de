/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_RELATED_H
#define CORE_ANALYSIS_RELATED_H

#include "core/model/model.h"

/* Who has to do with a goroutine in a window: those that unblocked or created it, and those that
 * unblocked them (Go: RelatedGoroutines, two steps); then those that it unblocked. Itself comes
 * first. From the histories that are there; at most max, of each kind the first in time.
 * Returns how many. */
size_t related_gos(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                   uint32_t *gos, size_t max);

/* Those that run in a window, in the order of their first run there. */
size_t active_gos(const struct model *model, int64_t begin_ns, int64_t end_ns, uint32_t *gos,
                  size_t max);

#endif
