/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_MADE_H
#define TESTS_FUZZ_MADE_H

#include "tests/trace_text.h"

/* Traces as Go writes them, made of any bytes, so that fuzzing comes as far as the scheduler's
 * rules. A few threads, Ps and goroutines do what the bytes say, as long as the runtime could do
 * it; each thread notes it in its own batches, by its own clock. No two events of a trace have one
 * time. */
struct made {
	unsigned minor;          /* 22 to 26 */
	bool may_be_crowded;     /* as the first byte says, for it takes its time */
	bool is_impatient;       /* so is whether who orders it leaves the heap at once or later */
	bool is_exact;           /* all threads have one clock */
	bool is_honest;          /* nothing was left out, doubled, changed or made up */
	ARRAY(int64_t) times_ns; /* of the events, as they came one after the other */
	uint64_t crowd;          /* events beside them */
};

enum {
	MADE_TICKS = 16,      /* the remainder of a time by it tells who wrote it */
	MADE_CROWD_TICK = 15, /* the crowd */
};

/* The first byte says which of the above. A crowd, which is the caller's to choose, is many
 * threads, more than the order keeps in one heap, that say one word each, of goroutines that nobody
 * else knows: it changes nothing else. */
struct made made_trace(struct bytes script, bool is_crowded, byte_array *out);
void made_free(struct made *made);

#endif
