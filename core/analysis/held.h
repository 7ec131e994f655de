/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_HELD_H
#define CORE_ANALYSIS_HELD_H

#include "core/analysis/why.h"

/* Whom it held up that a goroutine did not run for a while: those that waited then already and that
 * it woke later, before it had waited for as long again, which would have made up for it; likewise
 * whom that held up, in turn. Steps as of why.h:
 *
 *	held_begin(&held, model, id, time_ns, budget);
 *	while ((place = held_step(&held)) != WHY_OVER)
 *		if (place == WHY_NEEDS) there have to be the histories of [held.first, held.end)
 *	held.rows, unless held.why.error
 *	held_free(&held);
 */
enum { HELD_ROWS = 100, HELD_DEPTH = 8, HELD_WOKEN = 256, HELD_PARTS = 16 /* looked through */ };

/* What is asked for comes first, then those it held up, by when they were woken, then those that
 * the first of them held up, and so on. */
struct held_row {
	struct why_stay stay; /* a whole wait; from: who woke it */
	uint32_t above;       /* the row whose goroutine did; INDEX_NONE: what is asked for */
	uint32_t depth;       /* 0: that */
	int64_t from_ns;      /* since then it was held up, */
	int64_t held_ns;      /* for so long: until that one ran again */
	int64_t after_ns;     /* and so long after that it was woken */
	stack_id wake_stack;  /* where that one was then */
};

struct held {
	const struct model *model;
	struct why why; /* until what is asked for is found */
	struct follow follow;
	uint8_t phase;
	uint32_t first, end; /* parts whose histories are needed */
	ARRAY(struct held_row) rows;
	size_t at; /* the row whose goroutine is looked at */

	int64_t waited_ns; /* by it, afterwards */
	int64_t until_ns;  /* then that made up for it */
	ARRAY(struct held_woken {
		int64_t ns;
		uint32_t go;
		stack_id stack;
	})
	woken; /* by it until then */
	size_t next;
};

void held_begin(struct held *held, const struct model *model, uint64_t id, int64_t time_ns,
                struct budget *budget);
void held_free(struct held *held);

/* A part of it: some milliseconds at most. */
enum why_place held_step(struct held *held);

#endif
