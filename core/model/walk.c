/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk.h"

/* Own string ids are small numbers; for those the reason is found without hashing. */
enum { SMALL_STRING = 1024, REASONS_MAX = 255, BYTES_A_RUN = 24, BLOCK = ID_BATCH };
enum { LIVES_MAX = 64 }; /* of one id in a generation that are looked at */

void walk_init(struct walk *walk, struct budget *budget)
{
	*walk = (struct walk){ .budget = budget };
	tables_init(&walk->tables, budget);
	id_pages_init(&walk->go_of, budget);
	walk->proc_of.budget = walk->stream_of.budget = budget;
	walk->gos.budget = walk->procs.budget = walk->streams.budget = budget;
	walk->runs.budget = walk->wakes.budget = walk->syscalls.budget = budget;
	walk->tenures.budget = walk->pieces.budget = walk->marks.budget = budget;
	walk->sweep_ends.budget = walk->stops.budget = walk->gc_events.budget = budget;
	walk->heap.budget = walk->goal.budget = walk->gomaxprocs.budget = budget;
	walk->reasons.budget = walk->reason_of.budget = budget;
	id_pages_init(&walk->tasks, budget);
	walk->lost.budget = budget;
}

void walk_free(struct walk *walk)
{
	tables_free(&walk->tables);
	id_pages_free(&walk->go_of);
	id_map_free(&walk->proc_of);
	id_map_free(&walk->stream_of);
	id_pages_free(&walk->tasks);
	array_free(&walk->gos);
	array_free(&walk->procs);
	array_free(&walk->streams);
	array_free(&walk->runs);
	array_free(&walk->wakes);
	array_free(&walk->syscalls);
	array_free(&walk->tenures);
	array_free(&walk->pieces);
	array_free(&walk->marks);
	array_free(&walk->sweep_ends);
	array_free(&walk->stops);
	array_free(&walk->gc_events);
	array_free(&walk->heap);
	array_free(&walk->goal);
	array_free(&walk->gomaxprocs);
	array_free(&walk->reasons);
	array_free(&walk->reason_of);
	array_free(&walk->lost);
}

void walk_begin(struct walk *walk, const struct generation *generation, unsigned shift,
                bool is_first)
{
	tables_free(&walk->tables);
	tables_init(&walk->tables, walk->budget);
	id_pages_clear(&walk->go_of);
	id_map_clear(&walk->proc_of);
	id_map_clear(&walk->stream_of);
	id_pages_clear(&walk->tasks);
	array_clear(&walk->gos);
	array_clear(&walk->procs);
	array_clear(&walk->streams);
	array_clear(&walk->runs);
	array_clear(&walk->wakes);
	array_clear(&walk->syscalls);
	array_clear(&walk->tenures);
	array_clear(&walk->pieces);
	array_clear(&walk->marks);
	array_clear(&walk->sweep_ends);
	array_clear(&walk->stops);
	array_clear(&walk->gc_events);
	array_clear(&walk->heap);
	array_clear(&walk->goal);
	array_clear(&walk->gomaxprocs);
	array_clear(&walk->reasons);
	array_clear(&walk->reason_of);
	array_clear(&walk->lost);
	walk->base_ns = generation->begin_ns;
	walk->shift = shift;
	walk->offset = generation->begin;
	walk->is_first = is_first;
	walk->has_overflow = false;
	walk->again = 0;
	walk->forever = 0;
	walk->events = walk->experimental = walk->regions = walk->logs = 0;
	walk->syscall_count = walk->dropped = 0;
	walk->last = 0;
	/* as many as most generations have: large arrays that move keep their small pages */
	array_reserve(&walk->runs, (size_t)generation->event_bytes / BYTES_A_RUN);
	array_reserve(&walk->wakes, (size_t)generation->event_bytes / BYTES_A_RUN);
	array_reserve(&walk->syscalls, (size_t)generation->event_bytes / BYTES_A_RUN);
	*array_push(&walk->reasons) = 0;
	array_resize(&walk->reason_of, SMALL_STRING);
}

/* ---- who is meant */

static uint32_t add_go(struct walk *walk, uint64_t id)
{
	*array_push(&walk->gos) = (struct local_go){
		.id = id,
		.name_seq = UINT32_MAX,
		.head_run = INDEX_NONE,
		.parent = INDEX_NONE,
		.earlier_life = INDEX_NONE,
	};
	return (uint32_t)walk->gos.count - 1;
}

static uint32_t find_go(struct walk *walk, uint64_t id)
{
	uint32_t fresh = (uint32_t)walk->gos.count;
	uint32_t g = id_pages_add(&walk->go_of, id, fresh);

	return g == fresh ? add_go(walk, id) : g;
}

static uint16_t find_proc(struct walk *walk, uint64_t id)
{
	uint32_t fresh = (uint32_t)walk->procs.count, p;

	if (fresh >= PROC_NONE && id_map_find(&walk->proc_of, id) == ID_NONE)
		return PROC_NONE; /* more Ps than there can be */
	p = id_map_add(&walk->proc_of, id, fresh);
	if (p == fresh)
		*array_push(&walk->procs) = (struct local_proc){ .id = id };
	return (uint16_t)p;
}

