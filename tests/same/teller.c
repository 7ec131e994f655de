/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/same/teller.h"

/* Who does what at the moment. */

/* ---- who is who */

uint32_t teller_add_go(struct teller *t, uint64_t id)
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
		.regions = { .budget = story->budget },
	};
	return (uint32_t)story->gos.count - 1;
}

uint32_t teller_find_go(struct teller *t, uint64_t id)
{
	uint32_t go = id_map_find(&t->go_of, id);

	return go == ID_NONE ? teller_add_go(t, id) : go;
}

uint32_t teller_find_proc(struct teller *t, uint64_t id)
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
		.moves = { .budget = t->story->budget },
	};
	return proc;
}

struct story_proc *teller_proc_sums(struct teller *t, uint64_t id)
{
	uint32_t proc;

	if (id == EVENT_NONE)
		return NULL;
	proc = teller_find_proc(t, id); /* moves them */
	return &t->story->procs.items[proc];
}

struct now_proc *teller_proc_now(struct teller *t, uint64_t id)
{
	uint32_t proc = teller_find_proc(t, id); /* moves them */

	return &t->procs.items[proc];
}

uint32_t teller_find_thread(struct teller *t, uint64_t id)
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

void teller_see_thread(struct teller *t, uint64_t id, bool is_sample, bool counts)
{
	struct story_thread *thread;
	uint32_t at;

	if (id == EVENT_NONE)
		return;
	at = teller_find_thread(t, id); /* moves the threads */
	thread = &t->story->threads.items[at];
	thread->first_ns = t->now_ns < thread->first_ns ? t->now_ns : thread->first_ns;
	thread->last_ns = t->now_ns > thread->last_ns ? t->now_ns : thread->last_ns;
	thread->samples += is_sample;
	thread->events += counts;
}

string_id teller_text(struct teller *t, uint64_t id)
{
	return strings_add(t->story->strings, tables_text(t->event->tables, id));
}

/* ---- Ps */

/* How the event ends a run. */
static uint8_t ended(const struct teller *t)
{
	switch ((enum wire_type)t->event->type) {
	case WIRE_GO_BLOCK:
		return t->is_switch ? RUN_SWITCHED : RUN_BLOCK;
	case WIRE_GO_STOP:
		return RUN_STOP;
	case WIRE_GO_DESTROY:
		return RUN_DESTROY;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		return RUN_SYSCALL_BLOCKED;
	case WIRE_GO_DESTROY_SYSCALL:
		return RUN_SYSCALL_DESTROY;
	default:
		return RUN_GOES_ON;
	}
}

static void add_run(struct teller *t, uint32_t g, int64_t end_ns)
{
	const struct now_go *go = &t->gos.items[g];
	uint32_t lane_generation =
		go->lost_ns == TIME_UNKNOWN ? t->generation : go->lost_generation;
	bool has_detail = go->run_generation == lane_generation && go->is_started &&
	                  !(t->is_over && go->lost_ns == TIME_UNKNOWN);
	bool ends_here = has_detail && go->run_generation == t->generation && !t->is_over;
	bool is_woken_here = has_detail && go->woken_generation == go->run_generation;
	bool has_reason = ends_here && !t->is_switch &&
	                  (t->event->type == WIRE_GO_BLOCK || t->event->type == WIRE_GO_STOP);

	if (go->proc != EVENT_NONE)
		*array_push(&teller_proc_sums(t, go->proc)->spans) = (struct story_span){
			.begin_ns = go->run_ns,
			.end_ns = end_ns,
			.go = go->id,
			.born_ns = t->story->gos.items[g].created_ns,
			.kind = SPAN_RUN,
			.worker = go->worker,
			.has_detail = has_detail,
			.has_waker = is_woken_here,
			.ended = ends_here ? ended(t) : RUN_GOES_ON,
			.thread = ends_here ? t->event->m : EVENT_NONE,
			.waker = is_woken_here ? go->waker : EVENT_NONE,
			.woken_ns = is_woken_here ? go->woken_ns : 0,
			.self_ns = go->run_exec_ns,
			.woken = go->woken,
			.reason = has_reason ? teller_text(t, t->event->arg[0]) : 0,
		};
}

