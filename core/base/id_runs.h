/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ID_RUNS_H
#define CORE_BASE_ID_RUNS_H

#include "core/base/array.h"
#include "core/base/id_map.h"

/* An id_map for ids that were given out one after the other, as their indexes were, or nearly: of
 * each 64 ids a run has those whose indexes are in a row, as bits. It is filled by portions; what
 * is found is what was settled. An id never changes its index. */
struct id_runs {
	ARRAY(struct id_run {
		uint64_t id;    /* the first of 64, whether or not it is there */
		uint64_t bits;  /* which are */
		uint32_t index; /* of the first that is */
	})
	runs,           /* by id, then index */
		fresh;  /* not settled yet */
	uint64_t count; /* ids in runs */
};

void id_runs_init(struct id_runs *runs, struct budget *budget);
void id_runs_free(struct id_runs *runs);

/* As many ids from id on, with as many indexes; all in all they take a time in n log n, in whatever order they come. What the last few
 * added is to be settled before it counts. */
void id_runs_add_row(struct id_runs *runs, uint64_t id, uint64_t count, uint32_t index);

static inline void id_runs_add(struct id_runs *runs, uint64_t id, uint32_t index)
{
	id_runs_add_row(runs, id, 1, index);
}

void id_runs_settle(struct id_runs *runs);

/* ID_NONE: it is not there. */
uint32_t id_runs_find(const struct id_runs *runs, uint64_t id);

size_t id_runs_bytes(const struct id_runs *runs);

#endif
