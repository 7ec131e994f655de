/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "tests/bench/scheduler.h"

enum { THREADS_MAX = 8192, FIRST_THREAD_NUMBER = 31000 };

/* Without floating point: sums of 1/n. */
static void quantiles_init(int64_t quantiles[256])
{
	int64_t sum = 0;

	for (int i = 0; i < 256; i++) {
		sum += 1024 * 1024 / (256 - i);
		quantiles[i] = sum / 1024;
	}
}

void queue_push(struct scheduler *s, struct run_queue *queue, uint32_t goroutine)
{
	s->goroutines[goroutine].next = NONE;
	if (queue->count++ == 0)
		queue->first = goroutine;
	else
		s->goroutines[queue->last].next = goroutine;
	queue->last = goroutine;
}

uint32_t queue_pop(struct scheduler *s, struct run_queue *queue)
{
	uint32_t goroutine = queue->first;

	queue->first = s->goroutines[goroutine].next;
	queue->count--;
	return goroutine;
}

/* ---- threads */

uint32_t thread_take(struct scheduler *s)
{
	struct stream *thread;

	if (s->spare_threads.count > 0)
		return list_take_last(&s->spare_threads);
	if (s->thread_count == s->thread_room)
		abort(); /* the load keeps below it */
	thread = &s->threads[s->thread_count];
	thread->wire = &s->wire;
	thread->thread = FIRST_THREAD_NUMBER + s->thread_count * 3;
	thread->skew_ns = s->skew_ns == 0 ? 0 : pick(s, (uint32_t)s->skew_ns + 1);
	return s->thread_count++;
}

void scheduler_init(struct scheduler *s, uint32_t procs, uint32_t goroutines, uint64_t seed,
                    int64_t skew_ns)
{
	quantiles_init(s->quantiles);
	s->random = (seed + 1) * 0x9e3779b97f4a7c15u | 1;
	s->skew_ns = skew_ns;
	s->goroutine_count = goroutines;
	s->goroutines = allocate(goroutines, sizeof *s->goroutines);
	s->proc_count = procs;
	s->procs = allocate(procs, sizeof *s->procs);
	s->thread_room = procs + THREADS_MAX;
	s->threads = allocate(s->thread_room, sizeof *s->threads);
	s->nobody = (struct stream){ .wire = &s->wire, .thread = (uint64_t)NO_THREAD_NUMBER };
	clocks_init(&s->clocks, procs);
	thread_take(s); /* the monitor's */
	for (uint32_t p = 0; p < procs; p++) {
		s->procs[p] = (struct proc){ .running = NONE, .thread = NONE, .state = PROC_IDLE };
		s->procs[p].idle_index = (uint32_t)s->idle.count;
		list_add(&s->idle, p);
	}
}

void scheduler_free(struct scheduler *s)
{
	for (uint32_t m = 0; m < s->thread_count; m++)
		free(s->threads[m].bytes);
	free(s->nobody.bytes);
	free(s->threads);
	free(s->goroutines);
	free(s->procs);
	free(s->clocks.nodes);
	free(s->alarms.heap);
	free(s->idle.items);
	free(s->peers.items);
	free(s->gone.items);
	free(s->spare_threads.items);
	free(s->samples);
	free(s->used_ids.items);
}

void scheduler_set_alarm(struct scheduler *s, enum alarm_kind kind, uint32_t goroutine,
                         int64_t at_ns)
{
	s->sleeping++;
	alarms_add(&s->alarms, (struct alarm){ at_ns, kind, goroutine, 0 });
}

/* ---- statuses */

void tell_goroutine(struct scheduler *s, struct stream *stream, uint32_t goroutine, int64_t at_ns)
{
	struct goroutine *g = &s->goroutines[goroutine];
	uint64_t thread = (uint64_t)NO_THREAD_NUMBER;

	if (at_ns < g->left_ns + CLOCK_UNIT_NS)
		at_ns = g->left_ns + CLOCK_UNIT_NS; /* what it did before has not been told here */
	g->generation = s->wire.generation;
	g->sequence = 0;
	s->silent--;
	if (g->state == GO_SYSCALL)
		thread = s->threads[g->thread].thread;
	else if (g->state == GO_RUNNING)
		thread = stream->thread;
	if (stream == &s->nobody && s->wire.version > 22)
		EVENT_OF(stream, at_ns, WIRE_GO_STATUS_STACK, g->id, thread, g->state,
		         program_stack(s->wire.generation, g->job, g->call, g->path));
	else
		EVENT_OF(stream, at_ns, WIRE_GO_STATUS, g->id, thread, g->state);
	if (g->assists)
		EVENT_OF(stream, at_ns, WIRE_ASSIST_ACTIVE, g->id);
}

