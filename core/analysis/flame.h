/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FLAME_H
#define CORE_ANALYSIS_FLAME_H

#include "core/analysis/profile.h"

/* A profile as a tree of calls, from the outermost functions inwards: each call stands before those
 * that it leads to, of those that one leads to the most expensive first. What a call takes is its
 * delay, or, of samples, how many they are; all of them side by side are as wide as what is all. */
struct flame_call {
	struct profile_entry flat, cum;
	int64_t begin; /* what is beside it, to the left */
	string_id function;
	uint32_t parent; /* INDEX_NONE: nobody called it */
	uint32_t next;   /* the first one behind that it does not lead to */
	uint32_t depth;
};

struct flame {
	ARRAY(struct flame_call) calls;
	struct profile_entry all;
	enum profile_of of;
};

void flame_init(struct flame *flame, struct budget *budget);
void flame_free(struct flame *flame);

/* Into an initialized one. */
void flame_make(struct flame *flame, const struct profile *profile, const struct model *model,
                enum profile_of of);

/* What an entry takes. */
static inline int64_t flame_weight(const struct flame *flame, const struct profile_entry *entry)
{
	return flame->of == PROFILE_DELAYS ? entry->delay_ns : (int64_t)entry->count;
}

/* For people: a row a call, each deeper by two columns than its caller. */
void flame_table(const struct flame *flame, const struct model *model, struct table *table);

#endif
