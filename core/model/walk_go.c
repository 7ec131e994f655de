/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* What happens to goroutines: their runs, wake-ups and syscalls. */

/* The first change of state with a stack names the goroutine (Go: summary.go). */
void at_note_name(const struct at *at, uint32_t g, uint32_t seq, uint64_t stack)
{
	if (stack == 0 || stack > UINT32_MAX)
		return;
	if (g == INDEX_NONE) {
		if (at->stream->head_stack == 0)
			at->stream->head_stack = stack;
		return;
	}
	if (seq < at->walk->gos.items[g].name_seq && tables_names_root(&at->walk->tables, stack)) {
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
				.begin = TIME_NONE,
				.end = TIME_NONE,
				.lost = TIME_NONE,
				.ref = at->ref,
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
	at_leave_assist(at);
	at->stream->run = INDEX_NONE;
}
/* ---- events */

void at_go_create(const struct at *at, enum wake_kind kind)
{
	uint32_t g = walk_find_go(at->walk, at->arg[0]);
	struct local_go *go = &at->walk->gos.items[g];

	go->is_created = true;
	go->parent = current_go(at);
	add_wake(at, g, 0, kind);
	at_note_name(at, g, 0, at->arg[1]);
}

/* The id may have been used before: then this is another goroutine of that id. */
void at_go_create_syscall(const struct at *at)
{
	uint32_t g = walk_find_go(at->walk, at->arg[0]), earlier = g;

	if (at->walk->gos.items[g].is_told) {
		g = walk_add_go(at->walk, at->arg[0]);
		at->walk->gos.items[g].earlier_life = earlier;
		id_pages_set(&at->walk->go_of, at->arg[0], g);
		at->walk->again++;
	}
	at->walk->gos.items[g].is_created = true;
	open_run(at, g, 0, RUN_CREATE_SYSCALL);
	*array_push(&at->walk->syscalls) = (struct syscall){
		.begin = at->time,
		.end = TIME_NONE,
		.lost = TIME_NONE,
		.ref = at->ref,
	};
	at->stream->in_syscall = true;
	/* one that begins without a P is blocked from its start */
	if (at->stream->proc == PROC_NONE)
		at->walk->syscalls.items[at->walk->syscalls.count - 1].lost = at->time;
}

void at_go_start(const struct at *at)
{
	if (!is_slot(at, at->arg[1]))
		return;
	open_run(at, named_go(at), (uint32_t)at->arg[1], RUN_START);
}

void at_go_stop(const struct at *at, enum run_close close)
{
	struct run *run = need_run(at, false);

	if (run == NULL)
		return;
	run->reason = walk_find_reason(at->walk, at->arg[0]);
	at_note_name(at, run->g, run->seq, at->arg[1]);
	close_run(at, run, close);
}

void at_go_destroy(const struct at *at)
{
	struct run *run = need_run(at, false);

	if (run != NULL)
		close_run(at, run, RUN_DESTROY);
}

void at_go_unblock(const struct at *at)
{
	if (is_slot(at, at->arg[1]))
		add_wake(at, named_go(at), (uint32_t)at->arg[1], WAKE_UNBLOCK);
}

void at_go_switch(const struct at *at, enum run_close close)
{
	struct run *run = need_run(at, false);

	if (run != NULL)
		close_run(at, run, close);
	if (is_slot(at, at->arg[1]))
		open_run(at, named_go(at), (uint32_t)at->arg[1], RUN_SWITCH);
}

void at_go_syscall_begin(const struct at *at)
{
	struct run *run = need_run(at, false);
	uint32_t syscall = (uint32_t)at->walk->syscalls.count;

	if (run == NULL)
		return;
	at->walk->syscall_count++;
	at_note_name(at, run->g, run->seq, at->arg[1]);
	*array_push(&at->walk->syscalls) = (struct syscall){
		.begin = at->time,
		.end = TIME_NONE,
		.lost = TIME_NONE,
		.ref = at->ref,
	};
	at->stream->in_syscall = true;
	if (at->stream->proc == PROC_NONE || !is_slot(at, at->arg[0]))
		return;
	at->stream->tenure = at_add_tenure(at, at->stream->proc, at->arg[0], TENURE_SYSCALL);
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

void at_go_syscall_end(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);

	if (need_run(at, true) == NULL)
		return;
	end_syscall(at);
	if (tenure == NULL)
		return;
	tenure->returned = true;
	forget_tenure(at, tenure);
}

void at_go_syscall_end_blocked(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);
	struct run *run = need_run(at, true);

	if (run == NULL)
		return;
	end_syscall(at);
	close_run(at, run, RUN_SYSCALL_BLOCKED);
	if (tenure != NULL && is_syscall_tenure(tenure))
		at->stream->proc = PROC_NONE; /* this event says that it was stolen */
}

void at_go_destroy_syscall(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);
	struct run *run = need_run(at, true);

	if (run == NULL)
		return;
	end_syscall(at);
	close_run(at, run, RUN_SYSCALL_DESTROY);
	if (tenure != NULL)
		tenure->abandoned = at->time;
	at_leave_sweep(at);
	at->stream->proc = PROC_NONE;
}

/* In a syscall on this thread since before. */
static void status_syscall(const struct at *at, uint32_t g)
{
	struct tenure *tenure = at_own_tenure(at);

	open_run(at, g, 0, RUN_STATUS_SYSCALL);
	if (tenure != NULL && tenure->kind == TENURE_STATUS_SYSCALL)
		tenure->syscall = (uint32_t)at->walk->syscalls.count;
	*array_push(&at->walk->syscalls) = (struct syscall){
		.begin = TIME_NONE,
		.end = TIME_NONE,
		.lost = TIME_NONE,
		.ref = at->ref,
	};
	at->stream->in_syscall = true;
}

void at_go_status(const struct at *at, uint64_t stack)
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
		there = walk_find_stream(at->walk, at->arg[1]); /* moves streams */
		at->walk->streams.items[there].bound = g;
		if (at->walk->streams.items[there].first == TIME_NONE)
			at->walk->streams.items[there].first = at->walk->streams.items[there].last =
				at->time;
		break;
	case WIRE_GO_WAITING:
		add_wake(at, g, 0, WAKE_STATUS_WAITING);
		break;
	default:
		at->walk->dropped++;
	}
}

void at_go_label(const struct at *at)
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
