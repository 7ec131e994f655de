/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_threads.h"

void v1_threads_init(struct v1_threads *threads, struct budget *budget, struct v1_pieces *pieces)
{
	*threads = (struct v1_threads){ .budget = budget, .pieces = pieces, .piece = 1 };
	threads->gos.budget = threads->procs.budget = threads->threads.budget = budget;
	threads->go_of.budget = threads->proc_of.budget = threads->thread_of.budget = budget;
}

void v1_threads_free(struct v1_threads *threads)
{
	array_free(&threads->gos);
	array_free(&threads->procs);
	array_free(&threads->threads);
	id_map_free(&threads->go_of);
	id_map_free(&threads->proc_of);
	id_map_free(&threads->thread_of);
}

/* ---- who is who */

static uint32_t find_go(struct v1_threads *t, uint64_t id)
{
	uint32_t fresh = (uint32_t)t->gos.count;
	uint32_t go = id_map_add(&t->go_of, id, fresh);

	if (go == fresh)
		*array_push(&t->gos) = (struct v1_go){ .id = id,
			                               .proc = V1_NOBODY,
			                               .thread = V1_NOBODY };
	return go;
}

static uint32_t find_proc(struct v1_threads *t, int32_t p)
{
	uint32_t fresh = (uint32_t)t->procs.count, proc;

	if (p < 0)
		return V1_NOBODY;
	proc = id_map_add(&t->proc_of, (uint64_t)p, fresh);
	if (proc == fresh)
		*array_push(&t->procs) = (struct v1_held){ .id = (uint64_t)p,
			                                   .go = V1_NOBODY,
			                                   .thread = V1_NOBODY };
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

static uint32_t new_thread(struct v1_threads *t)
{
	return find_thread(t, WIRE_MADE_UP_THREAD + t->made_up++);
}

static uint64_t m_of(const struct v1_threads *t, uint32_t thread)
{
	return thread == V1_NOBODY ? WIRE_NO_THREAD : t->threads.items[thread].m;
}

/* The thread that events on a P are said by. */
static uint64_t m_on(const struct v1_threads *t, uint32_t proc)
{
	return proc == V1_NOBODY ? WIRE_NO_THREAD : m_of(t, t->procs.items[proc].thread);
}

static void say(struct v1_threads *t, uint64_t m, enum wire_type type, uint64_t a, uint64_t b,
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

static void mention_go(struct v1_threads *t, uint32_t go)
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
	m = m_of(t, g->thread);
	say(t, m, WIRE_GO_STATUS, g->id, m, g->status);
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
		say(t, m_of(t, p->thread), WIRE_PROC_STATUS, p->id, status, 0);
	}
	p->piece = t->piece;
	p->seq = 0;
	if (p->go != V1_NOBODY)
		mention_go(t, p->go);
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
		say(t, m_of(t, thread), WIRE_PROC_START, p->id, ++p->seq, 0);
	else
		say(t, m_of(t, thread), WIRE_PROC_STATUS, p->id, WIRE_PROC_RUNNING, 0);
}

/* Whoever is on a thread, running or in a syscall, leaves it. */
static void leave_thread(struct v1_threads *t, uint32_t go, uint8_t status)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->proc != V1_NOBODY) {
		t->procs.items[g->proc].go = V1_NOBODY;
		t->procs.items[g->proc].is_lost = false;
	}
	if (g->thread != V1_NOBODY)
		t->threads.items[g->thread].go = V1_NOBODY;
	g->proc = g->thread = V1_NOBODY;
	g->status = status;
}

static void drop_proc(struct v1_threads *t, uint32_t proc);

/* Mends: it must have stopped meanwhile. */
static void stop_go(struct v1_threads *t, uint32_t go)
{
	const struct v1_go *g = &t->gos.items[go];

	mention_go(t, go);
	if (g->status == WIRE_GO_SYSCALL && g->proc != V1_NOBODY)
		drop_proc(t, g->proc); /* which takes it from the syscall */
	say(t, m_of(t, g->thread),
	    g->status == WIRE_GO_SYSCALL ? WIRE_GO_SYSCALL_END_BLOCKED : WIRE_GO_STOP, 0, 0, 0);
	leave_thread(t, go, WIRE_GO_RUNNABLE);
}

