/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

#include "core/model/account_pass.h"

/* What moves leave in the history, while one is made. */

static uint32_t record_of(struct history *history)
{
	return (uint32_t)history->runs.count - 1;
}

/* ---- for a pass */

/* A turn that a record tells. */
static void refer(struct history *history, struct turn *turn, enum turn_kind kind, uint32_t record)
{
	turn->kind = kind & 7;
	turn->other = (uint32_t)history->told_records.count;
	*array_push(&history->told_records) = record;
}

static void add_record(struct account *account, uint32_t g, part_time time, enum turn_kind kind,
                       uint32_t record)
{
	refer(account->history, account_add_turn(account, g, time, kind, 0), kind, record);
}

/* Strands are laid in the order in which records come about: they need no more. */
static uint32_t latest_wake(const struct history *history)
{
	return history->wakes.count == 0 ? INDEX_NONE
	                                 : ((uint32_t)history->wakes.count - 1) | RECORD_WAKE;
}

/* A run that is usual so far. */
static bool is_usual(const struct account *account, const struct go_life *life)
{
	const struct turn *turn = account_turn_of(account, life);

	return life->record == RECORD_NO_TURN || (turn != NULL && turn->kind == TURN_RUN);
}

/* Where its turn is, if it has one: it is told of when it begins. */
void account_record_run(struct account *account, uint32_t g, event_ref first)
{
	struct history *history = account->history;
	struct go_life *life = &account->lives.items[g];
	struct turn *turn = account_turn_of(account, life), run;

	if (!is_usual(account, life))
		return;
	run = account_usual_run(account, life);
	*array_push(&history->runs) = (struct run){
		.g = g,
		.begin = run.time,
		.end = TIME_NONE,
		.lane_end = TIME_NONE,
		.begin_ref = run.other == REF_NONE ? first : run.other,
		.end_ref = REF_NONE,
		.before = latest_wake(history),
		.proc = run.proc,
		.open = RUN_START,
	};
	life->record = record_of(history);
	if (turn == NULL)
		add_record(account, g, run.time, TURN_RECORD, life->record);
	else
		refer(history, turn, TURN_RECORD, life->record);
}

/* Of the syscalls of a run that ends in one, the first. */
static event_ref first_call(const struct acting *a, uint32_t row)
{
	const struct stay *stay = account_row(a->account, row);

	return stay != NULL ? stay->ref : a->account->calls.items[a->move->more].ref;
}

/* The run is over; false: it is a record. */
static bool pass_close(const struct acting *a, uint32_t row)
{
	bool in_call = a->move->how == RUN_SYSCALL_BLOCKED || a->move->how == RUN_SYSCALL_DESTROY;
	struct move move = *a->move;

	if (!is_usual(a->account, a->life))
		return false;
	if (in_call && a->account->pass & (PASS_RUNS | PASS_CALLS)) {
		account_record_run(a->account, a->move->g, first_call(a, row));
		return false;
	}
	if (in_call) {
		move.how = a->move->how == RUN_SYSCALL_BLOCKED ? RUN_STOP : RUN_DESTROY;
		move.stack = 0; /* nobody tells where it stands */
	}
	account_turn_close(a->account, a->life, &move, a->life->last, row);
	return true;
}

static void pass_wake(const struct acting *a)
{
	struct history *history = a->account->history;

	if (a->move->how < WAKE_STATUS_RUNNABLE) {
		account_turn_wake(a->account, a->life, a->move, a->life->last);
		return;
	}
	*array_push(&history->wakes) = (struct wake){
		.time = a->life->last,
		.ref = a->move->ref,
		.g = a->move->g,
		.by = a->move->other,
		.before = INDEX_NONE,
		.stack = a->move->stack,
		.kind = a->move->how,
	};
	a->life->record = latest_wake(history);
	add_record(a->account, a->move->g, a->life->last, TURN_STATUS, a->life->record);
}

/* Those at the head of a stream are told before all turns. */
static void pass_status(const struct acting *a)
{
	struct history *history = a->account->history;
	bool is_status = a->move->how == RUN_STATUS || a->move->how == RUN_STATUS_SYSCALL;

	history->runs.items[a->life->record].before = latest_wake(history);
	if (a->move->how < RUN_HEAD)
		add_record(a->account, a->move->g, a->life->last,
		           is_status ? TURN_STATUS : TURN_RECORD, a->life->record);
}

void account_record_life(struct account *account, const struct move *move)
{
	*array_push(&account->history->lives) = (struct history_life){ move->g, move->time };
	if (account->pass & PASS_STAYS && !account->lives.items[move->g].is_mute)
		account_add_turn(account, move->g, move->time, TURN_LIFE, 0);
}

/* ---- */

/* Whether moves leave nothing. */
static bool is_silent(const struct acting *a)
{
	return a->account->pass != 0 && (!(a->account->pass & PASS_STAYS) || a->life->is_mute);
}

void account_record_open(const struct acting *a)
{
	struct history *history = a->account->history;

	if (is_silent(a))
		return;
	if (a->account->pass != 0 && (a->move->how == RUN_START || a->move->how == RUN_SWITCH)) {
		account_turn_open(a->account, a->life, a->move, a->life->last);
		return;
	}
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
	a->life->record = record_of(history);
	if (a->account->pass != 0)
		pass_status(a);
}

void account_record_close(const struct acting *a, uint32_t row)
{
	const struct stay *stay = account_row(a->account, row);
	struct run *run;

	if (a->account->pass != 0 && pass_close(a, row))
		return;
	if (account_run_of(a->life) == INDEX_NONE)
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

	if (is_silent(a))
		return;
	if (a->account->pass != 0) {
		pass_wake(a);
		return;
	}
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
