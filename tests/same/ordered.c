/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order.h"
#include "core/trace/v1_events.h"
#include "core/trace/v2_wire.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/same/story.h"

/* The story as the events in Go's order tell it. Naive on purpose: a state of each goroutine and of
 * each P, changed by one event after the other; lists are searched from their end. Rules: Go:
 * internal/trace/event.go and summary.go, as walk.md mends them. */

struct teller;

/* What a goroutine does at the moment. */
struct now_go {
	uint64_t id;
	int64_t last_ns, since_ns; /* its last transition; since when it does what it does */
	int64_t lost_ns;           /* its syscall: when the P was taken; TIME_UNKNOWN */
	int64_t run_ns;            /* begin of its run on a P */
	int64_t run_exec_ns;       /* in which it was no syscall so far */
	uint64_t proc;             /* that it runs on, or was on when its syscall began */
	uint8_t state;             /* enum go_state */
	uint8_t worker;            /* of the run */
	bool is_switched;          /* woken by a switch: it runs at once */
	uint32_t assist;           /* the open one; INDEX_NONE */
	int64_t assist_ns;         /* since when it covers the run */
	/* when all that began */
	uint32_t since_generation, lost_generation, assist_generation;
};

struct now_proc {
	int64_t last_ns, since_ns;
	uint64_t last_go;  /* that ran on it; EVENT_NONE */
	uint32_t call_go;  /* in a syscall that has it; INDEX_NONE */
	uint32_t sweep_go; /* whose sweep is open on it; INDEX_NONE */
	int64_t sweep_ns;
	uint8_t state; /* enum event_proc_state */
};

/* A P stopped to run. */
struct halt {
	int64_t ns;
	uint32_t generation;
	uint64_t proc, last_go;
};

struct teller {
	struct story *story;
	const struct index *index;
	const struct event *event;
	int64_t start_ns, now_ns;
	uint64_t last_offset; /* of the event before: what comes of one counts once */
	int64_t gomaxprocs_ns;
	uint32_t generation;
	bool is_first; /* of them */
	bool is_begun;
	struct id_map go_of, proc_of, thread_of;
	ARRAY(int64_t)
	thread_ns;                    /* beside the threads: in this generation, they do not step
	                               * back */
	ARRAY(struct now_go) gos;     /* beside the story's */
	ARRAY(struct now_proc) procs; /* likewise */
	ARRAY(struct halt) halts;
	ARRAY(struct holder {                     /* beside the stops */
			      uint32_t go;        /* INDEX_NONE */
			      int64_t restart_ns; /* TIME_UNKNOWN */
			      uint32_t generation;
	})
	holders;
	ARRAY(uint32_t) assist_gos; /* beside the assists */
	ARRAY(struct change_of {    /* of the number of runnable goroutines */
				 int64_t ns;
				 int add;
	})
	changes;
	string_id assist_name, sweep_name, forever;
};

/* ---- who is who */

static uint32_t add_go(struct teller *t, uint64_t id)
{
	struct story *story = t->story;

	id_map_set(&t->go_of, id, (uint32_t)story->gos.count);
	*array_push(&t->gos) = (struct now_go){
		.id = id,
		.lost_ns = TIME_UNKNOWN,
		.proc = EVENT_NONE,
		.assist = INDEX_NONE,
	};
	*array_push(&story->gos) = (struct story_go){
		.id = id,
		.parent = EVENT_NONE,
		.created_ns = TIME_UNKNOWN,
		.started_ns = TIME_UNKNOWN,
		.ended_ns = TIME_UNKNOWN,
		.blocks = { .budget = story->budget },
		.ranges = { .budget = story->budget },
		.stays = { .budget = story->budget },
	};
	return (uint32_t)story->gos.count - 1;
}

/* One that was not heard of is added. */
static uint32_t find_go(struct teller *t, uint64_t id)
{
	uint32_t go = id_map_find(&t->go_of, id);

	return go == ID_NONE ? add_go(t, id) : go;
}

static uint32_t find_proc(struct teller *t, uint64_t id)
{
	uint32_t fresh = (uint32_t)t->procs.count;
	uint32_t proc = id_map_add(&t->proc_of, id, fresh);

	if (proc != fresh)
		return proc;
	*array_push(&t->procs) = (struct now_proc){
		.last_go = EVENT_NONE,
		.call_go = INDEX_NONE,
		.sweep_go = INDEX_NONE,
	};
	*array_push(&t->story->procs) = (struct story_proc){
		.id = id,
		.spans = { .budget = t->story->budget },
		.inner = { .budget = t->story->budget },
	};
	return proc;
}

static struct story_proc *proc_of_id(struct teller *t, uint64_t id)
{
	uint32_t proc;