static uint32_t find_stream(struct walk *walk, uint64_t m)
{
	uint32_t fresh = (uint32_t)walk->streams.count;
	uint32_t s = id_map_add(&walk->stream_of, m, fresh);

	if (s == fresh)
		*array_push(&walk->streams) = (struct stream){
			.m = m,
			.first = TIME_NONE,
			.run = INDEX_NONE,
			.head_run = INDEX_NONE,
			.tenure = INDEX_NONE,
			.opener = INDEX_NONE,
			.proc = PROC_NONE,
			.bound = INDEX_NONE,
			.stop = INDEX_NONE,
			.assist.run = INDEX_NONE,
			.sweep.run = INDEX_NONE,
		};
	return s;
}

static uint8_t find_reason(struct walk *walk, uint64_t string)
{
	size_t reason = string < SMALL_STRING ? walk->reason_of.items[string] : 0;

	if (reason != 0 || string == 0)
		return (uint8_t)reason;
	while (reason < walk->reasons.count && walk->reasons.items[reason] != string)
		reason++;
	if (reason == walk->reasons.count) {
		if (reason > REASONS_MAX)
			return 0;
		*array_push(&walk->reasons) = string;
		if (bytes_equal(tables_text(&walk->tables, string), bytes_of("forever")))
			walk->forever = (uint8_t)reason;
	}
	if (string < SMALL_STRING)
		walk->reason_of.items[string] = (uint8_t)reason;
	return (uint8_t)reason;
}

/* ---- what an event handler needs to know */

struct at {
	struct walk *walk;
	struct stream *stream;
	uint32_t stream_index;
	part_time time;
	part_time last;  /* the latest so far */
	event_ref ref;
	uint32_t go;     /* the goroutine that the first argument names; INDEX_NONE: look it up */
	const uint64_t *arg;
};

/* The goroutine that an event names first. */
static uint32_t named_go(const struct at *at)
{
	return at->go != INDEX_NONE ? at->go : find_go(at->walk, at->arg[0]);
}

/* The goroutine that runs on the thread; INDEX_NONE. */
static uint32_t current_go(const struct at *at)
{
	uint32_t run = at->stream->run;

	return run == INDEX_NONE ? INDEX_NONE : at->walk->runs.items[run].g;
}

/* A number that fits a slot; what does not is counted and dropped. */
static bool is_slot(const struct at *at, uint64_t seq)
{
	at->walk->dropped += seq > SEQ_MAX;
	return seq <= SEQ_MAX;
}

static void count_slot(struct local_go *go, uint32_t seq)
{
	go->count++;
	if (seq > go->max_seq)
		go->max_seq = seq;
}

/* The first change of state with a stack names the goroutine (Go: summary.go). */
static void note_name(const struct at *at, uint32_t g, uint32_t seq, uint64_t stack)
{
	if (stack == 0 || stack > UINT32_MAX)
		return;
	if (g == INDEX_NONE) {
		if (at->stream->head_stack == 0)
			at->stream->head_stack = stack;
		return;
	}
	if (seq < at->walk->gos.items[g].name_seq &&
	    tables_names_root(&at->walk->tables, stack)) {
		at->walk->gos.items[g].name_seq = seq;
		at->walk->gos.items[g].name_stack = (uint32_t)stack;
	}
}

static void open_run(const struct at *at, uint32_t g, uint32_t seq, enum run_open open)
{
	at->stream->run = (uint32_t)at->walk->runs.count;
	*array_push(&at->walk->runs) = (struct run){
		.g = g,
		.seq = seq,
		.begin = at->time,
		.end = TIME_NONE,
		.begin_ref = at->ref,
		.end_ref = REF_NONE,
		.first_syscall = (uint32_t)at->walk->syscalls.count,
		.proc = at->stream->proc,
		.open = (uint8_t)(open & 7),
	};
	at->stream->in_syscall = false;
	at->stream->has_run = true;
	if (g == INDEX_NONE)
		return;
	at->walk->gos.items[g].is_told = true;
	count_slot(&at->walk->gos.items[g], seq);
}

/* The current run. At the head of a stream, where its goroutine is not said, one is assumed; what
 * comes later without one is damage and counted. */
static struct run *need_run(const struct at *at, bool in_syscall)
{
	struct stream *stream = at->stream;

	if (stream->run == INDEX_NONE && !stream->has_run && stream->m != WIRE_NO_THREAD) {
		open_run(at, INDEX_NONE, 0, RUN_HEAD);
		stream->head_run = stream->run;
		if (in_syscall) {
			*array_push(&at->walk->syscalls) = (struct syscall){
				.begin = TIME_NONE, .end = TIME_NONE, .lost = TIME_NONE, .ref = at->ref,
			};
			stream->in_syscall = true;
		}
	}
	if (stream->run == INDEX_NONE) {
		at->walk->dropped++;
		return NULL;
	}
	return &at->walk->runs.items[stream->run];
}

