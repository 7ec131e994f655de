/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_ACCOUNT_H
#define CORE_MODEL_ACCOUNT_H

#include "core/model/account_sums.h"

/* What each goroutine and P did, and for how long: made of moves that come in the order of each
 * goroutine (go-tool-trace.md 6.2; walk.md). A generation is accounted for as if it stood alone:
 * what lasts from before its first change (the head) and beyond its last (the tail) is left to the
 * seam. Times are clamped here: the transitions of one goroutine or P never go backwards. */

void account_init(struct account *account, struct budget *budget);
void account_free(struct account *account);

/* Empties it for a walk; known: of a part that was joined before, whose history is made; pass: of
 * that no more than these (enum pass_need); 0: all. */
void account_begin(struct account *account, struct walk *walk, struct history *history,
                   uint8_t pass, const struct known *known);

/* Before the walk begins: goroutines that it has heard of by then may have floors. */
void account_floors(struct account *account);

/* What the walk hands over, but for the moves; there is room for the goroutines and Ps in them. */
void account_take(struct account *account, const struct stretch *stretch);

/* After the last stretch: room for those that the walk has heard of. */
void account_grow(struct account *account);

/* What a goroutine did, if something is known of it; of one that is plain only that it is. */
const struct go_delta *account_delta(const struct account *account, uint32_t g);

/* The same, to be changed: then it is not plain any more. */
struct go_delta *account_own_delta(struct account *account, uint32_t g);

/* The next move of its goroutine. */
void account_move(struct account *account, const struct move *move);

/* A goroutine of that id is born in a syscall: if one was there before, that one is past. */
void account_new_life(struct account *account, const struct move *move);

/* What comes before the next move is missing: what the goroutine does is known for sure only until
 * then. Syscalls are taken to have lasted. */
void account_miss(struct account *account, uint32_t g, part_time until);

/* After the last move, in this order: runs that threads leave open; all Ps; syscalls that had to
 * wait for them; goroutines from first to end, in any portions; numbers over time, in steps from 0
 * on: false: that was the last. */
void account_open_runs(struct account *account);
void account_procs(struct account *account, const struct placement *place);
void account_calls(struct account *account);
void account_goroutines(struct account *account, uint32_t first, uint32_t end);
bool account_end(struct account *account, size_t step);

/* Then what the program said of itself: for the history, or left in all notes for the seam. In
 * steps; false: that was the last. */
bool account_notes(struct account *account);
void account_notes_init(struct account_notes *notes, struct budget *budget);
void account_notes_free(struct account_notes *notes);
void account_notes_begin(struct account_notes *notes);

/* Between stretches: both ends of a region are forgotten when it is over, if they have become many;
 * of a pass it is told then. (Not for a whole history, where regions know those around them.) */
void account_drop_pairs(struct account *account);

/* Whether account_floor does it well: it knows the first changes only, and not the syscalls inside.
 */
bool account_can_floor(const struct go_delta *delta, part_time floor);

/* What the seam learnt about a goroutine: it was last heard of at floor, which is later than its
 * first changes here. */
void account_floor(struct account *account, struct go_delta *delta, part_time floor);

/* The same of some Ps: they are done over, and the syscalls that lost them. */
void account_floor_procs(struct account *account, const floor_array *floors);

/* Takes a syscall out of the sums, or puts it in; its P knows when it was lost. */
void account_take_call(struct account *account, struct call *call);
void account_add_call(struct account *account, struct call *call);

/* One that begins, plainly; or false, and nothing done. The move is its next, and in time. */
bool account_create(struct account *account, struct go_life *life, const struct move *move);

/* A plain one has ended. */
void account_retire(struct account *account, struct go_life *life);

/* One has waited for a reason that it did not wait for before, of those that rows have. */
void account_add_reason(struct account *account, struct go_life *life, uint32_t units);

/* One that waits has done so long enough; false if it does not, or for a reason that rows do not
 * have. */
static inline bool account_waited(struct account *account, struct go_life *life, uint32_t units)
{
	if (life->state != GO_WAITING || life->reason >= ROW_REASONS)
		return false;
	if (life->row != INDEX_NONE)
		account_add_to_row(account, life, units);
	else if (life->has_blocked && life->reason == life->blocked_reason)
		life->blocked += units;
	else
		account_add_reason(account, life, units);
	return true;
}

