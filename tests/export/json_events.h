/* SPDX-License-Identifier: MIT */
#ifndef TESTS_EXPORT_JSON_EVENTS_H
#define TESTS_EXPORT_JSON_EVENTS_H

#include "core/base/bytes.h"

/* Reads Chrome's trace events strictly as RFC 8259 has JSON, and tells of each. */
struct json_event {
	char phase;
	char name[128]; /* unescaped, cut */
	char category[32];
	int64_t begin_ns, dur_ns; /* dur_ns -1: it has none */
	int64_t group, row;
	uint64_t frame;
};

struct json_trace {
	void (*each)(void *to, const struct json_event *event);
	void *to;
	struct bytes in;
	size_t at;
	size_t frames;     /* of stacks */
	const char *fault; /* NULL: it is well */
};

/* Sets in, each and to before. */
bool json_events_read(struct json_trace *trace);

#endif