static void add_mark(const struct at *at, uint32_t g, uint32_t seq, enum mark_kind kind,
                     const struct open_range *range)
{
	if (g == INDEX_NONE)
		return;
	*array_push(&at->walk->marks) = (struct mark){
		.g = g,
		.seq = seq,
		.time = range->begin,
		.ref = range->ref,
		.stack = range->stack,
		.proc = range->proc,
		.kind = (uint8_t)kind,
	};
}

/* An assist that is open when its run ends goes on elsewhere. */
static void leave_assist(const struct at *at)
{
	struct open_range *assist = &at->stream->assist;

	if (assist->run != INDEX_NONE) {
		const struct run *run = &at->walk->runs.items[assist->run];

		add_mark(at, run->g, run->seq, MARK_BEGIN, assist);
	}
	assist->run = INDEX_NONE;
}

static void add_wake(const struct at *at, uint32_t g, uint32_t seq, enum wake_kind kind)
{
	*array_push(&at->walk->wakes) = (struct wake){
		.g = g,
		.seq = seq & SEQ_MAX,
		.kind = (unsigned)kind & 15,
		.time = at->time,
		.ref = at->ref,
		.by = current_go(at),
	};
	if (kind != WAKE_UNBLOCK)
		at->walk->gos.items[g].is_told = true;
	count_slot(&at->walk->gos.items[g], seq);
}

static void close_run(const struct at *at, struct run *run, enum run_close close)
{
	run->end = at->time;
	run->end_ref = at->ref;
	run->close = (uint8_t)(close & 7);
	leave_assist(at);
	at->stream->run = INDEX_NONE;
}

/* ---- Ps */

static uint32_t add_tenure(const struct at *at, uint16_t proc, uint64_t seq, enum tenure_kind kind)
{
	struct local_proc *p = &at->walk->procs.items[proc];

	*array_push(&at->walk->tenures) = (struct tenure){
		.seq = (uint32_t)seq,
		.time = at->time,
		.stop = TIME_NONE,
		.abandoned = TIME_NONE,
		.syscall = INDEX_NONE,
		.stream = at->stream_index,
		.proc = proc,
		.kind = (uint8_t)kind,
	};
	p->count++;
	if (seq > p->max_seq)
		p->max_seq = (uint32_t)seq;
	return (uint32_t)at->walk->tenures.count - 1;
}

static void take_proc(const struct at *at, uint16_t proc, uint32_t tenure)
{
	at->stream->proc = proc;
	at->stream->tenure = at->stream->opener = tenure;
	at->stream->tenure_seq = at->walk->tenures.items[tenure].seq;
}

static struct tenure *own_tenure(const struct at *at)
{
	return at->stream->proc == PROC_NONE || at->stream->tenure == INDEX_NONE
	               ? NULL
	               : &at->walk->tenures.items[at->stream->tenure];
}

/* A sweep that is open when its thread gives the P away ends elsewhere. */
static void leave_sweep(const struct at *at)
{
	struct open_range *sweep = &at->stream->sweep;

	if (sweep->run != INDEX_NONE)
		*array_push(&at->walk->sweep_ends) = (struct sweep_end){
			.seq = own_tenure(at) != NULL ? own_tenure(at)->seq : 0,
			.time = sweep->begin,
			.g = at->walk->runs.items[sweep->run].g,
			.proc = sweep->proc,
			.kind = MARK_BEGIN,
		};
	sweep->run = INDEX_NONE;
}

static void proc_start(const struct at *at)
{
	uint16_t proc = find_proc(at->walk, at->arg[0]);

	if (proc == PROC_NONE || !is_slot(at, at->arg[1]))
		return;
	take_proc(at, proc, add_tenure(at, proc, at->arg[1], TENURE_START));
}

static void proc_stop(const struct at *at)
{
	struct tenure *tenure = own_tenure(at);

	if (tenure != NULL)
		tenure->stop = at->time;
	leave_sweep(at);
	at->stream->proc = PROC_NONE;
}

static void proc_steal(const struct at *at)
{
	uint16_t proc = find_proc(at->walk, at->arg[0]);

	if (proc == PROC_NONE || !is_slot(at, at->arg[1]))
		return;
	add_tenure(at, proc, at->arg[1], TENURE_STEAL);
	if (at->stream->proc == proc)
		at->stream->proc = PROC_NONE;
}

static void proc_status(const struct at *at)
{
	static const uint8_t kinds[] = {
		[WIRE_PROC_RUNNING] = TENURE_STATUS_RUNNING,
		[WIRE_PROC_IDLE] = TENURE_STATUS_IDLE,
		[WIRE_PROC_SYSCALL] = TENURE_STATUS_SYSCALL,
		[WIRE_PROC_ABANDONED] = TENURE_STATUS_ABANDONED,
	};
	uint16_t proc = find_proc(at->walk, at->arg[0]);
	uint64_t status = at->arg[1];
	uint32_t tenure;

	if (proc == PROC_NONE || status == WIRE_PROC_BAD || status > WIRE_PROC_ABANDONED) {
		at->walk->dropped++;
		return;
	}
	tenure = add_tenure(at, proc, 0, kinds[status]);
	if (status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL)
		take_proc(at, proc, tenure);
}