/* A P becomes idle: its thread gives it up, or, if its goroutine is in a syscall, it is taken. */
static void drop_proc(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p = &t->procs.items[proc];
	uint64_t m = m_of(t, p->thread);
	bool is_taken;

	if (p->thread == V1_NOBODY)
		return;
	mention_proc(t, proc);
	is_taken = p->go != V1_NOBODY && t->gos.items[p->go].status == WIRE_GO_SYSCALL;
	if (is_taken)
		t->gos.items[p->go].proc = V1_NOBODY;
	else if (p->go != V1_NOBODY)
		stop_go(t, p->go);
	t->threads.items[p->thread].proc = V1_NOBODY;
	p->go = p->thread = V1_NOBODY;
	p->is_lost = false;
	if (is_taken)
		say(t, WIRE_NO_THREAD, WIRE_PROC_STEAL, p->id, ++p->seq, m);
	else
		say(t, m, WIRE_PROC_STOP, 0, 0, 0);
}

/* A P was taken from a syscall, and did not stop: another thread goes on with it. Go's conversion does
 * not see that the goroutine has lost it, and so its syscall counts as if it had not; who reads here
 * learns that the P is on another thread, and no more. */
static void hand_over(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p = &t->procs.items[proc];

	mention_proc(t, proc);
	t->gos.items[p->go].proc = V1_NOBODY;
	t->threads.items[p->thread].proc = V1_NOBODY;
	p->go = p->thread = V1_NOBODY;
	p->is_lost = false;
	take_proc(t, proc, new_thread(t));
}

/* Something happens on a P. */
static void touch_proc(struct v1_threads *t, uint32_t proc)
{
	if (proc == V1_NOBODY)
		return;
	if (t->procs.items[proc].is_lost)
		hand_over(t, proc);
	if (t->procs.items[proc].piece != 0)
		mention_proc(t, proc);
}

static void start_proc(struct v1_threads *t, uint32_t proc, int64_t m)
{
	uint32_t thread = m < 0 || m > INT32_MAX ? new_thread(t) : find_thread(t, (uint64_t)m);
	const struct v1_thread *other = &t->threads.items[thread];

	if (proc == V1_NOBODY)
		return;
	drop_proc(t, proc);
	/* one that is in a syscall may take a P to come out of it */
	if (other->proc != V1_NOBODY || (other->go != V1_NOBODY && t->gos.items[other->go].status !=
	                                                                  WIRE_GO_SYSCALL))
		thread = new_thread(t);
	take_proc(t, proc, thread);
}

static void idle_proc(struct v1_threads *t, uint32_t proc)
{
	struct v1_held *p;

	if (proc == V1_NOBODY)
		return;
	p = &t->procs.items[proc];
	if (p->piece != 0) {
		drop_proc(t, proc);
		return;
	}
	p->piece = t->piece;
	say(t, WIRE_NO_THREAD, WIRE_PROC_STATUS, p->id, WIRE_PROC_IDLE, 0);
}

/* Makes a P ready to run a goroutine: it has a thread, and nobody is on either. */
static bool free_proc(struct v1_threads *t, uint32_t proc)
{
	const struct v1_held *p;

	if (proc == V1_NOBODY)
		return false;
	touch_proc(t, proc);
	p = &t->procs.items[proc];
	if (p->go != V1_NOBODY)
		stop_go(t, p->go);
	if (p->thread != V1_NOBODY && t->threads.items[p->thread].go != V1_NOBODY)
		drop_proc(t, proc); /* its thread is still in the syscall that it came from */
	if (p->thread == V1_NOBODY)
		take_proc(t, proc, new_thread(t));
	return true;
}

static void put_on(struct v1_threads *t, uint32_t go, uint32_t proc)
{
	struct v1_go *g = &t->gos.items[go];

	g->status = WIRE_GO_RUNNING;
	g->proc = proc;
	g->thread = t->procs.items[proc].thread;
	t->procs.items[proc].go = go;
	t->threads.items[g->thread].go = go;
}

static void start_go(struct v1_threads *t, uint32_t go, uint32_t proc)
{
	struct v1_go *g = &t->gos.items[go];

	mention_go(t, go);
	if (g->thread != V1_NOBODY)
		stop_go(t, go);
	if (!free_proc(t, proc))
		return;
	put_on(t, go, proc);
	say(t, m_of(t, g->thread), WIRE_GO_START, g->id, ++g->seq, 0);
}

