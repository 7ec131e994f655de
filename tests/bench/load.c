/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "tests/bench/load.h"

enum {
	MARK_NS = 1000000,
	SAMPLE_NS = 10000000,
	STATS_NS = 250000000,
	SMALLER = 200, /* times of small traces */
	LEAST_SLEEP_NS = 30000,
	BLOCKED_SYSCALLS = 4, /* a P */
	TABLES_GUESS = 160000,
	STATUS_GUESS = 14,
	CHECK_STEPS = 256,
};

/* Of the trace, on its clock. */
static const int64_t start_ns = 1000000000000;

enum action {
	ACT_ALLOCATE,
	ACT_BLOCK,
	ACT_COMPUTE,
	ACT_COROUTINE,
	ACT_CREATE,
	ACT_END,
	ACT_LOG,
	ACT_REGION,
	ACT_SYSCALL,
	ACT_TASK,
	ACT_WAKE,
	ACT_YIELD,
	ACTS,
};

/* Of 256 steps. About what the trace of a busy server shows. */
/* clang-format off */
static const uint8_t weights[ACTS] = {
	[ACT_ALLOCATE]  = 14,
	[ACT_BLOCK]     = 52,
	[ACT_COMPUTE]   = 9,
	[ACT_COROUTINE] = 2,
	[ACT_CREATE]    = 7,
	[ACT_END]       = 6,
	[ACT_LOG]       = 2,
	[ACT_REGION]    = 40,
	[ACT_SYSCALL]   = 44,
	[ACT_TASK]      = 10,
	[ACT_WAKE]      = 64,
	[ACT_YIELD]     = 6,
};
/* clang-format on */

/* ---- annotations: regions nest inside of what a goroutine does for one task */

static void region_begin(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);
	uint8_t name = (uint8_t)pick(&l->s, TEXTS - TEXT_REGION);

	g->regions[g->depth++] = name;
	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_REGION_BEGIN, g->task,
	         text(l, TEXT_REGION + name), scheduler_stack(&l->s, proc, CALL_ANNOTATE));
}

static void region_end(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);

	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_REGION_END, g->task,
	         text(l, TEXT_REGION + g->regions[--g->depth]),
	         scheduler_stack(&l->s, proc, CALL_ANNOTATE));
}

static void region(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);

	if (g->depth == REGIONS_DEEP || (g->depth > 0 && pick(&l->s, 2) == 0))
		region_end(l, proc, at_ns);
	else
		region_begin(l, proc, at_ns);
}

static void task_end(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);

	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_TASK_END, g->task,
	         scheduler_stack(&l->s, proc, CALL_ANNOTATE));
	g->task = 0;
	g->owns_task = false;
}

static void task(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);

	if (g->depth > 0)
		return;
	if (g->owns_task) {
		task_end(l, proc, at_ns);
		return;
	}
	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_TASK_BEGIN, ++l->last_task,
	         g->task, text(l, TEXT_TASK + g->job % (TEXT_REGION - TEXT_TASK)),
	         scheduler_stack(&l->s, proc, CALL_ANNOTATE));
	g->task = l->last_task;
	g->owns_task = true;
}

void close_regions(struct load *l, uint32_t proc, int64_t at_ns)
{
	while (running(l, proc)->depth > 0)
		region_end(l, proc, at_ns);
	if (running(l, proc)->owns_task)
		task_end(l, proc, at_ns);
}

static void write_log(struct load *l, uint32_t proc, int64_t at_ns)
{
	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_LOG, running(l, proc)->task,
	         text(l, TEXT_LOG_CATEGORY), text(l, TEXT_LOG_MESSAGE),
	         scheduler_stack(&l->s, proc, CALL_ANNOTATE));
}

/* ---- goroutines */

