/* SPDX-License-Identifier: MIT */
#ifndef TESTS_EVENTS_OF_H
#define TESTS_EVENTS_OF_H

#include "core/base/array.h"
#include "tests/trace_text.h"

/* The text of a trace's events, in place of what text held. False if the trace is refused, or if an
 * event is not later than the one before. */
bool events_of(struct budget *budget, struct bytes trace, bool is_strict, byte_array *text);

#endif
