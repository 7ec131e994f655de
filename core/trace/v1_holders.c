/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_holders.h"

/* ---- who is who */

uint32_t v1_find_go(struct v1_threads *t, uint32_t go, uint64_t id)
{
	while (t->gos.count <= go)
		*array_push(&t->gos) = (struct v1_go){
			.proc = V1_NOBODY,
			.thread = V1_NOBODY,
			.bound = V1_NOBODY,
		};
	t->gos.items[go].id = id;
	return go;
}

uint32_t v1_find_proc(struct v1_threads *t, int32_t p)
{
	uint32_t fresh = (uint32_t)t->procs.count, proc;

	if (p < 0)
		return V1_NOBODY;
	proc = id_map_add(&t->proc_of, (uint64_t)p, fresh);
	if (proc == fresh)
		*array_push(&t->procs) = (struct v1_held){
			.id = (uint64_t)p,
			.go = V1_NOBODY,
			.thread = V1_NOBODY,
			.caller = V1_NOBODY,
		};
	return proc;
}

static uint32_t find_thread(struct v1_threads *t, uint64_t m)
{
	uint32_t fresh = (uint32_t)t->threads.count;
	uint32_t thread = id_map_add(&t->thread_of, m, fresh);

	if (thread == fresh)
		*array_push(&t->threads) = (struct v1_thread){ m, V1_NOBODY, V1_NOBODY };
	return thread;
}

uint32_t v1_new_thread(struct v1_threads *t)
{
	return find_thread(t, WIRE_MADE_UP_THREAD + t->made_up++);
}

uint32_t v1_bound_thread(struct v1_threads *t)
{
	return find_thread(t, WIRE_BOUND_THREAD + t->bound++);
}

uint64_t v1_m_of(const struct v1_threads *t, uint32_t thread)
{
	return thread == V1_NOBODY ? WIRE_NO_THREAD : t->threads.items[thread].m;
}

/* The thread that events on a P are said by. */
uint64_t v1_m_on(const struct v1_threads *t, uint32_t proc)
{
	return proc == V1_NOBODY ? WIRE_NO_THREAD : v1_m_of(t, t->procs.items[proc].thread);
}

void v1_say(struct v1_threads *t, uint64_t m, enum wire_type type, uint64_t a, uint64_t b,
            uint64_t c)
{
	const struct wire_event event = {
		.time_ns = t->now_ns,
		.arg = { a, b, c },
		.type = (uint8_t)type,
	};

	v1_pieces_add(t->pieces, m, &event);
}

/* ---- what was so before, said where it is first mentioned in a piece */

static void mention_proc(struct v1_threads *t, uint32_t proc);

void v1_mention_go(struct v1_threads *t, uint32_t go)
{
	struct v1_go *g = &t->gos.items[go];
	uint64_t m;

	if (g->piece == t->piece)
		return;
	if (g->proc != V1_NOBODY && t->procs.items[g->proc].piece != t->piece) {
		mention_proc(t, g->proc); /* which mentions who runs there */
		return;
	}
	g->piece = t->piece;
	g->seq = 0;
	if (g->status == WIRE_GO_BAD)
		return;
	m = v1_m_of(t, g->thread);
	v1_say(t, m, WIRE_GO_STATUS, g->id, m, g->status);
}

static void mention_proc(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p = &t->procs.items[proc];
	enum wire_proc_status status = WIRE_PROC_RUNNING;

	if (p->piece == t->piece)
		return;
	if (p->piece != 0) {
		if (p->thread == V1_NOBODY)
			status = WIRE_PROC_IDLE;
		else if (p->go != V1_NOBODY && t->gos.items[p->go].status == WIRE_GO_SYSCALL)
			status = WIRE_PROC_SYSCALL;
		v1_say(t, v1_m_of(t, p->thread), WIRE_PROC_STATUS, p->id, status, 0);
	}
	p->piece = t->piece;
	p->seq = 0;
	if (p->go != V1_NOBODY)
		v1_mention_go(t, p->go);
}

/* ---- changes, from states that allow them */

/* A thread takes an idle P. */
static void take_proc(struct v1_threads *t, uint32_t proc, uint32_t thread)
{
	struct v1_held *p = &t->procs.items[proc];
	bool is_known = p->piece != 0;

	mention_proc(t, proc);
	p->thread = thread;
	t->threads.items[thread].proc = proc;
	if (is_known)
		v1_say(t, v1_m_of(t, thread), WIRE_PROC_START, p->id, ++p->seq, 0);
	else
		v1_say(t, v1_m_of(t, thread), WIRE_PROC_STATUS, p->id, WIRE_PROC_RUNNING, 0);
}

void v1_bind_call(struct v1_threads *t, uint32_t go, uint32_t proc)
{
	v1_free_call(t, go);
	if (proc == V1_NOBODY)
		return;
	t->gos.items[go].bound = proc;
	t->procs.items[proc].caller = go;
}

void v1_free_call(struct v1_threads *t, uint32_t go)
{
	uint32_t proc = t->gos.items[go].bound;

	if (proc != V1_NOBODY && t->procs.items[proc].caller == go)
		t->procs.items[proc].caller = V1_NOBODY;
	t->gos.items[go].bound = V1_NOBODY;
}