/* There and back twice, then the coroutine ends. */
static int64_t coroutine(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct stream *stream = scheduler_context(&l->s, proc, at_ns);
	struct goroutine *g = running(l, proc);
	uint64_t id = l->s.last_id + 1;
	uint64_t entry = program_entry(l->s.wire.generation, 1 + (g->job + 1u) % (jobs(l) - 1));

	if (l->options->version < 23)
		return at_ns;
	l->s.last_id = id;
	EVENT_OF(stream, at_ns, WIRE_GO_CREATE_BLOCKED, id, entry,
	         scheduler_stack(&l->s, proc, CALL_COMPUTE));
	EVENT_OF(stream, at_ns, WIRE_GO_SWITCH, id, 1);
	EVENT_OF(stream, at_ns + 200, WIRE_GO_SWITCH, g->id, ++g->sequence);
	EVENT_OF(stream, at_ns + 300, WIRE_GO_SWITCH, id, 2);
	EVENT_OF(stream, at_ns + 500, WIRE_GO_SWITCH_DESTROY, g->id, ++g->sequence);
	return at_ns + 600;
}

bool is_last_awake(const struct load *l)
{
	return l->s.load - l->gc.working <= 1 && l->s.sleeping == 0;
}

static void block(struct load *l, uint32_t proc, int64_t at_ns)
{
	static const struct {
		enum text reason;
		enum call call;
	} peers[] = {
		{ TEXT_BLOCK_RECEIVE, CALL_RECEIVE }, { TEXT_BLOCK_RECEIVE, CALL_RECEIVE },
		{ TEXT_BLOCK_SELECT, CALL_SELECT },   { TEXT_BLOCK_SEND, CALL_SEND },
		{ TEXT_BLOCK_SYNC, CALL_LOCK },
	};
	struct scheduler *s = &l->s;
	unsigned kind = pick(s, sizeof peers / sizeof peers[0]);

	if (!is_last_awake(l) && pick(s, s->sleeping < l->options->goroutines / 4 ? 2 : 8) != 0)
		goroutine_block(s, proc, peers[kind].reason, peers[kind].call, at_ns, NEVER);
	else if (pick(s, 3) == 0)
		goroutine_block(s, proc, TEXT_BLOCK_SLEEP, CALL_SLEEP, at_ns,
		                at_ns + spread(s, l->sleep_ns));
	else
		goroutine_block(s, proc, TEXT_BLOCK_NETWORK, CALL_READ, at_ns,
		                at_ns + spread(s, l->sleep_ns));
}

static bool end(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);

	if (is_last_awake(l) || l->s.gone.count > l->options->goroutines / 8)
		return false;
	close_regions(l, proc, at_ns);
	if (g->is_callback)
		callback_end(&l->s, proc, at_ns + 64 * CLOCK_UNIT_NS);
	else
		goroutine_destroy(&l->s, proc, at_ns);
	return true;
}

/* More than one wakes another as long as there is room, fewer when there is not. */
static void wake_peers(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct scheduler *s = &l->s;
	int count = s->load < l->target ? 2 : s->load < 2 * l->target ? (int)pick(s, 2) : 0;

	for (; count > 0 && s->peers.count > 0; count--)
		goroutine_unblock(s, proc, s->peers.items[pick(s, (uint32_t)s->peers.count)],
		                  at_ns);
}

/* Most are short, some long enough to lose the P, a few are known to block. */
static void call_system(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct scheduler *s = &l->s;
	uint32_t kind = pick(s, 512);
	int64_t factor = l->options->sparse ? 8 : 1;

	if (kind < 440 || s->in_syscall > BLOCKED_SYSCALLS * l->options->procs + 4)
		goroutine_enter_syscall(s, proc, at_ns, at_ns + 100 + spread(s, 800));
	else if (kind < 508)
		goroutine_enter_syscall(s, proc, at_ns, at_ns + 100 + spread(s, 6000 * factor));
	else if (kind < 510)
		goroutine_enter_syscall(s, proc, at_ns, at_ns + 20000 + spread(s, 400000 * factor));
	else
		goroutine_enter_blocking_syscall(s, proc, at_ns,
		                                 at_ns + 20000 + spread(s, 400000 * factor));
}

