/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_TABLE_JOIN_H
#define CORE_ANALYSIS_TABLE_JOIN_H

#include "core/analysis/table.h"

/* The answers about several traces as one: a column "file" comes first, then those that any of them
 * has. Columns of a family - "block_ns[chan receive]" - are put in the byte order of their names;
 * where a trace does not have one it is 0, as it would be there if any other row had it. */
void table_join(struct table *table, const struct bytes *files, const struct table *tables,
                size_t count);

#endif
