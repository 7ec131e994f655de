/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

#include "core/model/history.h"

/* Goroutines that are created here and do nothing special: their lives tell all there is of them.
 * One that does gets a delta, which is more. */

const struct go_delta account_new_delta = {
	.blocks = INDEX_NONE,
	.calls = INDEX_NONE,
	.assist = INDEX_NONE,
	.created = TIME_NONE,
	.started = TIME_NONE,
	.ended = TIME_NONE,
	.head_end = TIME_NONE,
	.head_lost = TIME_NONE,
	.tail_lost = TIME_NONE,
	.first = TIME_NONE,
	.parent = INDEX_NONE,
	.head_lane_end = TIME_NONE,
	.tail_lane_end = TIME_NONE,
	.head_end_ref = REF_NONE,
	.tail_ref = REF_NONE,
	.tail_call_ref = REF_NONE,
	.head_proc = PROC_NONE,
	.tail_proc = PROC_NONE,
};

/* ---- deltas and rows: those that are free are used again, while the cache holds them */

static uint32_t take_delta(struct account *account)
{
	uint32_t delta = account->free_delta;

	if (delta == INDEX_NONE) {
		delta = (uint32_t)account->deltas.count;
		array_push(&account->deltas);
	} else {
		account->free_delta = account->deltas.items[delta].blocks;
	}
	account->deltas.items[delta] = account_new_delta;
	return delta;
}

static uint32_t take_row(struct account *account)
{
	uint32_t row = account->free_row;

	if (row == INDEX_NONE) {
		row = (uint32_t)account->rows.count;
		array_push(&account->rows);
	} else {
		account->free_row = account->rows.items[row].units[0];
	}
	account->rows.items[row] = (struct block_row){ .has = 0 };
	return row;
}

/* The second reason of a goroutine gets it a row; most have one only. */
static void begin_row(struct account *account, struct go_life *life)
{
	struct block_row *row;

	life->row = take_row(account);
	row = &account->rows.items[life->row];
	row->units[life->blocked_reason] = life->blocked;
	row->has = (uint16_t)(1u << life->blocked_reason);
	life->has_blocked = false;
	life->blocked = 0;
}

void account_add_reason(struct account *account, struct go_life *life, uint32_t units)
{
	if (life->has_blocked) {
		begin_row(account, life);
		account_add_to_row(account, life, units);
		return;
	}
	account->blocked++;
	life->has_blocked = true;
	life->blocked_reason = life->reason;
	life->blocked += units;
}

/* ---- from life to delta */

/* One that is over: its sums are those of its delta, settled. */
static void recall(struct account *account, struct go_life *life, struct go_delta *delta)
{
	if (life->has_blocked)
		account_add_block(account, &delta->blocks, life->blocked_reason, life->blocked);
	for (uint32_t i = 0; i < life->waits; i++) {
		const struct wait_sum *wait = &account->waits.items[life->first_wait + i];

		account_add_block(account, &delta->blocks, wait->reason, wait->units);
	}
	delta->exec = life->exec;
	delta->sched = life->sched;
	delta->syscall_exec = life->syscall_exec;
	delta->last = delta->ended = delta->tail_since = life->last;
	delta->tail_state = GO_DEAD;
	life->row = INDEX_NONE;
	life->syscall_exec = 0;
	life->has_blocked = life->is_retired = false;
	life->waits = 0;
}

static void unfold(struct account *account, struct go_life *life)
{
	uint32_t index = take_delta(account);
	struct go_delta *delta = &account->deltas.items[index];

	delta->first = delta->created = life->created;
	delta->started = life->started;
	delta->parent = life->parent;
	delta->name_stack = life->name_stack;
	delta->is_created = true;
	if (life->is_retired)
		recall(account, life, delta);
	else
		account->plain--;
	life->has_started = life->started != TIME_NONE;
	if (!(account->pass & PASS_STAYS)) /* else it has one, and no name */
		life->record = INDEX_NONE;
	life->delta = index;
	life->is_plain = false;
}

struct go_delta *account_own_delta(struct account *account, uint32_t g)
{
	struct go_life *life = &account->lives.items[g];

	if (life->is_plain)
		unfold(account, life);
	else if (life->delta == INDEX_NONE)
		life->delta = take_delta(account);
	return &account->deltas.items[life->delta];
}

const struct go_delta *account_delta(const struct account *account, uint32_t g)
{
	static const struct go_delta plain = { .is_created = true };
	const struct go_life *life = &account->lives.items[g];

	if (life->is_plain)
		return &plain;
	return life->delta == INDEX_NONE ? &account_new_delta : &account->deltas.items[life->delta];
}

/* ---- lives */

bool account_create(struct account *account, struct go_life *life, const struct move *move)
{
	bool is_ready = move->how == WAKE_CREATE;

	if (move->kind != MOVE_WAKE || (!is_ready && move->how != WAKE_CREATE_BLOCKED) ||
	    life->is_begun || life->delta != INDEX_NONE || life->parked > 0)
		return false;
	life->created = life->since = life->last = move->time;
	life->parent = move->other;
	life->name_stack = move->stack;
	life->is_named = move->stack != 0;
	life->early = EARLY; /* nothing before can correct it */
	life->has_head = life->is_told = life->is_begun = life->is_plain = true;
	account->plain++;
	life->is_special = false;
	life->state = is_ready ? GO_RUNNABLE : GO_WAITING;
	life->expect = move->order + 2;
	if (is_ready && account->history == NULL)
		account_count(account, move->time, CHANGE_READY);
	return true;
}

void account_retire(struct account *account, struct go_life *life)
{
	uint32_t row = life->row;

	account->died++;
	account->plain--;
	account->last_end = life->last > account->last_end ? life->last : account->last_end;
	life->is_retired = true;
	life->first_wait = 0;
	if (row == INDEX_NONE)
		return;
	life->first_wait = (uint32_t)account->waits.count;
	for (unsigned left = account->rows.items[row].has; left != 0; left &= left - 1) {
		unsigned reason = (unsigned)__builtin_ctz(left);

		*array_push(&account->waits) = (struct wait_sum){
			account->rows.items[row].units[reason],
			(uint8_t)reason,
		};
		life->waits++;
	}
	account->rows.items[row].units[0] = account->free_row;
	account->free_row = row;
}

/* Whether the life tells all there is of it. */
static bool can_be_plain(const struct go_life *life, const struct go_delta *delta)
{
	return delta->is_created && delta->first == delta->created && !life->is_kept &&
	       delta->blocks == INDEX_NONE && delta->head_state == GO_UNKNOWN &&
	       !delta->has_head_run && !delta->is_assisting;
}

void account_fold(const struct acting *a)
{
	struct account *account = a->account;
	struct go_life *life = a->life;

	if (account->history != NULL || !can_be_plain(life, a->delta))
		return;
	a->delta->blocks = account->free_delta;
	account->free_delta = life->delta;
	life->created = a->delta->created;
	life->started = a->delta->started;
	life->parent = a->delta->parent;
	life->name_stack = a->delta->name_stack;
	life->is_plain = true;
	account->died--; /* it has been counted */
	account->plain++;
	account_retire(account, life);
}