/* ---- goroutines */

static void go_create(const struct at *at, enum wake_kind kind)
{
	uint32_t g = find_go(at->walk, at->arg[0]);
	struct local_go *go = &at->walk->gos.items[g];

	go->is_created = true;
	go->parent = current_go(at);
	add_wake(at, g, 0, kind);
	note_name(at, g, 0, at->arg[1]);
}

/* The id may have been used before: then this is another goroutine of that id. */
static void go_create_syscall(const struct at *at)
{
	uint32_t g = find_go(at->walk, at->arg[0]), earlier = g;

	if (at->walk->gos.items[g].is_told) {
		g = add_go(at->walk, at->arg[0]);
		at->walk->gos.items[g].earlier_life = earlier;
		id_pages_set(&at->walk->go_of, at->arg[0], g);
		at->walk->again++;
	}
	at->walk->gos.items[g].is_created = true;
	open_run(at, g, 0, RUN_CREATE_SYSCALL);
	*array_push(&at->walk->syscalls) = (struct syscall){
		.begin = at->time, .end = TIME_NONE, .lost = TIME_NONE, .ref = at->ref,
	};
	at->stream->in_syscall = true;
	/* one that begins without a P is blocked from its start */
	if (at->stream->proc == PROC_NONE)
		at->walk->syscalls.items[at->walk->syscalls.count - 1].lost = at->time;
}

static void go_start(const struct at *at)
{
	if (!is_slot(at, at->arg[1]))
		return;
	open_run(at, named_go(at), (uint32_t)at->arg[1], RUN_START);
}

static void go_stop(const struct at *at, enum run_close close)
{
	struct run *run = need_run(at, false);

	if (run == NULL)
		return;
	run->reason = find_reason(at->walk, at->arg[0]);
	note_name(at, run->g, run->seq, at->arg[1]);
	close_run(at, run, close);
}

static void go_destroy(const struct at *at)
{
	struct run *run = need_run(at, false);

	if (run != NULL)
		close_run(at, run, RUN_DESTROY);
}

static void go_unblock(const struct at *at)
{
	if (is_slot(at, at->arg[1]))
		add_wake(at, named_go(at), (uint32_t)at->arg[1], WAKE_UNBLOCK);
}

static void go_switch(const struct at *at, enum run_close close)
{
	struct run *run = need_run(at, false);

	if (run != NULL)
		close_run(at, run, close);
	if (is_slot(at, at->arg[1]))
		open_run(at, named_go(at), (uint32_t)at->arg[1], RUN_SWITCH);
}

static void go_syscall_begin(const struct at *at)
{
	struct run *run = need_run(at, false);
	uint32_t syscall = (uint32_t)at->walk->syscalls.count;

	if (run == NULL)
		return;
	at->walk->syscall_count++;
	note_name(at, run->g, run->seq, at->arg[1]);
	*array_push(&at->walk->syscalls) = (struct syscall){
		.begin = at->time, .end = TIME_NONE, .lost = TIME_NONE, .ref = at->ref,
	};
	at->stream->in_syscall = true;
	if (at->stream->proc == PROC_NONE || !is_slot(at, at->arg[0]))
		return;
	at->stream->tenure = add_tenure(at, at->stream->proc, at->arg[0], TENURE_SYSCALL);
	at->walk->tenures.items[at->stream->tenure].syscall = syscall;
	at->stream->tenure_seq = (uint32_t)at->arg[0];
}

/* Ends the syscall that is open, if one is. */
static void end_syscall(const struct at *at)
{
	if (at->stream->in_syscall)
		at->walk->syscalls.items[at->walk->syscalls.count - 1].end = at->time;
	at->stream->in_syscall = false;
}

static bool is_syscall_tenure(const struct tenure *tenure)
{
	return (tenure->kind == TENURE_SYSCALL || tenure->kind == TENURE_STATUS_SYSCALL) &&
	       !tenure->returned;
}

/* Most syscalls return with their P, which is as if they had not been: their slot is given up. */
static void forget_tenure(const struct at *at, const struct tenure *tenure)
{
	struct stream *stream = at->stream;

	if (tenure->kind != TENURE_SYSCALL || stream->opener == INDEX_NONE ||
	    stream->tenure + 1 != at->walk->tenures.count)
		return;
	at->walk->tenures.count--;
	at->walk->procs.items[tenure->proc].count--;
	stream->tenure = stream->opener;
}

static void go_syscall_end(const struct at *at)
{
	struct tenure *tenure = own_tenure(at);

	if (need_run(at, true) == NULL)
		return;
	end_syscall(at);
	if (tenure == NULL)
		return;
	tenure->returned = true;
	forget_tenure(at, tenure);
}