static void count_memory(struct load *l, uint32_t proc, int64_t at_ns)
{
	int64_t stopped_ns = world_stop(&l->s, proc, TEXT_STW_MEM_STATS, at_ns);

	l->next_stats_ns = at_ns + l->stats_ns;
	world_start(&l->s, proc, stopped_ns + spread(&l->s, 25000));
	go_on(l, proc, l->s.world_starts_ns + 200);
}

/* One step of the goroutine that runs on P, and when it takes the next one. */
static void act(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct scheduler *s = &l->s;
	int64_t next_ns = at_ns + spread(s, l->step_ns);

	if (l->options->odd && pick(s, 8) == 0 && odd_act(l, proc, at_ns))
		return;
	switch ((enum action)l->actions[pick(s, 256)]) {
	case ACT_ALLOCATE:
		collector_allocate(l, proc, at_ns);
		return;
	case ACT_SYSCALL:
		call_system(l, proc, at_ns);
		return;
	case ACT_BLOCK:
		block(l, proc, at_ns);
		next_ns = at_ns + 100 + pick(s, 200);
		break;
	case ACT_COROUTINE:
		next_ns = coroutine(l, proc, at_ns);
		next_ns += spread(s, l->step_ns);
		break;
	case ACT_CREATE:
		if (s->gone.count > 0)
			goroutine_create(s, proc, 1 + pick(s, jobs(l) - 1), at_ns);
		break;
	case ACT_END:
		if (end(l, proc, at_ns))
			next_ns = s->procs[proc].state != PROC_RUNNING ? NEVER
			                                               : at_ns + 100 + pick(s, 200);
		break;
	case ACT_YIELD:
		goroutine_yield(s, proc, TEXT_STOP_YIELD, at_ns);
		next_ns = at_ns + 100 + pick(s, 200);
		break;
	case ACT_LOG:
		write_log(l, proc, at_ns);
		break;
	case ACT_REGION:
		region(l, proc, at_ns);
		break;
	case ACT_TASK:
		task(l, proc, at_ns);
		break;
	case ACT_WAKE:
		wake_peers(l, proc, at_ns);
		break;
	case ACT_COMPUTE:
	case ACTS:
		break;
	}
	go_on(l, proc, next_ns);
}

/* ---- Ps */

static void find_work(struct load *l, uint32_t proc, int64_t at_ns)
{
	uint32_t found;

	if (collector_work(l, proc, at_ns))
		return;
	if (l->options->odd && l->s.gone.count > 0 && pick(&l->s, 16) == 0)
		goroutine_create(&l->s, proc, 1 + pick(&l->s, jobs(l) - 1), at_ns); /* a timer's */
	found = proc_find_work(&l->s, proc, at_ns);
	if (found == NONE) {
		proc_stop(&l->s, proc, at_ns + 500);
		return;
	}
	goroutine_start(&l->s, proc, found, at_ns + 100);
	go_on(l, proc, at_ns + 100 + spread(&l->s, l->step_ns));
}

static void work(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *g = running(l, proc);

	if (at_ns >= l->next_sample_ns) {
		l->next_sample_ns = at_ns + l->sample_ns / l->options->procs;
		scheduler_sample(&l->s, proc, at_ns);
	}
	if (l->s.generation_news)
		generation_report(&l->s, proc, at_ns);
	if (g->job == 0) {
		collector_worker_done(l, proc, at_ns + CLOCK_UNIT_NS);
	} else if (g->assists) {
		EVENT(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_ASSIST_END);
		g->assists = false;
		go_on(l, proc, at_ns + spread(&l->s, l->step_ns));
	} else if (at_ns >= l->next_stats_ns && !l->s.gc_active) {
		count_memory(l, proc, at_ns);
	} else {
		act(l, proc, at_ns);
	}
}

