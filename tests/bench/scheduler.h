/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_SCHEDULER_H
#define TESTS_BENCH_SCHEDULER_H

#include "tests/bench/program.h"
#include "tests/bench/queue.h"

/* The mechanism of Go's scheduler, as far as a trace shows it: goroutines, Ps and threads, what may
 * become of them, and the events and statuses that say so. Each P has a clock that says when it
 * acts next; what it then does, load.h decides. A function that happens at a time writes its events
 * at that time; events that begin something later may be written ahead. Source of the rules: Go:
 * internal/trace/order.go, runtime/traceruntime.go. */

#define NONE UINT32_MAX

/* As the format counts them. */
enum go_state { GO_GONE, GO_RUNNABLE, GO_RUNNING, GO_SYSCALL, GO_WAITING };
enum proc_state { PROC_NONE, PROC_RUNNING, PROC_IDLE, PROC_SYSCALL, PROC_ABANDONED };

enum { REGIONS_DEEP = 4 };

struct goroutine {
	uint64_t id;
	uint64_t sequence;
	uint64_t generation; /* in which its status was told last */
	uint64_t task;       /* or 0 */
	int64_t returns_ns;  /* its system call */
	int64_t left_ns;     /* when it left its P last */
	uint32_t next;       /* in a run queue */
	uint32_t thread;     /* in a system call */
	uint32_t peer_index; /* among those who wait for another goroutine, or NONE */
	uint8_t state, job;
	uint8_t call, path; /* its stack since it last left its P */
	uint32_t partner;   /* that it can switch to, or NONE */
	bool owns_task, assists;
	bool is_callback; /* from C: it ends in a system call */
	uint8_t depth, regions[REGIONS_DEEP];
};

struct run_queue {
	uint32_t first, last, count;
};

struct proc {
	uint32_t running; /* goroutine or NONE */
	uint32_t thread;
	uint32_t idle_index;
	uint32_t ticks;
	uint64_t sequence, generation;
	enum proc_state state;
	bool spinning; /* started to look for work */
	bool sweeps;   /* goes on beyond goroutines */
	struct run_queue queue;
};

struct cpu_sample {
	int64_t at_ns;
	uint64_t thread, proc, goroutine, stack;
};

struct scheduler {
	struct wire wire;
	struct clocks clocks; /* of the Ps */
	struct alarms alarms;

	struct goroutine *goroutines;
	struct proc *procs;
	struct stream *threads; /* 0 is the monitor's */
	struct stream nobody;   /* statuses at the end of a generation */
	uint32_t goroutine_count, proc_count, thread_count, thread_room;

	struct list idle;          /* Ps */
	struct list peers;         /* goroutines that wait for another */
	struct list gone;          /* free slots */
	struct list spare_threads; /* parked */
	struct run_queue global;   /* goroutines without a P */
	struct run_queue due;      /* waiting goroutines whose time or data has come */

	struct cpu_sample *samples;
	size_t sample_count, sample_room;

	int64_t world_starts_ns; /* nothing happens before, but on the P that stopped the world */
	uint32_t load;           /* goroutines running or runnable */
	uint32_t sleeping;       /* for whom an alarm is set */
	uint32_t spinning;
	uint32_t silent; /* goroutines whose status was not told in this generation */
	uint32_t in_syscall;
	uint64_t last_id, gc_sequence;
	bool gc_active, generation_news; /* of the generation, not told yet */
	bool small;                      /* tables */
	bool odd;
	struct list used_ids; /* of goroutines from C, which may come again */
	int64_t used_ns;      /* when the last of them is surely gone, by all clocks */
	int64_t skew_ns;
	uint64_t random;
	int64_t quantiles[256]; /* of the exponential distribution, in 1/1024 */
};

/* Ends with scheduler_free. */
void scheduler_init(struct scheduler *s, uint32_t procs, uint32_t goroutines, uint64_t seed,
                    int64_t skew_ns);
void scheduler_free(struct scheduler *s);

/* Below n; n is not 0. Xorshift with a multiplication. */
static inline uint32_t pick(struct scheduler *s, uint32_t n)
{
	s->random ^= s->random >> 12;
	s->random ^= s->random << 25;
	s->random ^= s->random >> 27;
	return (uint32_t)((s->random * 0x2545f4914f6cdd1du >> 32) * n >> 32);
}

/* Exponentially distributed, at least 1. */
static inline int64_t spread(struct scheduler *s, int64_t mean)
{
	return 1 + (mean * s->quantiles[pick(s, 256)] >> 10);
}

/* The stream of P's thread, after the status of P and its goroutine was told in this generation. */
struct stream *scheduler_context(struct scheduler *s, uint32_t proc, int64_t at_ns);

/* The same, but now and then without telling who is there: the first event of a thread in a
 * generation can do without, if it needs no sequence number. */
struct stream *scheduler_bare_context(struct scheduler *s, uint32_t proc, int64_t at_ns);

/* A stack of the goroutine that runs on P. */
uint64_t scheduler_stack(struct scheduler *s, uint32_t proc, enum call call);

/* ---- what the goroutine running on a P does */

