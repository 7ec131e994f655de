/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_GO_TELLER_H
#define CORE_MODEL_GO_TELLER_H

#include "core/model/model.h"

/* What a goroutine did, one thing after the other, from the histories of parts: each span that laps
 * into the window is taken, in order, until take says false. Where a history is missing there is a
 * gap. */
typedef bool go_take_fn(void *to, const struct span *span);

void go_tell(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
             go_take_fn *take, void *to);

/* What it did in one part, whose history is there: *open is what it did before - SPAN_NONE: nobody
 * knows -, and then what it does at the part's end, which is not taken. */
void go_tell_part(const struct model *model, uint32_t part, uint32_t go, struct span *open,
                  go_take_fn *take, void *to);

/* The same of what laps into a window. */
void go_tell_within(const struct model *model, uint32_t part, uint32_t go, int64_t begin_ns,
                    int64_t end_ns, struct span *open, go_take_fn *take, void *to);

/* Whether what it does at a time began before the part, for all that the part tells. */
bool go_lasts_from_before(const struct model *model, uint32_t part, uint32_t go, int64_t ns);

enum { GO_PARTS_BACK = 64 /* looked through for the begin of what lasts */ };

/* The same of one record, of what a tour has of the part that it visits. */
void go_tell_record(const struct model *model, uint32_t part, uint32_t go, uint32_t record,
                    struct span *open, go_take_fn *take, void *to);

#endif
