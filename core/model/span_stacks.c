/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

#include "core/model/detail_at.h"
#include "core/model/user_spans.h"

/* The stacks of a span, and who woke, as the records of histories have them: nothing is read from
 * the file. */

enum { LOOKED = 64 /* records of one time */ };

static const struct history *history_of(const struct model *model, uint32_t part)
{
	return part < model->parts.count ? model->parts.items[part]->history : NULL;
}

/* The same, or what a tour that visits the part looks at. */
static const struct history *visited_of(const struct model *model, uint32_t part)
{
	return part < model->parts.count ? part_visited(model->parts.items[part]) : NULL;
}

static const struct run *run_at(const struct history *history, uint32_t record)
{
	if (record & RECORD_WAKE || record >= history->runs.count)
		return NULL;
	return &history->runs.items[record];
}

static const struct wake *wake_at(const struct history *history, uint32_t record)
{
	uint32_t at = record & ~RECORD_WAKE;

	return record & RECORD_WAKE && at < history->wakes.count ? &history->wakes.items[at] : NULL;
}

/* Where the goroutine had stopped before a record; if the part does not tell that, where it is said
 * to stand. */
static stack_id stopped_before(const struct history *history, uint32_t before)
{
	while (before != INDEX_NONE) {
		const struct run *run = run_at(history, before);
		const struct wake *wake = wake_at(history, before);

		if (run != NULL)
			return run->stack;
		if (wake == NULL)
			break;
		if (wake->kind >= WAKE_STATUS_RUNNABLE)
			return wake->stack;
		before = wake->before;
	}
	return 0;
}

/* ---- what lasts beyond one part */

typedef bool is_run_fn(const struct run *run, event_ref ref);

static bool begins_with(const struct run *run, event_ref ref)
{
	return run->begin_ref == ref;
}

static bool ends_with(const struct run *run, event_ref ref)
{
	return run->end_ref == ref;
}

static bool is_open(const struct run *run, event_ref ref)
{
	(void)ref;
	return run->end == TIME_NONE;
}

/* The first or the last run of a goroutine in a part, if it is the one that is meant. */
static const struct run *find_run(const struct history *history, uint32_t go, bool last,
                                  is_run_fn *is_run, event_ref ref)
{
	const struct strands *strands = &history->strands;
	size_t own, end;

	strands_find(strands, go, &own, &end);
	for (; own < end; own++) {
		uint32_t g = (uint32_t)strands->own_of.items[own];
		uint32_t first = strands->first.items[g],
			 count = strands->first.items[g + 1] - first;

		for (uint32_t i = 0; i < count; i++) {
			const struct run *run = run_at(
				history,
				strands->records.items[last ? first + count - 1 - i : first + i]);

			if (run == NULL)
				continue;
			if (is_run(run, ref))
				return run;
			break;
		}
	}
	return NULL;
}

/* Where a goroutine is said to be when a part first tells of it. */
static stack_id said_stack(const struct history *history, uint32_t go)
{
	const struct strands *strands = &history->strands;
	size_t own, end;

	strands_find(strands, go, &own, &end);
	for (; own < end; own++) {
		uint32_t g = (uint32_t)strands->own_of.items[own];
		uint32_t first = strands->first.items[g];
		const struct wake *wake = first == strands->first.items[g + 1]
		                                  ? NULL
		                                  : wake_at(history, strands->records.items[first]);

		if (wake != NULL && wake->kind >= WAKE_STATUS_RUNNABLE)
			return wake->stack;
	}
	return 0;
}

/* One that it is in since before the trace has its first status. */
static stack_id call_stack(const struct model *model, const struct long_run *call)
{
	bool is_told = call->begin_part != INDEX_NONE;
	const struct history *history = visited_of(model, is_told ? call->begin_part : 0);
	const struct run *run;

	if (history == NULL)
		return 0;
	if (!is_told)
		return said_stack(history, call->go);
	run = find_run(history, call->go, true, is_open, 0);
	return run == NULL ? 0 : run->stack;
}