	if (id == EVENT_NONE)
		return NULL;
	proc = find_proc(t, id); /* moves them */
	return &t->story->procs.items[proc];
}

static struct now_proc *proc_now(struct teller *t, uint64_t id)
{
	uint32_t proc = find_proc(t, id); /* moves them */

	return &t->procs.items[proc];
}

static uint32_t find_thread(struct teller *t, uint64_t id)
{
	uint32_t fresh = (uint32_t)t->story->threads.count;
	uint32_t at = id_map_add(&t->thread_of, id, fresh);

	if (at != fresh)
		return at;
	*array_push(&t->thread_ns) = 0;
	*array_push(&t->story->threads) = (struct story_thread){
		.id = id,
		.first_ns = INT64_MAX,
	};
	return at;
}

static void see_thread(struct teller *t, uint64_t id, bool is_sample, bool counts)
{
	struct story_thread *thread;
	uint32_t at;

	if (id == EVENT_NONE)
		return;
	at = find_thread(t, id); /* moves the threads */
	thread = &t->story->threads.items[at];
	thread->first_ns = t->now_ns < thread->first_ns ? t->now_ns : thread->first_ns;
	thread->last_ns = t->now_ns > thread->last_ns ? t->now_ns : thread->last_ns;
	thread->samples += is_sample;
	thread->events += counts;
}

static string_id text(struct teller *t, uint64_t id)
{
	return strings_add(t->story->strings, tables_text(t->event->tables, id));
}

/* ---- Ps */

static void add_run(struct teller *t, uint32_t g, int64_t end_ns)
{
	const struct now_go *go = &t->gos.items[g];

	if (go->proc != EVENT_NONE)
		*array_push(&proc_of_id(t, go->proc)->spans) = (struct story_span){
			.begin_ns = go->run_ns,
			.end_ns = end_ns,
			.go = go->id,
			.born_ns = t->story->gos.items[g].created_ns,
			.kind = SPAN_RUN,
			.worker = go->worker,
		};
}

static void add_inner(struct teller *t, const struct now_go *go, enum span_kind kind,
                      int64_t begin_ns, int64_t end_ns, bool is_split)
{
	if (go->proc != EVENT_NONE)
		*array_push(&proc_of_id(t, go->proc)->inner) = (struct story_span){
			.begin_ns = begin_ns,
			.end_ns = end_ns,
			.go = go->id,
			.kind = (uint8_t)kind,
			.is_split = is_split,
		};
}

/* It stops running: a syscall that has it loses it. */
static void halt_proc(struct teller *t, uint32_t p)
{
	struct now_proc *proc = &t->procs.items[p];

	if (proc->call_go != INDEX_NONE) {
		t->gos.items[proc->call_go].lost_ns = proc->last_ns;
		t->gos.items[proc->call_go].lost_generation = t->generation;
		t->story->procs.items[p].losses++;
	}
	proc->call_go = INDEX_NONE;
	*array_push(&t->halts) = (struct halt){ proc->last_ns, t->generation,
		                                t->story->procs.items[p].id, proc->last_go };
}

static void proc_to(struct teller *t, uint64_t id, uint8_t state)
{
	uint32_t p = find_proc(t, id);
	struct now_proc *proc = &t->procs.items[p];

	if (t->now_ns > proc->last_ns)
		proc->last_ns = t->now_ns;
	if (proc->state == EVENT_PROC_UNKNOWN)
		proc->since_ns = t->is_first ? 0 : proc->last_ns;
	if (proc->state == state)
		return;
	if (proc->state == EVENT_PROC_IDLE)
		t->story->procs.items[p].idle_ns += proc->last_ns - proc->since_ns;
	if (proc->state == EVENT_PROC_RUNNING)
		halt_proc(t, p);
	if (proc->state != EVENT_PROC_UNKNOWN)
		proc->since_ns = proc->last_ns;
	proc->state = state;
}

/* ---- goroutines */

/* The run on a P is over: at until_ns, if the P was not lost before. */
static void end_run(struct teller *t, uint32_t g, int64_t until_ns)
{
	struct now_go *go = &t->gos.items[g];
	struct story_proc *proc = proc_of_id(t, go->proc);

	add_run(t, g, until_ns);
	if (go->assist != INDEX_NONE && until_ns > go->assist_ns)
		add_inner(t, go, SPAN_ASSIST, go->assist_ns, until_ns,
		          go->assist_generation != t->generation);
	if (go->worker == WORKER_NONE)
		return;
	if (proc != NULL)
		proc->gc_ns += go->run_exec_ns;
	*array_push(&t->story->workers) =
		(struct story_range){ go->run_ns, go->last_ns, go->worker };
}

