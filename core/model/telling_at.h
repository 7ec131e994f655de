/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TELLING_AT_H
#define CORE_MODEL_TELLING_AT_H

#include "core/model/part.h"
#include "core/model/telling.h"

/* Inside of the telling: a goroutine, part by part, from the records of histories (telling.c) or
 * from turns (telling_turns.c). */

/* Its stays are told one behind the other: the last one may be a syscall that goes on without its
 * P. */
struct teller {
	const struct model *model;
	told_fn *take;
	void *to;
	struct told first; /* what it did before the part; SPAN_NONE */
	struct told held;  /* SPAN_NONE: nothing is held back */
	int64_t heard_ns;  /* the first record of it */
	uint32_t part;     /* that tells */
	uint8_t last;      /* enum span_kind: of what was told last of it */
	bool is_begun;
};

/* From what it does when the teller sets in, to what it does then: now; between them it takes spans
 * (go_teller.h). */
void teller_begin(struct teller *t, const struct going *going);
bool teller_take(void *to, const struct span *span);
void teller_end(struct teller *t, struct going *going, const struct span *now);

/* NULL: nothing is known of it. */
static inline struct going *telling_find_going(struct telling *telling, uint32_t go)
{
	uint32_t place = sparse_get(&telling->place_of, go);

	return place == 0 ? NULL : &telling->going.items[place - 1];
}

/* Of whom nothing was known; NULL: there is no room. */
struct going *telling_add_going(struct telling *telling, uint32_t go, int64_t heard_ns);
void telling_drop_going(struct telling *telling, struct going *going);

/* When a part tells first of the goroutine that has own numbers in [at, end). */
int64_t telling_heard_ns(const struct part *part, size_t at, size_t end);

/* The steps of a part that has turns. */
bool telling_step_turns(struct telling *telling, struct teller *t, const struct part *part,
                        size_t *at);

#endif
