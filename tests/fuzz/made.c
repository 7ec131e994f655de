/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/made.h"

#include "core/trace/v2_wire.h"

#include <stdio.h>

enum {
	MS = 6,
	PS = 4,
	GS = 16,
	NONE = -1,
	CROWD = 260,
	FIRST_M = 100, /* ids */
	FIRST_CROWD_M = 1000,
	FIRST_CROWD_G = 100000,
	STRINGS = 4,
	STACKS = 2,
	REGIONS = 3,
	PAYLOAD = 400, /* small, so that there are many batches */
	RECORD = 60,
	SCRIPT_MAX = 4096,
	GENERATIONS_MAX = 6,
};

struct made_g {
	uint64_t id, seq;
	int m;         /* where it runs or is in a syscall */
	uint8_t state; /* enum wire_go_status; WIRE_GO_BAD: there is none */
	bool is_told, assists;
	uint64_t stop; /* what it has stopped the world for; 0 */
	int regions;
	uint8_t names[REGIONS];
};

struct made_p {
	uint64_t seq;
	int m;         /* who has it, or left it in a syscall */
	uint8_t state; /* enum wire_proc_status, but for abandoned */
	bool is_told, sweeps;
};

struct made_m {
	int p, g;
	uint64_t skew, last;
	size_t len;
	uint64_t base;
	uint8_t payload[PAYLOAD + 2 * RECORD];
};

/* What goes wrong with the next event. */
enum mischief { NO_MISCHIEF, OMITTED, DOUBLED, CHANGED, MADE_UP, CUT, MISCHIEFS };

struct maker {
	struct bytes script;
	byte_array *out;
	struct made made;
	bool is_crowded;
	uint64_t generation, now, next_g, next_task;
	uint64_t gc_seq;
	bool gc_is_on, gc_is_told;
	uint8_t mischief; /* enum mischief */
	struct made_m ms[MS];
	struct made_p ps[PS];
	struct made_g gs[GS];
	uint64_t tasks[4]; /* begun; 0: none */
};

static unsigned take(struct maker *k, unsigned below)
{
	unsigned value = 0;

	if (k->script.len > 0) {
		value = *k->script.data++;
		k->script.len--;
	}
	return value % below;
}

/* ---- bytes */

