/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_SEEK_H
#define TUI_STATE_SEEK_H

#include "core/model/model.h"

/* The ranges a person steps through - GC cycles, stops of the world, mark assists, and the times of
 * what was lost - as spans that can be selected. They are in the model whole, whether or not
 * histories are there; one look is linear in their number. */
enum seek_kind {
	SEEK_GC = 1,
	SEEK_STW = 2,
	SEEK_ASSIST = 4,
	SEEK_DAMAGE = 8, /* that is graver than a note, and whose time is known */
};

/* The span of a kind in the model's own order; index: in cycles, stops, assists or rows of damage.
 * SPAN_NONE: that damage is nothing to step to. */
struct span seek_span(const struct model *model, enum seek_kind kind, size_t index);

/* Whose: of a goroutine, or on a P. */
struct seek_of {
	uint32_t go, proc; /* INDEX_NONE: any */
};

extern const struct seek_of seek_of_all;

/* The nearest span of these kinds (joined by |) that begins after from does, or before it. A from
 * of SPAN_NONE is the moment of its begin_ns, and what begins right then counts. */
bool seek_next(const struct model *model, unsigned kinds, const struct seek_of *of,
               const struct span *from, struct span *to);
bool seek_previous(const struct model *model, unsigned kinds, const struct seek_of *of,
                   const struct span *from, struct span *to);

/* The longest of a kind, the first of equals. */
bool seek_longest(const struct model *model, enum seek_kind kind, struct span *span);

/* An assist that was found without its history: puts its place there in, once it is there. Damage:
 * its place among all that is known by now. */
void seek_resolve(const struct model *model, struct span *span);

#endif
