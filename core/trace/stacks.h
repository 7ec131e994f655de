/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_STACKS_H
#define CORE_TRACE_STACKS_H

#include "core/trace/strings.h"

typedef uint32_t stack_id; /* 0: no stack */

struct frame {
	uint64_t pc;
	string_id function, file;
	uint32_t line;
};

/* Every call stack of a trace once. Frame 0 is the innermost. */
struct stacks {
	ARRAY(struct frame) frames; /* of all stacks, one behind the other */
	ARRAY(struct stack_place { uint32_t first, count; }) places;
	struct id_map by_hash;
};

void stacks_init(struct stacks *stacks, struct budget *budget);
void stacks_free(struct stacks *stacks);

/* The id of a stack; a new one is copied. */
stack_id stacks_add(struct stacks *stacks, const struct frame *frames, uint32_t count);

/* The frames of a stack and how many; valid until the next add. */
const struct frame *stacks_frames(const struct stacks *stacks, stack_id id, uint32_t *count);

#endif
