/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/same/teller.h"

/* Events of goroutines and Ps. */

uint32_t teller_here(struct teller *t)
{
	return t->event->g == EVENT_NONE ? INDEX_NONE : teller_find_go(t, t->event->g);
}

void tell_go_status(struct teller *t)
{
	static const uint8_t states[] = {
		[WIRE_GO_BAD] = GO_UNKNOWN,     [WIRE_GO_RUNNABLE] = GO_RUNNABLE,
		[WIRE_GO_RUNNING] = GO_RUNNING, [WIRE_GO_SYSCALL] = GO_SYSCALL,
		[WIRE_GO_WAITING] = GO_WAITING,
	};
	const struct event *e = t->event;
	uint32_t g = teller_find_go(t, e->arg[0]);
	struct now_go *go = &t->gos.items[g];

	if (go->state == GO_UNKNOWN) {
		/* of a syscall that another thread tells of, the P is that thread's */
		teller_go_to(t, g, states[e->arg[2] & 7], t->writer == e->m ? e->p : EVENT_NONE,
		             EVENT_NONE, 0);
		teller_was_always(t, g);
		if (go->state == GO_RUNNING || (go->state == GO_SYSCALL && t->writer == e->m))
			t->story->gos.items[g].stays.items[0].stack = 0; /* it runs on */
		if (e->type == WIRE_GO_STATUS_STACK)
			teller_name_go(t, g, e->arg[3]);
	} else if (t->now_ns > go->last_ns && go->state != GO_DEAD) {
		go->last_ns = t->now_ns;
	}
}

/* Who makes it runnable or creates it, for its next run. */
static void note_waker(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];

	go->woken_generation = t->generation;
	go->woken_ns = go->last_ns;
	go->waker = t->event->g;
}

static void note_wake(struct teller *t, uint32_t g)
{
	uint32_t waker = teller_here(t);

	note_waker(t, g);
	if (waker != INDEX_NONE)
		t->gos.items[waker].woken++;
}

void tell_go_create(struct teller *t, uint8_t state)
{
	uint32_t g = teller_add_go(t, t->event->arg[0]);

	teller_go_to(t, g, state, t->event->p, state == GO_SYSCALL ? EVENT_NONE : t->event->g, 0);
	if (state == GO_SYSCALL)
		return;
	t->story->gos.items[g].parent = t->event->g;
	teller_name_go(t, g, t->event->arg[1]);
	if (state == GO_RUNNABLE)
		note_wake(t, g);
	else
		note_waker(t, g);
}

void tell_go_start(struct teller *t)
{
	uint32_t g = teller_find_go(t, t->event->arg[0]);
	struct story_go *sum = &t->story->gos.items[g];

	teller_go_to(t, g, GO_RUNNING, t->event->p, EVENT_NONE, 0);
	if (t->event->p != EVENT_NONE)
		teller_proc_sums(t, t->event->p)->runs++;
	if (!t->gos.items[g].is_switched)
		return;
	/* it never stood in a queue */
	t->gos.items[g].is_switched = false;
	sum->stays.items[sum->stays.count - 2] = sum->stays.items[sum->stays.count - 1];
	sum->stays.count--;
	t->changes.count -= 2;
}

void tell_go_stop(struct teller *t, uint8_t state)
{
	uint32_t g = teller_here(t);
	string_id reason = teller_text(t, t->event->arg[0]);

	if (g == INDEX_NONE)
		return;
	if (state == GO_WAITING && reason == t->forever)
		state = GO_DEAD;
	teller_go_to(t, g, state, EVENT_NONE, EVENT_NONE, state == GO_WAITING ? reason : 0);
	teller_name_go(t, g, t->event->arg[1]);
}

void tell_go_wake(struct teller *t)
{
	uint32_t g = teller_find_go(t, t->event->arg[0]);

	teller_go_to(t, g, GO_RUNNABLE, EVENT_NONE, t->event->g, 0);
	t->gos.items[g].is_switched = t->event->type != WIRE_GO_UNBLOCK;
	if (t->event->type == WIRE_GO_UNBLOCK)
		note_wake(t, g);
}

void tell_go_here_to(struct teller *t, uint8_t state)
{
	uint32_t g = teller_here(t);

	if (g != INDEX_NONE)
		teller_go_to(t, g, state, t->event->p, EVENT_NONE, 0);
}

void tell_syscall_begin(struct teller *t)
{
	tell_go_here_to(t, GO_SYSCALL);
	if (teller_here(t) != INDEX_NONE)
		teller_name_go(t, teller_here(t), t->event->arg[1]);
	t->story->syscalls++;
}

/* Which kind of worker a goroutine calls itself. */
void tell_label(struct teller *t)
{
	struct bytes said = tables_text(t->event->tables, t->event->arg[0]);
	uint32_t g = teller_here(t);

	if (g == INDEX_NONE)
		return;
	if (bytes_equal(said, bytes_of("GC (dedicated)")))
		t->gos.items[g].worker = WORKER_DEDICATED;
	if (bytes_equal(said, bytes_of("GC (fractional)")))
		t->gos.items[g].worker = WORKER_FRACTIONAL;
	if (bytes_equal(said, bytes_of("GC (idle)")))
		t->gos.items[g].worker = WORKER_IDLE;
}

void tell_proc_status(struct teller *t)
{
	uint64_t status = t->event->arg[1];

	teller_proc_to(t, t->event->arg[0],
	               status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL
	                       ? EVENT_PROC_RUNNING
	                       : EVENT_PROC_IDLE);
}
