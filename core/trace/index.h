/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_INDEX_H
#define CORE_TRACE_INDEX_H

#include "core/base/array.h"
#include "core/trace/clock.h"
#include "core/trace/damage.h"
#include "core/trace/resync.h"
#include "core/trace/source.h"
#include "core/trace/version.h"

/* The batch headers of a trace, grouped by generation: found by hopping from header to header,
 * 48 bytes each, before any event is decoded (trace-format-v2.md 2.2-2.4, 4.2). Grows while bytes
 * arrive. Where the bytes are no batch the next one is searched, and what lies between is lost and
 * said; what a header tells against all its neighbours is not believed (reliability.md 4.3). Of a
 * v1 trace, which has to be read whole and put in order first (v1_trace.h), pieces of a second or
 * so take the place of generations. */

struct tables;
struct v1_trace;

enum batch_kind {
	BATCH_EVENTS,
	BATCH_STRINGS,
	BATCH_STACKS,
	BATCH_SAMPLES,
	BATCH_SYNC, /* Frequency of 1.22 and 1.23, Sync of 1.25 on */
	BATCH_EXPERIMENTAL,
};

struct batch {
	uint64_t offset;      /* of the payload in the file */
	uint64_t ticks;       /* base time in clock units */
	uint64_t m;           /* the thread that wrote it; WIRE_NO_THREAD */
	uint32_t size;        /* bytes of payload, at most 64 KiB */
	uint8_t kind;         /* enum batch_kind */
	uint8_t head_len : 7; /* bytes in front of the payload */
	uint8_t is_cut : 1;   /* the file ends inside it */
	uint16_t gaps; /* places before it in the file where batches of any thread are missing:
	                * if there are more than before its thread's last one, the thread may have
	                * written something in between */
};

struct generation {
	uint64_t number;
	uint64_t begin, end; /* bytes of the file */
	size_t first_batch, batch_count;
	uint64_t begin_ticks, last_ticks; /* smallest and largest base time of its batches; 0 is no
	                                   * time unless all are */
	uint64_t sync_ticks;              /* the smallest as Go finds it: after a 0 the next one */
	int64_t begin_ns;                 /* the smallest: nothing in it is earlier */
	struct clock clock;
	uint16_t gaps;         /* before its first batch; see struct batch */
	bool clock_is_assumed; /* no frequency in the file: a neighbour's, or the usual one */
	bool has_end_mark;     /* of 1.26 on: it is there */
	bool is_closed;        /* another one began, or its end mark or the file's end was seen */
	uint64_t event_bytes;  /* payload of its event batches */
	bool has_threads;      /* it has event batches, with a payload or without */
	struct tables *shared; /* strings and stacks, if they are not its own: of v1 traces */
};

/* A moment on the trace's clock, and what time it was then. */
struct wall_clock {
	bool is_known;
	int64_t clock_ns;
	int64_t unix_ns; /* since 1970 */
};

struct index {
	struct budget *budget;
	bool is_strict;      /* set before the first step: the first damage is the end, as for Go */
	bool keeps_empty;    /* set likewise: event batches without a payload, too, for the order:
	                      * Go numbers threads by them */
	struct v1_trace *v1; /* reads a v1 trace; NULL: it is v2 */
	struct version version;
	struct wall_clock wall;      /* the first that a generation tells (1.25 on) */
	ARRAY(struct batch) batches; /* those with a payload, in file order */
	ARRAY(struct generation) generations;
	struct damage damage;
	uint64_t at;             /* the next header's offset */
	struct resync resync;    /* where no header is: the search for the next */
	uint8_t doubt;           /* enum doubt, about the last batch, while searching */
	const char *expected;    /* while searching, or where it stops */
	uint64_t claimed;        /* size of the last batch by its header */
	uint64_t stop;           /* what stands from here on is not read; 0: all is */
	uint64_t ticks;          /* base time of the last batch; 0: none yet */
	bool is_minimal;         /* its size was not padded */
	uint16_t gaps;           /* see struct batch */
	size_t untimed;          /* rows of damage whose times are in ticks yet: from here on */
	uint64_t experimental;   /* batches skipped */
	bool is_finished;        /* nothing more to find */
	bool is_full;            /* it stopped as there was no memory for more */
	bool generation_is_open; /* the last one may still get batches */
};

enum { INDEX_BATCH_MAX = BATCH_SIZE_MAX };

/* Begins with the header of the file, which must be there whole unless the source is finished. */
bool index_open(struct index *index, struct budget *budget, const struct source *source,
                struct error *err);

/* The same where the header was judged already: what is newer than all known versions counts. */
void index_begin(struct index *index, struct budget *budget, const struct source *source,
                 struct version version);
void index_free(struct index *index);

/* Finds up to count more batches. Returns false if there is nothing to do: at the end
 * (is_finished), or until more bytes arrive. */
bool index_step(struct index *index, const struct source *source, size_t count);

/* Where the payloads of batches are: in the file, or, of a v1 trace, in what was made of it. */
const struct source *index_payloads(const struct index *index, const struct source *source);

/* Narrows from when to when a thread did something, in ns from start_ns on, to what the trace says of
 * it: a v1 trace does not say that of all that it is given here. */
void index_clip_thread(const struct index *index, uint64_t m, int64_t start_ns, int64_t *first_ns,
                       int64_t *last_ns);

/* Generations that are closed, so that they can be loaded: a prefix of generations. */
size_t index_closed(const struct index *index);

#endif
