/* SPDX-License-Identifier: MIT */
#ifndef GANDER_TESTS_SAME_LOADED_H
#define GANDER_TESTS_SAME_LOADED_H

#include "core/base/id_map.h"
#include "tests/same/story.h"

/* Reading the story out of a loaded trace. */

struct reader {
	struct story *story;
	const struct loaded *loaded;
	const struct model *model;
	const struct part *part;
	struct id_map go_of;     /* id -> its last goroutine */
	u64_array stacks;        /* by their frames */
	ARRAY(uint32_t) heads;   /* goroutine -> number + 1 of the part where it was at a head */
	ARRAY(uint8_t) dead;     /* goroutines */
	ARRAY(uint32_t) same_id; /* goroutine -> the one before of its id; ID_NONE */
};

/* In the words of the story; EVENT_NONE: nobody. */
string_id reader_text(const struct reader *r, string_id id);
uint64_t reader_go(const struct reader *r, uint32_t go);
uint64_t reader_stack(const struct reader *r, stack_id stack);
uint64_t reader_proc(const struct reader *r, uint32_t proc);

/* What goroutines do in the part at hand: appended to their stays. */
void reader_stays(const struct reader *r);

/* What the program said of itself, and samples. */
void reader_user(const struct reader *r);

#endif
