/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SHARED_H
#define TESTS_SHARED_H

#include "core/trace/version.h"
#include "tests/tap.h"

/* The real traces of many Go versions, which are no part of the repository: GANDER_SHARED names the
 * directory that has them in traces/NAME/trace.out, with Go's answers in traces/NAME/expect; by
 * default it is next to the sources. Visits each in the order of names - directory/NAME are the
 * two; false if there is none. */
bool shared_visit(void (*visit)(const char *directory, const char *name, struct version version));

/* The same, and skips what if there is none: with the count of the test that asks. */
static inline void shared_each(const char *what,
                               void (*visit)(const char *directory, const char *name,
                                             struct version version))
{
	if (!shared_visit(visit))
		skip(what, "no shared traces: GANDER_SHARED names their directory");
}

#endif
