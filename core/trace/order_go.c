/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

/* Rules of goroutines (trace-format-v2.md 5.5, 5.6, 5.8). */

static void set_seq(const struct turn *turn, struct order_go *go, uint64_t seq)
{
	go->generation = turn->order->generation;
	go->seq = seq;
}

/* The context's goroutine in a state; NULL with turn->broken. */
static struct order_go *current(struct turn *turn, uint8_t status)
{
	struct order_go *go = turn_go(turn, turn->g);

	if (go->status == ORDER_MISSING)
		turn->broken = "the goroutine is not there";
	else if (go->status != status)
		turn->broken = "the goroutine does something else";
	if (turn->broken != NULL && !turn->order->is_strict) {
		turn_doubt(turn, turn->broken);
		turn->broken = NULL;
		go->status = status;
	}
	return turn->broken == NULL ? go : NULL;
}

static bool is_ready(const struct turn *turn, const struct order_go *go, uint8_t status)
{
	return turn->is_forced || (go->status == status && turn_succeeds(turn, turn->thread->arg[1],
	                                                                 go->generation, go->seq));
}

static enum verdict wait_for(struct turn *turn, uint32_t g, uint8_t status)
{
	return turn_wait(turn, WAIT_GO, g, turn->thread->arg[1], status);
}

enum verdict rule_go_create(struct turn *turn)
{
	uint32_t g;

	if (!turn_has(turn, NEED, MAY))
		return VERDICT_BROKEN;
	if (turn->g != NOBODY && current(turn, WIRE_GO_RUNNING) == NULL)
		return VERDICT_BROKEN;
	g = order_find_go(turn->state, turn->thread->arg[0]);
	if (turn_go(turn, g)->status != ORDER_MISSING)
		return turn_break(turn, "a goroutine is created that is there");
	turn_go(turn, g)->status =
		turn->thread->type == WIRE_GO_CREATE_BLOCKED ? WIRE_GO_WAITING : WIRE_GO_RUNNABLE;
	set_seq(turn, turn_go(turn, g), 0);
	turn_give(turn);
	order_wake_go(turn->order, g);
	return VERDICT_GOOD;
}

enum verdict rule_go_create_syscall(struct turn *turn)
{
	uint32_t g;

	if (!turn_has(turn, MAY, LACK))
		return VERDICT_BROKEN;
	g = order_find_go(turn->state, turn->thread->arg[0]);
	if (turn_go(turn, g)->status != ORDER_MISSING)
		return turn_break(turn, "a goroutine is created that is there");
	turn_go(turn, g)->status = WIRE_GO_SYSCALL;
	set_seq(turn, turn_go(turn, g), 0);
	turn_give(turn);
	turn->new_g = g;
	order_wake_go(turn->order, g);
	return VERDICT_GOOD;
}

enum verdict rule_go_start(struct turn *turn)
{
	uint32_t g = order_find_go(turn->state, turn->thread->arg[0]);
	struct order_go *go = turn_go(turn, g);

	if (!is_ready(turn, go, WIRE_GO_RUNNABLE))
		return wait_for(turn, g, WIRE_GO_RUNNABLE);
	if (!turn_has(turn, NEED, LACK))
		return VERDICT_BROKEN;
	go->status = WIRE_GO_RUNNING;
	set_seq(turn, go, turn->thread->arg[1]);
	turn_give(turn);
	turn->new_g = g;
	order_wake_go(turn->order, g);
	return VERDICT_GOOD;
}

/* GoStop, GoBlock, GoDestroy. */
enum verdict rule_go_stop(struct turn *turn)
{
	struct order_go *go;

	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	go = current(turn, WIRE_GO_RUNNING);
	if (go == NULL)
		return VERDICT_BROKEN;
	turn_give(turn);
	turn->new_g = NOBODY;
	if (turn->thread->type == WIRE_GO_DESTROY) {
		order_forget_go(turn, turn->g);
		return VERDICT_GOOD;
	}
	go->status = turn->thread->type == WIRE_GO_STOP ? WIRE_GO_RUNNABLE : WIRE_GO_WAITING;
	order_wake_go(turn->order, turn->g);
	return VERDICT_GOOD;
}

enum verdict rule_go_unblock(struct turn *turn)
{
	uint32_t g = order_find_go(turn->state, turn->thread->arg[0]);
	struct order_go *go = turn_go(turn, g);

