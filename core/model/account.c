/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

/* Moves of goroutines. */

static part_time clamp(const struct acting *a, part_time time)
{
	a->account->clamped += time < a->life->last;
	if (time > a->life->last)
		a->life->last = time;
	return a->life->last;
}

/* ---- numbers over time */

static void count_change(const struct acting *a, enum change change)
{
	struct account *account = a->account;
	part_time time = a->life->last;

	if (!account_counts(account))
		return;
	if (account->history != NULL)
		account_note(account, time, change);
	else
		account_count(account, time, change);
}

/* The step from one state to another; CHANGE_NONE: none. */
static enum change change_between(uint8_t from, uint8_t to)
{
	bool was_running = from == GO_RUNNING || from == GO_SYSCALL;
	bool is_running = to == GO_RUNNING || to == GO_SYSCALL;

	if (was_running)
		return is_running ? CHANGE_NONE : to == GO_RUNNABLE ? CHANGE_PREEMPT : CHANGE_STOP;
	if (from == GO_RUNNABLE)
		return is_running ? CHANGE_START : to == GO_RUNNABLE ? CHANGE_NONE : CHANGE_UNREADY;
	return is_running ? CHANGE_WAKE_START : to == GO_RUNNABLE ? CHANGE_READY : CHANGE_NONE;
}

/* ---- leaving a state */

static void leave_waiting(const struct acting *a, uint32_t units)
{
	struct go_life *life = a->life;

	if (life->reason >= ROW_REASONS) {
		account_add_block(a->account, &a->delta->blocks, life->reason, units);
	} else if (life->row == INDEX_NONE && life->has_blocked &&
	           life->blocked_reason == life->reason) {
		life->blocked += units;
	} else if (life->row == INDEX_NONE) {
		account_add_reason(a->account, life, units);
	} else {
		account_add_to_row(a->account, life, units);
	}
}

static bool ends_in_call(const struct move *move)
{
	return move->how == RUN_SYSCALL_BLOCKED || move->how == RUN_SYSCALL_DESTROY;
}

/* The row of syscalls of a run that ends: in one, or not. */
static uint32_t stays_of(const struct acting *a)
{
	return ends_in_call(a->move) ? a->account->calls.items[a->move->more].stays : a->move->more;
}

/* A run works for the GC until it ends or enters a syscall (Go: gc.go). */
static part_time worker_end(const struct acting *a, part_time until)
{
	const struct stay *stay = account_row(a->account, stays_of(a));
	part_time end = until;

	if (stay != NULL)
		end = stay->begin;
	else if (ends_in_call(a->move))
		end = a->account->calls.items[a->move->more].begin;
	end = end > until ? until : end;
	return end < a->life->since ? a->life->since : end;
}

static void leave_running(const struct acting *a, uint32_t units, uint32_t in_syscalls)
{
	struct go_life *life = a->life;
	struct proc_delta *proc;

	in_syscalls = in_syscalls < units ? in_syscalls : units;
	life->exec += units - in_syscalls;
	life->syscall_exec += in_syscalls;
	if (life->proc == PROC_NONE)
		return;
	proc = &a->account->procs.items[life->proc];
	proc->run += units - in_syscalls;
	proc->syscall += in_syscalls;
	if (a->move->kind == MOVE_CLOSE && a->move->worker != WORKER_NONE)
		proc->gc += worker_end(a, life->since + units) - life->since;
}

/* Accounts for what it has done up to a time, of which it was in syscalls for so long. */
static void leave(const struct acting *a, part_time until, uint32_t in_syscalls)
{
	struct go_life *life = a->life;

	if (life->is_head) {
		a->delta->head_end = until;
		a->delta->head_state = life->state;
		a->delta->head_exec = life->state == GO_RUNNING ? until : 0;
		life->is_head = false;
		return;
	}
	switch ((enum go_state)life->state) {
	case GO_RUNNING:
		leave_running(a, until - life->since, in_syscalls);
		break;
	case GO_RUNNABLE:
		life->sched += until - life->since;
		break;
	case GO_WAITING:
		leave_waiting(a, until - life->since);
		break;
	case GO_SYSCALL: /* of unknown end: see call */
		life->syscall_exec += until - life->since;
		if (life->proc != PROC_NONE)
			a->account->procs.items[life->proc].syscall += until - life->since;
		break;
	case GO_UNKNOWN:
	case GO_DEAD:
	case GO_STATES:
		break;
	}
}

