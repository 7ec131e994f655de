/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TELLING_H
#define CORE_MODEL_TELLING_H

#include "core/base/sparse.h"
#include "core/model/go_teller.h"

/* What all goroutines did, part by part, for who goes through a trace once (tour.h): each stay of
 * each goroutine in one state, whole, however many parts it lasts, when it ends. Parts come in
 * order, each with its history, or what a tour has of it; what a goroutine does at the end of one
 *is remembered until it ends, with what only that history tells of its begin. Stays of one
 *goroutine come by time.
 *
 *	for each part: while (telling_step(&telling, model, part, &at, take, to)) ;
 *	telling_end(&telling, model, take, to);
 */
enum told_ran {
	RAN_UNKNOWN,
	RAN_BEFORE, /* its goroutine has run before that */
	RAN_NEXT,   /* its first run is what follows */
};

struct told {
	struct span span; /* where it is told; of a syscall that loses its P the piece after that */
	int64_t begin_ns, end_ns;
	int64_t heard_ns; /* when the trace first tells of it: at its begin, but behind that if the
	                   * goroutine was not heard of before */
	int64_t lost_ns;  /* of a syscall: when it lost its P, or its begin if it had none;
	                   * TIME_UNKNOWN */
	uint32_t proc;    /* that it is on; of a syscall that loses it that it had; INDEX_NONE */
	uint8_t after;    /* enum span_kind: what the goroutine did right before; SPAN_NONE */
	bool is_open;     /* the trace ends first, or what ends it is lost */
	uint8_t ran;      /* enum told_ran */
	bool is_known;    /* the following are looked up: told_know */
	string_id reason; /* why it stopped, of a stay out of a run */
	stack_id stack;   /* of the event that it begins with, or that tells of it first: of who
	                   * wakes or creates it, its own if it stops or enters a syscall; 0 */
	uint32_t by;      /* goroutine that woke or created it, of one that is runnable;
	                   * INDEX_NONE: none did, as of timers and network, or nobody knows */
};

typedef void told_fn(void *to, struct told *told);

/* Looks up what is not known yet, while the part that is told is there. */
void told_know(struct told *told, const struct model *model);

struct telling {
	ARRAY(struct going {                     /* of goroutines: */
			     struct told told;   /* what it does; SPAN_NONE: nobody knows */
			     int64_t heard_ns;   /* if it is fresh: the first record of it */
			     uint32_t next_free; /* in going, + 1 */
			     uint8_t last;       /* enum span_kind: of what was told last of it */
			     bool is_fresh;      /* nothing was told of it in this part, */
			     bool is_free;       /* nor is it known of */
	})
	going;
	struct sparse place_of; /* of each goroutine in going, + 1; 0: nothing is known of it */
	uint32_t first_free; /* + 1 */
	u32_array stirred;   /* places of those that the part made known, or not known any more */
	u32_array heads;     /* goroutines that ran at the head of a stream of the part */
	uint32_t heard;      /* the part before, or one before that, has heard of all below */
	uint32_t hears;      /* the same of the part that is told, so far */
	bool has_more;       /* the part comes again, with other goroutines (tour.h) */
	bool is_torn;        /* memory was short: some stays are missing */
	string_id reasons[256]; /* of the part that is told by turns (turn.h) */
};

void telling_init(struct telling *telling, struct budget *budget);
void telling_free(struct telling *telling);

/* Some of a part, from *at on, which is 0 first; false: that was the last. */
bool telling_step(struct telling *telling, const struct model *model, uint32_t part, size_t *at,
                  told_fn *take, void *to);

/* Whether, a part being told, something is known of a goroutine that goes on: of others nothing else
 * is told that would belong to what was, as they are over or lost. */
static inline bool telling_knows(const struct telling *telling, uint32_t go)
{
	return sparse_get(&telling->place_of, go) != 0;
}

/* A part that cannot be had: what anybody does in it is not known. */
void telling_skip(struct telling *telling, const struct model *model, uint32_t part, told_fn *take,
                  void *to);

/* What goes on at the end of the trace. */
void telling_end(struct telling *telling, const struct model *model, told_fn *take, void *to);

#endif
