/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEEN_H
#define TESTS_SEEN_H

#include "core/analysis/analysis.h"
#include "core/model/model.h"

/* What is seen of a trace, as a number: where it is the same, so is every byte. */

/* A table, after what was seen before. */
uint64_t seen_table(uint64_t seen, const struct table *table);

/* All tables, in the order of the list of analyses. */
uint64_t seen_answers(const struct model *model);

/* The same, from whoever answers questions. */
typedef bool seen_ask_fn(void *to, struct table *table, const struct analysis *analysis,
                         const struct question *question, struct error *err);
uint64_t seen_answers_of(struct budget *budget, seen_ask_fn *ask, void *to);

/* The events in order, as gander events prints them; 0 of a trace that is refused, and of a v1 one,
 * which is not ordered so. */
uint64_t seen_events(const struct index *index, const struct source *source, bool is_strict);

/* More of anything. */
uint64_t seen_bytes(uint64_t seen, const void *data, size_t len);

#endif