static void long_stacks(const struct model *model, const struct span *span, stack_id stacks[2])
{
	const struct lane *lane = &model->lanes.items[span->proc];
	const struct long_run *run = span->kind == SPAN_RUN ? &lane->long_runs.items[span->index]
	                                                    : &lane->long_calls.items[span->index];
	const struct history *begin = history_of(model, run->begin_part);
	const struct history *end = history_of(model, run->end_part);
	const struct run *found;

	if (span->kind == SPAN_SYSCALL) {
		stacks[0] = call_stack(model, run);
		return;
	}
	found = begin == NULL ? NULL : find_run(begin, run->go, true, begins_with, run->begin_ref);
	if (found != NULL)
		stacks[0] = stopped_before(begin, found->before);
	found = end == NULL || run->is_open
	                ? NULL
	                : find_run(end, run->go, false, ends_with, run->end_ref);
	if (found != NULL)
		stacks[1] = found->stack;
}

/* ---- between runs */

static bool is_status(const struct history *history, uint32_t record)
{
	const struct wake *wake = wake_at(history, record);

	return wake != NULL ? wake->kind >= WAKE_STATUS_RUNNABLE
	                    : history->runs.items[record].open == RUN_STATUS ||
	                              history->runs.items[record].open == RUN_STATUS_SYSCALL;
}

/* The first record of an own goroutine from a place on that is news; INDEX_NONE. */
static uint32_t news_from(const struct history *history, uint32_t own, uint32_t at)
{
	const struct strands *strands = &history->strands;

	for (; at < strands->first.items[own + 1]; at++)
		if (!is_status(history, strands->records.items[at]))
			return strands->records.items[at];
	return INDEX_NONE;
}

static uint32_t own_of(const struct history *history, uint32_t record)
{
	const struct wake *wake = wake_at(history, record);

	return wake != NULL ? wake->g : history->runs.items[record].g;
}

/* Of who stood at the head of a stream: a number that tells nothing else. */
static bool is_of_head(const struct history *history, uint32_t record)
{
	const struct strands *strands = &history->strands;
	const struct run *first = run_at(
		history, strands->records.items[strands->first.items[own_of(history, record)]]);

	return first != NULL && first->open >= RUN_HEAD;
}

/* Behind a record, among those of its time. */
static uint32_t news_after(const struct history *history, uint32_t record)
{
	const struct strands *strands = &history->strands;
	uint32_t own = own_of(history, record);
	uint32_t at = strands_first_from(history, own, strands_time(history, record));

	for (int i = 0; i < LOOKED && at < strands->first.items[own + 1]; i++, at++)
		if (strands->records.items[at] == record)
			return news_from(history, own, at + 1);
	return INDEX_NONE;
}

/* The first of a goroutine in a part, but of one number that it has there. */
static uint32_t first_news(const struct history *history, uint32_t go, uint32_t except)
{
	uint32_t found = INDEX_NONE;
	size_t own, end;

	strands_find(&history->strands, go, &own, &end);
	for (; own < end && found == INDEX_NONE; own++) {
		uint32_t g = (uint32_t)history->strands.own_of.items[own];

		if (g != except)
			found = news_from(history, g, history->strands.first.items[g]);
	}
	return found;
}

/* Who woke the goroutine at the end of a stay. */
static stack_id woken_from(const struct model *model, const struct span *span)
{
	const struct history *history = history_of(model, span->part);
	uint32_t record = news_after(history, span->index);

	if (record == INDEX_NONE && is_of_head(history, span->index))
		record = first_news(history, span->go, own_of(history, span->index));
	for (uint32_t p = span->part + 1; record == INDEX_NONE && p < model->parts.count &&
	                                  model->parts.items[p]->begin_ns <= span->end_ns;
	     p++) {
		history = history_of(model, p);
		if (history != NULL)
			record = first_news(history, span->go, INDEX_NONE);
	}
	return record == INDEX_NONE || !(record & RECORD_WAKE)
	               ? 0
	               : history->wakes.items[record & ~RECORD_WAKE].stack;
}

static void stay_stacks(const struct model *model, const struct span *span,
                        const struct history *history, stack_id stacks[2])
{
	const struct run *run = run_at(history, span->index);
	const struct wake *wake = wake_at(history, span->index);

	if (run != NULL)
		stacks[0] = run->stack;
	else if (wake != NULL && wake->kind >= WAKE_STATUS_RUNNABLE)
		stacks[0] = wake->stack;
	else if (wake != NULL)
		stacks[0] = stopped_before(history, wake->before);
	if (span->kind == SPAN_WAITING)
		stacks[1] = woken_from(model, span);
	else if (wake != NULL && wake->kind < WAKE_STATUS_RUNNABLE)
		stacks[1] = wake->stack;
}

