/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_ACCOUNT_PASS_H
#define CORE_MODEL_ACCOUNT_PASS_H

#include "core/model/account.h"
#include "core/model/history.h"

/* Moves where only a pass over the part is made (turn.h): nothing is summed up. */

/* Whether a pass needs to know that a goroutine does something, by enum turn_kind. */
static inline bool account_tells(unsigned pass, enum turn_kind kind)
{
	return kind == TURN_RUN     ? pass & PASS_RUNS
	       : kind == TURN_WAIT  ? pass & PASS_WAITS
	       : kind == TURN_READY ? pass & PASS_READY
	                            : false;
}

/* The same of what it does so far, of which it is told that it ends. */
static inline bool account_has_told(unsigned pass, const struct go_life *life)
{
	return life->state == GO_RUNNING    ? pass & PASS_RUNS
	       : life->state == GO_RUNNABLE ? pass & PASS_READY
	       : life->state == GO_WAITING  ? pass & PASS_WAITS
	                                    : life->is_begun && (pass & PASS_STAYS) != 0;
}

static inline struct turn *account_add_turn(struct account *account, uint32_t g, part_time time,
                                            enum turn_kind kind, uint32_t stack)
{
	struct turn *turn = array_push(&account->history->turns);

	turn->time = time;
	turn->end = TIME_NONE;
	turn->g = g;
	turn->stack = stack;
	turn->other = INDEX_NONE;
	turn->proc = PROC_NONE;
	turn->detail = 0;
	turn->kind = kind & 7;
	turn->after = GO_UNKNOWN;
	turn->has_run = turn->runs_next = false;
	return turn;
}

/* The turn that is what it does so far; NULL. */
static inline struct turn *account_turn_of(const struct account *account,
                                           const struct go_life *life)
{
	if (life->record == RECORD_NO_TURN || life->record == INDEX_NONE ||
	    !(life->record & RECORD_TURN))
		return NULL;
	return &account->history->turns.items[life->record & ~RECORD_TURN];
}

static inline void account_set_turn(struct account *account, struct go_life *life)
{
	life->record = (uint32_t)(account->history->turns.count - 1) | RECORD_TURN;
}

static inline void account_pass_count(struct account *account, part_time time, enum change change)
{
	if (account->pass & PASS_COUNTS)
		account_note(account, time, change);
}

/* It does something else from now on: if the pass needs that, its turn; else NULL. */
static inline struct turn *account_turn(struct account *account, struct go_life *life,
                                        const struct move *move, part_time time,
                                        enum turn_kind kind)
{
	struct turn *turn = account_turn_of(account, life);
	unsigned after = life->state;

	if (turn != NULL) {
		after = turn->kind == TURN_RUN    ? GO_RUNNING
		        : turn->kind == TURN_WAIT ? GO_WAITING
		                                  : GO_RUNNABLE;
		turn->end = time;
		turn->runs_next = turn->after == TURN_BORN && kind == TURN_RUN;
	}
	life->record = INDEX_NONE;
	if (!account_tells(account->pass, kind)) {
		if (turn == NULL && account_has_told(account->pass, life))
			account_add_turn(account, move->g, time, TURN_OVER, 0);
		return NULL;
	}
	turn = account_add_turn(account, move->g, time, kind, move->stack);
	turn->after = after & 7;
	turn->has_run = life->has_started || life->started != TIME_NONE;
	account_set_turn(account, life);
	return turn;
}

/* A run begins on a P, and is usual so far. */
static inline void account_turn_open(struct account *account, struct go_life *life,
                                     const struct move *move, part_time time)
{
	struct turn *turn = account_turn(account, life, move, time, TURN_RUN);

	if (turn == NULL) {
		life->record = RECORD_NO_TURN;
		return;
	}
	turn->stack = 0;
	turn->proc = move->proc;
	turn->other = move->ref;
}

static inline void account_turn_wake(struct account *account, struct go_life *life,
                                     const struct move *move, part_time time)
{
	enum turn_kind kind = move->how == WAKE_CREATE_BLOCKED ? TURN_WAIT : TURN_READY;
	struct turn *turn = account_turn(account, life, move, time, kind);

	if (turn == NULL)
		return;
	turn->other = move->other;
	if (move->how != WAKE_UNBLOCK)
		turn->after = TURN_BORN;
}

/* The usual run of a goroutine: where it began, and on which P. */
static inline struct turn account_usual_run(const struct account *account,
                                            const struct go_life *life)
{
	const struct turn *turn = account_turn_of(account, life);

	return turn != NULL ? *turn
	                    : (struct turn){ .time = life->since,
		                             .other = REF_NONE,
		                             .proc = life->proc };
}

/* The syscalls of a run, whose times are clamped: what is inside stays inside. */
static inline void account_turn_calls(struct account *account, struct go_life *life,
                                      const struct move *move, part_time last, uint32_t row)
{
	const struct stay *stay = account_row(account, row);
	struct turn run;

	if (stay == NULL || !(account->pass & PASS_CALLS))
		return;
	run = account_usual_run(account, life);
	for (; stay->begin != TIME_NONE && run.proc != PROC_NONE; stay++) {
		part_time begin = stay->begin < run.time ? run.time : stay->begin;
		part_time end = stay->end > last ? last : stay->end;
		struct turn *turn = account_turn_of(account, life);

		end = end < begin ? begin : end;
		if (turn != NULL)
			turn->end = begin;
		turn = account_add_turn(account, move->g, begin, TURN_CALL, stay->stack);
		turn->end = end;
		turn->proc = run.proc;
		turn->after = GO_RUNNING;
		if (!(account->pass & PASS_RUNS))
			continue;
		turn = account_add_turn(account, move->g, end, TURN_RUN, 0);
		turn->proc = run.proc;
		turn->after = GO_SYSCALL;
		turn->detail = run.detail;
		account_set_turn(account, life);
	}
}