/* The snapshot: what a goroutine was doing when tracing began. */
static void set_status(struct v1_threads *t, uint32_t go, uint32_t proc, uint64_t status)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->piece != 0)
		return; /* says what is known */
	g->piece = t->piece;
	g->status = (uint8_t)status;
	if (status == WIRE_GO_RUNNING && free_proc(t, proc))
		put_on(t, go, proc);
	if (status == WIRE_GO_SYSCALL) {
		g->thread = new_thread(t);
		t->threads.items[g->thread].go = go;
	}
	say(t, m_of(t, g->thread), WIRE_GO_STATUS, g->id, m_of(t, g->thread), status);
}

static void create_go(struct v1_threads *t, uint32_t go, uint32_t proc,
                      const struct v1_modern *modern)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->status != WIRE_GO_BAD)
		return; /* no id comes twice */
	g->piece = t->piece;
	g->seq = 0;
	g->status = WIRE_GO_RUNNABLE;
	say(t, m_on(t, proc), WIRE_GO_CREATE, g->id, modern->arg[1], modern->arg[2]);
}

/* It blocks, yields or ends. */
static void end_run(struct v1_threads *t, uint32_t go, uint32_t proc,
                    const struct v1_modern *modern, uint8_t status)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->status == WIRE_GO_SYSCALL || g->thread == V1_NOBODY)
		start_go(t, go, proc); /* mends: it must have been running */
	if (g->thread == V1_NOBODY)
		return;
	mention_go(t, go);
	say(t, m_of(t, g->thread), modern->type, modern->arg[0], modern->arg[1], 0);
	leave_thread(t, go, status);
}

static void unblock_go(struct v1_threads *t, uint32_t go, uint32_t proc, uint64_t stack)
{
	struct v1_go *g = &t->gos.items[go];

	mention_go(t, go);
	if (g->thread != V1_NOBODY)
		stop_go(t, go);
	g->status = WIRE_GO_RUNNABLE;
	say(t, m_on(t, proc), WIRE_GO_UNBLOCK, g->id, ++g->seq, stack);
}

/* ---- syscalls */

static void begin_syscall(struct v1_threads *t, uint32_t go, uint32_t proc, uint64_t stack)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->status != WIRE_GO_RUNNING || g->proc != proc)
		start_go(t, go, proc);
	if (g->proc == V1_NOBODY)
		return;
	mention_go(t, go);
	say(t, m_of(t, g->thread), WIRE_GO_SYSCALL_BEGIN, ++t->procs.items[g->proc].seq, stack, 0);
	g->status = WIRE_GO_SYSCALL;
}

static void end_syscall(struct v1_threads *t, uint32_t go)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->status != WIRE_GO_SYSCALL)
		return;
	mention_go(t, go);
	say(t, m_of(t, g->thread), WIRE_GO_SYSCALL_END, 0, 0, 0);
	g->status = WIRE_GO_RUNNING;
}

/* GoSysBlock: its P is said to be lost, but goes on to be shown as its own until it stops or somebody
 * else does something there. */
static void lose_proc(struct v1_threads *t, uint32_t go, uint32_t proc)
{
	if (t->gos.items[go].status != WIRE_GO_SYSCALL)
		begin_syscall(t, go, proc, 0); /* it was not traced */
	if (proc != V1_NOBODY && t->procs.items[proc].go == go)
		t->procs.items[proc].is_lost = true;
}

static void end_syscall_blocked(struct v1_threads *t, uint32_t go)
{
	struct v1_go *g = &t->gos.items[go];

	mention_go(t, go);
	if (g->status != WIRE_GO_SYSCALL) {
		unblock_go(t, go, V1_NOBODY, 0);
		return;
	}
	if (g->proc != V1_NOBODY)
		drop_proc(t, g->proc);
	say(t, m_of(t, g->thread), WIRE_GO_SYSCALL_END_BLOCKED, 0, 0, 0);
	leave_thread(t, go, WIRE_GO_RUNNABLE);
}

/* ---- events */

static void say_same(struct v1_threads *t, uint64_t m, const struct v1_modern *modern)
{
	struct wire_event event = { .time_ns = t->now_ns, .type = modern->type };

	memcpy(event.arg, modern->arg, sizeof(event.arg));
	v1_pieces_add(t->pieces, m, &event);
}

static void stop_world(struct v1_threads *t, uint32_t proc, const struct v1_modern *modern)
{
	t->stop_m = m_on(t, proc);
	t->is_stopped = true;
	say(t, t->stop_m, WIRE_STW_BEGIN, modern->arg[0], modern->arg[1], 0);
}