static void step(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct proc *p = &l->s.procs[proc];

	if (p->state == PROC_SYSCALL) {
		goroutine_leave_syscall(&l->s, proc, at_ns);
		go_on(l, proc, at_ns + spread(&l->s, l->step_ns));
	} else if (p->running == NONE) {
		find_work(l, proc, at_ns);
	} else {
		work(l, proc, at_ns);
	}
}

/* ---- the whole trace */

/* One that is runnable, in a system call or in an assist when the trace begins. */
static void busy_before(struct load *l, uint32_t goroutine)
{
	struct scheduler *s = &l->s;
	struct goroutine *g = &s->goroutines[goroutine];

	switch (pick(s, 3)) {
	case 0:
		g->state = GO_RUNNABLE;
		queue_push(s, &s->global, goroutine);
		break;
	case 1:
		g->state = GO_SYSCALL;
		g->thread = thread_take(s);
		s->in_syscall++;
		scheduler_set_alarm(s, ALARM_RETURN, goroutine,
		                    l->now_ns + 30000 + spread(s, l->sleep_ns));
		break;
	default:
		g->assists = true;
		scheduler_set_alarm(s, ALARM_WAKE, goroutine, l->now_ns + spread(s, l->sleep_ns));
	}
}

/* Goroutines that are there when the trace begins: a GC worker for each P, then the program's. */
static void people(struct load *l)
{
	struct scheduler *s = &l->s;

	for (uint32_t i = 0; i < s->goroutine_count; i++) {
		struct goroutine *g = &s->goroutines[i];
		bool is_worker = i < l->options->procs;

		*g = (struct goroutine){ .id = ++s->last_id,
			                 .state = GO_WAITING,
			                 .call = CALL_SELECT,
			                 .peer_index = NONE,
			                 .partner = NONE };
		g->job = (uint8_t)(is_worker ? 0 : 1 + i % (jobs(l) - 1));
		g->path = (uint8_t)pick(s, PATHS);
		if (is_worker || i == l->options->procs)
			continue;
		if (l->options->odd && pick(s, 4) == 0) {
			busy_before(l, i);
		} else if (pick(s, 2) == 0) {
			scheduler_set_alarm(s, ALARM_WAKE, i, l->now_ns + spread(s, l->sleep_ns));
		} else {
			g->peer_index = (uint32_t)s->peers.count;
			list_add(&s->peers, i);
		}
	}
}

/* The first user goroutine starts the trace, the world standing still. */
static void start_trace(struct load *l)
{
	struct scheduler *s = &l->s;
	int64_t at_ns = l->now_ns;
	struct stream *stream;

	generation_begin(s, at_ns);
	s->procs[0].state = PROC_RUNNING;
	s->procs[0].thread = thread_take(s);
	s->procs[0].running = l->options->procs;
	s->idle.items[0] = list_take_last(&s->idle);
	s->procs[s->idle.items[0]].idle_index = 0;
	s->goroutines[l->options->procs].state = GO_RUNNING;
	s->load = 1 + s->global.count;
	generation_report(s, 0, at_ns);
	at_ns = world_stop(s, 0, TEXT_STW_START_TRACE, at_ns);
	stream = scheduler_context(s, 0, at_ns);
	EVENT_OF(stream, at_ns, WIRE_HEAP_GOAL, l->gc.goal);
	for (uint32_t p = 1; p < l->options->procs; p++)
		announce_proc(s, stream, p, at_ns);
	world_start(s, 0, at_ns + 20000);
	go_on(l, 0, s->world_starts_ns + 500);
}

