/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_HISTORY_H
#define CORE_MODEL_HISTORY_H

#include "core/model/account.h"
#include "core/model/lane.h"
#include "core/model/pyramid.h"
#include "core/trace/index.h"
#include "core/trace/source.h"

/* The records of one generation, in order: what deep zoom and the detail pane read. Made by a job;
 * dropped when memory is short, and made again. */
struct history {
	struct walk walk;
	struct placement place;
	struct lanes lanes;
	ARRAY(uint32_t) go_of;    /* own goroutine -> the trace's; by the seam */
	ARRAY(uint32_t) proc_of;  /* own P -> the trace's */
	ARRAY(uint16_t) own_proc; /* the trace's P -> own; PROC_NONE */
	struct changes changes;   /* in order */
	uint64_t bytes;           /* it takes */
	uint64_t last_used;       /* for dropping the oldest */
};

/* A generation being loaded: a pure function of its bytes, in steps, on any thread. Its memory is
 * reused for the next one. */
struct job {
	struct budget *budget;
	const struct source *source;
	struct generation generation, previous; /* copies, as the index may grow meanwhile */
	uint32_t part;                          /* number of the generation */
	int64_t offset_ns;                      /* of its begin in the trace */
	bool is_again;                          /* only its history is wanted */
	uint8_t phase;                          /* what the next step does */
	size_t at;                              /* how far it is in that */
	unsigned shift;

	struct history *history;
	struct account account;
	struct arena *arena; /* of the part: its pyramid */
	struct pyramid pyramid;
	ARRAY(struct batch) own_batches; /* late statuses of the one before, then all, by thread */
	ARRAY(uint8_t) buffer;
	u64_array keys, room;
};

struct job *job_new(struct budget *budget);
void job_free(struct job *job);

/* Ready to load generation part of the index. */
void job_begin(struct job *job, const struct source *source, const struct index *index,
               uint32_t part, int64_t start_ns, bool is_again);

/* The next few milliseconds of work. False when it is done. */
bool job_step(struct job *job);

void history_free(struct history *history);

#endif