void tell_proc(struct scheduler *s, struct stream *stream, uint32_t proc, enum proc_state state,
               int64_t at_ns)
{
	s->procs[proc].generation = s->wire.generation;
	s->procs[proc].sequence = 0;
	EVENT_OF(stream, at_ns, WIRE_PROC_STATUS, proc, state);
	if (s->procs[proc].sweeps)
		EVENT_OF(stream, at_ns, WIRE_SWEEP_ACTIVE, proc);
}

struct stream *scheduler_context(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	struct stream *stream = &s->threads[p->thread];

	announce_proc(s, stream, proc, at_ns);
	if (p->running != NONE)
		announce_goroutine(s, stream, p->running, at_ns);
	return stream;
}

struct stream *scheduler_bare_context(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	const struct proc *p = &s->procs[proc];
	struct stream *stream = &s->threads[p->thread];
	uint64_t generation = s->wire.generation;
	/* where clocks disagree, another thread's status could come before */
	bool is_bare = s->odd && s->skew_ns == 0 && generation > s->wire.first &&
	               p->generation != generation && p->running != NONE &&
	               s->goroutines[p->running].generation != generation;

	if (is_bare && (int64_t)stream->last * CLOCK_UNIT_NS < at_ns && pick(s, 2) == 0)
		return stream;
	return scheduler_context(s, proc, at_ns);
}

uint64_t scheduler_stack(struct scheduler *s, uint32_t proc, enum call call)
{
	struct goroutine *g = &s->goroutines[s->procs[proc].running];

	return program_stack(s->wire.generation, g->job, call, pick(s, PATHS));
}

/* ---- Ps */

void proc_start(struct scheduler *s, uint32_t proc, uint32_t thread, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	uint32_t last = list_take_last(&s->idle);

	if (last != proc) {
		s->idle.items[p->idle_index] = last;
		s->procs[last].idle_index = p->idle_index;
	}
	announce_proc(s, &s->threads[thread], proc, at_ns);
	EVENT_OF(&s->threads[thread], at_ns, WIRE_PROC_START, proc, ++p->sequence);
	p->state = PROC_RUNNING;
	p->thread = thread;
}

static void make_idle(struct scheduler *s, uint32_t proc)
{
	struct proc *p = &s->procs[proc];

	if (p->spinning)
		s->spinning--;
	p->spinning = false;
	p->state = PROC_IDLE;
	p->thread = NONE;
	p->running = NONE;
	p->idle_index = (uint32_t)s->idle.count;
	list_add(&s->idle, proc);
	clocks_set(&s->clocks, proc, NEVER);
}

void proc_stop(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct stream *stream = scheduler_context(s, proc, at_ns);

	EVENT(stream, at_ns, WIRE_PROC_STOP);
	if (s->procs[proc].running == NONE) /* else the thread stays in its system call */
		list_add(&s->spare_threads, s->procs[proc].thread);
	make_idle(s, proc);
}

void proc_steal(struct scheduler *s, uint32_t proc, uint32_t by, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	struct stream *stream = by == NONE ? &s->threads[0] : &s->threads[s->procs[by].thread];

	if (p->generation != s->wire.generation)
		tell_proc(s, stream, proc, PROC_ABANDONED, at_ns);
	EVENT_OF(stream, at_ns, WIRE_PROC_STEAL, proc, ++p->sequence, s->threads[p->thread].thread);
	if (p->running != NONE)
		scheduler_set_alarm(s, ALARM_RETURN, p->running,
		                    s->goroutines[p->running].returns_ns);
	make_idle(s, proc);
}

void proc_look_for_work(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	proc_start(s, proc, thread_take(s), at_ns);
	s->procs[proc].spinning = true;
	s->spinning++;
	clocks_set(&s->clocks, proc, at_ns + spread(s, 400));
}

void scheduler_wake(struct scheduler *s, int64_t at_ns)
{
	if (s->idle.count > 0 && s->spinning == 0)
		proc_look_for_work(s, s->idle.items[s->idle.count - 1],
		                   at_ns + 1000 + spread(s, 1500));
}

