/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_LOADER_H
#define CORE_MODEL_LOADER_H

#include "core/model/job.h"
#include "core/model/part.h"

/* Brings a trace into a model, generation by generation: hands out jobs, which any thread may run,
 * and joins them in order. One thread owns it. The generations that are looked at are no exception:
 * only those before tell what went on at their begins, and until they are joined one would hold
 * more memory than it has bytes. What is shown of them meanwhile is a sketch of their own
 * (sketches.h).
 *
 *	while ((job = loader_next(&loader)) != NULL)    as long as threads are free
 *		run it: while (job_step(job)) ;
 *	loader_done(&loader, job)                       when it comes back
 *	while (loader_join(&loader)) ;                  a step at a time, if that is too long
 */
struct loader {
	struct budget *budget;
	struct budget work, histories; /* what jobs and histories take of it */
	struct model *model;
	const struct source *source;
	struct index *index;
	uint32_t next;                /* the generation to start next */
	ARRAY(struct timing) timings; /* of those that were started */
	size_t damage_at;             /* rows of the index that are of generations before */
	size_t told;                  /* of them, those that the model has (losses.h) */
	size_t placed;                /* rows of the model that are in order */
	uint32_t running;
	ARRAY(struct job *) waiting; /* done, for those before them */
	struct job *joining;         /* what is being joined; NULL: nothing */
	struct stitch *stitch;       /* its joining */
	ARRAY(struct job *)
	second; /* to be done once more (earliest.h): the one to be joined next */
	ARRAY(struct job *) spare;
	ARRAY(struct history *) old_passes; /* of parts that a tour has left */
	ARRAY(uint32_t) wanted;            /* parts whose history is asked for */
	ARRAY(uint32_t) making;            /* those whose history is being made */
	uint32_t window_first, window_end; /* parts of the window that was asked for last */
	struct tour *tour;                 /* over the histories of some parts; NULL: none */
	uint64_t history_limit;            /* bytes of histories kept */
	uint64_t history_bytes;
	struct history_line {   /* parts that have one, by use: */
		struct part *oldest, *newest;
	} seen, toured;         /* of a window, or of tours alone */
	uint64_t clock;         /* of use, for dropping the oldest */
	uint64_t started_bytes; /* of generations that are not joined yet */
	bool were_beside;       /* some of them were begun beside others */
	bool is_one_by_one;     /* memory did not do for generations side by side */
	uint32_t tried;         /* the part that is loaded again as memory cut it, + 1 */
	uint64_t unread;        /* bytes of generations that were joined in part */
	size_t kept_most;       /* bytes that may always stay; 0: a share of the memory */
	size_t kept_bytes;      /* of what stays, when it was counted last (tiers.h) */
	uint32_t kept_parts;    /* how many were joined then */
	size_t most_promised;   /* to a job in its end */
	size_t most_taken;      /* by jobs and what is promised to them, when one was joined */
	size_t most_each;       /* by one of them */
	size_t promised;        /* memory that the model may take for what is being loaded */
	uint64_t too_many;      /* bytes of events whose history did not fit; 0: all did */
	uint64_t crowded;       /* the same of those of several parts beside each other */
	uint32_t again;         /* histories being made, */
	uint32_t passes;        /* parts that have what a tour needs of them */
	uint32_t alone;         /* a part: no other one was beside it; INDEX_NONE */
	uint64_t made;          /* that were, so far */
	bool was_stopped;       /* memory ran short: the rest is not loaded */

	/* close-ups (loader_near.c): those that are asked for, the one that is made - of which
	 * window -, the last that there cannot be, and what all take */
	ARRAY(struct near_wish {
		uint32_t part;
		int64_t begin_ns, end_ns;
	})
	near_wanted;
	struct closeup_job *near;
	struct near_wish near_made, near_refused;
	size_t near_bytes;
};

void loader_init(struct loader *loader, struct budget *budget, struct model *model,
                 const struct source *source, struct index *index, uint64_t history_limit);
void loader_free(struct loader *loader);

/* Something to do, or NULL. Generations that are started and not joined take at most ahead bytes of
 * the file together, as their records take memory, and no more start while there is less of that
 * left than they took so far; one is always allowed. Those that memory cut nevertheless are begun
 * again, from then on one by one. Histories that are wanted come first, those for a tour last. */
struct job *loader_next(struct loader *loader, uint64_t ahead);
void loader_done(struct loader *loader, struct job *job);

/* About a millisecond of joining what is done; between two steps the model can be read (stitch.h).
 * False when nothing is left of that for now. */
bool loader_join(struct loader *loader);
bool loader_is_joining(const struct loader *loader);

/* Nothing is left to do, and nothing will come; the model is whole then. */
bool loader_is_done(struct loader *loader);

/* Asks for the histories of the parts that lap into a window, and marks them as used. Returns
 * whether all are there. None are made if the window has more than limit bytes of file, unless it
 * is so narrow that it laps into two parts at most; none if it laps into more than MODEL_PARTS_MAX;
 * none of what the source has forgotten, or of a part that memory cut, or of one that is too large
 * for it; and where they are beside each other, those that are there stay. While a trace is loaded,
 * that has the memory first. */
bool loader_want(struct loader *loader, int64_t begin_ns, int64_t end_ns, uint64_t limit);

/* The same of one part, and of no other that laps into it. */
bool loader_want_part(struct loader *loader, uint32_t part);

/* Whether the history of a part is there, or can be. */
bool loader_can_make(const struct loader *loader, uint32_t part);

/* For tours (tour.h): another one, or none; whether what they need of a part is there, or can be;
 * when they have left it, or end, it is dropped, but for histories that there is room for. */
struct tour;
void loader_set_tour(struct loader *loader, struct tour *tour);
bool loader_has_made(const struct loader *loader, uint32_t part);
bool loader_can_visit(const struct loader *loader, uint32_t part);
void loader_drop_pass(struct loader *loader, uint32_t part);
void loader_go_on(struct loader *loader, uint32_t part); /* to its next share */
void loader_release(struct loader *loader, uint32_t part);
void loader_trim(struct loader *loader);

/* Histories are asked for and not begun, by the window or a tour. */
bool loader_has_wishes(const struct loader *loader);

/* Asks for the lanes of Ps in a window where the histories are not there, if it is so narrow that
 * few batches lap into it (closeup.h). They are there soon, long before the history is, or where
 * that has no room. They are made by loader_step_near: a tenth of a millisecond of it, most often;
 * false when there is nothing to do. */
void loader_want_near(struct loader *loader, int64_t begin_ns, int64_t end_ns);
bool loader_step_near(struct loader *loader);
bool loader_has_near(const struct loader *loader);

/* Whether what the histories of a window are made from is forgotten, or was never loaded as memory
 * ran short, or a history takes more than there is, of some part. */
bool loader_has_forgotten(const struct loader *loader, int64_t begin_ns, int64_t end_ns);

/* Memory that is left for others if the next generation takes as much as those before. */
size_t loader_room(const struct loader *loader);

/* Bytes before it are read no more, unless a history is asked for again. */
uint64_t loader_reads_from(const struct loader *loader);

/* Bytes of finished generations, for showing progress. */
uint64_t loader_progress(const struct loader *loader);

#endif
