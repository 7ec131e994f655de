/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account.h"

#include "core/model/history.h"

/* Ps: their idle times, and the syscalls that lost theirs; for a history, when threads took them
 * and let go of them. */

struct proc_walk {
	struct account *account;
	struct proc_delta *delta;
	part_time last, since;
	uint16_t proc;
	uint8_t state;
	uint32_t stream;  /* the thread that is heard */
	bool is_head;     /* in the state of the head */
	uint32_t syscall; /* the tenure of the one that its goroutine is in; INDEX_NONE */
	uint32_t last_go; /* that ran on it */
	bool in_syscall;
	bool in_head_syscall;
	bool is_over; /* done before: numbers over time have it */
};

static void note_move(const struct proc_walk *w, part_time time, bool is_start)
{
	bool is_needed = w->account->pass == 0 || w->account->pass & PASS_RANGES;

	if (w->account->history != NULL && is_needed)
		*array_push(&w->account->history->proc_moves) = (struct proc_move){
			.m = w->account->walk->streams.items[w->stream].m,
			.time = time,
			.proc = w->proc,
			.is_start = is_start,
		};
}

static void proc_to(struct proc_walk *w, uint8_t state)
{
	if (w->state == state)
		return;
	if (state != PROC_UNKNOWN)
		note_move(w, w->last, state == PROC_RUNNING);
	if (w->is_head) {
		w->delta->head_end = w->last;
	} else if (w->state == PROC_IDLE) {
		w->delta->idle += w->last - w->since;
	}
	if ((w->state == PROC_RUNNING || state == PROC_RUNNING) && !w->is_over)
		*array_push(&w->account->proc_changes) =
			(uint64_t)w->last << 1 | (state == PROC_RUNNING);
	w->is_head = false;
	w->state = state;
	w->since = w->last;
}

static part_time proc_clamp(struct proc_walk *w, part_time time)
{
	w->account->clamped += time < w->last;
	if (time > w->last)
		w->last = time;
	return w->last;
}

/* It stops running; a syscall that its goroutine is in has lost it. */
static void proc_goes_idle(struct proc_walk *w)
{
	if (w->state == PROC_IDLE)
		return;
	if (w->in_syscall) {
		w->delta->losses++;
		if (w->syscall != INDEX_NONE)
			w->account->walk->tenures.items[w->syscall].lost = w->last;
		if (w->in_head_syscall)
			w->delta->head_lost = w->last;
	}
	w->in_syscall = w->in_head_syscall = false;
	if (w->state == PROC_RUNNING)
		*array_push(&w->account->idles) = (struct idle){ w->last, w->last_go, w->proc };
	proc_to(w, PROC_IDLE);
}

static void proc_status(struct proc_walk *w, const struct tenure *tenure, uint32_t index)
{
	/* first heard of in a syscall that no thread knows of: nothing runs on it (walk.md 9) */
	bool is_abandoned = tenure->kind == TENURE_STATUS_ABANDONED;
	bool is_lost = is_abandoned && (w->account->walk->is_first || w->delta->was_idle);
	uint8_t state = tenure->kind == TENURE_STATUS_IDLE || is_lost ? PROC_IDLE : PROC_RUNNING;

	proc_clamp(w, tenure->time);
	if (w->delta->first != TIME_NONE) { /* said again: says what is known, or is damaged */
		proc_to(w, state);
		return;
	}
	w->delta->is_abandoned = is_abandoned;
	w->in_syscall = !is_lost && (tenure->kind == TENURE_STATUS_SYSCALL ||
	                             tenure->kind == TENURE_STATUS_ABANDONED);
	w->in_head_syscall = w->in_syscall;
	w->syscall = tenure->kind == TENURE_STATUS_SYSCALL ? index : INDEX_NONE;
	w->state = w->delta->head_state = state;
	w->is_head = true;
	if (w->account->walk->is_first && state == PROC_RUNNING)
		note_move(w, 0, true);
	w->account->heads[COUNT_PROCS] += state == PROC_RUNNING && !w->is_over;
}

/* What its thread did to it before its next slot. */
static void proc_attached(struct proc_walk *w, const struct tenure *tenure,
                          const struct tenure *next)
{
	if (tenure->returned) {
		w->delta->head_returned |= w->in_head_syscall;
		w->in_syscall = w->in_head_syscall = false;
	}
	if (tenure->stop != TIME_NONE) {
		proc_clamp(w, tenure->stop);
		proc_goes_idle(w);
	}
	if (tenure->unknown != TIME_NONE) {
		proc_clamp(w, tenure->unknown);
		w->in_syscall = w->in_head_syscall = false;
		proc_to(w, PROC_UNKNOWN);
	}
	if (tenure->abandoned == TIME_NONE)
		return;
	/* a thread died with the P in hand: only time tells whether it was stolen before (walk.md
	 * 8) */
	if (next != NULL && next->kind == TENURE_STEAL && next->time <= tenure->abandoned)
		return;
	proc_clamp(w, tenure->abandoned);
	w->delta->losses += w->in_syscall;
	w->in_syscall = w->in_head_syscall = false;
	if (w->state == PROC_RUNNING)
		*array_push(&w->account->idles) = (struct idle){ w->last, w->last_go, w->proc };
	proc_to(w, PROC_IDLE);
}

