/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_TABLE_GROUP_H
#define CORE_ANALYSIS_TABLE_GROUP_H

#include "core/analysis/table.h"

/* The rows of a table summed up by what they have in a column: of each value how many rows have it,
 * and the sums of their durations, counts and bytes. The largest of the first of these sums comes
 * first. Into an initialized table. */
void table_group(struct table *table, const struct table *from, size_t column);

#endif