static void go_syscall_end_blocked(const struct at *at)
{
	struct tenure *tenure = own_tenure(at);
	struct run *run = need_run(at, true);

	if (run == NULL)
		return;
	end_syscall(at);
	close_run(at, run, RUN_SYSCALL_BLOCKED);
	if (tenure != NULL && is_syscall_tenure(tenure))
		at->stream->proc = PROC_NONE; /* this event says that it was stolen */
}

static void go_destroy_syscall(const struct at *at)
{
	struct tenure *tenure = own_tenure(at);
	struct run *run = need_run(at, true);

	if (run == NULL)
		return;
	end_syscall(at);
	close_run(at, run, RUN_SYSCALL_DESTROY);
	if (tenure != NULL)
		tenure->abandoned = at->time;
	leave_sweep(at);
	at->stream->proc = PROC_NONE;
}

/* In a syscall on this thread since before. */
static void status_syscall(const struct at *at, uint32_t g)
{
	struct tenure *tenure = own_tenure(at);

	open_run(at, g, 0, RUN_STATUS_SYSCALL);
	if (tenure != NULL && tenure->kind == TENURE_STATUS_SYSCALL)
		tenure->syscall = (uint32_t)at->walk->syscalls.count;
	*array_push(&at->walk->syscalls) = (struct syscall){
		.begin = TIME_NONE, .end = TIME_NONE, .lost = TIME_NONE, .ref = at->ref,
	};
	at->stream->in_syscall = true;
}

static void go_status(const struct at *at, uint64_t stack)
{
	uint32_t g = named_go(at), there;
	struct local_go *go = &at->walk->gos.items[g];

	if (stack != 0 && stack <= UINT32_MAX && go->status_stack == 0 &&
	    tables_names_root(&at->walk->tables, stack))
		go->status_stack = (uint32_t)stack;
	if (go->is_created || (g == current_go(at) && at->arg[2] <= WIRE_GO_SYSCALL))
		return; /* says what is known */
	switch (at->arg[2]) {
	case WIRE_GO_RUNNABLE:
		add_wake(at, g, 0, WAKE_STATUS_RUNNABLE);
		break;
	case WIRE_GO_RUNNING:
		if (at->stream->m != WIRE_NO_THREAD)
			open_run(at, g, 0, RUN_STATUS);
		break;
	case WIRE_GO_SYSCALL:
		if (at->arg[1] == at->stream->m) {
			status_syscall(at, g);
			break;
		}
		add_wake(at, g, 0, WAKE_STATUS_SYSCALL);
		there = find_stream(at->walk, at->arg[1]); /* moves streams */
		at->walk->streams.items[there].bound = g;
		if (at->walk->streams.items[there].first == TIME_NONE)
			at->walk->streams.items[there].first =
			        at->walk->streams.items[there].last = at->time;
		break;
	case WIRE_GO_WAITING:
		add_wake(at, g, 0, WAKE_STATUS_WAITING);
		break;
	default:
		at->walk->dropped++;
	}
}

static void go_label(const struct at *at)
{
	struct bytes label = tables_text(&at->walk->tables, at->arg[0]);
	uint32_t run = at->stream->run;
	unsigned worker = WORKER_NONE;

	if (bytes_equal(label, bytes_of("GC (dedicated)")))
		worker = WORKER_DEDICATED;
	else if (bytes_equal(label, bytes_of("GC (fractional)")))
		worker = WORKER_FRACTIONAL;
	else if (bytes_equal(label, bytes_of("GC (idle)")))
		worker = WORKER_IDLE;
	if (run != INDEX_NONE && worker != WORKER_NONE)
		at->walk->runs.items[run].worker = worker & 3;
}

/* ---- ranges */

static void stw_begin(const struct at *at)
{
	at->stream->stop = (uint32_t)at->walk->stops.count;
	*array_push(&at->walk->stops) = (struct stop){
		.begin = at->time,
		.end = TIME_NONE,
		.restart = TIME_NONE,
		.g = current_go(at),
		.ref = at->ref,
		.m = at->stream->m,
		.reason = at->arg[0],
		.stack = at->arg[1],
		.proc = at->stream->proc,
	};
}

static void stw_end(const struct at *at)
{
	if (at->stream->stop != INDEX_NONE)
		at->walk->stops.items[at->stream->stop].end = at->time;
	at->stream->stop = INDEX_NONE;
}

static void procs_change(const struct at *at)
{
	struct stop *stop;

	*array_push(&at->walk->gomaxprocs) = (struct metric){ at->time, at->arg[0] };
	if (at->stream->stop == INDEX_NONE)
		return;
	stop = &at->walk->stops.items[at->stream->stop];
	if (stop->restart == TIME_NONE)
		stop->restart = at->time;
}

static void gc_event(const struct at *at, enum mark_kind kind)
{
	*array_push(&at->walk->gc_events) = (struct gc_event){
		.seq = at->arg[0], .time = at->time, .kind = (uint8_t)kind, .ref = at->ref,
	};
}