/* It ends, not in a syscall. */
static inline void account_turn_close(struct account *account, struct go_life *life,
                                      const struct move *move, part_time time, uint32_t row)
{
	enum turn_kind kind = move->how == RUN_STOP                               ? TURN_READY
	                      : move->how == RUN_DESTROY || move->how == RUN_LOST ? TURN_OVER
	                                                                          : TURN_WAIT;
	struct turn *turn = account_turn_of(account, life);

	if (turn != NULL)
		turn->detail = move->worker;
	account_turn_calls(account, life, move, time, row);
	turn = account_turn(account, life, move, time, kind);
	if (turn != NULL)
		turn->detail = move->reason;
}

static inline void account_pass_open(struct account *account, struct go_life *life,
                                     const struct move *move)
{
	if (account->pass & PASS_STAYS && !life->is_mute)
		account_turn_open(account, life, move, move->time);
	account_pass_count(account, move->time,
	                   life->state == GO_WAITING ? CHANGE_WAKE_START : CHANGE_START);
	life->started = life->started == TIME_NONE ? move->time : life->started;
	life->proc = move->proc;
	life->state = GO_RUNNING;
	life->since = move->time;
	life->reason = 0;
	life->expect++;
}

/* The state of one whose run ends plainly; GO_UNKNOWN: it does not. */
static inline uint8_t account_pass_end(const struct account *account, const struct go_life *life,
                                       const struct move *move)
{
	if (move->how == RUN_STOP)
		return GO_RUNNABLE;
	if (move->how == RUN_DESTROY && life->is_plain)
		return GO_DEAD;
	return (move->how == RUN_BLOCK || move->how == RUN_SWITCHED) &&
	                       (move->reason == 0 || move->reason != account->forever)
	               ? GO_WAITING
	               : GO_UNKNOWN;
}

static inline void account_pass_close(struct account *account, struct go_life *life,
                                      const struct move *move, part_time time, uint8_t then)
{
	if (account->pass & PASS_STAYS && !life->is_mute)
		account_turn_close(account, life, move, time, move->more);
	account_pass_count(account, time, then == GO_RUNNABLE ? CHANGE_PREEMPT : CHANGE_STOP);
	life->reason = then == GO_WAITING ? move->reason : life->reason;
	life->state = then;
	life->expect++;
	life->since = life->last = time;
	if (then == GO_DEAD)
		account_retire(account, life);
}

/* The usual moves of a goroutine of which nothing special is known, as account_quick: with the same
 * result as account_move, or false and nothing done. */
static inline bool account_quick_pass(struct account *account, struct go_life *life,
                                      const struct move *move)
{
	bool tells = account->pass & PASS_STAYS && !life->is_mute, is_new = life->is_special;
	uint8_t then = GO_UNKNOWN;

	if (move->time < life->last || (is_new && !account_create(account, life, move)))
		return false;
	if (is_new) {
		enum turn_kind kind = life->state == GO_WAITING ? TURN_WAIT : TURN_READY;

		life->record = INDEX_NONE;
		if (kind == TURN_READY)
			account_pass_count(account, move->time, CHANGE_READY);
		if (tells && account_tells(account->pass, kind))
			account_turn_wake(account, life, move, move->time);
		return true;
	}
	switch ((enum move_kind)move->kind) {
	case MOVE_OPEN:
		if (move->proc == PROC_NONE ||
		    !((move->how == RUN_START && life->state == GO_RUNNABLE) ||
		      (move->how == RUN_SWITCH && life->state == GO_WAITING)))
			return false;
		account_pass_open(account, life, move);
		life->last = move->time;
		return true;
	case MOVE_RUN:
		then = account_pass_end(account, life, move);
		if (move->proc == PROC_NONE || life->state != GO_RUNNABLE || then == GO_UNKNOWN)
			return false;
		account_pass_open(account, life, move);
		account_pass_close(account, life, move, move->end, then);
		return true;
	case MOVE_CLOSE:
		then = account_pass_end(account, life, move);
		if (life->proc == PROC_NONE || life->state != GO_RUNNING || then == GO_UNKNOWN ||
		    (tells && (life->record == INDEX_NONE || !(life->record & RECORD_TURN))))
			return false;
		account_pass_close(account, life, move, move->time, then);
		return true;
	case MOVE_WAKE:
		if (move->how != WAKE_UNBLOCK || life->state != GO_WAITING)
			return false;
		if (tells)
			account_turn_wake(account, life, move, move->time);
		account_pass_count(account, move->time, CHANGE_READY);
		life->state = GO_RUNNABLE;
		life->expect += 2;
		life->since = life->last = move->time;
		return true;
	case MOVE_RETURN:
	case MOVE_ASSIST:
		return false;
	}
	return false;
}

#endif