void v1_part_call(struct v1_threads *t, uint32_t proc)
{
	uint32_t go = proc == V1_NOBODY ? V1_NOBODY : t->procs.items[proc].caller;
	const struct v1_go *g;
	uint64_t m;

	if (go == V1_NOBODY)
		return;
	g = &t->gos.items[go];
	t->procs.items[proc].caller = V1_NOBODY;
	if (g->status != WIRE_GO_SYSCALL || g->proc == proc)
		return; /* who sees that the P is taken from it needs no more */
	v1_mention_go(t, go);
	m = v1_m_of(t, g->thread);
	v1_say(t, m, WIRE_PROC_STEAL, t->procs.items[proc].id, WIRE_PARTED, m);
}

/* Whoever is on a thread, running or in a syscall, leaves it. */
void v1_leave_thread(struct v1_threads *t, uint32_t go, uint8_t status)
{
	struct v1_go *g = &t->gos.items[go];

	v1_free_call(t, go);
	if (g->proc != V1_NOBODY) {
		t->procs.items[g->proc].go = V1_NOBODY;
		t->procs.items[g->proc].is_lost = false;
	}
	if (g->thread != V1_NOBODY)
		t->threads.items[g->thread].go = V1_NOBODY;
	g->proc = g->thread = V1_NOBODY;
	g->status = status;
}

/* Mends: it must have stopped meanwhile. */
void v1_stop_go(struct v1_threads *t, uint32_t go)
{
	const struct v1_go *g = &t->gos.items[go];

	v1_mention_go(t, go);
	if (g->status == WIRE_GO_SYSCALL && g->proc != V1_NOBODY)
		v1_drop_proc(t, g->proc); /* which takes it from the syscall */
	v1_say(t, v1_m_of(t, g->thread),
	       g->status == WIRE_GO_SYSCALL ? WIRE_GO_SYSCALL_END_BLOCKED : WIRE_GO_STOP, 0, 0, 0);
	v1_leave_thread(t, go, WIRE_GO_RUNNABLE);
}

/* A P becomes idle: its thread gives it up, or, if its goroutine is in a syscall, it is taken. */
void v1_drop_proc(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p = &t->procs.items[proc];
	uint64_t m = v1_m_of(t, p->thread);
	bool is_taken;

	if (p->thread == V1_NOBODY)
		return;
	mention_proc(t, proc);
	is_taken = p->go != V1_NOBODY && t->gos.items[p->go].status == WIRE_GO_SYSCALL;
	if (is_taken)
		t->gos.items[p->go].proc = V1_NOBODY;
	else if (p->go != V1_NOBODY)
		v1_stop_go(t, p->go);
	t->threads.items[p->thread].proc = V1_NOBODY;
	p->go = p->thread = V1_NOBODY;
	p->is_lost = false;
	if (is_taken)
		v1_say(t, WIRE_NO_THREAD, WIRE_PROC_STEAL, p->id, ++p->seq, m);
	else
		v1_say(t, m, WIRE_PROC_STOP, 0, 0, 0);
}

/* A P was taken from a syscall, and did not stop: another thread goes on with it. Go's conversion
 * does not see that the goroutine has lost it, and so its syscall counts as if it had not; who
 * reads here learns that the P is on another thread, and no more. */
static void hand_over(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p = &t->procs.items[proc];

	mention_proc(t, proc);
	t->gos.items[p->go].proc = V1_NOBODY;
	t->threads.items[p->thread].proc = V1_NOBODY;
	p->go = p->thread = V1_NOBODY;
	p->is_lost = false;
	take_proc(t, proc, v1_new_thread(t));
}

/* Something happens on a P. */
void v1_touch_proc(struct v1_threads *t, uint32_t proc)
{
	if (proc == V1_NOBODY)
		return;
	if (t->procs.items[proc].is_lost)
		hand_over(t, proc);
	if (t->procs.items[proc].piece != 0)
		mention_proc(t, proc);
}

void v1_start_proc(struct v1_threads *t, uint32_t proc, int64_t m)
{
	uint32_t thread = m < 0 || m > INT32_MAX ? v1_new_thread(t) : find_thread(t, (uint64_t)m);
	const struct v1_thread *other = &t->threads.items[thread];

	if (proc == V1_NOBODY)
		return;
	v1_drop_proc(t, proc);
	/* one that is in a syscall may take a P to come out of it */
	if (other->proc != V1_NOBODY ||
	    (other->go != V1_NOBODY && t->gos.items[other->go].status != WIRE_GO_SYSCALL))
		thread = v1_new_thread(t);
	take_proc(t, proc, thread);
}

void v1_idle_proc(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p;

	if (proc == V1_NOBODY)
		return;
	p = &t->procs.items[proc];
	if (p->piece != 0) {
		v1_drop_proc(t, proc);
		return;
	}
	p->piece = t->piece;
	v1_say(t, WIRE_NO_THREAD, WIRE_PROC_STATUS, p->id, WIRE_PROC_IDLE, 0);
}

/* Makes a P ready to run a goroutine: it has a thread, and nobody is on either. */
bool v1_free_proc(struct v1_threads *t, uint32_t proc)
{
	const struct v1_held *p;

	if (proc == V1_NOBODY)
		return false;
	v1_touch_proc(t, proc);
	p = &t->procs.items[proc];
	if (p->go != V1_NOBODY)
		v1_stop_go(t, p->go);
	if (p->thread != V1_NOBODY && t->threads.items[p->thread].go != V1_NOBODY)
		v1_drop_proc(t, proc); /* its thread is still in the syscall that it came from */
	if (p->thread == V1_NOBODY)
		take_proc(t, proc, v1_new_thread(t));
	return true;
}
