/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_MOVES_H
#define CORE_MODEL_MOVES_H

#include "core/base/radix.h"
#include "core/model/account.h"

/* Puts the moves of a stretch of time in the order of each goroutine. By time they nearly are;
 * where clocks disagree, sequence numbers decide: a move that comes before its turn is parked until
 * the one that it waits for is there. What waits in vain, as something is missing, comes at the end
 * in the order of its numbers. */
struct moves {
	struct budget *budget;
	ARRAY(struct parked {
		struct move move;
		uint32_t next;
	})
	parked;
	size_t waiting;        /* of those that were parked */
	struct id_map last_of; /* goroutine and order -> the last in a ring of parked ones */
	u64_array keys, room;
	u32_array order, half; /* of a stretch: its moves by time, and on the way to that */
};

void moves_init(struct moves *moves, struct budget *budget);
void moves_free(struct moves *moves);
void moves_clear(struct moves *moves);

/* The moves of the next stretch: given to the account. What it needs of the stretch later it has
 * taken. */
void moves_give(struct moves *moves, struct account *account, const struct stretch *stretch);

/* Those that waited in vain. */
void moves_give_rest(struct moves *moves, struct account *account);

#endif
