/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include "tests/trace_text.h"

/* Files that no program writes, each kind made to cost a reader as much as it can: much memory or
 * much time for few bytes (reliability.md 3). The same family and size make the same bytes. */

struct hostile;

struct hostile_family {
	const char *name;
	unsigned minor; /* of the header */
	void (*make)(struct hostile *hostile);
};

extern const struct hostile_family hostile_families[];
extern const size_t hostile_families_count;

/* Appends a file of about that many bytes to out, whose budget is set. */
void hostile_make(const struct hostile_family *family, size_t bytes, byte_array *out);

#endif
