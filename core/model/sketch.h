/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SKETCH_H
#define CORE_MODEL_SKETCH_H

#include "core/model/model.h"

/* A rough picture of a window of time, made of few of its batches: for the screen, where nothing is
 * loaded yet (performance.md 4.3). What a thread did in the part of its stream that is decoded
 * stands for what it did up to the next such part. Of no answer, and of no number that is told.
 *
 * Where the batches are known (the index is whole) they are chosen by time, so many of each thread;
 * else windows that are spread over the bytes of the file are searched for batches. Work and memory
 * are bounded, whatever the file and its length. One thread makes it, in steps.
 *
 *	sketch = sketch_new(budget, source);
 *	sketch_plan(sketch, index, start_ns, begin_ns, end_ns);         or sketch_scan
 *	while (sketch_step(sketch)) ;                                   each about a ms
 *	mix = sketch_mix(sketch, proc_id, from_ns, until_ns);
 *	sketch_free(sketch); */
struct sketch;

enum { SKETCH_PROCS = 256 /* Ps that it knows of */ };

struct sketch *sketch_new(struct budget *budget, const struct source *source);
void sketch_free(struct sketch *sketch); /* NULL is fine */

/* Plans a picture of [begin_ns, end_ns) of a v2 trace whose time 0 is start_ns on its own clock.
 * The index is whole, and stays until the sketch is done. */
void sketch_plan(struct sketch *sketch, const struct index *index, int64_t start_ns,
                 int64_t begin_ns, int64_t end_ns);

/* The same without an index, of the whole file. False if batches cannot be searched in it. */
bool sketch_scan(struct sketch *sketch);

/* Goes on. False when it is done. */
bool sketch_step(struct sketch *sketch);

/* What it is a picture of: nothing if no batch was found. Times are since time 0 of the sketch,
 * which is that on the trace's own clock. */
struct sketch_frame {
	int64_t start_ns;
	int64_t begin_ns, end_ns;
	int64_t last_ns; /* the latest event that was seen */
	int64_t cell_ns; /* as fine as it is */
	uint64_t events; /* that were decoded for it */
	int64_t heap_max;
	bool is_scanned; /* without the index */
};

struct sketch_frame sketch_frame(const struct sketch *sketch);

/* How a stretch of a P's lane was spent, about; is_known is false where nothing is told of it. It
 * does not tell whose runs, and takes all that runs for user code. */
struct mix sketch_mix(const struct sketch *sketch, uint64_t proc, int64_t begin_ns, int64_t end_ns);

/* Of SERIES_RUNNING, _HEAP and _GOAL; of others nothing is known. */
struct level sketch_level(const struct sketch *sketch, enum series series, int64_t begin_ns,
                          int64_t end_ns);

/* The ids of the Ps that were seen, ascending. Returns how many. */
size_t sketch_procs(const struct sketch *sketch, uint64_t ids[SKETCH_PROCS]);

#endif