static void leave_syscall(struct teller *t, uint32_t g, bool ends_run)
{
	struct now_go *go = &t->gos.items[g];
	struct story_go *sum = &t->story->gos.items[g];
	int64_t lost_ns = go->lost_ns;

	if (lost_ns == TIME_UNKNOWN || lost_ns > go->last_ns)
		lost_ns = go->last_ns;
	if (lost_ns < go->since_ns)
		lost_ns = go->since_ns;
	sum->syscall_exec_ns += lost_ns - go->since_ns;
	sum->syscall_block_ns += go->last_ns - lost_ns;
	if (go->proc != EVENT_NONE)
		proc_of_id(t, go->proc)->syscall_ns += lost_ns - go->since_ns;
	add_inner(t, go, SPAN_SYSCALL, go->since_ns, lost_ns,
	          go->since_generation !=
	                  (go->lost_ns == TIME_UNKNOWN ? t->generation : go->lost_generation));
	if (ends_run)
		end_run(t, g, lost_ns);
	if (go->proc != EVENT_NONE && proc_now(t, go->proc)->call_go == g)
		proc_now(t, go->proc)->call_go = INDEX_NONE;
	go->lost_ns = TIME_UNKNOWN;
}

static void leave_running(struct teller *t, uint32_t g, bool ends_run)
{
	struct now_go *go = &t->gos.items[g];

	t->story->gos.items[g].exec_ns += go->last_ns - go->since_ns;
	go->run_exec_ns += go->last_ns - go->since_ns;
	if (go->proc != EVENT_NONE)
		proc_of_id(t, go->proc)->run_ns += go->last_ns - go->since_ns;
	if (ends_run)
		end_run(t, g, go->last_ns);
}

static bool is_executing(uint8_t state)
{
	return state == GO_RUNNING || state == GO_SYSCALL;
}

static void note_change(struct teller *t, int64_t ns, int add)
{
	*array_push(&t->changes) = (struct change_of){ ns, add };
}

/* Accounts for what it did up to its last transition, which is now. */
static void leave(struct teller *t, uint32_t g, uint8_t to)
{
	struct now_go *go = &t->gos.items[g];
	struct story_go *sum = &t->story->gos.items[g];

	switch ((enum go_state)go->state) {
	case GO_RUNNING:
		leave_running(t, g, !is_executing(to));
		break;
	case GO_SYSCALL:
		leave_syscall(t, g, !is_executing(to));
		break;
	case GO_RUNNABLE:
		sum->sched_ns += go->last_ns - go->since_ns;
		break;
	case GO_WAITING:
		share_add(&sum->blocks, sum->stays.items[sum->stays.count - 1].reason,
		          go->last_ns - go->since_ns);
		break;
	case GO_UNKNOWN:
	case GO_DEAD:
	case GO_STATES:
		break;
	}
	if (sum->stays.count > 0)
		sum->stays.items[sum->stays.count - 1].end_ns = go->last_ns;
}

/* Begins to run, or to be in a syscall, on a P. */
static void begin_run(struct teller *t, uint32_t g, uint64_t proc)
{
	struct now_go *go = &t->gos.items[g];

	go->proc = proc;
	go->run_ns = go->since_ns;
	go->run_exec_ns = 0;
	go->worker = WORKER_NONE;
	go->assist_ns = go->run_ns;
	go->assist_generation = t->generation;
	if (proc != EVENT_NONE)
		proc_now(t, proc)->last_go = go->id;
}

static void enter_syscall(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];

	if (go->proc == EVENT_NONE)
		go->lost_ns = go->since_ns; /* blocked from its start */
	else
		proc_now(t, go->proc)->call_go = g;
}

/* A transition of a goroutine: since what time is it in the new state, on what P, and why. */
static void go_to(struct teller *t, uint32_t g, uint8_t state, uint64_t proc, uint64_t other,
                  string_id reason)
{
	struct now_go *go = &t->gos.items[g];
	struct story_go *sum = &t->story->gos.items[g];
	uint8_t before = go->state;
	bool is_new = before == GO_UNKNOWN;

	if (before == GO_DEAD)
		return;
	if (t->now_ns > go->last_ns)
		go->last_ns = t->now_ns;
	leave(t, g, state);
	go->since_ns = go->last_ns;
	go->since_generation = t->generation;
	if (is_new)
		sum->created_ns = go->last_ns;
	go->state = state;
	*array_push(&sum->stays) = (struct story_stay){
		.begin_ns = go->since_ns,
		.offset = t->event->offset,
		.proc = is_executing(state) ? proc : EVENT_NONE,
		.other = other,
		.reason = reason,
		.state = state,
	};
	if (is_executing(state) && !is_executing(before))
		begin_run(t, g, proc);
	if (state == GO_SYSCALL)
		enter_syscall(t, g);
	if (state == GO_RUNNING && sum->started_ns == TIME_UNKNOWN)
		sum->started_ns = go->last_ns;
	if (before == GO_RUNNABLE)
		note_change(t, go->last_ns, -1);
	if (state == GO_RUNNABLE)
		note_change(t, go->last_ns, 1);
	if (state != GO_DEAD)
		return;
	sum->ended_ns = go->last_ns;
	sum->stays.count--;
}

