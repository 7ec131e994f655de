/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TIERS_H
#define CORE_MODEL_TIERS_H

#include "core/model/model.h"

/* What always stays of a trace (performance.md 3, T1), counted by kind, and made smaller where it
 * is more than its share of the memory: first checkpoints within batches go, then pyramids lose
 * their finest levels, the oldest parts' first, as histories are made again where somebody looks
 * closely; then the roster forgets the sums of goroutines that are over. What is told stays the
 * same. */

enum tier_kind {
	TIER_GOROUTINES, /* and their ids */
	TIER_PICTURES,   /* pyramids, and the tops above them */
	TIER_RANGES,     /* stops, cycles, assists, runs beyond parts */
	TIER_TABLES,     /* texts, stacks, samples, ids of parts */
	TIER_KINDS,
};

extern const char *const tier_names[TIER_KINDS];

void tiers_account(const struct model *model, size_t bytes[TIER_KINDS]);
size_t tiers_bytes(const struct model *model);

/* Makes it smaller, if it takes more than share bytes and if that can be. */
void tiers_shrink(struct model *model, size_t share);

/* Forgets goroutines that were over before the last part was joined; and, of a model that only
 * tells of them, assists that are over, and what the last part has for drawing. */
void tiers_forget(struct model *model);

#endif