static struct open_range range_here(const struct at *at, uint64_t stack)
{
	return (struct open_range){
		.run = at->stream->run,
		.begin = at->time,
		.ref = at->ref,
		.stack = stack,
		.proc = at->stream->proc,
	};
}

/* Both ends in one run: the range is whole. */
static void add_piece(const struct at *at, const struct open_range *range, enum piece_kind kind)
{
	*array_push(&at->walk->pieces) = (struct piece){
		.begin = range->begin,
		.end = at->time,
		.g = at->walk->runs.items[range->run].g,
		.ref = range->ref,
		.stack = range->stack,
		.proc = range->proc,
		.kind = (uint8_t)kind,
	};
}

static void assist_begin(const struct at *at)
{
	if (at->stream->run != INDEX_NONE)
		at->stream->assist = range_here(at, at->arg[0]);
}

static void assist_end(const struct at *at)
{
	struct stream *stream = at->stream;
	struct open_range here;

	if (stream->run == INDEX_NONE)
		return;
	if (stream->assist.run == stream->run) {
		add_piece(at, &stream->assist, PIECE_ASSIST);
		stream->assist.run = INDEX_NONE;
		return;
	}
	here = range_here(at, 0);
	add_mark(at, at->walk->runs.items[stream->run].g, at->walk->runs.items[stream->run].seq,
	         MARK_END, &here);
}

static void assist_active(const struct at *at)
{
	struct open_range here = range_here(at, 0);

	add_mark(at, find_go(at->walk, at->arg[0]), 0, MARK_ACTIVE, &here);
}

static void sweep_begin(const struct at *at)
{
	if (at->stream->run != INDEX_NONE)
		at->stream->sweep = range_here(at, at->arg[0]);
}

static void sweep_end(const struct at *at)
{
	struct stream *stream = at->stream;
	bool whole = stream->sweep.run != INDEX_NONE && stream->sweep.proc == stream->proc;

	if (whole && current_go(at) == at->walk->runs.items[stream->sweep.run].g)
		add_piece(at, &stream->sweep, PIECE_SWEEP);
	if (!whole && stream->proc != PROC_NONE)
		*array_push(&at->walk->sweep_ends) = (struct sweep_end){
			.seq = own_tenure(at) != NULL ? own_tenure(at)->seq : 0,
			.time = at->time,
			.g = current_go(at),
			.proc = stream->proc,
			.kind = MARK_END,
		};
	stream->sweep.run = INDEX_NONE;
}

static void sweep_active(const struct at *at)
{
	uint16_t proc = find_proc(at->walk, at->arg[0]);

	if (proc != PROC_NONE && at->walk->is_first)
		*array_push(&at->walk->sweep_ends) = (struct sweep_end){
			.time = 0, .g = current_go(at), .proc = proc, .kind = MARK_ACTIVE,
		};
}

static void note_task(const struct at *at, uint64_t id)
{
	if (id != 0 && id != UINT64_MAX)
		id_pages_add(&at->walk->tasks, id, 0);
}

/* ---- events */

