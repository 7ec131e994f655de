/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ROWS_TEXT_H
#define TESTS_ROWS_TEXT_H

#include <inttypes.h>
#include <stdio.h>

#include "core/analysis/table.h"

/* The rows of a table as a text: "a,1,20 | b,,30". Valid until the next call. */
static const char *rows_text(const struct table *table)
{
	static char out[1024];
	size_t used = 0;

	out[0] = '\0';
	for (size_t row = 0; row < table_rows(table); row++) {
		struct table_cursor cursor = table_row(table, row);
		struct value value;

		for (const char *link = row == 0 ? "" : " | ";
		     used < sizeof(out) && table_next(&cursor, &value); link = ",")
			used += (size_t)(value.is_empty || value.kind == COLUMN_TEXT
			                         ? snprintf(out + used, sizeof(out) - used,
			                                    "%s%.*s", link, (int)value.text.len,
			                                    (const char *)value.text.data)
			                         : snprintf(out + used, sizeof(out) - used,
			                                    "%s%" PRId64, link, value.number));
	}
	return out;
}

#endif