static void proc_slot(struct proc_walk *w, const struct tenure *tenure, uint32_t index)
{
	switch ((enum tenure_kind)tenure->kind) {
	case TENURE_STATUS_RUNNING:
	case TENURE_STATUS_IDLE:
	case TENURE_STATUS_SYSCALL:
	case TENURE_STATUS_ABANDONED:
		proc_status(w, tenure, index);
		break;
	case TENURE_START:
		proc_clamp(w, tenure->time);
		if (w->in_syscall && w->syscall != INDEX_NONE) {
			w->account->walk->tenures.items[w->syscall].lost = w->last;
			w->account->walk->tenures.items[w->syscall].is_taken = true;
		}
		w->in_syscall = w->in_head_syscall = false;
		proc_to(w, PROC_RUNNING);
		break;
	case TENURE_SYSCALL: /* no transition of the P: it is not clamped by it */
		w->in_syscall = true;
		w->in_head_syscall = false;
		w->syscall = index;
		break;
	case TENURE_STEAL:
		proc_clamp(w, tenure->time);
		proc_goes_idle(w);
		break;
	}
}

static void account_proc(struct account *account, uint32_t p, bool is_over)
{
	struct walk *walk = account->walk;
	const struct local_proc *proc = &walk->procs.items[p];
	const uint32_t *slots = &account->place->tenure_slots.items[proc->first_slot];
	struct proc_walk w = {
		.account = account,
		.delta = &account->procs.items[p],
		.is_over = is_over,
		.proc = (uint16_t)p,
	};
	const struct tenure *tenure = NULL, *next;

	w.delta->first_idle = (uint32_t)account->idles.count;
	w.delta->head_end = w.delta->head_lost = w.delta->first = TIME_NONE;
	w.delta->idle = 0;
	w.delta->losses = 0;
	w.last = w.delta->floor > proc->earliest ? w.delta->floor : proc->earliest;
	w.last_go = INDEX_NONE;
	w.syscall = INDEX_NONE;
	w.is_head = true;
	if (w.delta->left_by > 0) {
		w.stream = w.delta->left_by - 1;
		note_move(&w, w.delta->floor, false);
	}
	for (uint32_t s = 0; s < proc->count; s++) {
		next = &walk->tenures.items[slots[s]];
		if (tenure != NULL)
			proc_attached(&w, tenure, next);
		tenure = next;
		w.stream = tenure->stream;
		if (tenure->last_go != INDEX_NONE)
			w.last_go = tenure->last_go;
		proc_slot(&w, tenure, slots[s]);
		if (w.delta->first == TIME_NONE)
			w.delta->first = w.last;
	}
	if (tenure != NULL)
		proc_attached(&w, tenure, NULL);
	if (tenure != NULL && w.last > walk->last)
		walk->last = w.last; /* its floor */
	w.delta->idle_count = (uint32_t)account->idles.count - w.delta->first_idle;
	w.delta->last_run = proc->last;
	w.delta->tail_state = w.state;
	w.delta->tail_since = w.is_head ? TIME_NONE : w.since;
	w.delta->tail_in_head_syscall = w.in_head_syscall;
	w.delta->last_go = w.last_go;
	w.delta->last = w.last;
}

static void set_floors(struct account *account, const floor_array *floors)
{
	for (size_t i = 0; i < floors->count; i++)
		if (floors->items[i].own < account->procs.count) {
			struct proc_delta *proc = &account->procs.items[floors->items[i].own];

			proc->floor = floors->items[i].time;
			proc->was_idle = floors->items[i].was_idle;
			proc->left_by = floors->items[i].left_by + 1; /* INDEX_NONE: 0 */
			proc->is_done_over = true;
		}
}

void account_procs(struct account *account, const struct placement *place)
{
	account_grow(account);
	account->place = place;
	if (account->known != NULL)
		set_floors(account, &account->known->procs);
	for (uint32_t p = 0; p < account->walk->procs.count; p++)
		account_proc(account, p, false);
}

/* Whether a floor moved the P that its syscall may have lost. */
static bool is_floored(const struct account *account, const struct call *call)
{
	return call->tenure != INDEX_NONE &&
	       account->procs.items[account->walk->tenures.items[call->tenure].proc].is_done_over;
}

void account_floor_procs(struct account *account, const floor_array *floors)
{

	set_floors(account, floors);
	for (size_t i = 0; i < account->calls.count; i++)
		if (is_floored(account, &account->calls.items[i]))
			account_take_call(account, &account->calls.items[i]);
	for (size_t i = 0; i < floors->count; i++)
		account_proc(account, floors->items[i].own, true);
	for (size_t i = 0; i < account->calls.count; i++)
		if (is_floored(account, &account->calls.items[i]))
			account_add_call(account, &account->calls.items[i]);
}