/* What it is when first heard of, it has been since its generation began. */
static void was_always(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];
	struct story_go *sum = &t->story->gos.items[g];

	go->since_ns = go->run_ns = sum->created_ns = go->assist_ns = 0;
	sum->stays.items[0].begin_ns = 0;
	sum->stays.items[0].offset = EVENT_NONE;
	if (go->state == GO_SYSCALL && go->proc == EVENT_NONE)
		go->lost_ns = 0;
	if (go->state == GO_RUNNABLE)
		t->changes.items[t->changes.count - 1].ns = 0;
}

/* The outermost function of the first stack that a change of state has. */
static void name(struct teller *t, uint32_t g, uint64_t stack)
{
	struct story_go *go = &t->story->gos.items[g];
	uint32_t count = 0;
	const struct own_frame *frames = tables_frames(t->event->tables, stack, &count);

	if (go->name == 0 && count > 0)
		go->name = text(t, frames[count - 1].function);
}

/* ---- events of goroutines */

/* The goroutine in context; INDEX_NONE. */
static uint32_t here(struct teller *t)
{
	return t->event->g == EVENT_NONE ? INDEX_NONE : find_go(t, t->event->g);
}

static void go_status(struct teller *t)
{
	static const uint8_t states[] = {
		[WIRE_GO_BAD] = GO_UNKNOWN,     [WIRE_GO_RUNNABLE] = GO_RUNNABLE,
		[WIRE_GO_RUNNING] = GO_RUNNING, [WIRE_GO_SYSCALL] = GO_SYSCALL,
		[WIRE_GO_WAITING] = GO_WAITING,
	};
	const struct event *e = t->event;
	uint32_t g = find_go(t, e->arg[0]);
	struct now_go *go = &t->gos.items[g];

	if (go->state == GO_UNKNOWN) {
		go_to(t, g, states[e->arg[2] & 7], e->p, EVENT_NONE, 0);
		was_always(t, g);
		if (e->type == WIRE_GO_STATUS_STACK)
			name(t, g, e->arg[3]);
	} else if (t->now_ns > go->last_ns && go->state != GO_DEAD) {
		go->last_ns = t->now_ns;
	}
}

static void go_create(struct teller *t, uint8_t state)
{
	uint32_t g = add_go(t, t->event->arg[0]);

	go_to(t, g, state, t->event->p, state == GO_SYSCALL ? EVENT_NONE : t->event->g, 0);
	if (state == GO_SYSCALL)
		return;
	t->story->gos.items[g].parent = t->event->g;
	name(t, g, t->event->arg[1]);
}

static void go_start(struct teller *t)
{
	uint32_t g = find_go(t, t->event->arg[0]);
	struct story_go *sum = &t->story->gos.items[g];

	go_to(t, g, GO_RUNNING, t->event->p, EVENT_NONE, 0);
	if (t->event->p != EVENT_NONE)
		proc_of_id(t, t->event->p)->runs++;
	if (!t->gos.items[g].is_switched)
		return;
	/* it never stood in a queue */
	t->gos.items[g].is_switched = false;
	sum->stays.items[sum->stays.count - 2] = sum->stays.items[sum->stays.count - 1];
	sum->stays.count--;
	t->changes.count -= 2;
}

static void go_stop(struct teller *t, uint8_t state)
{
	uint32_t g = here(t);
	string_id reason = text(t, t->event->arg[0]);

	if (g == INDEX_NONE)
		return;
	if (state == GO_WAITING && reason == t->forever)
		state = GO_DEAD;
	go_to(t, g, state, EVENT_NONE, EVENT_NONE, state == GO_WAITING ? reason : 0);
	name(t, g, t->event->arg[1]);
}

static void go_wake(struct teller *t)
{
	uint32_t g = find_go(t, t->event->arg[0]);

	go_to(t, g, GO_RUNNABLE, EVENT_NONE, t->event->g, 0);
	t->gos.items[g].is_switched = t->event->type != WIRE_GO_UNBLOCK;
}

static void go_here_to(struct teller *t, uint8_t state)
{
	uint32_t g = here(t);

	if (g != INDEX_NONE)
		go_to(t, g, state, t->event->p, EVENT_NONE, 0);
}

