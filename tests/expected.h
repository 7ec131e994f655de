/* SPDX-License-Identifier: MIT */
#ifndef TESTS_EXPECTED_H
#define TESTS_EXPECTED_H

#include "core/base/array.h"

/* Compares two tables in CSV as ../shared/tools/compare.py does: same header, same rows; times
 * (columns that end in _ns or hold _ns[) within 1 us or 0.01 %, fractions within 1e-4, all else
 * exact. Rows are matched by what identifies them, so those whose sort keys are nearly equal may be
 * swapped; what we got must be in the order of answers.md. */

/* A table of CSV taken apart. Cells point into the arena. */
struct csv {
	struct arena arena;
	ARRAY(struct bytes) cells; /* row by row, the header first */
	size_t columns, rows;      /* of the header; header included */
	bool is_ragged;            /* some row has another number of cells */
};

void csv_parse(struct csv *csv, struct budget *budget, struct bytes text);
void csv_free(struct csv *csv);

/* Reads a whole file; false if it is not there. The text lives in the arena. */
bool file_read(struct arena *arena, const char *path, struct bytes *text);

/* How many differences there are; the first ones are printed as TAP comments. */
size_t expected_compare(const struct csv *want, const struct csv *got);

#endif
