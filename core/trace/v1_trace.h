/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_TRACE_H
#define CORE_TRACE_V1_TRACE_H

#include "core/trace/v1_threads.h"

/* Reads a v1 trace into an index, step by step: its bytes (v1_file), their order (v1_order), in the
 * words of v2 (v1_convert), by thread (v1_threads), in pieces (v1_pieces). What it still needs
 * afterwards is the pieces. */
struct v1_trace {
	struct budget *budget;
	struct v1_file file;
	struct v1_order order;
	struct v1_convert convert;
	struct v1_threads threads;
	struct v1_pieces pieces;
	uint8_t phase;
	uint64_t events; /* of the pieces */
};

struct v1_trace *v1_trace_new(struct budget *budget, struct index *index,
                              const struct source *source);
void v1_trace_free(struct v1_trace *trace);

/* About so many records more, once the source is finished; pieces appear as generations. False when
 * there is nothing to do. */
bool v1_trace_step(struct v1_trace *trace, size_t count);

#endif