static void syscall_begin(struct teller *t)
{
	go_here_to(t, GO_SYSCALL);
	if (here(t) != INDEX_NONE)
		name(t, here(t), t->event->arg[1]);
	t->story->syscalls++;
}

/* Which kind of worker a goroutine calls itself. */
static void label(struct teller *t)
{
	struct bytes said = tables_text(t->event->tables, t->event->arg[0]);
	uint32_t g = here(t);

	if (g == INDEX_NONE)
		return;
	if (bytes_equal(said, bytes_of("GC (dedicated)")))
		t->gos.items[g].worker = WORKER_DEDICATED;
	if (bytes_equal(said, bytes_of("GC (fractional)")))
		t->gos.items[g].worker = WORKER_FRACTIONAL;
	if (bytes_equal(said, bytes_of("GC (idle)")))
		t->gos.items[g].worker = WORKER_IDLE;
}

/* ---- ranges */

static void stop_begin(struct teller *t)
{
	const struct event *e = t->event;

	*array_push(&t->story->stops) = (struct story_stop){
		.begin_ns = t->now_ns,
		.thread = e->m,
		.go = e->g,
		.proc = e->p,
		.last_proc = EVENT_NONE,
		.last_go = EVENT_NONE,
		.reason = text(t, e->arg[0]),
		.is_open = true,
	};
	*array_push(&t->holders) = (struct holder){ here(t), TIME_UNKNOWN, t->generation };
}

/* The open stop of this thread (the last helper of v1 ends it, wherever it is); NULL. */
static struct story_stop *open_stop(struct teller *t)
{
	for (size_t i = t->story->stops.count; i-- > 0;)
		if (t->story->stops.items[i].is_open &&
		    (t->story->is_v1 || t->story->stops.items[i].thread == t->event->m))
			return &t->story->stops.items[i];
	return NULL;
}

static void stop_end(struct teller *t)
{
	struct story_stop *stop = open_stop(t);

	if (stop == NULL)
		return;
	stop->end_ns = t->now_ns;
	stop->is_open = false;
}

static void procs_change(struct teller *t)
{
	struct story_stop *stop = open_stop(t);
	struct holder *holder;

	if (t->now_ns >= t->gomaxprocs_ns) {
		t->gomaxprocs_ns = t->now_ns;
		t->story->gomaxprocs = t->event->arg[0];
	}
	if (stop == NULL)
		return;
	holder = &t->holders.items[stop - t->story->stops.items];
	if (holder->restart_ns == TIME_UNKNOWN)
		holder->restart_ns = t->now_ns;
}

static void gc_begin(struct teller *t, int64_t begin_ns)
{
	*array_push(&t->story->cycles) = (struct story_range){ begin_ns, TIME_UNKNOWN, 0 };
}

static void gc_end(struct teller *t)
{
	size_t count = t->story->cycles.count;

	if (count > 0 && t->story->cycles.items[count - 1].end_ns == TIME_UNKNOWN)
		t->story->cycles.items[count - 1].end_ns = t->now_ns;
}

static void assist_begin(struct teller *t, uint64_t id, int64_t begin_ns)
{
	uint32_t g = find_go(t, id);

	t->gos.items[g].assist = (uint32_t)t->story->assists.count;
	t->gos.items[g].assist_ns = begin_ns;
	t->gos.items[g].assist_generation = t->generation;
	*array_push(&t->assist_gos) = g;
	*array_push(&t->story->assists) = (struct story_assist){
		.begin_ns = begin_ns,
		.go = id,
		.proc = t->event->p,
		.is_open = true,
	};
}

static void assist_end(struct teller *t)
{
	uint32_t g = here(t);
	struct story_assist *assist;

	if (g == INDEX_NONE || t->gos.items[g].assist == INDEX_NONE)
		return;
	assist = &t->story->assists.items[t->gos.items[g].assist];
	assist->end_ns = t->now_ns;
	assist->is_open = false;
	t->gos.items[g].assist = INDEX_NONE;
	if (t->now_ns > t->gos.items[g].assist_ns)
		add_inner(t, &t->gos.items[g], SPAN_ASSIST, t->gos.items[g].assist_ns, t->now_ns,
		          t->gos.items[g].assist_generation != t->generation);
	share_add(&t->story->gos.items[g].ranges, t->assist_name,
	          assist->end_ns - assist->begin_ns);
}

/* A sweep is its goroutine's if the same one begins and ends it. */
static void sweep_begin(struct teller *t, uint64_t p, int64_t begin_ns)
{
	struct now_proc *proc;

	if (p == EVENT_NONE || t->event->g == EVENT_NONE)
		return;
	proc = proc_now(t, p);
	proc->sweep_go = here(t);
	proc->sweep_ns = begin_ns;
}

