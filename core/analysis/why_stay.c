/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/why_stay.h"

#include "core/model/part.h"

/* What made it runnable, as far as the part tells that the goroutine is followed in. */
static enum why_start start_of(const struct follow *follow, const struct told *told)
{
	const struct part *part = follow->model->parts.items[follow->part];
	const struct wake *wake = follow_wake(follow, told);
	const struct run *run;

	if (wake != NULL)
		return wake->kind == WAKE_UNBLOCK  ? WHY_UNBLOCKED
		       : wake->kind == WAKE_CREATE ? WHY_BORN
		                                   : WHY_SOMEHOW;
	if (told->span.part != follow->part || told->span.index >= part->history->runs.count)
		return WHY_SOMEHOW;
	run = &part->history->runs.items[told->span.index];
	return run->close == RUN_STOP              ? WHY_STOPPED
	       : run->close == RUN_SYSCALL_BLOCKED ? WHY_OUT_OF_CALL
	                                           : WHY_SOMEHOW;
}

struct why_stay why_stay_of(const struct follow *follow, struct told *told)
{
	struct why_stay stay = {
		.begin_ns = told->begin_ns,
		.end_ns = told->end_ns,
		.go = told->span.go,
		.from = INDEX_NONE,
		.by = INDEX_NONE,
		.kind = told->span.kind,
		.stack = follow_stack(follow, told),
		.has_proc = told->proc != INDEX_NONE,
	};

	told_know(told, follow->model);
	stay.reason = told->reason;
	if (stay.kind == SPAN_RUNNABLE) {
		stay.from = told->by;
		stay.start = (uint8_t)start_of(follow, told);
	}
	return stay;
}

/* Who ran where a coroutine runs next. */
static uint32_t who_switched(const struct follow *follow, const struct told *next)
{
	struct span spans[4];
	size_t count = next->proc == INDEX_NONE
	                       ? 0
	                       : model_spans(follow->model, lane_of_proc(next->proc, false),
	                                     next->begin_ns - 1, next->begin_ns, spans, 4);

	for (size_t i = count; i-- > 0;)
		if (spans[i].end_ns == next->begin_ns && spans[i].go != next->span.go)
			return spans[i].go;
	return INDEX_NONE;
}

void why_stay_end(const struct follow *follow, struct why_stay *wait, struct told *next)
{
	const struct wake *wake = follow_wake(follow, next);

	if (next->begin_ns != wait->end_ns)
		return;
	if (next->span.kind == SPAN_RUN) {
		wait->by = who_switched(follow, next);
		wait->end = wait->by == INDEX_NONE ? WHY_UNKNOWN : WHY_SWITCHED;
		return;
	}
	if (next->span.kind != SPAN_RUNNABLE || wake == NULL || wake->kind != WAKE_UNBLOCK)
		return;
	told_know(next, follow->model);
	wait->by = next->by;
	wait->end_stack = next->stack;
	wait->end = wait->by == INDEX_NONE ? WHY_BY_NOBODY : WHY_WOKEN;
}

const char *why_state(const struct why_stay *stay)
{
	switch ((enum span_kind)stay->kind) {
	case SPAN_NONE:
		return "not created";
	case SPAN_RUN:
		return go_state_name(GO_RUNNING);
	case SPAN_RUNNABLE:
		return go_state_name(GO_RUNNABLE);
	case SPAN_SYSCALL:
		return go_state_name(GO_SYSCALL);
	default:
		return go_state_name(GO_WAITING);
	}
}

/* ---- stacks */

const struct frame *why_frame(const struct model *model, stack_id stack)
{
	static const char *const others[] = { "runtime.", "sync.", "internal/" };
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++) {
		struct bytes name = strings_text(&model->strings, frames[i].function);
		size_t other = 0;

		while (other < 3 && !bytes_begin_with(name, others[other]))
			other++;
		if (other == 3)
			return &frames[i];
	}
	return count > 0 ? frames : NULL;
}

bool why_is_lock(const struct model *model, stack_id stack)
{
	static const char *const locks[] = { "sync.(*Mutex).", "sync.(*RWMutex).",
		                             "internal/sync.(*Mutex)." };
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++)
		for (size_t lock = 0; lock < sizeof(locks) / sizeof(locks[0]); lock++)
			if (bytes_begin_with(strings_text(&model->strings, frames[i].function),
			                     locks[lock]))
				return true;
	return false;
}
