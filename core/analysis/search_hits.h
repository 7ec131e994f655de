/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SEARCH_HITS_H
#define CORE_ANALYSIS_SEARCH_HITS_H

#include "core/analysis/search_match.h"

/* Which records of a part's history, and which ranges of a model, are hits. */

/* Hits that are no spans: the kind of one, beside enum span_kind. Its index: as of user_region_at
 * or user_log_at; of a task, in the model's. */
enum search_hit_kind { SEARCH_HIT_REGION = 100, SEARCH_HIT_LOG, SEARCH_HIT_TASK };

/* Whether each own goroutine of a part matches. */
struct search_gos {
	uint32_t part; /* INDEX_NONE: of none */
	size_t at;     /* how far it is known */
	ARRAY(uint8_t) matches;
};

/* Some more of a part's goroutines; false: all are known. */
bool search_learn_gos(struct search_match *match, const struct model *model, uint32_t part,
                      struct search_gos *gos);

/* Takes hits. */
typedef void search_take_fn(void *to, const struct span *hit);

/* Those of a part's records from *at on, some of them; false: that was all. */
bool search_tell_part(struct search_match *match, const struct model *model, uint32_t part,
                      const struct search_gos *gos, size_t *at, search_take_fn *take, void *to);

/* Those of what no part has. */
void search_tell_ranges(struct search_match *match, const struct model *model, search_take_fn *take,
                        void *to);

#endif