static void sweep_end(struct teller *t)
{
	struct now_proc *proc;
	uint32_t g = here(t);

	if (t->event->p == EVENT_NONE)
		return;
	proc = proc_now(t, t->event->p);
	if (g != INDEX_NONE && proc->sweep_go == g)
		share_add(&t->story->gos.items[g].ranges, t->sweep_name,
		          t->now_ns - proc->sweep_ns);
	proc->sweep_go = INDEX_NONE;
}

/* ---- */

static void metric(struct teller *t)
{
	uint64_t value = t->event->arg[0];
	bool is_heap = t->event->type == WIRE_HEAP_ALLOC;

	if (is_heap && value > t->story->heap_max)
		t->story->heap_max = value;
	if (is_heap)
		*array_push(&t->story->heap) = (struct metric_point){ t->now_ns, value };
	else
		*array_push(&t->story->goal) = (struct metric_point){ t->now_ns, value };
}

static void proc_status(struct teller *t)
{
	uint64_t status = t->event->arg[1];

	proc_to(t, t->event->arg[0],
	        status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL ? EVENT_PROC_RUNNING
	                                                                   : EVENT_PROC_IDLE);
}

static void tell_event(struct teller *t)
{
	const struct event *e = t->event;

	switch ((enum wire_type)e->type) {
	case WIRE_PROC_START:
		proc_to(t, e->arg[0], EVENT_PROC_RUNNING);
		break;
	case WIRE_PROC_STOP:
		proc_to(t, e->p, EVENT_PROC_IDLE);
		break;
	case WIRE_PROC_STEAL:
		proc_to(t, e->arg[0], EVENT_PROC_IDLE);
		break;
	case WIRE_PROC_STATUS:
		proc_status(t);
		break;
	case WIRE_GO_STATUS:
	case WIRE_GO_STATUS_STACK:
		go_status(t);
		break;
	case WIRE_GO_CREATE:
		go_create(t, GO_RUNNABLE);
		break;
	case WIRE_GO_CREATE_BLOCKED:
		go_create(t, GO_WAITING);
		break;
	case WIRE_GO_CREATE_SYSCALL:
		go_create(t, GO_SYSCALL);
		break;
	case WIRE_GO_START:
		go_start(t);
		break;
	case WIRE_GO_STOP:
		go_stop(t, GO_RUNNABLE);
		break;
	case WIRE_GO_BLOCK:
		go_stop(t, GO_WAITING);
		break;
	case WIRE_GO_DESTROY:
	case WIRE_GO_DESTROY_SYSCALL:
		go_here_to(t, GO_DEAD);
		break;
	case WIRE_GO_UNBLOCK:
	case WIRE_GO_SWITCH:
	case WIRE_GO_SWITCH_DESTROY:
		go_wake(t);
		break;
	case WIRE_GO_SYSCALL_BEGIN:
		syscall_begin(t);
		break;
	case WIRE_GO_SYSCALL_END:
		go_here_to(t, GO_RUNNING);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		go_here_to(t, GO_RUNNABLE);
		break;
	case WIRE_GO_LABEL:
		label(t);
		break;
	case WIRE_PROCS_CHANGE:
		procs_change(t);
		break;
	case WIRE_STW_BEGIN:
		stop_begin(t);
		break;
	case WIRE_STW_END:
		stop_end(t);
		break;
	case WIRE_GC_ACTIVE:
		if (t->is_first)
			gc_begin(t, 0);
		break;
	case WIRE_GC_BEGIN:
		gc_begin(t, t->now_ns);
		break;
	case WIRE_GC_END:
		gc_end(t);
		break;
	case WIRE_GC_MARK_ASSIST_ACTIVE:
		if (t->is_first)
			assist_begin(t, e->arg[0], 0);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
		assist_begin(t, e->g, t->now_ns);
		break;
	case WIRE_GC_MARK_ASSIST_END:
		assist_end(t);
		break;
	case WIRE_GC_SWEEP_ACTIVE:
		if (t->is_first)
			sweep_begin(t, e->arg[0], 0);
		break;
	case WIRE_GC_SWEEP_BEGIN:
		sweep_begin(t, e->p, t->now_ns);
		break;
	case WIRE_GC_SWEEP_END:
		sweep_end(t);
		break;
	case WIRE_HEAP_ALLOC:
	case WIRE_HEAP_GOAL:
		metric(t);
		break;
	case WIRE_USER_REGION_BEGIN:
		t->story->regions++;
		break;
	case WIRE_USER_LOG:
		t->story->logs++;
		break;
	default:
		break;
	}
}

