/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_GO_NAMES_H
#define CORE_MODEL_GO_NAMES_H

#include "core/model/roster.h"

/* The names of a roster's goroutines, for who asks for very many, in any order: each block is
 * unpacked once. What is learned of a name later is not seen. */
struct go_names {
	const struct roster *roster;
	u32_array names; /* of those whose block is known: string_id */
	ARRAY(uint8_t) is_known; /* of each block */
};

void go_names_init(struct go_names *names, const struct roster *roster, struct budget *budget);
void go_names_free(struct go_names *names);

/* Of one that the roster does not have, 0. */
string_id go_names_of(struct go_names *names, uint32_t go);

#endif
