/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TRAIL_H
#define CORE_MODEL_TRAIL_H

#include "core/model/model.h"

/* A lane that no P and no goroutine has: what one goroutine after the other did, as somebody found
 * it, say what a task hung on. Its spans follow one another; where they stand in histories is looked
 * up when one of them is selected. */
struct trail {
	ARRAY(struct span) spans;
};

/* What comes is a new one. */
void trail_begin(struct model *model);
void trail_add(struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
               enum span_kind kind);
void trail_end(struct model *model); /* all are added, in any order */
void trail_free(struct model *model);

/* As model_spans. */
size_t trail_spans(const struct model *model, int64_t begin_ns, int64_t end_ns, struct span *spans,
                   size_t max);

/* How each of count stretches between times was spent. */
void trail_mixes(const struct model *model, const int64_t *times, size_t count,
                 struct go_mix *mixes);

/* Of one of it, what stands in its goroutine's lane then, cut to the trail, if that is known. */
void trail_resolve(const struct model *model, struct span *span);

/* Which of it begins at a time, from 0 on; as many as there are: none. */
size_t trail_find(const struct model *model, int64_t begin_ns);

#endif
