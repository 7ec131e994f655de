/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_threads.h"

#include "core/trace/v1_holders.h"

void v1_threads_init(struct v1_threads *threads, struct budget *budget, struct v1_pieces *pieces)
{
	*threads = (struct v1_threads){ .budget = budget, .pieces = pieces, .piece = 1 };
	threads->gos.budget = threads->procs.budget = threads->threads.budget = budget;
	threads->proc_of.budget = threads->thread_of.budget = budget;
}

void v1_threads_free(struct v1_threads *threads)
{
	array_free(&threads->gos);
	array_free(&threads->procs);
	array_free(&threads->threads);
	id_map_free(&threads->proc_of);
	id_map_free(&threads->thread_of);
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

	v1_mention_go(t, go);
	if (g->thread != V1_NOBODY)
		v1_stop_go(t, go);
	if (!v1_free_proc(t, proc))
		return;
	put_on(t, go, proc);
	v1_say(t, v1_m_of(t, g->thread), WIRE_GO_START, g->id, ++g->seq, 0);
}

/* The snapshot: what a goroutine was doing when tracing began. */
static void set_status(struct v1_threads *t, uint32_t go, uint32_t proc, uint64_t status)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->piece != 0)
		return; /* says what is known */
	g->piece = t->piece;
	g->status = (uint8_t)status;
	if (status == WIRE_GO_RUNNING && v1_free_proc(t, proc))
		put_on(t, go, proc);
	if (status == WIRE_GO_SYSCALL) {
		v1_bind_call(t, go, proc);
		g->thread = proc == V1_NOBODY ? v1_new_thread(t) : v1_bound_thread(t);
		t->threads.items[g->thread].go = go;
	}
	v1_say(t, v1_m_of(t, g->thread), WIRE_GO_STATUS, g->id, v1_m_of(t, g->thread), status);
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
	v1_say(t, v1_m_on(t, proc), WIRE_GO_CREATE, g->id, modern->arg[1], modern->arg[2]);
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
	v1_mention_go(t, go);
	v1_say(t, v1_m_of(t, g->thread), modern->type, modern->arg[0], modern->arg[1], 0);
	v1_leave_thread(t, go, status);
}

static void unblock_go(struct v1_threads *t, uint32_t go, uint32_t proc, uint64_t stack)
{
	struct v1_go *g = &t->gos.items[go];

	v1_mention_go(t, go);
	if (g->thread != V1_NOBODY)
		v1_stop_go(t, go);
	g->status = WIRE_GO_RUNNABLE;
	v1_say(t, v1_m_on(t, proc), WIRE_GO_UNBLOCK, g->id, ++g->seq, stack);
}

/* ---- syscalls */

static void begin_syscall(struct v1_threads *t, uint32_t go, uint32_t proc, uint64_t stack)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->status != WIRE_GO_RUNNING || g->proc != proc)
		start_go(t, go, proc);
	if (g->proc == V1_NOBODY)
		return;
	v1_bind_call(t, go, proc);
	v1_mention_go(t, go);
	v1_say(t, v1_m_of(t, g->thread), WIRE_GO_SYSCALL_BEGIN, ++t->procs.items[g->proc].seq,
	       stack, 0);
	g->status = WIRE_GO_SYSCALL;
}

static void end_syscall(struct v1_threads *t, uint32_t go)
{
	struct v1_go *g = &t->gos.items[go];

	if (g->status != WIRE_GO_SYSCALL)
		return;
	v1_mention_go(t, go);
	v1_say(t, v1_m_of(t, g->thread), WIRE_GO_SYSCALL_END, 0, 0, 0);
	v1_free_call(t, go);
	g->status = WIRE_GO_RUNNING;
}

/* GoSysBlock: its P is said to be lost, but goes on to be shown as its own until it stops or
 * somebody else does something there. */
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

	v1_mention_go(t, go);
	if (g->status != WIRE_GO_SYSCALL) {
		unblock_go(t, go, V1_NOBODY, 0);
		return;
	}
	if (g->proc != V1_NOBODY)
		v1_drop_proc(t, g->proc);
	v1_say(t, v1_m_of(t, g->thread), WIRE_GO_SYSCALL_END_BLOCKED, 0, 0, 0);
	v1_leave_thread(t, go, WIRE_GO_RUNNABLE);
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
	t->stop_m = v1_m_on(t, proc);
	t->is_stopped = true;
	v1_say(t, t->stop_m, WIRE_STW_BEGIN, modern->arg[0], modern->arg[1], 0);
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
			v1_part_call(t, proc);
			v1_idle_proc(t, proc);
			break;
		}
		v1_start_proc(t, proc, modern->thread);
		break;
	case WIRE_PROC_START:
		v1_start_proc(t, proc, modern->thread);
		break;
	case WIRE_PROC_STOP:
		v1_part_call(t, proc);
		v1_idle_proc(t, proc);
		break;
	case WIRE_GO_CREATE:
		create_go(t, v1_find_go(t, modern->target, modern->arg[0]), proc, modern);
		break;
	case WIRE_GO_START:
		start_go(t, v1_find_go(t, modern->go, modern->arg[0]), proc);
		break;
	case WIRE_GO_STATUS:
		set_status(t, v1_find_go(t, modern->target, modern->arg[0]), proc, modern->arg[2]);
		break;
	case WIRE_GO_UNBLOCK:
		unblock_go(t, v1_find_go(t, modern->target, modern->arg[0]), proc, modern->arg[2]);
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
		go = v1_find_go(t, modern->go, modern->g);
		break;
	case WIRE_STW_BEGIN:
		stop_world(t, proc, modern);
		break;
	case WIRE_STW_END:
		v1_say(t, t->is_stopped ? t->stop_m : v1_m_on(t, proc), WIRE_STW_END, 0, 0, 0);
		t->is_stopped = false;
		break;
	case WIRE_PROCS_CHANGE:
		say_same(t, t->is_stopped ? t->stop_m : v1_m_on(t, proc), modern);
		break;
	case WIRE_GC_BEGIN:
	case WIRE_GC_END:
		v1_say(t, v1_m_on(t, proc), modern->type, ++t->gc_seq, modern->arg[1], 0);
		break;
	case WIRE_CPU_SAMPLE:
		add_sample(t, modern);
		break;
	default:
		say_same(t, v1_m_on(t, proc), modern);
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
	uint32_t proc = modern->type == WIRE_CPU_SAMPLE ? V1_NOBODY : v1_find_proc(t, modern->p);

	if (v1_pieces_is_full(t->pieces, modern->time_ns, t->is_stopped)) {
		v1_pieces_cut(t->pieces);
		t->piece++;
	}
	/* the nanosecond of a syscall that keeps its P may lap over what comes next, which may be
	 * another one: that has its own then */
	if (modern->is_plain && modern->type == WIRE_GO_SYSCALL_END)
		t->now_ns++;
	if (modern->time_ns > t->now_ns)
		t->now_ns = modern->time_ns;
	if (modern->thread >= 0 && modern->type != WIRE_CPU_SAMPLE &&
	    modern->type != V1_PROC_LOST)
		v1_pieces_hear(t->pieces, (uint64_t)modern->thread, t->now_ns);
	if (!is_elsewhere(modern->type))
		v1_touch_proc(t, proc);
	add(t, modern, proc);
}
