/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_MUTATOR_H
#define CORE_ANALYSIS_MUTATOR_H

#include "core/analysis/utilization.h"
#include "core/model/model.h"

/* What is left of the Ps to the program, the mutator of the garbage collector's world: from a model
 * to functions of time (go-tool-trace.md 10; Go: internal/trace/gc.go). A worker takes its P from
 * when it is labelled until its run ends, an assist while its goroutine is on a P; a stop of the
 * world for the GC takes them all. Nothing is known before GOMAXPROCS is. */

enum mutator_flag {
	MUTATOR_STW = 1 << 0,        /* stops of the world, */
	MUTATOR_BACKGROUND = 1 << 1, /* workers, but those that run where nobody else would, */
	MUTATOR_ASSIST = 1 << 2,     /* mark assists */
	MUTATOR_SWEEP = 1 << 3,      /* and sweeps take something, */
	MUTATOR_PERPROC = 1 << 4,    /* each P is a function of its own; dedicated workers, which
	                              * goroutines leave alone, take nothing then */
	MUTATOR_MUT = 1 << 5,        /* (of who prints) quantiles, too */
	MUTATOR_LEAKS = 1 << 6,      /* as Go 1.26 counts, not as it means to: a worker that runs
	                              * once more never ends, and what takes all ends it all */
	MUTATOR_DEFAULT = MUTATOR_STW | MUTATOR_BACKGROUND | MUTATOR_ASSIST,
};

/* "stw|background|assist", or with commas, as Go's page has them: those that are named. False, and
 * where: there is none of that name. */
bool mutator_flags_parse(struct bytes text, unsigned *flags, size_t *wrong_at);

struct mutator {
	ARRAY(struct utilization) series; /* one, or one for each P as long as it is there */
	bool is_full;                     /* memory is too short: there are none */
};

struct mutator_wish {
	unsigned flags;
	int64_t from_ns, to_ns;           /* of the trace, only that; else INT64_MIN, INT64_MAX */
	const proc_stretch_array *sweeps; /* of MUTATOR_SWEEP; NULL: none are known */
};

void mutator_make(struct mutator *mutator, const struct model *model,
                  const struct mutator_wish *wish, struct budget *budget);
void mutator_free(struct mutator *mutator);

static inline struct utilizations mutator_all(const struct mutator *mutator)
{
	return (struct utilizations){ mutator->series.items, mutator->series.count };
}

#endif