	if (!is_ready(turn, go, WIRE_GO_WAITING))
		return wait_for(turn, g, WIRE_GO_WAITING);
	go->status = WIRE_GO_RUNNABLE;
	set_seq(turn, go, turn->thread->arg[1]);
	turn_give(turn);
	order_wake_go(turn->order, g);
	return VERDICT_GOOD;
}

/* A switch is three events: the other is woken, this one blocks or dies, the other starts. */
static void give_switch(struct turn *turn, uint64_t other)
{
	bool dies = turn->thread->type == WIRE_GO_SWITCH_DESTROY;
	struct event *event;

	turn_give(turn);
	event = turn_give(turn);
	event->type = dies ? WIRE_GO_DESTROY : WIRE_GO_BLOCK;
	memset(event->arg, 0, sizeof(event->arg));
	event = turn_give(turn);
	event->type = WIRE_GO_START;
	event->g = EVENT_NONE;
	memset(event->arg, 0, sizeof(event->arg));
	event->arg[0] = other;
}

enum verdict rule_go_switch(struct turn *turn)
{
	uint32_t next;
	struct order_go *go;

	if (!turn_has(turn, NEED, NEED) || current(turn, WIRE_GO_RUNNING) == NULL)
		return VERDICT_BROKEN;
	next = order_find_go(turn->state, turn->thread->arg[0]);
	go = turn_go(turn, next);
	if (!is_ready(turn, go, WIRE_GO_WAITING))
		return wait_for(turn, next, WIRE_GO_WAITING);
	give_switch(turn, go->id);
	go->status = WIRE_GO_RUNNING;
	set_seq(turn, go, turn->thread->arg[1]);
	turn->new_g = next;
	order_wake_go(turn->order, next);
	if (turn->thread->type == WIRE_GO_SWITCH_DESTROY) {
		order_forget_go(turn, turn->g);
	} else {
		turn_go(turn, turn->g)->status = WIRE_GO_WAITING;
		order_wake_go(turn->order, turn->g);
	}
	return VERDICT_GOOD;
}

/* In a syscall on some thread: false if that thread has another. */
static bool bind_syscall(struct turn *turn, uint32_t g, struct event *event)
{
	struct order_thread *thread = turn->thread;
	uint32_t m;

	if (thread->arg[1] == thread->m) {
		turn->new_g = g;
		return turn->order->is_first || turn->g == g;
	}
	m = id_map_find(&turn->state->m_of, thread->arg[1]);
	event->m = thread->arg[1];
	if (m == ID_NONE) {
		m = order_find_m(turn->state, thread->arg[1]);
		order_bind(turn->state, m, g, NOBODY);
		return true;
	}
	event->g = turn_go(turn, g)->id;
	if (turn->state->ms.items[m].g == g)
		return true;
	if (!turn->order->is_strict)
		turn->state->ms.items[m].g = g;
	return false;
}

static const char *status_fault(struct turn *turn, const struct order_go *go)
{
	uint64_t status = turn->thread->arg[2] & 0xff;

	if (status > WIRE_GO_WAITING)
		return "a goroutine has a status that is none";
	if (status == WIRE_GO_SYSCALL && turn->thread->arg[1] == WIRE_NO_THREAD)
		return "a goroutine is in a syscall without a thread";
	if (!turn->order->is_strict)
		return NULL;
	if (go->status != ORDER_MISSING && go->status != status)
		return "a goroutine has another status than it should";
	if (go->status == ORDER_MISSING && !turn->order->is_first)
		return "a goroutine is first heard of after the first generation";
	return NULL;
}

enum verdict rule_go_status(struct turn *turn)
{
	static const uint8_t states[] = {
		[WIRE_GO_BAD] = GO_UNKNOWN,     [WIRE_GO_RUNNABLE] = GO_RUNNABLE,
		[WIRE_GO_RUNNING] = GO_RUNNING, [WIRE_GO_SYSCALL] = GO_SYSCALL,
		[WIRE_GO_WAITING] = GO_WAITING,
	};
	uint64_t status = turn->thread->arg[2] & 0xff;
	uint32_t g = order_find_go(turn->state, turn->thread->arg[0]);
	struct order_go *go = turn_go(turn, g);
	const char *fault = status_fault(turn, go);
	struct event *event;