static void add_sample(struct v1_threads *t, const struct v1_modern *modern)
{
	v1_pieces_add_sample(t->pieces, &(struct sample){
						.time_ns = modern->time_ns,
						.m = WIRE_NO_THREAD,
						.p = modern->arg[2],
						.g = modern->arg[3],
						.stack = modern->arg[0],
					});
}

/* What is not said by a P's thread. */
static bool is_elsewhere(uint8_t type)
{
	return type == WIRE_GO_SYSCALL_END_BLOCKED || type == WIRE_PROC_STOP ||
	       type == WIRE_PROC_START || type == WIRE_PROC_STATUS || type == V1_PROC_LOST;
}

static void add(struct v1_threads *t, const struct v1_modern *modern, uint32_t proc)
{
	uint32_t go = V1_NOBODY;

	switch (modern->type) {
	case WIRE_PROC_STATUS:
		if (modern->arg[1] == WIRE_PROC_IDLE) {
			idle_proc(t, proc);
			break;
		}
		start_proc(t, proc, modern->thread);
		break;
	case WIRE_PROC_START:
		start_proc(t, proc, modern->thread);
		break;
	case WIRE_PROC_STOP:
		idle_proc(t, proc);
		break;
	case WIRE_GO_CREATE:
		create_go(t, find_go(t, modern->arg[0]), proc, modern);
		break;
	case WIRE_GO_START:
		start_go(t, find_go(t, modern->arg[0]), proc);
		break;
	case WIRE_GO_STATUS:
		set_status(t, find_go(t, modern->arg[0]), proc, modern->arg[2]);
		break;
	case WIRE_GO_UNBLOCK:
		unblock_go(t, find_go(t, modern->arg[0]), proc, modern->arg[2]);
		break;
	case WIRE_GO_BLOCK:
	case WIRE_GO_STOP:
	case WIRE_GO_DESTROY:
	case WIRE_GO_SYSCALL_BEGIN:
	case WIRE_GO_SYSCALL_END:
	case WIRE_GO_SYSCALL_END_BLOCKED:
	case V1_PROC_LOST:
		if (modern->g == 0)
			break;
		go = find_go(t, modern->g);
		break;
	case WIRE_STW_BEGIN:
		stop_world(t, proc, modern);
		break;
	case WIRE_STW_END:
		say(t, t->is_stopped ? t->stop_m : m_on(t, proc), WIRE_STW_END, 0, 0, 0);
		t->is_stopped = false;
		break;
	case WIRE_PROCS_CHANGE:
		say_same(t, t->is_stopped ? t->stop_m : m_on(t, proc), modern);
		break;
	case WIRE_GC_BEGIN:
	case WIRE_GC_END:
		say(t, m_on(t, proc), modern->type, ++t->gc_seq, modern->arg[1], 0);
		break;
	case WIRE_CPU_SAMPLE:
		add_sample(t, modern);
		break;
	default:
		say_same(t, m_on(t, proc), modern);
	}
	if (go == V1_NOBODY)
		return;
	if (modern->type == WIRE_GO_BLOCK)
		end_run(t, go, proc, modern, WIRE_GO_WAITING);
	else if (modern->type == WIRE_GO_STOP)
		end_run(t, go, proc, modern, WIRE_GO_RUNNABLE);
	else if (modern->type == WIRE_GO_DESTROY)
		end_run(t, go, proc, modern, WIRE_GO_BAD);
	else if (modern->type == WIRE_GO_SYSCALL_BEGIN)
		begin_syscall(t, go, proc, modern->arg[1]);
	else if (modern->type == WIRE_GO_SYSCALL_END)
		end_syscall(t, go);
	else if (modern->type == V1_PROC_LOST)
		lose_proc(t, go, proc);
	else
		end_syscall_blocked(t, go);
}

void v1_threads_add(struct v1_threads *t, const struct v1_modern *modern)
{
	uint32_t proc = modern->type == WIRE_CPU_SAMPLE ? V1_NOBODY : find_proc(t, modern->p);

	if (v1_pieces_is_full(t->pieces, modern->time_ns, t->is_stopped)) {
		v1_pieces_cut(t->pieces);
		t->piece++;
	}
	t->now_ns = modern->time_ns;
	if (!is_elsewhere(modern->type))
		touch_proc(t, proc);
	add(t, modern, proc);
}
