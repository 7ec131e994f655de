/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_JOB_H
#define CORE_MODEL_JOB_H

#include "core/model/feed.h"
#include "core/model/earliest.h"
#include "core/model/lane_build.h"
#include "core/model/moves.h"
#include "core/model/pyramid.h"
#include "core/model/relay.h"

/* What the account adds to the memory that a job will take (need.h). */
struct account_need {
	size_t bytes, gos, past, died, notes;
	size_t open;  /* goroutines that are not retired */
	size_t plain; /* of those, that have no delta yet */
	size_t lives_room, deltas_room;
};

enum phase {
	PHASE_TABLES, /* strings, stacks, samples: events need them */
	PHASE_FLOORS,
	PHASE_WALK,
	PHASE_PROCS,
	PHASE_GOROUTINES,
	PHASE_COUNTS,
	PHASE_NOTES,
	PHASE_SORT,
	PHASE_PYRAMID,
	PHASE_DONE,
};

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
	bool is_again;     /* only its history is wanted, */
	uint8_t pass;      /* or no more of it than these: enum pass_need, */
	struct go_share share; /* of these goroutines */
	bool is_cut;       /* memory ran short: the rest is not read */
	bool feed_is_begun;
	bool goes_on;    /* the walk does, behind the last stretch */
	size_t promised; /* memory that it may take to the end (need.h) */
	struct ready {   /* room that the model has for what is joined */
		size_t gos, amounts, lives, numbers, points, held, held_room, late;
		size_t living; /* goroutines that are there; SIZE_MAX: not known */
		size_t said;   /* bytes that what the program says may take; the same */
	} ready;
	uint64_t unread;           /* bytes of the generation that are not read as it is cut */
	const struct known *known; /* if its history is wanted */
	const struct tables *joined;
	bool is_second; /* it is done once more, with what is in earliest */
	earliest_array earliest;
	uint8_t phase; /* what the next step does */
	size_t at;     /* how far it is in that */
	unsigned shift;

	struct walk walk;
	struct feed feed;
	struct relay relay;        /* of stretches from the walk to the account */
	struct stretch *walked;    /* by who has claimed that; NULL: the walk is at its end */
	struct stretch *accounted; /* the same */
	struct account_need told;  /* by the account, when it was last asked */
	struct account_need account_need; /* the same, as the walk knows it */
	size_t ahead;                     /* moves that were not accounted for by then */
	size_t most_ahead;                /* with more of them the walk does not go on */
	struct moves moves;
	struct placement place;
	struct lane_build lane_build; /* if it is again */
	struct account account;
	struct history *history; /* if it is again */
	struct arena *arena;     /* of the part: its pyramid */
	struct pyramid pyramid;
	ARRAY(struct batch) own_batches; /* late statuses of the one before, then all its own */
	ARRAY(uint8_t) buffer;
	u64_array keys, room;
	unsigned sort_pass; /* of what is put in order now (job_sort.c) */
	uint64_t most_key;  /* of it, beyond its least */
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
               const struct timing *timings, uint32_t part, int64_t start_ns,
               const struct ready *ready);

/* Ready to make the history of a part that was joined, of which that is known; for a pass, what it
 * needs (enum pass_need) of a share of its goroutines, in the memory of an old one, if there is one. */
void job_begin_again(struct job *job, const struct source *source, const struct index *index,
                     const struct timing *timings, int64_t start_ns, const struct part *part,
                     uint8_t pass, struct go_share share, struct history *old);

/* What was done is done once more, with what is in earliest (earliest.h). */
void job_begin_second(struct job *job);

/* A time since the begin of the trace in the part's units: the first that is not before it. */
part_time job_time(const struct job *job, int64_t ns);

/* Whether it fits those units. */
bool job_has_time(const struct job *job, int64_t ns);

/* The next few milliseconds of work. False when it is done. When memory runs short no more is read,
 * and what there is by then is finished. */
bool job_step(struct job *job);

/* The same in pieces that threads share: while the job's owner walks a stretch of time a helper
 * puts in order and accounts for the one before; each does what it claims, and settles it. Only
 * job_do may be called by several threads at once. What comes of it is the same, whoever does what.
 */
enum job_piece {
	JOB_OVER,    /* all is done */
	JOB_NOTHING, /* for now: what is left waits for what others do */
	JOB_STEP,    /* of its owner */
	JOB_ACCOUNT, /* for the next stretch */
};

/* JOB_OWNER: there may be helpers, and the walk runs ahead for them. */
enum job_hand { JOB_ALONE, JOB_OWNER, JOB_HELPER };

enum job_piece job_claim(struct job *job, enum job_hand hand);
void job_do(struct job *job, enum job_piece piece);

/* Returns whether a helper has something to do now. */
bool job_settle(struct job *job, enum job_piece piece);

#endif