/* What a thread tells is in the order in which it was. */
static void take_time(struct teller *t, uint64_t writer)
{
	uint32_t at;

	if (writer == EVENT_NONE)
		return;
	at = find_thread(t, writer); /* moves the times */
	if (t->now_ns < t->thread_ns.items[at])
		t->now_ns = t->thread_ns.items[at];
	t->thread_ns.items[at] = t->now_ns;
}

static void take_event(struct teller *t, const struct event *e)
{
	uint64_t writer = e->offset == EVENT_NONE ? e->m : story_thread_at(t->index, e->offset);
	bool is_sync = e->type == WIRE_SYNC, is_sample = e->type == WIRE_CPU_SAMPLE;
	bool counts = !is_sync && !is_sample && e->offset != t->last_offset;

	if (is_sync) {
		t->generation++;
		t->is_first = !t->is_begun;
		t->start_ns = t->is_begun ? t->start_ns : e->recorded_ns;
		t->is_begun = true;
		for (size_t i = 0; i < t->thread_ns.count; i++)
			t->thread_ns.items[i] = 0;
		return;
	}
	t->event = e;
	t->now_ns = e->recorded_ns - t->start_ns;
	t->last_offset = e->offset;
	t->story->events += counts;
	t->story->samples += is_sample;
	if (!is_sample)
		take_time(t, writer);
	see_thread(t, is_sample ? e->m : writer, is_sample, counts);
	if (e->type == WIRE_GO_STATUS || e->type == WIRE_GO_STATUS_STACK)
		see_thread(t, e->m, false, false); /* named from afar */
	t->story->end_ns = t->now_ns > t->story->end_ns ? t->now_ns : t->story->end_ns;
	if (!is_sample)
		tell_event(t);
}

/* ---- the end */

static void finish_go(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];

	if (go->state == GO_DEAD || go->state == GO_UNKNOWN)
		return;
	go->last_ns = t->story->end_ns;
	leave(t, g, GO_DEAD);
}

static void finish_proc(struct teller *t, uint32_t p)
{
	struct now_proc *proc = &t->procs.items[p];
	struct story *story = t->story;
	struct story_go *go;

	if (proc->state == EVENT_PROC_IDLE)
		story->procs.items[p].idle_ns += story->end_ns - proc->since_ns;
	if (proc->sweep_go == INDEX_NONE)
		return;
	go = &story->gos.items[proc->sweep_go];
	share_add(&go->ranges, t->sweep_name,
	          (go->ended_ns != TIME_UNKNOWN ? go->ended_ns : story->end_ns) - proc->sweep_ns);
}

static void charge_stop(struct teller *t, const struct story_stop *stop, uint32_t go)
{
	struct bytes reason = strings_text(t->story->strings, stop->reason);
	char title[1200];

	snprintf(title, sizeof(title), "stop-the-world (%.*s)", (int)reason.len,
	         (const char *)reason.data);
	if (go != INDEX_NONE)
		share_add(&t->story->gos.items[go].ranges,
		          strings_add(t->story->strings, bytes_of(title)),
		          stop->end_ns - stop->begin_ns);
}

/* The last other P to stand still, until the world is started again. */
static void finish_stop(struct teller *t, struct story_stop *stop, const struct holder *holder)
{
	int64_t until_ns, latest_ns = -1;

	if (stop->is_open)
		stop->end_ns = t->story->end_ns;
	until_ns = holder->restart_ns != TIME_UNKNOWN ? holder->restart_ns : stop->end_ns;
	for (size_t i = 0; i < t->halts.count; i++) {
		const struct halt *halt = &t->halts.items[i];

		if (halt->proc == stop->proc || halt->generation != holder->generation ||
		    halt->ns < stop->begin_ns || halt->ns > until_ns || halt->ns < latest_ns)
			continue;
		stop->is_tied = halt->ns == latest_ns;
		latest_ns = halt->ns;
		stop->stopping_ns = halt->ns - stop->begin_ns;
		stop->last_proc = halt->proc;
		stop->last_go = halt->last_go;
	}
	charge_stop(t, stop, holder->go);
}

/* How long it ran meanwhile. */
static int64_t on_cpu(const struct story_go *go, const struct story_assist *assist)
{
	int64_t sum = 0;

	for (size_t i = 0; i < go->stays.count; i++) {
		const struct story_stay *stay = &go->stays.items[i];
		int64_t from = stay->begin_ns, to = stay->end_ns;

		from = from > assist->begin_ns ? from : assist->begin_ns;
		to = to < assist->end_ns ? to : assist->end_ns;
		if (stay->state == GO_RUNNING && to > from)
			sum += to - from;
	}
	return sum;
}

