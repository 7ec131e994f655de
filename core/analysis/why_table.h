/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_WHY_TABLE_H
#define CORE_ANALYSIS_WHY_TABLE_H

#include "core/analysis/table.h"
#include "core/analysis/why.h"

/* What the tables of why and of a critical path have in common: a step a row, with what a goroutine
 * did then; where nobody knows of whom, it is of whom it waited for, and unknown. */
void why_add_columns(struct table *table);
void why_add_step(struct table *table, const struct model *model, size_t number, int64_t begin_ns,
                  int64_t end_ns, const struct why_stay *stay);

#endif