void teller_add_inner(struct teller *t, const struct now_go *go, enum span_kind kind,
                      int64_t begin_ns, int64_t end_ns, bool is_split)
{
	if (go->proc != EVENT_NONE)
		*array_push(&teller_proc_sums(t, go->proc)->inner) = (struct story_span){
			.begin_ns = begin_ns,
			.end_ns = end_ns,
			.go = go->id,
			.kind = (uint8_t)kind,
			.is_split = is_split && kind == SPAN_ASSIST,
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

/* By an event, or all along; what a later status says is no news. */
static void note_move(struct teller *t, uint32_t p, uint8_t state)
{
	const struct now_proc *proc = &t->procs.items[p];
	bool is_status = t->event->type == WIRE_PROC_STATUS;
	bool dies = t->event->type == WIRE_PROC_STEAL && t->event->p == t->event->arg[0];

	if (is_status && (!t->is_first || state != EVENT_PROC_RUNNING))
		return;
	*array_push(&t->story->procs.items[p].moves) = (struct story_move){
		.ns = is_status ? 0 : proc->last_ns,
		.thread = dies ? EVENT_NONE : t->writer,
		.is_start = state == EVENT_PROC_RUNNING,
	};
}

void teller_proc_to(struct teller *t, uint64_t id, uint8_t state)
{
	uint32_t p = teller_find_proc(t, id);
	struct now_proc *proc = &t->procs.items[p];

	if (t->now_ns > proc->last_ns)
		proc->last_ns = t->now_ns;
	if (proc->state == EVENT_PROC_UNKNOWN)
		proc->since_ns = t->is_first ? 0 : proc->last_ns;
	if (proc->state == state)
		return;
	note_move(t, p, state);
	if (proc->state == EVENT_PROC_IDLE)
		t->story->procs.items[p].idle_ns += proc->last_ns - proc->since_ns;
	if (proc->state == EVENT_PROC_RUNNING)
		halt_proc(t, p);
	if (proc->state != EVENT_PROC_UNKNOWN)
		proc->since_ns = proc->last_ns;
	proc->state = state;
}

/* ---- goroutines */

/* A worker enters a syscall, or its run ends: it is none any more. */
static void end_work(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];
	struct story_proc *proc = teller_proc_sums(t, go->proc);

	if (go->worker == WORKER_NONE || go->has_worked)
		return;
	go->has_worked = true;
	if (proc != NULL)
		proc->gc_ns += go->run_exec_ns;
	*array_push(&t->story->workers) =
		(struct story_range){ go->run_ns, go->last_ns, go->worker };
}

/* The run on a P is over: at until_ns, if the P was not lost before. */
static void end_run(struct teller *t, uint32_t g, int64_t until_ns)
{
	struct now_go *go = &t->gos.items[g];

	add_run(t, g, until_ns);
	if (go->assist != INDEX_NONE && until_ns > go->assist_ns)
		teller_add_inner(t, go, SPAN_ASSIST, go->assist_ns, until_ns,
		                 go->assist_generation != t->generation);
	end_work(t, g);
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
		teller_proc_sums(t, go->proc)->syscall_ns += lost_ns - go->since_ns;
	teller_add_inner(
		t, go, SPAN_SYSCALL, go->since_ns, lost_ns,
		go->since_generation !=
			(go->lost_ns == TIME_UNKNOWN ? t->generation : go->lost_generation));
	if (ends_run)
		end_run(t, g, lost_ns);
	if (go->proc != EVENT_NONE && teller_proc_now(t, go->proc)->call_go == g)
		teller_proc_now(t, go->proc)->call_go = INDEX_NONE;
	go->lost_ns = TIME_UNKNOWN;
}

static void leave_running(struct teller *t, uint32_t g, bool ends_run)
{
	struct now_go *go = &t->gos.items[g];

	t->story->gos.items[g].exec_ns += go->last_ns - go->since_ns;
	go->run_exec_ns += go->last_ns - go->since_ns;
	if (go->proc != EVENT_NONE)
		teller_proc_sums(t, go->proc)->run_ns += go->last_ns - go->since_ns;
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

void teller_leave(struct teller *t, uint32_t g, uint8_t to)
{
	struct now_go *go = &t->gos.items[g];
	struct story_go *sum = &t->story->gos.items[g];

	switch ((enum go_state)go->state) {
	case GO_RUNNING:
		leave_running(t, g, !is_executing(to));
		if (to == GO_SYSCALL)
			end_work(t, g);
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
	go->run_generation = t->generation;
	go->is_started = t->event->type == WIRE_GO_START;
	go->woken = 0;
	go->worker = WORKER_NONE;
	go->has_worked = false;
	go->assist_ns = go->run_ns;
	go->assist_generation = t->generation;
	if (proc != EVENT_NONE)
		teller_proc_now(t, proc)->last_go = go->id;
}

static void enter_syscall(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];

	if (go->proc == EVENT_NONE)
		go->lost_ns = go->since_ns; /* blocked from its start */
	else
		teller_proc_now(t, go->proc)->call_go = g;
}

/* Where it entered the syscall that it comes out of, if this generation tells. */
static uint64_t stack_of_call(const struct teller *t, const struct now_go *go,
                              const struct story_go *sum)
{
	const struct story_stay *call =
		sum->stays.count == 0 ? NULL : &sum->stays.items[sum->stays.count - 1];

	return call == NULL || call->offset == EVENT_NONE || go->since_generation != t->generation
	               ? 0
	               : call->stack;
}

void teller_go_to(struct teller *t, uint32_t g, uint8_t state, uint64_t proc, uint64_t other,
                  string_id reason)
{
	struct now_go *go = &t->gos.items[g];
	struct story_go *sum = &t->story->gos.items[g];
	uint8_t before = go->state;
	bool is_new = before == GO_UNKNOWN;
	uint64_t stack = teller_stack(t);

	if (before == GO_DEAD)
		return;
	if (t->event->type == WIRE_GO_SYSCALL_END_BLOCKED)
		stack = stack_of_call(t, go, sum);
	if (t->now_ns > go->last_ns)
		go->last_ns = t->now_ns;
	teller_leave(t, g, state);
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
		.stack = stack,
		.reason = reason,
		.state = state,
	};
	/* or the P is known from now on: of a syscall that another thread told of */
	if (is_executing(state) && (!is_executing(before) || go->proc == EVENT_NONE))
		begin_run(t, g, proc);
	else if (is_executing(before) && !is_executing(state))
		go->woken_generation = 0;
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
	tell_regions_end(t, g);
}

void teller_was_always(struct teller *t, uint32_t g)
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

static uint64_t hash_stack(const struct teller *t, uint64_t id)
{
	uint32_t count;
	const struct own_frame *frames = tables_frames(t->event->tables, id, &count);
	uint64_t hash = 0;

	for (uint32_t i = 0; i < count; i++)
		hash = story_add_frame(
			hash, frames[i].pc, tables_text(t->event->tables, frames[i].function),
			tables_text(t->event->tables, frames[i].file), frames[i].line);
	return hash;
}

uint64_t teller_stack_of(struct teller *t, uint64_t id)
{
	uint32_t at = id == 0 ? 0 : id_map_add(&t->stack_of, id, (uint32_t)t->stacks.count);

	if (id == 0)
		return 0;
	if (at == t->stacks.count) {
		uint64_t hash = hash_stack(t, id);

		*array_push(&t->stacks) = hash;
	}
	return t->stacks.items[at];
}

uint64_t teller_stack(struct teller *t)
{
	int arg = wire_spec(t->event->type)->stack_arg;

	if (t->event->type == WIRE_GO_STATUS_STACK)
		arg = 3;
	return arg < 0 ? 0 : teller_stack_of(t, t->event->arg[arg]);
}

void teller_name_go(struct teller *t, uint32_t g, uint64_t stack)
{
	struct story_go *go = &t->story->gos.items[g];
	uint32_t count = 0;
	const struct own_frame *frames = tables_frames(t->event->tables, stack, &count);

	if (go->name == 0 && count > 0)
		go->name = teller_text(t, frames[count - 1].function);
}