static void take_half(struct scheduler *s, struct run_queue *from, struct run_queue *to)
{
	for (uint32_t count = from->count - from->count / 2; count > 0; count--)
		queue_push(s, to, queue_pop(s, from));
}

static void poll_due(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	for (int i = 0; i < 8 && s->due.count > 0; i++)
		goroutine_unblock(s, proc, queue_pop(s, &s->due), at_ns + i * CLOCK_UNIT_NS);
}

uint32_t proc_find_work(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	uint32_t start = pick(s, s->proc_count);

	p->ticks++;
	if (s->due.count > 0 && (p->ticks % 16 == 0 || p->queue.count == 0))
		poll_due(s, proc, at_ns);
	if (s->global.count > 0 && (p->ticks % 61 == 0 || p->queue.count == 0))
		return queue_pop(s, &s->global);
	for (uint32_t i = 0; i < s->proc_count && p->queue.count == 0; i++) {
		struct run_queue *victim = &s->procs[(start + i) % s->proc_count].queue;

		if (victim->count > 0)
			take_half(s, victim, &p->queue);
	}
	return p->queue.count == 0 ? NONE : queue_pop(s, &p->queue);
}

/* ---- goroutines */

void goroutine_start(struct scheduler *s, uint32_t proc, uint32_t goroutine, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	struct goroutine *g = &s->goroutines[goroutine];
	struct stream *stream = scheduler_context(s, proc, at_ns);

	announce_goroutine(s, stream, goroutine, at_ns);
	EVENT_OF(stream, at_ns, WIRE_GO_START, g->id, ++g->sequence);
	g->state = GO_RUNNING;
	p->running = goroutine;
	if (p->spinning) {
		p->spinning = false;
		s->spinning--;
		if (s->load > s->proc_count - s->idle.count)
			scheduler_wake(s, at_ns);
	}
}

struct goroutine *goroutine_leave(struct scheduler *s, uint32_t proc, enum go_state state,
                                  enum call call)
{
	struct goroutine *g = &s->goroutines[s->procs[proc].running];

	g->state = (uint8_t)state;
	g->call = (uint8_t)call;
	g->path = (uint8_t)pick(s, PATHS);
	return g;
}

uint64_t goroutine_stack(const struct scheduler *s, const struct goroutine *g)
{
	return program_stack(s->wire.generation, g->job, g->call, g->path);
}

/* Into a slot that is free; its creator runs on P, or none does. */
static uint32_t add_goroutine(struct scheduler *s, uint32_t proc, unsigned job, enum go_state state)
{
	uint32_t slot = list_take_last(&s->gone), running = s->procs[proc].running;

	s->goroutines[slot] = (struct goroutine){ .id = ++s->last_id,
		                                  .generation = s->wire.generation,
		                                  .state = (uint8_t)state,
		                                  .job = (uint8_t)job,
		                                  .call = CALL_COMPUTE,
		                                  .peer_index = NONE,
		                                  .partner = NONE };
	if (running != NONE)
		s->goroutines[slot].task = s->goroutines[running].task;
	return slot;
}

void goroutine_create(struct scheduler *s, uint32_t proc, unsigned job, int64_t at_ns)
{
	uint32_t running = s->procs[proc].running;
	uint32_t slot = add_goroutine(s, proc, job, GO_RUNNABLE);

	EVENT_OF(scheduler_context(s, proc, at_ns), at_ns, WIRE_GO_CREATE, s->goroutines[slot].id,
	         program_entry(s->wire.generation, job),
	         running == NONE ? 0 : scheduler_stack(s, proc, CALL_COMPUTE));
	s->load++;
	queue_push(s, &s->procs[proc].queue, slot);
	scheduler_wake(s, at_ns);
}

uint32_t goroutine_create_blocked(struct scheduler *s, uint32_t proc, unsigned job, int64_t at_ns)
{
	uint32_t slot = add_goroutine(s, proc, job, GO_WAITING);

	EVENT_OF(scheduler_context(s, proc, at_ns), at_ns, WIRE_GO_CREATE_BLOCKED,
	         s->goroutines[slot].id, program_entry(s->wire.generation, job),
	         scheduler_stack(s, proc, CALL_COMPUTE));
	return slot;
}