void goroutine_create(struct scheduler *s, uint32_t proc, unsigned job, int64_t at_ns);
/* One that waits until it is switched to; returns it. */
uint32_t goroutine_create_blocked(struct scheduler *s, uint32_t proc, unsigned job, int64_t at_ns);
/* The other, which waits, runs instead; the one that ran waits or is no more. */
void goroutine_switch(struct scheduler *s, uint32_t proc, uint32_t other, bool destroys,
                      int64_t at_ns);
void goroutine_destroy(struct scheduler *s, uint32_t proc, int64_t at_ns);
void goroutine_yield(struct scheduler *s, uint32_t proc, enum text reason, int64_t at_ns);
/* ... and waits for the alarm at wakes_ns, or with NEVER for another goroutine. */
void goroutine_block(struct scheduler *s, uint32_t proc, enum text reason, enum call call,
                     int64_t at_ns, int64_t wakes_ns);
/* A waiting goroutine; proc may run none. It goes into P's queue. */
void goroutine_unblock(struct scheduler *s, uint32_t proc, uint32_t goroutine, int64_t at_ns);
/* ... or into none: P starts it next. */
void goroutine_make_runnable(struct scheduler *s, uint32_t proc, uint32_t goroutine, int64_t at_ns);
void goroutine_enter_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns, int64_t returns_ns);
void goroutine_leave_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns);
/* Enters one that is known to block: P is given up at once. */
void goroutine_enter_blocking_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns,
                                      int64_t returns_ns);

/* ---- Ps */

void goroutine_start(struct scheduler *s, uint32_t proc, uint32_t goroutine, int64_t at_ns);
/* The work P finds, or NONE: its own, the common, what is due, half of another P's. */
uint32_t proc_find_work(struct scheduler *s, uint32_t proc, int64_t at_ns);
void proc_stop(struct scheduler *s, uint32_t proc, int64_t at_ns);
/* By the thread of another P or the monitor: NONE. */
void proc_steal(struct scheduler *s, uint32_t proc, uint32_t by, int64_t at_ns);
/* A thread of C calls Go and, later, returns, with P in hand or after it lost it. */
void callback_begin(struct scheduler *s, unsigned job, int64_t at_ns, int64_t enters_ns);
void callback_end(struct scheduler *s, uint32_t proc, int64_t at_ns);
/* Lets an idle P look for work, unless one does. */
void scheduler_wake(struct scheduler *s, int64_t at_ns);
void scheduler_set_alarm(struct scheduler *s, enum alarm_kind kind, uint32_t goroutine,
                         int64_t at_ns);
void scheduler_ring(struct scheduler *s, struct alarm alarm, int64_t at_ns);

/* ---- the world */

/* Stops it from P's goroutine and says when that is done. */
int64_t world_stop(struct scheduler *s, uint32_t proc, enum text reason, int64_t at_ns);
void world_start(struct scheduler *s, uint32_t proc, int64_t at_ns);
void generation_begin(struct scheduler *s, int64_t at_ns);
/* What a generation's first running goroutine reports: GOMAXPROCS and whether a GC is on. */
void generation_report(struct scheduler *s, uint32_t proc, int64_t at_ns);
void generation_end(struct scheduler *s, int64_t at_ns);
void scheduler_sample(struct scheduler *s, uint32_t proc, int64_t at_ns);

/* ---- statuses */

void tell_goroutine(struct scheduler *s, struct stream *stream, uint32_t goroutine, int64_t at_ns);
void tell_proc(struct scheduler *s, struct stream *stream, uint32_t proc, enum proc_state state,
               int64_t at_ns);

/* Once a generation. */
static inline void announce_goroutine(struct scheduler *s, struct stream *stream,
                                      uint32_t goroutine, int64_t at_ns)
{
	if (s->goroutines[goroutine].generation != s->wire.generation)
		tell_goroutine(s, stream, goroutine, at_ns);
}

static inline void announce_proc(struct scheduler *s, struct stream *stream, uint32_t proc,
                                 int64_t at_ns)
{
	if (s->procs[proc].generation != s->wire.generation)
		tell_proc(s, stream, proc, s->procs[proc].state, at_ns);
}

/* ---- for the parts of the scheduler */

/* It is no more. */
void goroutine_forget(struct scheduler *s, uint32_t goroutine);

void queue_push(struct scheduler *s, struct run_queue *queue, uint32_t goroutine);
uint32_t queue_pop(struct scheduler *s, struct run_queue *queue);
void proc_start(struct scheduler *s, uint32_t proc, uint32_t thread, int64_t at_ns);
uint32_t thread_take(struct scheduler *s);
/* Gives an idle P a thread; a moment later it looks for work. */
void proc_look_for_work(struct scheduler *s, uint32_t proc, int64_t at_ns);
/* The goroutine that runs on P, which changes its state in this call. */
struct goroutine *goroutine_leave(struct scheduler *s, uint32_t proc, enum go_state state,
                                  enum call call);
/* The stack it left with. */
uint64_t goroutine_stack(const struct scheduler *s, const struct goroutine *goroutine);

#endif
