/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_THREAD_SPANS_H
#define CORE_MODEL_THREAD_SPANS_H

#include "core/model/model.h"

/* The lane of a thread: model_spans of LANE_OF_THREAD. Which thread a run was on is told by where
 * its events stand; the first who asks a history sorts its runs by that. */
size_t thread_spans(const struct model *model, uint32_t thread, int64_t begin_ns, int64_t end_ns,
                    struct span *spans, size_t max);

#endif