/* Of a close-up: where a run stopped before is not known. */
static void near_stacks(const struct model *model, const struct span *span, stack_id stacks[2])
{
	const struct detail_reader r = { .model = model };
	const struct history *history;
	const struct piece *piece;
	const struct run *run;

	if (span->kind != SPAN_RUN) {
		if (detail_find_piece(&r, span, &piece) != NULL)
			stacks[0] = (stack_id)piece->stack;
		return;
	}
	if (detail_find_run(&r, span, &history, &run) == NULL)
		return;
	if (history == history_of(model, span->part))
		stacks[0] = stopped_before(history, run->before);
	stacks[1] = run->stack;
}

void model_span_stacks(const struct model *model, const struct span *span, stack_id stacks[2])
{
	const struct history *history = history_of(model, span->part);

	stacks[0] = stacks[1] = 0;
	if (span->is_long) {
		long_stacks(model, span, stacks);
		return;
	}
	if (span->kind == SPAN_STW) {
		stacks[0] = model->stops.items[span->index].stack;
		return;
	}
	if (span->kind == SPAN_REGION || span->kind == SPAN_LOG || span->kind == SPAN_SAMPLE) {
		user_span_stacks(model, span, stacks);
		return;
	}
	if (span->is_near) {
		near_stacks(model, span, stacks);
		return;
	}
	if (history == NULL)
		return;
	switch ((enum span_kind)span->kind) {
	case SPAN_RUN:
		stacks[0] = stopped_before(history, history->runs.items[span->index].before);
		stacks[1] = history->runs.items[span->index].stack;
		break;
	case SPAN_SYSCALL: /* of a lane of a goroutine one may be a run's rest */
	case SPAN_ASSIST:
	case SPAN_SWEEP:
		if (span->proc == INDEX_NONE)
			stay_stacks(model, span, history, stacks);
		else
			stacks[0] = (stack_id)history->lanes.pieces.items[span->index].stack;
		break;
	case SPAN_RUNNABLE:
	case SPAN_WAITING:
		stay_stacks(model, span, history, stacks);
		break;
	case SPAN_STW:
	case SPAN_GC:
	case SPAN_DAMAGE:
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
	case SPAN_TASK:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
	case SPAN_NONE:
		break;
	}
}

/* Of a wake-up: of who woke or created it, or its own if it is a status. Out of a syscall nobody
 * tells where it stands. */
static stack_id record_stack(const struct history *history, uint32_t record, bool is_runnable)
{
	const struct run *run = run_at(history, record);
	const struct wake *wake = wake_at(history, record);

	if (run == NULL)
		return wake != NULL ? wake->stack : 0;
	return is_runnable && run->close == RUN_SYSCALL_BLOCKED ? 0 : run->stack;
}

stack_id model_begin_stack(const struct model *model, const struct span *span)
{
	const struct history *history = visited_of(model, span->part);
	bool is_record = span->kind == SPAN_RUNNABLE || span->kind == SPAN_WAITING ||
	                 (span->kind == SPAN_SYSCALL && span->proc == INDEX_NONE);

	if (span->kind == SPAN_SYSCALL && span->is_long)
		return call_stack(model,
		                  &model->lanes.items[span->proc].long_calls.items[span->index]);
	if (history == NULL || span->is_long)
		return 0;
	if (is_record)
		return record_stack(history, span->index, span->kind == SPAN_RUNNABLE);
	return span->kind == SPAN_SYSCALL ? (stack_id)history->lanes.pieces.items[span->index].stack
	                                  : 0;
}

uint32_t model_begin_waker(const struct model *model, const struct span *span)
{
	const struct history *history = visited_of(model, span->part);
	const struct wake *wake;

	if (history == NULL || span->kind != SPAN_RUNNABLE || span->is_long)
		return INDEX_NONE;
	wake = wake_at(history, span->index);
	return wake != NULL && wake->kind < WAKE_STATUS_RUNNABLE && wake->by < history->go_of.count
	               ? history->go_of.items[wake->by]
	               : INDEX_NONE;
}