void goroutine_forget(struct scheduler *s, uint32_t goroutine)
{
	struct goroutine *g = &s->goroutines[goroutine];

	s->silent -= g->generation != s->wire.generation;
	g->state = GO_GONE;
	if (g->partner != NONE)
		s->goroutines[g->partner].partner = NONE;
	list_add(&s->gone, goroutine);
}

void goroutine_switch(struct scheduler *s, uint32_t proc, uint32_t other, bool destroys,
                      int64_t at_ns)
{
	struct stream *stream = scheduler_context(s, proc, at_ns);
	struct goroutine *to = &s->goroutines[other];

	announce_goroutine(s, stream, other, at_ns);
	EVENT_OF(stream, at_ns, destroys ? WIRE_GO_SWITCH_DESTROY : WIRE_GO_SWITCH, to->id,
	         ++to->sequence);
	if (destroys)
		goroutine_forget(s, s->procs[proc].running);
	else
		goroutine_leave(s, proc, GO_WAITING, CALL_COMPUTE);
	to->state = GO_RUNNING;
	s->procs[proc].running = other;
}

void goroutine_destroy(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	EVENT(scheduler_bare_context(s, proc, at_ns), at_ns, WIRE_GO_DESTROY);
	goroutine_forget(s, s->procs[proc].running);
	s->procs[proc].running = NONE;
	s->load--;
}

void goroutine_yield(struct scheduler *s, uint32_t proc, enum text reason, int64_t at_ns)
{
	struct stream *stream = scheduler_bare_context(s, proc, at_ns);
	struct goroutine *g = goroutine_leave(s, proc, GO_RUNNABLE, CALL_COMPUTE);

	g->left_ns = at_ns;
	EVENT_OF(stream, at_ns, WIRE_GO_STOP, program_string(s->wire.generation, reason),
	         goroutine_stack(s, g));
	queue_push(s, reason == TEXT_STOP_YIELD ? &s->global : &s->procs[proc].queue,
	           s->procs[proc].running);
	s->procs[proc].running = NONE;
}

void goroutine_block(struct scheduler *s, uint32_t proc, enum text reason, enum call call,
                     int64_t at_ns, int64_t wakes_ns)
{
	struct stream *stream = scheduler_bare_context(s, proc, at_ns);
	struct goroutine *g = goroutine_leave(s, proc, GO_WAITING, call);
	uint32_t goroutine = s->procs[proc].running;

	EVENT_OF(stream, at_ns, WIRE_GO_BLOCK, program_string(s->wire.generation, reason),
	         goroutine_stack(s, g));
	s->procs[proc].running = NONE;
	s->load--;
	g->left_ns = at_ns;
	g->peer_index = NONE;
	if (wakes_ns != NEVER) {
		scheduler_set_alarm(s, ALARM_WAKE, goroutine, wakes_ns);
	} else if (call != CALL_GC_WORK && reason != TEXT_BLOCK_FOREVER) {
		g->peer_index = (uint32_t)s->peers.count;
		list_add(&s->peers, goroutine);
	}
}

static void leave_peers(struct scheduler *s, struct goroutine *g)
{
	uint32_t last = list_take_last(&s->peers);

	s->peers.items[g->peer_index] = last; /* itself, if it was the last */
	s->goroutines[last].peer_index = g->peer_index;
	g->peer_index = NONE;
}

void goroutine_make_runnable(struct scheduler *s, uint32_t proc, uint32_t goroutine, int64_t at_ns)
{
	struct stream *stream = scheduler_context(s, proc, at_ns);
	struct goroutine *g = &s->goroutines[goroutine];
	uint64_t stack = 0;

	if (s->procs[proc].running != NONE)
		stack = scheduler_stack(s, proc, CALL_SEND);
	announce_goroutine(s, stream, goroutine, at_ns);
	EVENT_OF(stream, at_ns, WIRE_GO_UNBLOCK, g->id, ++g->sequence, stack);
	if (g->peer_index != NONE)
		leave_peers(s, g);
	g->state = GO_RUNNABLE;
	s->load++;
}

void goroutine_unblock(struct scheduler *s, uint32_t proc, uint32_t goroutine, int64_t at_ns)
{
	goroutine_make_runnable(s, proc, goroutine, at_ns);
	queue_push(s, &s->procs[proc].queue, goroutine);
	scheduler_wake(s, at_ns);
}