/* The state and the reason of one whose run ends plainly, as a change; CHANGE_NONE: it does not. */
static inline enum change account_end_run(const struct account *account, struct go_life *life,
                                          const struct move *move)
{
	if (move->how == RUN_STOP) {
		life->state = GO_RUNNABLE;
		return CHANGE_PREEMPT;
	}
	if ((move->how == RUN_BLOCK || move->how == RUN_SWITCHED) &&
	    (move->reason == 0 || move->reason != account->forever)) {
		life->reason = move->reason;
		life->state = GO_WAITING;
		return CHANGE_STOP;
	}
	if (move->how == RUN_DESTROY && life->is_plain) {
		life->state = GO_DEAD;
		return CHANGE_STOP;
	}
	return CHANGE_NONE;
}

/* What it has run for is spent. */
static inline void account_spend_run(struct account *account, struct go_life *life,
                                     const struct move *move, struct proc_delta *proc,
                                     uint32_t units)
{
	account->stopped[move->reason]++;
	proc->run += units - move->other;
	proc->syscall += move->other;
	life->exec += units - move->other;
	life->syscall_exec += move->other;
}

static inline void account_begin_run(struct account *account, struct go_life *life,
                                     const struct move *move, struct proc_delta *proc)
{
	life->started = life->started == TIME_NONE ? move->time : life->started;
	life->proc = move->proc;
	proc->runs++;
	account->runs.items[move->g]++;
}

/* One that was runnable has run, in one move. */
static inline __attribute__((always_inline)) bool
account_quick_run(struct account *account, struct go_life *life, const struct move *move)
{
	struct proc_delta *proc = &account->procs.items[move->proc];
	enum change change;

	if (life->state != GO_RUNNABLE || (move->stack != 0 && !life->is_named))
		return false;
	life->reason = 0;
	change = account_end_run(account, life, move);
	if (change == CHANGE_NONE)
		return false; /* of a run that begins the reason is none */
	life->sched += move->time - life->since;
	account_begin_run(account, life, move, proc);
	account_count(account, move->time, CHANGE_START);
	account_count(account, move->end, change);
	account_spend_run(account, life, move, proc, move->end - move->time);
	life->expect += 2;
	life->since = life->last = move->end;
	if (life->state == GO_DEAD)
		account_retire(account, life);
	return true;
}

/* The usual moves of a goroutine of which nothing special is known, quickly: with the same result
 * as account_move, or false and nothing done. The move is its next, none is parked, and no history
 * is made. */
static inline __attribute__((always_inline)) bool
account_quick(struct account *account, struct go_life *life, const struct move *move)
{
	part_time time = move->time;
	uint32_t units;

	if (time < life->last)
		return false;
	if (life->is_special)
		return account_create(account, life, move);
	if (move->kind == MOVE_RUN)
		return account_quick_run(account, life, move);
	units = time - life->since;
	if (move->kind == MOVE_WAKE) {
		if (move->how != WAKE_UNBLOCK || !account_waited(account, life, units))
			return false;
		life->state = GO_RUNNABLE;
		account_count(account, time, CHANGE_READY);
		life->expect += 2;
	} else if (move->kind == MOVE_OPEN) {
		enum change change = CHANGE_START;

		if (move->proc == PROC_NONE)
			return false;
		if (move->how == RUN_START && life->state == GO_RUNNABLE)
			life->sched += units;
		else if (move->how == RUN_SWITCH && account_waited(account, life, units))
			change = CHANGE_WAKE_START;
		else
			return false;
		account_begin_run(account, life, move, &account->procs.items[move->proc]);
		life->reason = 0;
		life->state = GO_RUNNING;
		account_count(account, time, change);
		life->expect++;
	} else {
		enum change change;

		if (move->kind != MOVE_CLOSE || (move->stack != 0 && !life->is_named) ||
		    move->worker != WORKER_NONE || life->proc == PROC_NONE ||
		    life->state != GO_RUNNING || units < move->other)
			return false;
		change = account_end_run(account, life, move);
		if (change == CHANGE_NONE)
			return false;
		account_count(account, time, change);
		account_spend_run(account, life, move, &account->procs.items[life->proc], units);
		life->expect++;
		life->since = life->last = time;
		if (life->state == GO_DEAD)
			account_retire(account, life);
		return true;
	}
	life->since = life->last = time;
	return true;
}

#endif
