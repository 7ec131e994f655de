/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_PROFILE_H
#define CORE_ANALYSIS_PROFILE_H

#include "core/analysis/table.h"
#include "core/base/checked.h"
#include "core/model/model.h"

/* How often something happened, and how long it took, by call stack: what stays of goroutines
 * and CPU samples come to. A delay of all is 0 where only the count is asked for. */
struct profile {
	ARRAY(struct profile_entry {
		uint64_t count;
		int64_t delay_ns;
	})
	stacks;                  /* by stack_id; 0: without a stack */
	const struct stacks *of; /* those that a tree is made of; NULL: the model's */
	bool is_full;            /* memory is too short: some are not in it */
};

/* What is told of it: how often alone (samples), or how long, too. */
enum profile_of { PROFILE_COUNTS, PROFILE_DELAYS };

void profile_init(struct profile *profile, struct budget *budget);
void profile_free(struct profile *profile);

void profile_add(struct profile *profile, stack_id stack, int64_t delay_ns);

/* The tables of answers.md 3, into an initialized one. */

/* A row a function: flat where it is the innermost, cum where it is anywhere in the stack - once,
 * however often it is there. What has no stack is a function without a name. */
void profile_functions(const struct profile *profile, const struct model *model, enum profile_of of,
                       struct table *table);

/* A row for all stacks of the same functions, which are joined by ";", innermost first. */
void profile_stacks(const struct profile *profile, const struct model *model, struct table *table);

/* Of one function: by whom it is called, how much it takes in all and itself, and what it calls; in
 * each the most expensive first. Who has called nobody knows has no name. The share is of what the
 * function takes. False: it is in none of the stacks (profile_peek.c). */
bool profile_peek(const struct profile *profile, const struct model *model, enum profile_of of,
                  struct bytes function, struct table *table);

/* The functions of a stack as such a row has them, in place of text. */
typedef ARRAY(uint8_t) stack_text;
void profile_join(const struct model *model, const struct frame *frames, uint32_t count,
                  stack_text *text);

void stack_text_add(stack_text *text, struct bytes part);

static inline struct bytes stack_text_bytes(const stack_text *text)
{
	return (struct bytes){ text->items, text->count };
}

/* ---- for the files of this module */

static inline void profile_sum(struct profile_entry *sum, const struct profile_entry *entry)
{
	sum->count += entry->count;
	sum->delay_ns = saturating_add_i64(sum->delay_ns, entry->delay_ns);
}

/* What a stack without frames counts as. */
extern const struct frame profile_no_frame;

#endif