static uint8_t *put_number(uint8_t *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

/* As the runtime does: it leaves room for a length before it knows it. */
static uint8_t *put_length(uint8_t *to, uint64_t value)
{
	for (int i = 0; i < 9; i++, value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

static void write_bytes(struct maker *k, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*array_push(k->out) = data[i];
}

static void write_batch(struct maker *k, uint64_t m, uint64_t ticks, const uint8_t *payload,
                        size_t len)
{
	uint8_t head[64], *to = head;

	*to++ = WIRE_EVENT_BATCH;
	to = put_number(to, k->generation);
	to = put_number(to, m);
	to = put_number(to, ticks);
	to = put_length(to, len);
	write_bytes(k, head, (size_t)(to - head));
	write_bytes(k, payload, len);
}

static void flush(struct maker *k, int m)
{
	if (k->ms[m].len > 0)
		write_batch(k, FIRST_M + (uint64_t)m, k->ms[m].base, k->ms[m].payload,
		            k->ms[m].len);
	k->ms[m].len = 0;
}

static void put_record(struct maker *k, int m, uint8_t type, unsigned count, const uint64_t args[4])
{
	struct made_m *thread = &k->ms[m];
	uint64_t ticks = (++k->now + thread->skew) * MADE_TICKS + (uint64_t)m;
	uint8_t *to;

	if (ticks <= thread->last)
		ticks = thread->last + MADE_TICKS;
	if (thread->len > PAYLOAD)
		flush(k, m);
	if (thread->len == 0)
		thread->base = thread->last = ticks - 1;
	to = thread->payload + thread->len;
	*to++ = type;
	to = put_number(to, ticks - thread->last);
	for (unsigned i = 0; i < count; i++)
		to = put_number(to, args[i]);
	thread->last = ticks;
	thread->len = (size_t)(to - thread->payload);
	*array_push(&k->made.times_ns) = (int64_t)ticks;
}

/* An event of a thread; its arguments in the order of the format, no more than there are. */
static void put(struct maker *k, int m, uint8_t type, uint64_t a, uint64_t b, uint64_t c,
                uint64_t d)
{
	uint64_t args[4] = { a, b, c, d };
	unsigned count = wire_spec(type)->arg_count;
	uint8_t mischief = k->mischief;

	k->mischief = NO_MISCHIEF;
	if (mischief == OMITTED)
		return;
	if (mischief == CHANGED && count > 0)
		args[take(k, count)] += take(k, 2) == 0 ? 1 : UINT64_MAX;
	if (mischief == MADE_UP) {
		type = (uint8_t)take(k, 256);
		count = wire_timed_args[type] == 0 ? 0 : wire_timed_args[type] - 1u;
	}
	put_record(k, m, type, count, args);
	if (mischief == DOUBLED)
		put_record(k, m, type, count, args);
	if (mischief == CUT) {
		k->ms[m].len -= 1;
		flush(k, m);
	}
}

/* ---- statuses: told once in a generation, before anything else is of it */

static void tell_p(struct maker *k, int m, int p)
{
	struct made_p *proc = &k->ps[p];
	bool is_own = k->ms[m].p == p;

	if (proc->is_told)
		return;
	proc->is_told = true;
	proc->seq = 0;
	put(k, m, WIRE_PROC_STATUS, (uint64_t)p,
	    proc->state == WIRE_PROC_SYSCALL && !is_own ? WIRE_PROC_ABANDONED : proc->state, 0, 0);
	if (proc->sweeps)
		put(k, m, WIRE_GC_SWEEP_ACTIVE, (uint64_t)p, 0, 0, 0);
}

static void tell_g(struct maker *k, int m, int g)
{
	struct made_g *go = &k->gs[g];
	bool has_thread = go->state == WIRE_GO_RUNNING || go->state == WIRE_GO_SYSCALL;

	if (go->is_told)
		return;
	go->is_told = true;
	go->seq = 0;
	put(k, m, k->made.minor >= 23 && g % 2 == 0 ? WIRE_GO_STATUS_STACK : WIRE_GO_STATUS, go->id,
	    has_thread ? FIRST_M + (uint64_t)go->m : WIRE_NO_THREAD, go->state, 1);
	if (go->assists)
		put(k, m, WIRE_GC_MARK_ASSIST_ACTIVE, go->id, 0, 0, 0);
}

static void tell_own(struct maker *k, int m)
{
	if (k->ms[m].p != NONE)
		tell_p(k, m, k->ms[m].p);
	if (k->ms[m].g != NONE)
		tell_g(k, m, k->ms[m].g);
	if (k->gc_is_on && !k->gc_is_told && k->ms[m].p != NONE && k->ms[m].g != NONE &&
	    k->gs[k->ms[m].g].state == WIRE_GO_RUNNING) {
		k->gc_is_told = true;
		put(k, m, WIRE_GC_ACTIVE, ++k->gc_seq, 0, 0, 0);
	}
}

static void say(struct maker *k, int m, uint8_t type, uint64_t a, uint64_t b, uint64_t c,
                uint64_t d)
{
	tell_own(k, m);
	put(k, m, type, a, b, c, d);
}

/* Something that names another goroutine; its number is the next. */
static void say_of(struct maker *k, int m, uint8_t type, int g)
{
	tell_own(k, m);
	tell_g(k, m, g);
	put(k, m, type, k->gs[g].id, ++k->gs[g].seq, 1, 0);
}

/* ---- who is in a state; NONE */

static int pick_g(struct maker *k, uint8_t state)
{
	unsigned first = take(k, GS);

	for (unsigned i = 0; i < GS; i++)
		if (k->gs[(first + i) % GS].state == state)
			return (int)((first + i) % GS);
	return NONE;
}

static int pick_p(struct maker *k, uint8_t state)
{
	unsigned first = take(k, PS);

	for (unsigned i = 0; i < PS; i++)
		if (k->ps[(first + i) % PS].state == state)
			return (int)((first + i) % PS);
	return NONE;
}

static void set_go(struct maker *k, int g, uint8_t state, int m)
{
	k->gs[g].state = state;
	k->gs[g].m = m;
	if (m != NONE)
		k->ms[m].g = g;
}

static int new_go(struct maker *k, uint8_t state, int m)
{
	int g = pick_g(k, WIRE_GO_BAD);

	if (g != NONE) {
		k->gs[g] = (struct made_g){ .id = k->next_g++, .is_told = true };
		set_go(k, g, state, m);
	}
	return g;
}

/* ---- what a thread may do: with nothing, with a P, with a goroutine, in a syscall */

typedef void act(struct maker *k, int m);

static void start_proc(struct maker *k, int m)
{
	int p = pick_p(k, WIRE_PROC_IDLE);

	if (p == NONE)
		return;
	tell_own(k, m);
	tell_p(k, m, p);
	put(k, m, WIRE_PROC_START, (uint64_t)p, ++k->ps[p].seq, 0, 0);
	k->ps[p].state = WIRE_PROC_RUNNING;
	k->ps[p].m = m;
	k->ms[m].p = p;
}

static void stop_proc(struct maker *k, int m)
{
	say(k, m, WIRE_PROC_STOP, 0, 0, 0, 0);
	k->ps[k->ms[m].p].state = WIRE_PROC_IDLE;
	k->ms[m].p = NONE;
}

static void steal(struct maker *k, int m, int p)
{
	int victim = k->ps[p].m;

	tell_own(k, m);
	tell_p(k, m, p);
	/* no number says when; where clocks differ, Go's reader may have it too late */
	if (k->made.is_exact && k->ms[victim].g != NONE &&
	    k->gs[k->ms[victim].g].state == WIRE_GO_SYSCALL && take(k, 2) == 1)
		tell_g(k, m, k->ms[victim].g);
	put(k, m, WIRE_PROC_STEAL, (uint64_t)p, ++k->ps[p].seq, FIRST_M + (uint64_t)victim, 0);
	k->ps[p].state = WIRE_PROC_IDLE;
	if (k->ms[victim].p == p)
		k->ms[victim].p = NONE;
}

static void steal_proc(struct maker *k, int m)
{
	int p = pick_p(k, WIRE_PROC_SYSCALL);

	if (p != NONE)
		steal(k, m, p);
}

/* A thread that can't go on with its P gives it up so. */
static void steal_own(struct maker *k, int m)
{
	if (k->ms[m].p != NONE)
		steal(k, m, k->ms[m].p);
}

static void start_go(struct maker *k, int m)
{
	int g = pick_g(k, WIRE_GO_RUNNABLE);

	if (g == NONE)
		return;
	say_of(k, m, WIRE_GO_START, g);
	set_go(k, g, WIRE_GO_RUNNING, m);
}

static void create(struct maker *k, int m)
{
	bool blocked = k->made.minor >= 23 && take(k, 4) == 0;
	int g = new_go(k, blocked ? WIRE_GO_WAITING : WIRE_GO_RUNNABLE, NONE);

	if (g != NONE)
		say(k, m, blocked ? WIRE_GO_CREATE_BLOCKED : WIRE_GO_CREATE, k->gs[g].id, 1, 2, 0);
}

/* C code calls Go. */
static void create_syscall(struct maker *k, int m)
{
	int g = new_go(k, WIRE_GO_SYSCALL, m);

	if (g == NONE)
		return;
	if (k->ms[m].p != NONE)
		tell_p(k, m, k->ms[m].p);
	put(k, m, WIRE_GO_CREATE_SYSCALL, k->gs[g].id, 0, 0, 0);
}

static void unblock(struct maker *k, int m)
{
	int g = pick_g(k, WIRE_GO_WAITING);

	if (g == NONE)
		return;
	say_of(k, m, WIRE_GO_UNBLOCK, g);
	set_go(k, g, WIRE_GO_RUNNABLE, NONE);
}

static void leave(struct maker *k, int m, uint8_t type, uint8_t state, uint64_t reason)
{
	say(k, m, type, reason, 1, 0, 0);
	set_go(k, k->ms[m].g, state, NONE);
	k->ms[m].g = NONE;
}

static void stop(struct maker *k, int m)
{
	leave(k, m, WIRE_GO_STOP, WIRE_GO_RUNNABLE, 1);
}

static void block(struct maker *k, int m)
{
	leave(k, m, WIRE_GO_BLOCK, WIRE_GO_WAITING, 2);
}

static void destroy(struct maker *k, int m)
{
	leave(k, m, WIRE_GO_DESTROY, WIRE_GO_BAD, 0);
}

static void go_switch(struct maker *k, int m)
{
	int g = pick_g(k, WIRE_GO_WAITING), old = k->ms[m].g;
	bool dies = take(k, 2) == 1;

	if (g == NONE || k->made.minor < 23)
		return;
	say_of(k, m, dies ? WIRE_GO_SWITCH_DESTROY : WIRE_GO_SWITCH, g);
	set_go(k, old, dies ? WIRE_GO_BAD : WIRE_GO_WAITING, NONE);
	set_go(k, g, WIRE_GO_RUNNING, m);
}

static void syscall_begin(struct maker *k, int m)
{
	tell_own(k, m);
	put(k, m, WIRE_GO_SYSCALL_BEGIN, ++k->ps[k->ms[m].p].seq, 1, 0, 0);
	k->ps[k->ms[m].p].state = WIRE_PROC_SYSCALL;
	k->gs[k->ms[m].g].state = WIRE_GO_SYSCALL;
}

static void syscall_end(struct maker *k, int m)
{
	struct made_m *thread = &k->ms[m];

	if (thread->p != NONE) {
		say(k, m, WIRE_GO_SYSCALL_END, 0, 0, 0, 0);
		k->ps[thread->p].state = WIRE_PROC_RUNNING;
		k->gs[thread->g].state = WIRE_GO_RUNNING;
		return;
	}
	say(k, m, WIRE_GO_SYSCALL_END_BLOCKED, 0, 0, 0, 0);
	set_go(k, thread->g, WIRE_GO_RUNNABLE, NONE);
	thread->g = NONE;
}

/* Back from C: its P, if it is still in the syscall, is left there. */
static void destroy_syscall(struct maker *k, int m)
{
	say(k, m, WIRE_GO_DESTROY_SYSCALL, 0, 0, 0, 0);
	set_go(k, k->ms[m].g, WIRE_GO_BAD, NONE);
	k->ms[m].g = k->ms[m].p = NONE;
}

/* ---- ranges, annotations, numbers */

static void world(struct maker *k, int m)
{
	struct made_g *go = &k->gs[k->ms[m].g];

	if (go->stop != 0) {
		say(k, m, WIRE_STW_END, 0, 0, 0, 0);
		go->stop = 0;
	} else {
		go->stop = 1 + take(k, STRINGS);
		say(k, m, WIRE_STW_BEGIN, go->stop, 1, 0, 0);
	}
}

static void assist(struct maker *k, int m)
{
	struct made_g *go = &k->gs[k->ms[m].g];

	say(k, m, go->assists ? WIRE_GC_MARK_ASSIST_END : WIRE_GC_MARK_ASSIST_BEGIN, 1, 0, 0, 0);
	go->assists = !go->assists;
}

static void sweep(struct maker *k, int m)
{
	struct made_p *proc = &k->ps[k->ms[m].p];

	say(k, m, proc->sweeps ? WIRE_GC_SWEEP_END : WIRE_GC_SWEEP_BEGIN, 1, 1, 0, 0);
	proc->sweeps = !proc->sweeps;
}

static void collect(struct maker *k, int m)
{
	tell_own(k, m);
	put(k, m, k->gc_is_on ? WIRE_GC_END : WIRE_GC_BEGIN, ++k->gc_seq, 1, 0, 0);
	k->gc_is_on = !k->gc_is_on;
	k->gc_is_told = true;
}

static void task(struct maker *k, int m)
{
	uint64_t *place = &k->tasks[take(k, sizeof(k->tasks) / sizeof(k->tasks[0]))];

	if (*place != 0) {
		say(k, m, WIRE_USER_TASK_END, *place, 1, 0, 0);
		*place = 0;
	} else {
		*place = k->next_task++;
		say(k, m, WIRE_USER_TASK_BEGIN, *place, *place - 1, 1 + take(k, STRINGS), 1);
	}
}

static void region(struct maker *k, int m)
{
	struct made_g *go = &k->gs[k->ms[m].g];

	if (go->regions == REGIONS || (go->regions > 0 && take(k, 2) == 1)) {
		say(k, m, WIRE_USER_REGION_END, 1, go->names[--go->regions], 1, 0);
	} else {
		go->names[go->regions] = (uint8_t)(1 + take(k, STRINGS));
		say(k, m, WIRE_USER_REGION_BEGIN, 1, go->names[go->regions++], 1, 0);
	}
}

static void note(struct maker *k, int m)
{
	static const uint8_t types[] = { WIRE_HEAP_ALLOC, WIRE_HEAP_GOAL, WIRE_GO_LABEL,
		                         WIRE_PROCS_CHANGE, WIRE_USER_LOG };

	say(k, m, types[take(k, sizeof(types))], 1 + take(k, STRINGS), 1, 1, 1);
}

static void heap(struct maker *k, int m)
{
	say(k, m, WIRE_HEAP_ALLOC, take(k, 256), 0, 0, 0);
}

/* ---- generations */

static void write_clock(struct maker *k)
{
	uint8_t payload[64], *to = payload;

	if (k->made.minor >= 25)
		*to++ = WIRE_SYNC;
	*to++ = WIRE_FREQUENCY;
	to = put_number(to, 1000000000);
	if (k->made.minor >= 25) {
		*to++ = WIRE_CLOCK_SNAPSHOT;
		to = put_number(put_number(to, 1), k->now);
		to = put_number(put_number(to, 1700000000), k->now);
	}
	write_batch(k, WIRE_NO_THREAD, k->now * MADE_TICKS + 1, payload, (size_t)(to - payload));
}

static void write_tables(struct maker *k)
{
	uint8_t payload[256], *to = payload;

	*to++ = WIRE_STRINGS;
	for (uint8_t id = 1; id <= STRINGS; id++) {
		*to++ = WIRE_STRING;
		to = put_number(put_number(to, id), 1);
		*to++ = (uint8_t)('a' + id);
	}
	write_batch(k, WIRE_NO_THREAD, k->now * MADE_TICKS + 1, payload, (size_t)(to - payload));
	to = payload;
	*to++ = WIRE_STACKS;
	for (uint8_t id = 1; id <= STACKS; id++) {
		*to++ = WIRE_STACK;
		to = put_number(put_number(to, id), 1);
		to = put_number(put_number(put_number(put_number(to, id), 1), 2), 3);
	}
	write_batch(k, WIRE_NO_THREAD, k->now * MADE_TICKS + 1, payload, (size_t)(to - payload));
	to = payload;
	*to++ = WIRE_CPU_SAMPLES;
	*to++ = WIRE_CPU_SAMPLE;
	to = put_number(put_number(to, k->now * MADE_TICKS), FIRST_M);
	to = put_number(put_number(put_number(to, 0), 1), 1);
	write_batch(k, WIRE_NO_THREAD, k->now * MADE_TICKS + 1, payload, (size_t)(to - payload));
}

/* Many threads that say one word each, of goroutines that nobody else knows. */
static void write_crowd(struct maker *k)
{
	for (uint64_t i = 0; i < CROWD; i++) {
		uint8_t payload[64], *to = payload;
		uint64_t ticks = k->now * MADE_TICKS + MADE_CROWD_TICK;

		*to++ = WIRE_GO_STATUS;
		to = put_number(put_number(to, 1), FIRST_CROWD_G + i);
		to = put_number(put_number(to, WIRE_NO_THREAD), WIRE_GO_WAITING);
		write_batch(k, FIRST_CROWD_M + i, ticks - 1, payload, (size_t)(to - payload));
		k->made.crowd++;
	}
}

static bool is_in_syscall(const struct maker *k, int m)
{
	return k->ms[m].g != NONE && k->gs[k->ms[m].g].state == WIRE_GO_SYSCALL;
}

/* Some thread that is in none. */
static int take_teller(struct maker *k)
{
	int teller = (int)take(k, MS);

	for (int i = 0; i < MS && is_in_syscall(k, teller); i++)
		teller = (teller + 1) % MS;
	return teller;
}

static void begin_generation(struct maker *k)
{
	k->generation++;
	for (int p = 0; p < PS; p++)
		k->ps[p].is_told = false;
	for (int g = 0; g < GS; g++)
		k->gs[g].is_told = false;
	k->gc_is_told = false;
	if (k->made.minor >= 25)
		write_clock(k);
	if (k->is_crowded)
		write_crowd(k);
	for (int p = 0; p < PS && k->generation > 1; p++)
		if (k->ps[p].state == WIRE_PROC_SYSCALL)
			steal(k, take_teller(k), p); /* as the runtime does, to have it told */
}

/* No goroutine is first heard of in the next one. Those in syscalls say nothing themselves. */
static void tell_all(struct maker *k)
{
	int teller = take_teller(k);

	for (int g = 0; g < GS; g++)
		if (k->gs[g].state == WIRE_GO_RUNNING)
			tell_own(k, k->gs[g].m);
		else if (k->gs[g].state != WIRE_GO_BAD)
			tell_g(k, teller, g);
}

static void end_generation(struct maker *k)
{
	tell_all(k);
	for (int m = 0; m < MS; m++)
		flush(k, m);
	if (k->made.minor < 25)
		write_clock(k);
	write_tables(k);
	if (k->made.minor >= 26)
		*array_push(k->out) = WIRE_END_OF_GENERATION;
}

/* ---- what the bytes say */

static bool is_stopped(const struct maker *k)
{
	for (int g = 0; g < GS; g++)
		if (k->gs[g].stop != 0)
			return true;
	return false;
}

static void other(struct maker *k, int m)
{
	unsigned what = take(k, 8);

	if (what == 0 && k->generation < GENERATIONS_MAX && !is_stopped(k)) {
		end_generation(k);
		begin_generation(k);
	} else if (what < 3) {
		flush(k, m);
	} else if (!k->made.is_exact) {
		k->ms[m].skew = take(k, 64);
	} else {
		k->now += take(k, 64);
	}
	if (!k->made.is_honest && what == 7)
		k->mischief = (uint8_t)take(k, MISCHIEFS);
}

/* Inside of a stop, a sweep or an assist the runtime does little else. False: the thread is in
 * none.
 */
static bool act_inside(struct maker *k, int m)
{
	static act *const stopping[] = { world, world, collect, heap };
	static act *const sweeping[] = { sweep, sweep, heap };
	static act *const assisting[] = { assist, assist, block, stop, sweep, unblock, heap };
	const struct made_m *thread = &k->ms[m];

	if (thread->p == NONE || !k->made.is_honest)
		return false;
	if (k->ps[thread->p].sweeps)
		sweeping[take(k, 3)](k, m);
	else if (thread->g != NONE && k->gs[thread->g].stop != 0)
		stopping[take(k, 4)](k, m);
	else if (thread->g != NONE && k->gs[thread->g].assists)
		assisting[take(k, 7)](k, m);
	else
		return false;
	return true;
}

static void act_once(struct maker *k)
{
	static act *const with_nothing[] = { start_proc, start_proc, steal_proc, unblock,
		                             create_syscall };
	static act *const with_proc[] = { start_go, start_go,   stop_proc, create,
		                          unblock,  steal_proc, sweep,     heap };
	static act *const running[] = { stop,          block,         destroy, go_switch,
		                        syscall_begin, syscall_begin, create,  unblock,
		                        world,         assist,        sweep,   collect,
		                        task,          region,        note,    steal_proc };
	static act *const in_syscall[] = { syscall_end, syscall_end, destroy_syscall, steal_own };
	unsigned who = take(k, 256);
	int m = (int)(who % MS);
	const struct made_m *thread = &k->ms[m];

	if (who >= 240)
		other(k, m);
	else if (is_in_syscall(k, m))
		in_syscall[take(k, 4)](k, m);
	else if (act_inside(k, m))
		return;
	else if (thread->g != NONE)
		running[take(k, 16)](k, m);
	else if (thread->p != NONE)
		with_proc[take(k, 8)](k, m);
	else
		with_nothing[take(k, 5)](k, m);
}

/* What is so when the trace begins: some threads are at work, or in syscalls, without their Ps, as
 * the world was stopped. */
static void begin(struct maker *k)
{
	for (int m = 0; m < MS; m++)
		k->ms[m].p = k->ms[m].g = NONE;
	for (int p = 0; p < PS; p++)
		k->ps[p] = (struct made_p){ .m = NONE, .state = WIRE_PROC_IDLE };
	for (int g = 0; g < GS; g++)
		k->gs[g] = (struct made_g){ .m = NONE };
	for (int i = 0; i < PS; i++) {
		unsigned what = take(k, 8);

		k->gs[i].id = k->next_g++;
		k->gs[i].assists = what == 7;
		if (what < 5) {
			set_go(k, i, what < 4 ? WIRE_GO_WAITING : WIRE_GO_SYSCALL,
			       what < 4 ? NONE : i);
			continue;
		}
		set_go(k, i, WIRE_GO_RUNNING, i);
		k->ms[i].p = k->ps[i].m = i;
		k->ps[i].sweeps = what == 6;
		k->ps[i].state = WIRE_PROC_RUNNING;
	}
	begin_generation(k);
	/* whoever speaks of it first is believed: where clocks differ, that has to be the first */
	k->gc_is_on = k->gc_is_told = !k->made.is_exact || take(k, 4) == 0;
	if (k->gc_is_on)
		put(k, MS - 1, WIRE_GC_ACTIVE, ++k->gc_seq, 0, 0, 0);
}

struct made made_trace(struct bytes script, bool is_crowded, byte_array *out)
{
	static const unsigned minors[] = { 22, 23, 25, 26 };
	struct maker k = { .script = script,
		           .out = out,
		           .is_crowded = is_crowded,
		           .now = 1000,
		           .next_g = 1,
		           .next_task = 1 };
	char head[17] = "";
	unsigned how;

	if (script.len > SCRIPT_MAX)
		k.script.len = SCRIPT_MAX;
	how = take(&k, 64);
	k.made = (struct made){ .minor = minors[how % 4],
		                .is_exact = (how & 4) != 0,
		                .is_honest = (how & 8) != 0,
		                .may_be_crowded = (how & 16) != 0,
		                .is_impatient = (how & 32) != 0,
		                .times_ns = { .budget = out->budget } };
	snprintf(head, sizeof(head), "go 1.%u trace", k.made.minor);
	write_bytes(&k, (const uint8_t *)head, 16);
	begin(&k);
	while (k.script.len > 0)
		act_once(&k);
	end_generation(&k);
	return k.made;
}

void made_free(struct made *made)
{
	array_free(&made->times_ns);
}
