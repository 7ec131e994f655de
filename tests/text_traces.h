/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TEXT_TRACES_H
#define TESTS_TEXT_TRACES_H

#include "tests/trace_text.h"

/* The text traces of tests/traces as bytes, by name. */
struct text_trace {
	const char *name; /* without .test */
	struct bytes bytes;
};
typedef ARRAY(struct text_trace) text_traces;

/* All of them, kept in the arena; srcdir names the tree. False if there are none. */
bool text_traces_read(text_traces *traces, struct arena *arena);

#endif
