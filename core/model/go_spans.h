/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_GO_SPANS_H
#define CORE_MODEL_GO_SPANS_H

#include "core/model/model.h"

/* The lane of a goroutine: model_spans of LANE_OF_GO. */
size_t go_spans(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                struct span *spans, size_t max);

#endif
