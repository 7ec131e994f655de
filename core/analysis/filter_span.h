/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FILTER_SPAN_H
#define CORE_ANALYSIS_FILTER_SPAN_H

#include "core/analysis/filter.h"
#include "core/model/model.h"

/* Whether a filter accepts a stretch of a lane: what it asks for is taken from the model, and from
 * the history of the stretch's part, if that is there. What is not known is not equal to anything.
 */
bool filter_accepts_span(struct filter *filter, const struct model *model, const struct span *span);

#endif
