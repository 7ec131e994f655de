/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

/* Rules of Ps (trace-format-v2.md 5.5-5.7). */

static uint8_t shown(uint8_t status)
{
	if (status == WIRE_PROC_BAD)
		return EVENT_PROC_UNKNOWN;
	return status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL ? EVENT_PROC_RUNNING
	                                                                  : EVENT_PROC_IDLE;
}

static void set_seq(const struct turn *turn, struct order_proc *proc, uint64_t seq)
{
	proc->generation = turn->order->generation;
	proc->seq = seq;
}

enum verdict rule_proc_start(struct turn *turn)
{
	uint32_t p = order_find_proc(turn->state, turn->thread->arg[0]);
	struct order_proc *proc = turn_proc(turn, p);

	if (!turn->is_forced) {
		if (turn->p != NOBODY)
			return turn_wait(turn, WAIT_THREAD, turn->thread->ms, 0, 0);
		if (proc->status != WIRE_PROC_IDLE ||
		    !turn_succeeds(turn, turn->thread->arg[1], proc->generation, proc->seq))
			return turn_wait(turn, WAIT_PROC, p, turn->thread->arg[1], WIRE_PROC_IDLE);
	}
	if (turn->thread->ms == NOBODY)
		return turn_break(turn, "expected a thread");
	proc->status = WIRE_PROC_RUNNING;
	set_seq(turn, proc, turn->thread->arg[1]);
	turn_give(turn);
	turn->new_p = p;
	order_wake_proc(turn->order, p);
	return VERDICT_GOOD;
}

enum verdict rule_proc_stop(struct turn *turn)
{
	struct order_proc *proc;

	if (!turn_has(turn, NEED, MAY))
		return VERDICT_BROKEN;
	proc = turn_proc(turn, turn->p);
	if (proc->status != WIRE_PROC_RUNNING && proc->status != WIRE_PROC_SYSCALL)
		return turn_break(turn, "a P stops that does not run");
	proc->status = WIRE_PROC_IDLE;
	turn_give(turn);
	turn->new_p = NOBODY;
	order_wake_proc(turn->order, turn->p);
	return VERDICT_GOOD;
}

/* Takes the P away from the thread that has it. */
static bool take_from(struct turn *turn, uint32_t p)
{
	uint32_t from;

	if (turn->thread->arg[2] == turn->thread->m) {
		turn->new_p = NOBODY;
		return turn->p == p;
	}
	from = id_map_find(&turn->state->m_of, turn->thread->arg[2]);
	if (from == ID_NONE || turn->state->ms.items[from].p != p)
		return false;
	turn->state->ms.items[from].p = NOBODY;
	order_wake_thread(turn->order, from);
	return true;
}

enum verdict rule_proc_steal(struct turn *turn)
{
	uint32_t p = order_find_proc(turn->state, turn->thread->arg[0]);
	struct order_proc *proc = turn_proc(turn, p);
	uint8_t before = proc->status;
	struct event *event;

	if (!turn->is_forced &&
	    ((before != WIRE_PROC_SYSCALL && before != WIRE_PROC_ABANDONED) ||
	     !turn_succeeds(turn, turn->thread->arg[1], proc->generation, proc->seq)))
		return turn_wait(turn, WAIT_PROC, p, turn->thread->arg[1], WIRE_PROC_SYSCALL);
	if (turn->thread->ms == NOBODY)
		return turn_break(turn, "expected a thread");
	proc->status = WIRE_PROC_IDLE;
	set_seq(turn, proc, turn->thread->arg[1]);
	event = turn_give(turn);
	event->before = before == WIRE_PROC_ABANDONED ? EVENT_PROC_IDLE : EVENT_PROC_RUNNING;
	order_wake_proc(turn->order, p);
	if (before != WIRE_PROC_ABANDONED && !take_from(turn, p) && !turn->is_forced) {
		turn->order->queued--;
		return turn_break(turn, "a P is stolen from a thread that does not have it");
	}
	return VERDICT_GOOD;
}

/* A P about to be stolen is told of by another thread than that which holds it. */
static bool find_holder(struct turn *turn, uint32_t p, struct event *event)
{
	uint32_t holder = turn_proc(turn, p)->holder;
	const struct order_m *m = holder == NOBODY ? NULL : &turn->state->ms.items[holder];

	if (m == NULL || m->p != p)
		return false;
	event->m = m->id;
	event->p = turn_proc(turn, p)->id;
	event->g = m->g == NOBODY ? EVENT_NONE : turn_go(turn, m->g)->id;
	return true;
}

enum verdict rule_proc_status(struct turn *turn)
{
	uint64_t status = turn->thread->arg[1] & 0xff;
	uint32_t p = order_find_proc(turn->state, turn->thread->arg[0]);
	struct order_proc *proc = turn_proc(turn, p);
	bool is_promoted = status == WIRE_PROC_ABANDONED && proc->status == WIRE_PROC_SYSCALL;
	struct event *event;

	if (status > WIRE_PROC_ABANDONED)
		return turn_break(turn, "a P has a status that is none");
	if (proc->status != ORDER_MISSING && proc->status != status && !is_promoted) {
		if (turn->order->is_strict)
			return turn_break(turn, "a P has another status than it should");
		proc->status = (uint8_t)status;
	}
	event = turn_give(turn);
	event->before = is_promoted ? EVENT_PROC_RUNNING : shown((uint8_t)status);
	if (proc->status == ORDER_MISSING) {
		event->before = turn->order->is_first ? EVENT_PROC_UNKNOWN : EVENT_PROC_MISSING;
		proc->status = (uint8_t)status;
	}
	set_seq(turn, proc, 0);
	if (is_promoted)
		event->arg[1] = WIRE_PROC_SYSCALL;
	if (status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL)
		turn->new_p = p;
	order_wake_proc(turn->order, p);
	if (is_promoted && !find_holder(turn, p, event) && turn->order->is_strict) {
		turn->order->queued--;
		return turn_break(turn, "no thread holds a P about to be stolen");
	}
	return VERDICT_GOOD;
}