	if (fault != NULL)
		return turn_break(turn, fault);
	event = turn_give(turn);
	event->was_missing = go->status == ORDER_MISSING;
	event->before = event->was_missing ? GO_UNKNOWN : states[status];
	go->status = (uint8_t)status;
	set_seq(turn, go, 0);
	if (status == WIRE_GO_RUNNING)
		turn->new_g = g;
	if (status == WIRE_GO_SYSCALL && !bind_syscall(turn, g, event) && turn->order->is_strict) {
		turn->order->queued--;
		return turn_break(turn, "the thread of a syscall has another goroutine");
	}
	order_wake_go(turn->order, g);
	return VERDICT_GOOD;
}

/* ---- syscalls (5.7, 5.9) */

enum verdict rule_syscall_begin(struct turn *turn)
{
	struct order_proc *proc;
	struct order_go *go;

	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	go = current(turn, WIRE_GO_RUNNING);
	if (go == NULL)
		return VERDICT_BROKEN;
	proc = turn_proc(turn, turn->p);
	if (!turn_succeeds(turn, turn->thread->arg[0], proc->generation, proc->seq) &&
	    turn->order->is_strict)
		return turn_break(turn, "a syscall's number does not follow its P's");
	go->status = WIRE_GO_SYSCALL;
	proc->status = WIRE_PROC_SYSCALL;
	proc->generation = turn->order->generation;
	proc->seq = turn->thread->arg[0];
	turn_give(turn);
	order_wake_proc(turn->order, turn->p);
	order_wake_go(turn->order, turn->g);
	return VERDICT_GOOD;
}

enum verdict rule_syscall_end(struct turn *turn)
{
	struct order_proc *proc;
	struct order_go *go;

	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	go = current(turn, WIRE_GO_SYSCALL);
	proc = turn_proc(turn, turn->p);
	if (go == NULL)
		return VERDICT_BROKEN;
	if (proc->status != WIRE_PROC_SYSCALL)
		return turn_break(turn, "a syscall ends with a P that is in none");
	go->status = WIRE_GO_RUNNING;
	proc->status = WIRE_PROC_RUNNING;
	turn_give(turn);
	order_wake_proc(turn->order, turn->p);
	order_wake_go(turn->order, turn->g);
	return VERDICT_GOOD;
}

enum verdict rule_syscall_end_blocked(struct turn *turn)
{
	struct order_go *go;

	/* it proves that the P was lost: until that is told, it waits */
	if (turn->p != NOBODY && turn_proc(turn, turn->p)->status == WIRE_PROC_SYSCALL) {
		if (!turn->is_forced)
			return turn_wait(turn, WAIT_SYSCALL, turn->p, 0, 0);
		turn->new_p = NOBODY;
	}
	if (!turn_has(turn, MAY, NEED))
		return VERDICT_BROKEN;
	go = current(turn, WIRE_GO_SYSCALL);
	if (go == NULL)
		return VERDICT_BROKEN;
	go->status = WIRE_GO_RUNNABLE;
	turn_give(turn);
	turn->new_g = NOBODY;
	order_wake_go(turn->order, turn->g);
	return VERDICT_GOOD;
}

enum verdict rule_destroy_syscall(struct turn *turn)
{
	struct order_proc *proc = turn->p == NOBODY ? NULL : turn_proc(turn, turn->p);

	if (!turn_has(turn, MAY, NEED) || current(turn, WIRE_GO_SYSCALL) == NULL)
		return VERDICT_BROKEN;
	if (proc != NULL && proc->status != WIRE_PROC_SYSCALL)
		return turn_break(turn, "a thread dies with a P that is in no syscall");
	if (proc != NULL) {
		struct event *event = turn_give(turn);

		event->type = WIRE_PROC_STEAL;
		memset(event->arg, 0, sizeof(event->arg));
		event->arg[0] = proc->id;
		event->before = EVENT_PROC_RUNNING;
		proc->status = WIRE_PROC_ABANDONED;
		turn->new_p = NOBODY;
	}
	turn_give(turn);
	turn->new_g = NOBODY;
	order_forget_go(turn, turn->g);
	if (proc != NULL)
		order_wake_proc(turn->order, turn->p);
	return VERDICT_GOOD;
}