static void walk_event(struct at *at, uint8_t type)
{
	switch ((enum wire_type)type) {
	case WIRE_PROCS_CHANGE:
		procs_change(at);
		break;
	case WIRE_PROC_START:
		proc_start(at);
		break;
	case WIRE_PROC_STOP:
		proc_stop(at);
		break;
	case WIRE_PROC_STEAL:
		proc_steal(at);
		break;
	case WIRE_PROC_STATUS:
		proc_status(at);
		break;
	case WIRE_GO_CREATE:
		go_create(at, WAKE_CREATE);
		break;
	case WIRE_GO_CREATE_BLOCKED:
		go_create(at, WAKE_CREATE_BLOCKED);
		break;
	case WIRE_GO_CREATE_SYSCALL:
		go_create_syscall(at);
		break;
	case WIRE_GO_START:
		go_start(at);
		break;
	case WIRE_GO_DESTROY:
		go_destroy(at);
		break;
	case WIRE_GO_DESTROY_SYSCALL:
		go_destroy_syscall(at);
		break;
	case WIRE_GO_STOP:
		go_stop(at, RUN_STOP);
		break;
	case WIRE_GO_BLOCK:
		go_stop(at, RUN_BLOCK);
		break;
	case WIRE_GO_UNBLOCK:
		go_unblock(at);
		break;
	case WIRE_GO_SWITCH:
		go_switch(at, RUN_SWITCHED);
		break;
	case WIRE_GO_SWITCH_DESTROY:
		go_switch(at, RUN_DESTROY);
		break;
	case WIRE_GO_SYSCALL_BEGIN:
		go_syscall_begin(at);
		break;
	case WIRE_GO_SYSCALL_END:
		go_syscall_end(at);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		go_syscall_end_blocked(at);
		break;
	case WIRE_GO_STATUS:
		go_status(at, 0);
		break;
	case WIRE_GO_STATUS_STACK:
		go_status(at, at->arg[3]);
		break;
	case WIRE_GO_LABEL:
		go_label(at);
		break;
	case WIRE_STW_BEGIN:
		stw_begin(at);
		break;
	case WIRE_STW_END:
		stw_end(at);
		break;
	case WIRE_GC_ACTIVE:
		gc_event(at, MARK_ACTIVE);
		break;
	case WIRE_GC_BEGIN:
		gc_event(at, MARK_BEGIN);
		break;
	case WIRE_GC_END:
		gc_event(at, MARK_END);
		break;
	case WIRE_GC_SWEEP_ACTIVE:
		sweep_active(at);
		break;
	case WIRE_GC_SWEEP_BEGIN:
		sweep_begin(at);
		break;
	case WIRE_GC_SWEEP_END:
		sweep_end(at);
		break;
	case WIRE_GC_MARK_ASSIST_ACTIVE:
		assist_active(at);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
		assist_begin(at);
		break;
	case WIRE_GC_MARK_ASSIST_END:
		assist_end(at);
		break;
	case WIRE_HEAP_ALLOC:
		*array_push(&at->walk->heap) = (struct metric){ at->time, at->arg[0] };
		break;
	case WIRE_HEAP_GOAL:
		*array_push(&at->walk->goal) = (struct metric){ at->time, at->arg[0] };
		break;
	case WIRE_USER_TASK_BEGIN:
		note_task(at, at->arg[1]);
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_TASK_END:
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_REGION_BEGIN:
		at->walk->regions++;
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_REGION_END:
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_LOG:
		at->walk->logs++;
		note_task(at, at->arg[0]);
		break;
	case WIRE_SPAN:
	case WIRE_SPAN_ALLOC:
	case WIRE_SPAN_FREE:
	case WIRE_HEAP_OBJECT:
	case WIRE_HEAP_OBJECT_ALLOC:
	case WIRE_HEAP_OBJECT_FREE:
	case WIRE_GOROUTINE_STACK:
	case WIRE_GOROUTINE_STACK_ALLOC:
	case WIRE_GOROUTINE_STACK_FREE:
		at->walk->experimental++;
		break;
	case WIRE_NONE:
	case WIRE_EVENT_BATCH:
	case WIRE_STACKS:
	case WIRE_STACK:
	case WIRE_STRINGS:
	case WIRE_STRING:
	case WIRE_CPU_SAMPLES:
	case WIRE_CPU_SAMPLE:
	case WIRE_FREQUENCY:
	case WIRE_EXPERIMENTAL_BATCH:
	case WIRE_SYNC:
	case WIRE_CLOCK_SNAPSHOT:
	case WIRE_END_OF_GENERATION:
	case WIRE_TYPES:
		break; /* the decoder gives none of these */
	}
}

/* Which events name a goroutine by their first argument. */
static bool names_goroutine(uint8_t type)
{
	const uint64_t mask = UINT64_C(1) << WIRE_GO_START | UINT64_C(1) << WIRE_GO_UNBLOCK |
	                      UINT64_C(1) << WIRE_GO_STATUS | UINT64_C(1) << WIRE_GO_STATUS_STACK |
	                      UINT64_C(1) << WIRE_GO_SWITCH | UINT64_C(1) << WIRE_GO_SWITCH_DESTROY;

	return type < 64 && (mask >> type & 1) != 0;
}

/* Goroutines are all over memory: those of a block of events are looked up together, so that what
 * events find is in the cache when their turn comes. gos[i]: of event i; INDEX_NONE: look again. */
static void find_goroutines(const struct walk *walk, const struct wire_event *events, size_t count,
                            uint32_t *gos)
{
	uint64_t ids[BLOCK];
	uint32_t found[BLOCK];
	uint16_t whose[BLOCK];
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		gos[i] = INDEX_NONE;
		ids[n] = events[i].arg[0];
		whose[n] = (uint16_t)i;
		n += names_goroutine(events[i].type);
	}
	id_pages_find_all(&walk->go_of, ids, found, n);
	for (size_t i = 0; i < n; i++) {
		gos[whose[i]] = found[i];
		if (found[i] != INDEX_NONE)
			__builtin_prefetch(&walk->gos.items[found[i]], 1);
	}
}

static void walk_block(struct at *at, const struct wire_event *events, size_t count, uint64_t from)
{
	struct walk *walk = at->walk;
	uint32_t again = walk->again;
	uint32_t gos[BLOCK];

	find_goroutines(walk, events, count, gos);
	at->stream = &walk->streams.items[at->stream_index];
	for (size_t i = 0; i < count; i++) {
		uint64_t ref = from + events[i].offset;

		at->time = walk_time(walk, events[i].time_ns);
		at->ref = ref < REF_NONE ? (event_ref)ref : REF_NONE;
		at->arg = events[i].arg;
		at->go = again == walk->again ? gos[i] : INDEX_NONE; /* ids may have new lives */
		if (at->time > at->last)
			at->last = at->time;
		if (at->stream->first == TIME_NONE)
			at->stream->first = at->time;
		walk_event(at, events[i].type);
		if (events[i].type == WIRE_GO_STATUS || events[i].type == WIRE_GO_STATUS_STACK)
			at->stream = &walk->streams.items[at->stream_index]; /* may have moved */
	}
	at->stream->events += count;
	walk->events += count;
}

