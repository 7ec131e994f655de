/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_FOLLOW_H
#define CORE_MODEL_FOLLOW_H

#include "core/model/telling.h"

/* What one goroutine did in a window, stay by stay, from the histories of the parts that are
 * involved and of no others, one at a time:
 *
 *	follow_begin(&follow, model, go, begin_ns, end_ns);
 *	while ((place = follow_step(&follow, take, to)) != FOLLOW_OVER)
 *		if (place == FOLLOW_NEEDS) there has to be the history of follow.part
 *
 * Stays that lap into the window are whole at its begin, as far as GO_PARTS_BACK parts tell, and
 * may be cut behind its end. A syscall that loses its P is two. */
struct follow {
	const struct model *model;
	uint32_t go;
	int64_t begin_ns, end_ns;
	uint32_t part;    /* that it is at */
	uint32_t end;     /* behind the last that its begin is in */
	uint32_t born;    /* the first that may tell of the goroutine, */
	uint32_t gone;    /* and behind the last */
	uint32_t back;    /* parts that were looked through for the begin */
	bool is_found;    /* where to begin */
	struct told open; /* what it does behind the parts so far; SPAN_NONE: nobody knows; */
	stack_id stack;   /* and where */
	uint8_t last;     /* enum span_kind: what was told last */
	bool is_over;
};

/* False: enough. What of it is not known yet can be looked up (told_know). */
typedef bool follow_fn(void *to, struct told *told);

enum follow_place { FOLLOW_MORE, FOLLOW_NEEDS, FOLLOW_OVER };

void follow_begin(struct follow *follow, const struct model *model, uint32_t go, int64_t begin_ns,
                  int64_t end_ns);

/* At most a part of it. */
enum follow_place follow_step(struct follow *follow, follow_fn *take, void *to);

/* Where it stood in a stay that take is given, or where a run ended; 0: not recorded. */
stack_id follow_stack(const struct follow *follow, const struct told *told);

/* The wake-up that a stay begins with; NULL: it is something else, or of another part than it is
 * at. */
const struct wake *follow_wake(const struct follow *follow, const struct told *told);

#endif