static void note_early(const struct acting *a, enum go_state state, part_time since)
{
	struct go_life *life = a->life;

	if (life->early < EARLY)
		a->delta->early[life->early++] =
			(struct early){ since, life->proc, (uint8_t)state, life->reason };
}

/* The syscalls of a run that came back with its P. */
static void note_early_stays(const struct acting *a, uint32_t row)
{
	const struct stay *stay = account_row(a->account, row);

	if (a->life->is_head || a->life->state != GO_RUNNING)
		return;
	for (; stay != NULL && stay->begin != TIME_NONE && a->life->early < EARLY; stay++) {
		note_early(a, GO_SYSCALL, stay->begin);
		note_early(a, GO_RUNNING, stay->end);
	}
}

static void enter(const struct acting *a, enum go_state state, part_time since)
{
	struct go_life *life = a->life;
	enum change change = change_between(life->state, (uint8_t)state);

	if (change != CHANGE_NONE)
		count_change(a, change);
	life->state = (uint8_t)state;
	life->since = since;
	note_early(a, state, since);
}

/* What it was doing when first heard of here. */
static void begin_head(const struct acting *a, enum go_state state)
{
	struct go_life *life = a->life;
	int32_t *heads = a->account->heads;

	life->has_head = life->is_head = true;
	life->state = a->delta->head_state = (uint8_t)state;
	life->since = life->last;
	heads[COUNT_RUNNING] += state == GO_RUNNING || state == GO_SYSCALL;
	heads[COUNT_RUNNABLE] += state == GO_RUNNABLE;
	heads[COUNT_GC_WAIT] += state == GO_WAITING && life->in_assist;
	if (a->move->kind != MOVE_CLOSE)
		a->delta->status_stack = a->move->more;
}

/* ---- syscalls that wait for Ps to be done */

static void keep_call(const struct acting *a, struct call *call, part_time until)
{
	struct go_life *life = a->life;

	call->is_head = life->is_head;
	call->is_in_head = life->in_head_run;
	call->from = life->since;
	call->until = until;
	call->next = a->delta->calls;
	if (a->account->history != NULL)
		call->run = account_run_of(life);
	a->delta->calls = (uint32_t)(call - a->account->calls.items);
	life->is_kept = true;
	if (life->is_head) {
		a->delta->head_end = until;
		a->delta->head_state = GO_SYSCALL;
		life->is_head = false;
	}
}

/* How long the run was in the syscalls of a row, up to a time. */
static uint32_t in_syscalls(const struct acting *a, uint32_t stays, part_time until)
{
	if (!a->life->is_late || stays == INDEX_NONE)
		return a->move->other;
	return account_stays(a->account, stays, a->life->since, until);
}

/* A run that ends inside a syscall: up to that it ran, with other ones before. */
static void leave_in_call(const struct acting *a)
{
	struct call *call = &a->account->calls.items[a->move->more];
	part_time from = call->begin;

	if (a->life->state == GO_RUNNING) {
		from = from < a->life->since ? a->life->since : from;
		from = from > a->life->last ? a->life->last : from;
		leave(a, from, in_syscalls(a, call->stays, from));
		enter(a, GO_SYSCALL, from);
	}
	keep_call(a, call, a->life->last);
}

/* ---- moves */

static void note_name(const struct acting *a)
{
	if (a->move->stack == 0 || a->delta->name_stack != 0)
		return;
	a->delta->name_stack = a->move->stack;
	a->life->is_named = true;
}

static void open_head(const struct acting *a, enum go_state state)
{
	a->life->proc = a->move->proc;
	a->life->in_head_run = true;
	a->delta->has_head_run = true;
	a->delta->head_proc = a->move->proc;
	a->delta->head_lane_end = TIME_NONE;
	a->delta->head_end_ref = REF_NONE;
	begin_head(a, state);
}

static void note_start(const struct acting *a)
{
	if (a->life->state != GO_RUNNING || a->life->has_started)
		return;
	a->life->has_started = true;
	a->delta->started = a->life->last;
}

