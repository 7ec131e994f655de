/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_USER_SPANS_H
#define CORE_MODEL_USER_SPANS_H

#include "core/model/model.h"

/* model_spans of regions, logs and CPU samples. */
size_t user_spans(const struct model *model, struct lane_id lane, int64_t begin_ns, int64_t end_ns,
                  struct span *spans, size_t max);

/* Their stacks: model_span_stacks. */
void user_span_stacks(const struct model *model, const struct span *span, stack_id stacks[2]);

#endif
