/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_GO_NAMES_H
#define CORE_MODEL_GO_NAMES_H

#include "core/base/sparse.h"
#include "core/model/roster.h"

/* The names of a roster's goroutines, for who asks for very many, in any order: each block is
 * unpacked once, until all is forgotten. What is learned of a name later is not seen before. */
struct go_names {
	const struct roster *roster;
	struct sparse names; /* of those that are known: string_id, + 1 */
};

void go_names_init(struct go_names *names, const struct roster *roster, struct budget *budget);
void go_names_free(struct go_names *names);

/* Of one that the roster does not have, 0. */
string_id go_names_of(struct go_names *names, uint32_t go);

/* For who goes on to others, that most of those are not asked for any more. */
void go_names_forget(struct go_names *names);

#endif