/* Of one that a status from afar found in a syscall, what came of that its thread tells, at the
 * head of its stream: it was in that state then. */
static bool came_out(const struct acting *a, enum go_state state)
{
	if (!a->life->is_head || a->life->state != GO_SYSCALL || a->delta->has_head_run)
		return false;
	a->delta->head_state = GO_SYSCALL;
	a->delta->head_end = a->life->last;
	a->delta->came_out = (uint8_t)state;
	a->life->is_head = false;
	a->life->state = (uint8_t)state;
	return true;
}

static void move_open(const struct acting *a)
{
	struct go_life *life = a->life;

	if (a->account->history != NULL)
		account_record_open(a);
	switch ((enum run_open)a->move->how) {
	case RUN_START:
	case RUN_SWITCH:
		if (!came_out(a, a->move->how == RUN_START ? GO_RUNNABLE : GO_WAITING))
			leave(a, life->last, 0);
		life->proc = a->move->proc;
		life->reason = 0;
		enter(a, GO_RUNNING, life->last);
		if (life->proc != PROC_NONE)
			a->account->procs.items[life->proc].runs++;
		if (life->proc != PROC_NONE)
			a->account->runs.items[a->move->g]++;
		break;
	case RUN_CREATE_SYSCALL:
		life->proc = a->move->proc;
		a->delta->created = life->last;
		a->delta->is_created = life->has_head = true;
		life->early = EARLY; /* nothing before can correct it */
		enter(a, GO_SYSCALL, life->last);
		break;
	case RUN_HEAD:
	case RUN_STATUS:
		open_head(a, GO_RUNNING);
		break;
	case RUN_HEAD_SYSCALL:
	case RUN_STATUS_SYSCALL:
		open_head(a, GO_SYSCALL);
		break;
	}
	life->reason = 0;
	life->is_late = life->last > a->move->time;
	if (life->is_late)
		account_note_odd(a->account, &a->account->late_runs, a->move->ref, life->last);
	if (life->in_assist)
		account_clip_from(a, life->last);
	note_start(a);
}

static void die(const struct acting *a)
{
	a->account->died++;
	a->delta->ended = a->life->last;
	enter(a, GO_DEAD, a->life->last);
}

static void block(const struct acting *a)
{
	a->life->reason = a->move->reason;
	if (a->move->reason != 0 && a->move->reason == a->account->forever) {
		die(a); /* Go: summary.go takes it for the end */
		return;
	}
	enter(a, GO_WAITING, a->life->last);
	if (a->life->in_assist)
		count_change(a, CHANGE_GC_WAIT);
}

static void note_worker(const struct acting *a)
{
	if (!a->life->in_head_run)
		*array_push(&a->account->workers) = (struct worker_stay){
			.begin = a->life->since,
			.end = worker_end(a, a->life->last),
			.g = a->move->g,
			.proc = a->life->proc,
			.worker = a->move->worker,
		};
}

static void close_head_run(const struct acting *a)
{
	a->life->in_head_run = false;
	a->delta->head_lane_end = a->life->last;
	a->delta->head_end_ref = a->move->ref;
	a->delta->head_worker = a->move->worker;
}

static void move_close(const struct acting *a)
{
	struct go_life *life = a->life;

	if (a->move->worker != WORKER_NONE)
		note_worker(a);
	if (life->in_assist)
		account_clip(a, life->last);
	if (a->move->how == RUN_LOST)
		account_lose_assist(a);
	if (a->account->history != NULL)
		account_record_close(a, stays_of(a));
	note_early_stays(a, stays_of(a));
	if (ends_in_call(a->move))
		leave_in_call(a);
	else
		leave(a, life->last, in_syscalls(a, a->move->more, life->last));
	if (life->in_head_run)
		close_head_run(a);
	note_name(a);
	a->account->stopped[a->move->reason]++;
	switch ((enum run_close)a->move->how) {
	case RUN_GOES_ON:
		break;
	case RUN_BLOCK:
	case RUN_SWITCHED:
		block(a);
		break;
	case RUN_STOP:
	case RUN_SYSCALL_BLOCKED:
		enter(a, GO_RUNNABLE, life->last);
		break;
	case RUN_DESTROY:
	case RUN_SYSCALL_DESTROY:
		die(a);
		break;
	case RUN_LOST:
		life->proc = PROC_NONE;
		enter(a, GO_UNKNOWN, life->last);
		break;
	}
}

