/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_PLACE_H
#define CORE_MODEL_PLACE_H

#include "core/base/radix.h"
#include "core/model/walk.h"

/* Puts the records of a walk in order without sorting: each goes to the slot of its goroutine or P
 * that its sequence number names (performance.md 7, phase B). */

/* What a slot holds: a run, a wake-up with SLOT_WAKE set, or nothing (INDEX_NONE). */
#define SLOT_WAKE (UINT32_C(1) << 31)

struct placement {
	ARRAY(uint32_t) slots; /* of all goroutines; a goroutine has max_seq + 1 from first_slot */
	ARRAY(uint32_t)
	tenure_slots; /* of all Ps: indexes of tenures by number; a P has count of them */
	ARRAY(uint32_t) mark_order; /* indexes of marks, by goroutine, slot, position */
	u64_array keys, room;
	uint64_t dropped; /* records whose slot was taken */
};

void place_init(struct placement *place, struct budget *budget);
void place_free(struct placement *place);

/* Fills the slots of goroutines and Ps. Sequence numbers far beyond the number of records, which
 * only damage makes, are replaced by ranks. */
void place_goroutines(struct placement *place, struct walk *walk);
void place_procs(struct placement *place, struct walk *walk);
void place_marks(struct placement *place, const struct walk *walk);

#endif
