/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_PIECES_H
#define CORE_TRACE_V1_PIECES_H

#include "core/trace/index.h"
#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

/* The ordered events of a v1 trace, cut where a second or many events are over: what generations
 * are to v2. They are kept thread by thread, packed as the records of v2 are, about twice the
 * bytes of the file: so a piece can be read again at any time, by any thread, and the model reads
 * it as it reads all others. Ticks are ns, from 1 on; names and stacks are in tables that all
 * pieces share. */
struct v1_pieces {
	struct budget *budget;
	struct index *index;  /* pieces become its generations and batches */
	struct source packed; /* where their payloads are */
	struct tables tables; /* of the trace */

	/* of the piece being filled */
	ARRAY(struct v1_packed {
		struct wire_event event;
		uint32_t stream;
	})
	open;
	ARRAY(struct sample) samples;
	ARRAY(uint64_t) streams; /* its threads, as they come */
	struct id_map stream_of;
	ARRAY(uint32_t) order, first;
	ARRAY(uint8_t) buffer;
	int64_t last_ns;

	/* of all: from when to when each thread is said to do something. A syscall that comes back
	 * without a P is nobody's, but stands on the thread that it was entered on */
	ARRAY(struct v1_heard { uint64_t first, last; }) heard; /* ticks */
	struct id_map heard_of;
};

void v1_pieces_init(struct v1_pieces *pieces, struct budget *budget, struct index *index);
void v1_pieces_free(struct v1_pieces *pieces);

/* Adds an event of a thread to the open piece, in order; its offset is set later. */
void v1_pieces_add(struct v1_pieces *pieces, uint64_t m, const struct wire_event *event);
void v1_pieces_hear(struct v1_pieces *pieces, uint64_t m, int64_t time_ns);
void v1_pieces_add_sample(struct v1_pieces *pieces, const struct sample *sample);

/* Whether the open piece is large enough to be cut before an event of that time; held: only if it
 * can't be helped. */
bool v1_pieces_is_full(const struct v1_pieces *pieces, int64_t time_ns, bool held);
void v1_pieces_cut(struct v1_pieces *pieces);

#endif
