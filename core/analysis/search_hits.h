/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SEARCH_HITS_H
#define CORE_ANALYSIS_SEARCH_HITS_H

#include "core/analysis/search_match.h"

/* Which records of a part's history, and which ranges of a model, are hits. */

/* Hits that are no spans: the kind of one, beside enum span_kind. Its index is into the model's. Of
 * regions, logs and CPU samples part and index are those of user.h. */
enum search_hit_kind { SEARCH_HIT_TASK = 100 };

/* Own goroutines of a part, or of what a pass has of it. */
struct search_gos {
	uint32_t part;          /* INDEX_NONE: of none */
	size_t at;              /* how far it is known */
	ARRAY(uint8_t) matches; /* whether each does */
	u32_array runs;         /* of a pass: the turn of the run that each is in, + 1; 0: in none,
	                         * or in a hit */
};

/* What counting needs of parts: enum pass_need; 0: all of their histories. says: what is said in
 * them may match. */
uint8_t search_pass(const struct search_match *match, bool says);

/* Some more of the goroutines of a part; false: all are known. */
bool search_learn_gos(struct search_match *match, const struct model *model,
                      const struct history *history, uint32_t part, struct search_gos *gos);

/* Takes hits. */
typedef void search_take_fn(void *to, const struct span *hit);

/* Those of a part's history from *at on, some of them; or of a pass, whose hits have no ends and no
 * places. False: that was all. */
bool search_tell_part(struct search_match *match, const struct model *model,
                      const struct history *history, uint32_t part, struct search_gos *gos,
                      size_t *at, search_take_fn *take, void *to);

/* How many of a part's CPU samples are, which need no history. */
uint64_t search_count_samples(struct search_match *match, const struct model *model, uint32_t part);

/* Those of what no part has. */
void search_tell_ranges(struct search_match *match, const struct model *model, search_take_fn *take,
                        void *to);

#endif
