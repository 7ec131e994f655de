/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TELLING_H
#define CORE_MODEL_TELLING_H

#include "core/model/go_teller.h"

/* What all goroutines did, part by part, for who goes through a trace once (tour.h): each span of
 * each goroutine's lane, whole, however many parts it lasts, when it ends. Parts come in order,
 *each with its history; what a goroutine does at the end of one is remembered until it ends. Spans
 *of one goroutine come by time.
 *
 *	for each part: while (telling_step(&telling, model, part, &at, take, to)) ;
 *	telling_end(&telling, model, take, to);
 */
struct telling {
	ARRAY(struct span)
	open, next;   /* by goroutine: before the part that is told, and after it */
	bool is_torn; /* memory was short: some spans end where their part does */
};

void telling_init(struct telling *telling, struct budget *budget);
void telling_free(struct telling *telling);

/* Some goroutines of a part, from *at on, which is 0 first; false: those were the last. take says
 * false where it wants no more of that goroutine in this part. */
bool telling_step(struct telling *telling, const struct model *model, uint32_t part, size_t *at,
                  go_take_fn *take, void *to);

/* A part that cannot be had: what anybody does in it is not known. */
void telling_skip(struct telling *telling, const struct model *model, uint32_t part,
                  go_take_fn *take, void *to);

/* What goes on at the end of the trace. */
void telling_end(struct telling *telling, const struct model *model, go_take_fn *take, void *to);

#endif