static void load_init(struct load *l, const struct load_options *options, FILE *out)
{
	uint32_t people_count = options->procs + options->goroutines;
	int64_t crowd = options->goroutines / options->procs + 1;

	l->options = options;
	scheduler_init(&l->s, options->procs, people_count, options->seed, options->skew_ns);
	l->s.small = options->small;
	l->s.odd = options->odd;
	wire_begin(&l->s.wire, out, options->version, options->forgotten);
	for (unsigned act = 0, at = 0; act < ACTS; act++)
		for (unsigned i = 0; i < weights[act]; i++)
			l->actions[at++] = (uint8_t)act;
	l->step_ns = options->sparse ? 25000 : 3200;
	l->target =
		options->sparse ? options->procs / 3 + 1 : options->procs + options->procs / 2 + 2;
	l->sleep_ns = crowd * l->step_ns * (options->sparse ? 40 : 25);
	if (l->sleep_ns < LEAST_SLEEP_NS)
		l->sleep_ns = LEAST_SLEEP_NS;
	l->live = options->small ? 40000 * options->procs
	                         : (options->sparse ? 4 : 40) * (uint64_t)1048576 * options->procs;
	l->mark_ns = options->small ? MARK_NS / SMALLER : MARK_NS;
	l->sample_ns = options->small ? SAMPLE_NS / SMALLER : SAMPLE_NS;
	l->stats_ns = options->small ? STATS_NS / SMALLER : STATS_NS;
	l->gc.heap = l->live;
	l->gc.goal = 2 * l->live;
	l->now_ns = start_ns;
	l->next_stats_ns = l->now_ns + l->stats_ns / 2;
	people(l);
	start_trace(l);
}

/* What the file would have if the trace ended here, about. */
static bool is_enough(const struct load *l)
{
	uint64_t bytes = l->s.wire.written + TABLES_GUESS + (uint64_t)l->s.silent * STATUS_GUESS;

	if (l->options->small)
		return l->steps >= l->options->steps;
	for (uint32_t m = 0; m < l->s.thread_count; m++)
		bytes += l->s.threads[m].len;
	return bytes >= l->options->bytes;
}

/* False if all wait for each other, as may be where they wait for ever. */
static bool advance(struct load *l)
{
	uint32_t proc;
	int64_t proc_ns = clocks_first(&l->s.clocks, &proc);
	int64_t alarm_ns = alarms_first(&l->s.alarms);

	if (proc_ns == NEVER && alarm_ns == NEVER)
		return false;
	if (alarm_ns < l->s.world_starts_ns)
		alarm_ns = l->s.world_starts_ns;
	if (alarm_ns <= proc_ns) {
		l->now_ns = alarm_ns;
		scheduler_ring(&l->s, alarms_take(&l->s.alarms), alarm_ns);
	} else {
		l->now_ns = proc_ns;
		step(l, proc, proc_ns);
	}
	return true;
}

/* A few more steps. Returns whether the generation is over. */
static bool run(struct load *l, int64_t generation_ends_ns)
{
	uint32_t generation = (uint32_t)l->s.wire.generation;

	for (int i = 0; i < CHECK_STEPS && !l->options->small; i++)
		advance(l);
	if (!l->options->small)
		return l->now_ns >= generation_ends_ns;
	if (!advance(l))
		l->steps = l->options->steps;
	if (l->options->odd && pick(&l->s, 32) == 0)
		stream_flush(&l->s.threads[pick(&l->s, l->s.thread_count)]);
	return ++l->steps >= (uint64_t)l->options->steps * generation / l->options->generations;
}

bool load_run(const struct load_options *options, FILE *out, struct load_result *result)
{
	struct load *l = allocate(1, sizeof *l);
	int64_t generation_ends_ns;
	bool good;

	load_init(l, options, out);
	generation_ends_ns = l->now_ns + options->generation_ns;
	for (;;) {
		bool is_over = run(l, generation_ends_ns);

		if (is_enough(l) || l->s.wire.failed)
			break;
		if (is_over) {
			generation_end(&l->s, l->now_ns);
			generation_begin(&l->s, l->now_ns);
			generation_ends_ns += options->generation_ns;
		}
	}
	generation_end(&l->s, l->now_ns);
	*result = (struct load_result){
		.events = l->s.wire.events,
		.bytes = l->s.wire.written,
		.generations = l->s.wire.generation - 1,
		.length_ns = l->now_ns - start_ns,
		.threads = l->s.thread_count,
	};
	good = !l->s.wire.failed;
	scheduler_free(&l->s);
	free(l);
	return good;
}
