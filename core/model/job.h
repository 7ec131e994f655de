/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_JOB_H
#define CORE_MODEL_JOB_H

#include "core/model/feed.h"
#include "core/model/earliest.h"
#include "core/model/history.h"
#include "core/model/moves.h"
#include "core/model/pyramid.h"

/* A generation being loaded: a pure function of its bytes, in steps, on any thread. Its memory is
 * reused for the next one. */
struct job {
	struct budget *budget;           /* for its work */
	struct budget *kept, *histories; /* for what stays of it */
	const struct source *source;
	struct generation generation, previous; /* copies, as the index may grow meanwhile */
	struct timing timing, previous_timing;
	uint32_t part;     /* number of the generation */
	int64_t offset_ns; /* of its begin in the trace */
	bool is_again;     /* only its history is wanted */
	bool is_cut;       /* memory ran short: the rest is not read */
	bool feed_is_begun;
	size_t promised;           /* memory that it may take to the end (need.h) */
	uint64_t unread;           /* bytes of the generation that are not read as it is cut */
	const struct known *known; /* if its history is wanted */
	bool is_second;            /* it is done once more, with what is in earliest */
	earliest_array earliest;
	uint8_t phase; /* what the next step does */
	size_t at;     /* how far it is in that */
	unsigned shift;

	struct walk walk;
	struct feed feed;
	struct stretch stretch; /* on its way from the walk to the account */
	struct moves moves;
	struct placement place;
	struct account account;
	struct history *history; /* if it is again */
	struct arena *arena;     /* of the part: its pyramid */
	struct pyramid pyramid;
	ARRAY(struct batch) own_batches; /* late statuses of the one before, then all its own */
	ARRAY(uint8_t) buffer;
	u64_array keys, room;
};

struct part;

/* kept: for the pyramid and tables of its part; histories: for the history that it is to make. */
struct job *job_new(struct budget *budget, struct budget *kept, struct budget *histories);
void job_free(struct job *job);

/* The first byte of a v2 trace that is read to load generation part: of its own, or of the end of
 * the one before. */
uint64_t job_reads_from(const struct index *index, uint32_t part);

/* Ready to load generation part of the index. timings: up to that part. */
void job_begin(struct job *job, const struct source *source, const struct index *index,
               const struct timing *timings, uint32_t part, int64_t start_ns);

/* Ready to make the history of a part that was joined, of which that is known. */
void job_begin_again(struct job *job, const struct source *source, const struct index *index,
                     const struct timing *timings, int64_t start_ns, const struct part *part);

/* What was done is done once more, with what is in earliest (earliest.h). */
void job_begin_second(struct job *job);

/* A time since the begin of the trace in the part's units: the first that is not before it. */
part_time job_time(const struct job *job, int64_t ns);

/* Whether it fits those units. */
bool job_has_time(const struct job *job, int64_t ns);

/* The next few milliseconds of work. False when it is done. When memory runs short no more is read,
 * and what there is by then is finished. */
bool job_step(struct job *job);

#endif