static void finish_assist(struct teller *t, struct story_assist *assist, uint32_t g)
{
	struct story_go *go = &t->story->gos.items[g];

	if (assist->is_open) {
		assist->end_ns = t->story->end_ns;
		share_add(&go->ranges, t->assist_name,
		          (go->ended_ns != TIME_UNKNOWN ? go->ended_ns : assist->end_ns) -
		                  assist->begin_ns);
	}
	assist->on_cpu_ns = on_cpu(go, assist);
}

static int change_order(const void *a, const void *b)
{
	const struct change_of *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->add - y->add;
}

static void count_runnable(struct teller *t)
{
	int64_t now = 0;

	if (t->changes.count > 1)
		qsort(t->changes.items, t->changes.count, sizeof(*t->changes.items), change_order);
	for (size_t i = 0; i < t->changes.count; i++) {
		now += t->changes.items[i].add;
		if (now > (int64_t)t->story->runnable_max)
			t->story->runnable_max = (uint64_t)now;
	}
}

/* Of sorted points, the last that is not later than a time. */
static struct metric_point last_point(const point_array *points, int64_t time_ns)
{
	struct metric_point last = { time_ns, (uint64_t)METRIC_UNKNOWN };

	for (size_t i = 0; i < points->count && points->items[i].time_ns <= time_ns; i++)
		last.value = points->items[i].value;
	return last;
}

/* All values recorded become those at the ends of cycles. */
static void look_up_heap(struct story *story)
{
	point_array heap = { .budget = story->budget }, goal = heap;

	for (size_t i = 0; i < story->cycles.count; i++) {
		const struct story_range *cycle = &story->cycles.items[i];

		*array_push(&heap) = last_point(&story->heap, cycle->begin_ns);
		*array_push(&heap) = last_point(&story->heap, cycle->end_ns);
		*array_push(&goal) = last_point(&story->goal, cycle->begin_ns);
	}
	array_free(&story->heap);
	array_free(&story->goal);
	story->heap = heap;
	story->goal = goal;
	story_sort(story);
}

static void finish(struct teller *t)
{
	struct story *story = t->story;

	for (uint32_t g = 0; g < t->gos.count; g++)
		finish_go(t, g);
	for (uint32_t p = 0; p < t->procs.count; p++)
		finish_proc(t, p);
	for (size_t i = 0; i < story->stops.count; i++)
		finish_stop(t, &story->stops.items[i], &t->holders.items[i]);
	for (size_t i = 0; i < story->assists.count; i++)
		finish_assist(t, &story->assists.items[i], t->assist_gos.items[i]);
	for (size_t i = 0; i < story->cycles.count; i++)
		if (story->cycles.items[i].end_ns == TIME_UNKNOWN)
			story->cycles.items[i].end_ns = story->end_ns;
	count_runnable(t);
	story_sort(story);
	look_up_heap(story);
}

static void tell_v2(struct teller *t, const struct loaded *loaded, struct error *err)
{
	struct order order;
	struct event event;

	order_init(&order, t->story->budget, &loaded->index, &loaded->source, true);
	while (order_next(&order, &event, err))
		take_event(t, &event);
	order_free(&order);
}

static void tell_v1(struct teller *t, const struct loaded *loaded, struct error *err)
{
	struct v1_events events;
	struct event event;

	if (v1_events_init(&events, t->story->budget, &loaded->source, loaded->index.version.minor,
	                   true, err))
		while (v1_events_next(&events, &event))
			take_event(t, &event);
	v1_events_free(&events);
}

bool story_tell(struct story *story, const struct loaded *loaded, struct error *err)
{
	struct budget *budget = story->budget;
	struct teller t = {
		.story = story,
		.index = &loaded->index,
		.last_offset = EVENT_NONE,
	};

	t.go_of.budget = t.proc_of.budget = t.thread_of.budget = budget;
	t.gos.budget = t.procs.budget = t.halts.budget = t.holders.budget = budget;
	t.assist_gos.budget = t.changes.budget = t.thread_ns.budget = budget;
	t.assist_name = strings_add(story->strings, bytes_of("GC mark assist"));
	t.sweep_name = strings_add(story->strings, bytes_of("GC incremental sweep"));
	t.forever = strings_add(story->strings, bytes_of("forever"));
	story->is_v1 = loaded->index.v1 != NULL;
	if (story->is_v1)
		tell_v1(&t, loaded, err);
	else
		tell_v2(&t, loaded, err);
	finish(&t);
	id_map_free(&t.go_of);
	id_map_free(&t.proc_of);
	id_map_free(&t.thread_of);
	array_free(&t.gos);
	array_free(&t.procs);
	array_free(&t.halts);
	array_free(&t.holders);
	array_free(&t.assist_gos);
	array_free(&t.thread_ns);
	array_free(&t.changes);
	return err->kind == ERROR_NONE;
}
