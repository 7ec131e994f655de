/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

#include "core/model/detail_at.h"
#include "core/model/user.h"

/* The thread of a span: of the batch in which its events stand; and whether its P was taken away
 * meanwhile. */

static uint64_t id_of(const struct model *model, uint32_t thread)
{
	return thread < model->threads.count ? wire_thread(model->threads.items[thread].id)
	                                     : WIRE_NO_THREAD;
}

static uint32_t run_thread(const struct detail_reader *r, const struct part *part,
                           const struct run *run)
{
	uint32_t thread = detail_thread_of(r, part, run->begin_ref);

	return thread != ID_NONE ? thread : detail_thread_of(r, part, run->end_ref);
}

static uint32_t long_thread(const struct detail_reader *r, const struct span *span,
                            const long_run_array *runs)
{
	const struct long_run *run = &runs->items[span->index];

	if (run->begin_part != INDEX_NONE)
		return detail_thread_of(r, r->model->parts.items[run->begin_part], run->begin_ref);
	if (run->end_part != INDEX_NONE)
		return detail_thread_of(r, r->model->parts.items[run->end_part], run->end_ref);
	return ID_NONE;
}

static uint32_t thread_of_run(const struct detail_reader *r, const struct span *span)
{
	const struct history *history;
	const struct run *run;
	const struct part *part;

	if (span->is_long)
		return long_thread(r, span, &r->model->lanes.items[span->proc].long_runs);
	part = detail_find_run(r, span, &history, &run);
	return part == NULL ? ID_NONE : run_thread(r, part, run);
}

/* What is left of a syscall without its P is told by a run of its goroutine. */
static uint32_t thread_of_piece(const struct detail_reader *r, const struct span *span)
{
	const struct part *part = detail_part(r, span);
	const struct piece *piece;

	if (span->is_long)
		return long_thread(r, span, &r->model->lanes.items[span->proc].long_calls);
	if (span->proc == INDEX_NONE)
		return part != NULL && span->index < part->history->runs.count
		               ? run_thread(r, part, &part->history->runs.items[span->index])
		               : ID_NONE;
	part = detail_find_piece(r, span, &piece);
	return part == NULL ? ID_NONE : detail_thread_of(r, part, piece->ref);
}

uint64_t model_span_thread(const struct model *model, const struct span *span)
{
	struct detail_reader r = { .model = model, .index = model->index };

	if (span->thread != 0)
		return id_of(model, span->thread - 1);
	switch ((enum span_kind)span->kind) {
	case SPAN_RUN:
		return model->index == NULL ? WIRE_NO_THREAD
		                            : id_of(model, thread_of_run(&r, span));
	case SPAN_SYSCALL:
	case SPAN_ASSIST:
	case SPAN_SWEEP:
		return model->index == NULL ? WIRE_NO_THREAD
		                            : id_of(model, thread_of_piece(&r, span));
	case SPAN_STW:
		return wire_thread(model->stops.items[span->index].thread);
	case SPAN_SAMPLE:
		return wire_thread(user_sample_at(model, span->part, span->index).thread);
	case SPAN_NONE:
	case SPAN_GC:
	case SPAN_DAMAGE:
	case SPAN_RUNNABLE:
	case SPAN_WAITING:
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_TASK:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		break;
	}
	return WIRE_NO_THREAD;
}

bool model_call_lost_proc(const struct model *model, const struct span *span)
{
	struct detail_reader r = { .model = model, .index = model->index };
	const struct piece *piece;

	if (span->kind != SPAN_SYSCALL || span->proc == INDEX_NONE)
		return span->kind == SPAN_SYSCALL;
	if (span->is_long)
		return model->lanes.items[span->proc].long_calls.items[span->index].is_lost;
	return detail_find_piece(&r, span, &piece) != NULL && piece->is_lost;
}