void walk_batch(struct walk *walk, const struct batch *batch, struct bytes payload,
                const struct clock *clock)
{
	struct wire_event events[BLOCK];
	struct wire_reader reader = {
		.in = payload, .clock = *clock, .time_ns = clock_ns(clock, batch->ticks),
	};
	struct at at = { .walk = walk, .stream_index = find_stream(walk, batch->m) };
	size_t count;

	walk->streams.items[at.stream_index].batches++;
	while ((count = wire_read(&reader, events, BLOCK)) > 0)
		walk_block(&at, events, count, batch->offset - walk->offset);
	at.stream = &walk->streams.items[at.stream_index];
	at.stream->last = at.last > at.stream->last ? at.last : at.stream->last;
	walk->last = at.last > walk->last ? at.last : walk->last;
	if (reader.fault != NULL)
		*array_push(&walk->lost) = (struct lost){ batch->offset + reader.at,
			                                  payload.len - reader.at, reader.fault };
}

void walk_floors(struct walk *walk, struct bytes payload, int64_t batch_ns,
                 const struct clock *clock)
{
	struct wire_event events[BLOCK];
	struct wire_reader reader = { .in = payload, .clock = *clock, .time_ns = batch_ns };
	size_t count;

	while ((count = wire_read(&reader, events, BLOCK)) > 0)
		for (size_t i = 0; i < count; i++) {
			uint32_t g = ID_NONE;

			if (events[i].type == WIRE_GO_STATUS || events[i].type == WIRE_GO_STATUS_STACK)
				g = id_pages_find(&walk->go_of, events[i].arg[0]);
			if (g != ID_NONE && events[i].time_ns > walk->base_ns)
				walk->gos.items[g].floor = walk_time(walk, events[i].time_ns);
		}
}



static uint64_t slot_key(uint32_t g, uint32_t seq)
{
	return (uint64_t)g << 32 | seq;
}

/* The life of an id that a wake-up belongs to: it lacks its number and has a run with the next; of
 * several the one that runs soonest after it (walk.md 4). INDEX_NONE: none of them. */
static uint32_t life_for(const struct walk *walk, const struct id_map *taken,
                         const struct wake *wake, uint32_t latest)
{
	uint32_t best = INDEX_NONE, g = latest;
	part_time soonest = TIME_NONE;

	for (int i = 0; i < LIVES_MAX && g != INDEX_NONE; i++) {
		uint32_t next = id_map_find(taken, slot_key(g, wake->seq + 1u));

		if (next != ID_NONE && id_map_find(taken, slot_key(g, wake->seq)) == ID_NONE) {
			part_time begin = walk->runs.items[next].begin;

			if (best == INDEX_NONE || (begin >= wake->time && begin < soonest)) {
				best = g;
				soonest = begin >= wake->time ? begin : TIME_NONE;
			}
		}
		g = walk->gos.items[g].earlier_life;
	}
	return best;
}

static void give_wakes_to_lives(struct walk *walk)
{
	struct id_map taken = { .budget = walk->budget };

	for (uint32_t i = 0; i < walk->runs.count; i++)
		if (walk->runs.items[i].g != INDEX_NONE)
			id_map_add(&taken, slot_key(walk->runs.items[i].g, walk->runs.items[i].seq), i);
	for (size_t i = 0; i < walk->wakes.count; i++) {
		struct wake *wake = &walk->wakes.items[i];
		uint32_t latest, g;

		if (wake->kind != WAKE_UNBLOCK)
			continue;
		latest = id_pages_find(&walk->go_of, walk->gos.items[wake->g].id);
		if (latest == INDEX_NONE || walk->gos.items[latest].earlier_life == INDEX_NONE)
			continue;
		g = life_for(walk, &taken, wake, latest);
		if (g == INDEX_NONE)
			continue;
		id_map_add(&taken, slot_key(g, wake->seq), 0);
		walk->gos.items[wake->g].count--;
		wake->g = g;
		count_slot(&walk->gos.items[g], wake->seq);
	}
	id_map_free(&taken);
}

void walk_end(struct walk *walk)
{
	struct at at = { .walk = walk };

	for (uint32_t s = 0; s < walk->streams.count; s++) {
		at.stream = &walk->streams.items[s];
		leave_assist(&at);
		leave_sweep(&at);
		if (at.stream->head_run == INDEX_NONE || at.stream->bound == INDEX_NONE)
			continue;
		/* a status written elsewhere tells who was in a syscall here */
		walk->runs.items[at.stream->head_run].g = at.stream->bound;
		walk->gos.items[at.stream->bound].head_run = at.stream->head_run;
		note_name(&at, at.stream->bound, 1, at.stream->head_stack);
	}
	if (walk->again > 0)
		give_wakes_to_lives(walk);
}