static void move_wake(const struct acting *a)
{
	struct go_life *life = a->life;

	if (a->account->history != NULL)
		account_record_wake(a);
	switch ((enum wake_kind)a->move->how) {
	case WAKE_UNBLOCK:
		if (!came_out(a, GO_WAITING))
			leave(a, life->last, 0);
		if (life->state == GO_WAITING && life->in_assist)
			count_change(a, CHANGE_GC_WAIT_END);
		enter(a, GO_RUNNABLE, life->last);
		break;
	case WAKE_CREATE:
	case WAKE_CREATE_BLOCKED:
		note_name(a);
		a->delta->created = life->last;
		a->delta->parent = a->move->other;
		a->delta->is_created = life->has_head = true;
		life->early = EARLY; /* nothing before can correct it */
		life->reason = 0;
		enter(a, a->move->how == WAKE_CREATE ? GO_RUNNABLE : GO_WAITING, life->last);
		break;
	case WAKE_STATUS_RUNNABLE:
		begin_head(a, GO_RUNNABLE);
		break;
	case WAKE_STATUS_WAITING:
		begin_head(a, GO_WAITING);
		break;
	case WAKE_STATUS_SYSCALL:
		life->proc = PROC_NONE;
		begin_head(a, GO_SYSCALL);
		break;
	}
}

/* What it did when the run was heard of first is over, and it runs on. */
static void move_return(const struct acting *a)
{
	struct go_life *life = a->life;

	if (a->move->more != INDEX_NONE)
		keep_call(a, &a->account->calls.items[a->move->more], life->last);
	else
		leave(a, life->last, 0);
	enter(a, GO_RUNNING, life->last);
	note_start(a);
}

/* Whether account_quick may take its next moves. */
static void settle_kind(const struct acting *a)
{
	const struct go_life *life = a->life;

	a->life->is_special = life->is_head || life->in_head_run || life->in_assist ||
	                      life->early < EARLY || life->is_late || !life->is_begun ||
	                      !life->has_started;
}

void account_miss(struct account *account, uint32_t g, part_time until)
{
	const struct move none = { .g = g };
	const struct go_life *life = &account->lives.items[g];
	struct acting a;

	if (life->state != GO_RUNNABLE && life->state != GO_RUNNING && life->state != GO_WAITING)
		return;
	a = account_acting(account, &none);
	if (until > a.life->last)
		a.life->last = until;
	leave(&a, a.life->last, 0);
	enter(&a, GO_UNKNOWN, a.life->last);
	settle_kind(&a);
}

void account_forget(const struct acting *a)
{
	enter(a, GO_UNKNOWN, a->life->last);
}

void account_move(struct account *account, const struct move *move)
{
	struct go_life *life = &account->lives.items[move->g];
	struct acting a;

	if (move->kind == MOVE_ASSIST) {
		a = account_acting(account, move);
		account_assist(&a);
		settle_kind(&a);
		return;
	}
	if (move->kind != MOVE_RETURN)
		life->expect = move->order + (move->kind == MOVE_OPEN ? 1 : 2 - (move->order & 1));
	if (life->state == GO_DEAD) {
		account->is_odd = true;
		return;
	}
	a = account_acting(account, move);
	a.life->is_told |= move->kind != MOVE_WAKE || move->how != WAKE_UNBLOCK;
	clamp(&a, move->time);
	if (!a.life->is_begun)
		a.delta->first = a.life->last;
	a.life->is_begun = true;
	switch ((enum move_kind)move->kind) {
	case MOVE_OPEN:
		move_open(&a);
		break;
	case MOVE_CLOSE:
		move_close(&a);
		break;
	case MOVE_WAKE:
		move_wake(&a);
		break;
	case MOVE_RETURN:
		move_return(&a);
		break;
	case MOVE_ASSIST:
	case MOVE_RUN: /* comes as two */
		break;
	}
	settle_kind(&a);
	if (life->state == GO_DEAD)
		account_fold(&a);
}
