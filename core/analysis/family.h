/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FAMILY_H
#define CORE_ANALYSIS_FAMILY_H

#include "core/analysis/table.h"
#include "core/model/model.h"

/* Columns that depend on the trace: one for each reason, or range, that took time in any row, in
 * the byte order of their names: "block_ns[chan receive]". */
struct family {
	ARRAY(string_id) names;
	struct id_map column_of; /* by name */
	ARRAY(int64_t) row_ns;   /* by column, of one row */
};

void family_init(struct family *family, struct budget *budget);
void family_free(struct family *family);

/* First all that there is, */
void family_note(struct family *family, string_id name, int64_t ns);

/* then the columns, */
void family_add_columns(struct family *family, struct table *table, const struct model *model,
                        const char *title);

/* then of each row what it has, and all its values. */
void family_put(struct family *family, string_id name, int64_t ns);
void family_add_row(struct family *family, struct table *table);

#endif
