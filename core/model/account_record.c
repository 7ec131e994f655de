/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

#include "core/model/history.h"

/* What moves leave in the history, while one is made. */

void account_record_open(const struct acting *a)
{
	struct history *history = a->account->history;

	*array_push(&history->runs) = (struct run){
		.g = a->move->g,
		.begin = a->life->last,
		.end = TIME_NONE,
		.lane_end = TIME_NONE,
		.begin_ref = a->move->ref,
		.end_ref = REF_NONE,
		.before = a->life->record,
		.proc = a->move->proc,
		.open = (uint8_t)(a->move->how & 7),
	};
	a->life->record = (uint32_t)history->runs.count - 1;
}

void account_record_close(const struct acting *a, uint32_t row)
{
	const struct stay *stay = account_row(a->account, row);
	struct run *run;

	if (a->life->record == INDEX_NONE || (a->life->record & RECORD_WAKE))
		return;
	run = &a->account->history->runs.items[a->life->record];
	run->end = run->lane_end = a->life->last;
	run->end_ref = a->move->ref;
	run->reason = a->move->reason;
	run->stack = a->move->stack;
	run->close = (uint8_t)(a->move->how & 7);
	run->worker = (uint8_t)(a->move->worker & 3);
	for (; stay != NULL && stay->begin != TIME_NONE; stay++)
		history_add_stay(&a->account->clipped, run, stay);
}

void account_record_wake(const struct acting *a)
{
	struct history *history = a->account->history;

	*array_push(&history->wakes) = (struct wake){
		.time = a->life->last,
		.ref = a->move->ref,
		.g = a->move->g,
		.by = a->move->other,
		.before = a->life->record,
		.stack = a->move->stack,
		.kind = a->move->how,
	};
	a->life->record = ((uint32_t)history->wakes.count - 1) | RECORD_WAKE;
}
