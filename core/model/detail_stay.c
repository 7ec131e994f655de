/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail_at.h"

/* Stays between runs: they begin with a record, and end with the next one of the goroutine. */

/* The run that ended when the stay began, or the wake-up that began it; the other is NULL. */
static const struct run *run_of(const struct part *part, const struct span *span)
{
	if (span->index & RECORD_WAKE || span->index >= part->history->runs.count)
		return NULL;
	return &part->history->runs.items[span->index];
}

static const struct wake *wake_of(const struct part *part, const struct span *span)
{
	uint32_t at = span->index & ~RECORD_WAKE;

	return span->index & RECORD_WAKE && at < part->history->wakes.count
	               ? &part->history->wakes.items[at]
	               : NULL;
}

static void fill_stop(struct detail *detail, const struct part *part, const struct run *run)
{
	detail->start_stack = run->stack;
	detail->ended = run->close;
	if (run->close == RUN_BLOCK || run->close == RUN_STOP)
		detail->reason =
			tables_string(&part->tables, part->history->reasons.items[run->reason]);
}

void detail_fill_runnable(struct detail *detail, const struct detail_reader *r,
                          const struct span *span)
{
	const struct part *part = detail_part(r, span);

	if (part == NULL)
		return;
	if (run_of(part, span) != NULL)
		fill_stop(detail, part, run_of(part, span));
	else if (wake_of(part, span) != NULL)
		detail_fill_wake(detail, r, part, wake_of(part, span));
	if (wake_of(part, span) != NULL && wake_of(part, span)->kind >= WAKE_STATUS_RUNNABLE)
		detail->start_stack = wake_of(part, span)->stack;
}

/* The wake-up of the goroutine at a time, in the part or the next ones that are there. */
static void find_wake(struct detail *detail, const struct detail_reader *r, const struct span *span)
{
	uint32_t first, end;

	model_parts_in(r->model, span->end_ns, span->end_ns + 1, &first, &end);
	for (; first < end && !detail->has_waker; first++) {
		const struct part *part = r->model->parts.items[first];
		size_t own, last;

		if (part->history == NULL)
			continue;
		strands_find(&part->history->strands, span->go, &own, &last);
		for (; own < last; own++) {
			const struct wake *wake = strands_wake_at(
				part->history, (uint32_t)part->history->strands.own_of.items[own],
				part_time_of(part, span->end_ns));

			if (wake != NULL && part_ns(part, wake->time) == span->end_ns)
				detail_fill_wake(detail, r, part, wake);
		}
	}
}

void detail_fill_waiting(struct detail *detail, const struct detail_reader *r,
                         const struct span *span)
{
	const struct part *part = detail_part(r, span);
	stack_id stack;

	if (part != NULL && run_of(part, span) != NULL)
		fill_stop(detail, part, run_of(part, span));
	else if (part != NULL && wake_of(part, span) != NULL &&
	         wake_of(part, span)->kind >= WAKE_STATUS_RUNNABLE)
		detail->start_stack = wake_of(part, span)->stack;
	stack = detail->start_stack;
	find_wake(detail, r, span);
	if (stack != 0) /* where it waits; that of its creation says less */
		detail->start_stack = stack;
}
