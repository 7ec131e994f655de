/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include "tests/bench/load_run.h"
#include "tests/bench/scheduler.h"

/* What the program does on the scheduler: which goroutine computes, blocks, wakes another, calls
 * the system, allocates; when the collector runs. It keeps itself at a chosen load: dense keeps all
 * Ps busy with an event every few microseconds, sparse a third of them, with long pauses. */

struct gc {
	int64_t ends_ns; /* marking */
	uint64_t heap, goal;
	uint32_t wanted, working; /* dedicated workers */
	uint32_t sweeps;          /* left to do */
};

struct load {
	const struct load_options *options;
	struct scheduler s;
	uint8_t actions[256];
	uint32_t target; /* goroutines running or runnable */
	int64_t step_ns, sleep_ns, mark_ns, sample_ns, stats_ns;
	int64_t now_ns, next_sample_ns, next_stats_ns;
	uint64_t live; /* heap after a GC */
	uint32_t steps;
	uint64_t last_task;
	struct gc gc;
};

/* ---- for the parts of the load: all begin with what the goroutine on P does, and set P's clock */

/* When P acts next. */
static inline void go_on(struct load *l, uint32_t proc, int64_t at_ns)
{
	clocks_set(&l->s.clocks, proc, at_ns);
}

static inline struct goroutine *running(struct load *l, uint32_t proc)
{
	return &l->s.goroutines[l->s.procs[proc].running];
}

static inline uint64_t text(struct load *l, unsigned number)
{
	return program_string(l->s.wire.generation, number);
}

/* Something that is seldom: true if it was done. */
bool odd_act(struct load *l, uint32_t proc, int64_t at_ns);

/* Closes what a goroutine began, before it ends. */
void close_regions(struct load *l, uint32_t proc, int64_t at_ns);

/* Nobody would be left to wake the others. */
bool is_last_awake(const struct load *l);

static inline uint32_t jobs(const struct load *l)
{
	return l->options->small ? SMALL_JOBS : JOBS;
}

/* The heap grows; that may begin a GC, or during one be a mark assist, or after one sweep. */
void collector_allocate(struct load *l, uint32_t proc, int64_t at_ns);
/* Starts P's worker, if the GC wants one more. */
bool collector_work(struct load *l, uint32_t proc, int64_t at_ns);
/* The last worker to end ends the GC. */
void collector_worker_done(struct load *l, uint32_t proc, int64_t at_ns);

#endif
