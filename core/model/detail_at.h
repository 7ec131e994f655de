/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_DETAIL_AT_H
#define CORE_MODEL_DETAIL_AT_H

#include "core/model/detail.h"
#include "core/model/part.h"

/* Inside of the detail: reading the events of a span again. */

struct detail_reader {
	const struct model *model;
	const struct index *index;
	const struct source *source;
};

/* The part with the history that a span's index is into; NULL: it is not there. */
const struct part *detail_part(const struct detail_reader *r, const struct span *span);

/* A run, or a piece, of a P's lane, and its part; NULL. *history: where it is; of a close-up it
 * tells nothing of what was before. */
const struct part *detail_find_run(const struct detail_reader *r, const struct span *span,
                                   const struct history **history, const struct run **run);
const struct part *detail_find_piece(const struct detail_reader *r, const struct span *span,
                                     const struct piece **piece);

/* The batch of a generation that holds a byte; NULL. */
const struct batch *detail_find_batch(const struct detail_reader *r, const struct part *part,
                                      uint64_t offset);

/* The thread that told of an event, in the model's threads; ID_NONE. */
uint32_t detail_thread_of(const struct detail_reader *r, const struct part *part, event_ref ref);

/* False: there is none, or it cannot be read. */
bool detail_read_event(const struct detail_reader *r, const struct part *part, event_ref ref,
                       struct wire_event *event, uint64_t *thread);

/* What the end of a sweep tells that begins there, if it is near. */
void detail_fill_sweep(struct detail *detail, const struct detail_reader *r,
                       const struct part *part, event_ref ref);

/* The stack that an event carries, in the trace's numbers. */
stack_id detail_stack_at(const struct detail_reader *r, const struct part *part, event_ref ref);

/* Who made it runnable, and where it had been created. */
void detail_fill_wake(struct detail *detail, const struct detail_reader *r, const struct part *part,
                      const struct wake *wake);

/* What the program said of itself (detail_user.c): a span that is of it, and inside of another. */
void detail_fill_mark(struct detail *detail, const struct detail_reader *r,
                      const struct span *span);
void detail_fill_said(struct detail *detail, const struct model *model, const struct span *span);

/* A stay of a goroutine that is no run: it is runnable, or waits (detail_stay.c). */
void detail_fill_runnable(struct detail *detail, const struct detail_reader *r,
                          const struct span *span);
void detail_fill_waiting(struct detail *detail, const struct detail_reader *r,
                         const struct span *span);

#endif
