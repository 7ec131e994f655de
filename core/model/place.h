/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_PLACE_H
#define CORE_MODEL_PLACE_H

#include "core/base/radix.h"
#include "core/model/walk.h"

/* Puts what happened to each P in the order of its sequence numbers (walk.md 2). */
struct placement {
	ARRAY(uint32_t)
	tenure_slots; /* of all Ps: indexes of tenures by number; a P has count of
	                 them from its first_slot */
	u64_array keys, room;
};

void place_init(struct placement *place, struct budget *budget);
void place_free(struct placement *place);
void place_procs(struct placement *place, struct walk *walk);

#endif
