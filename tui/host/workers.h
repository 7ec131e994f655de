/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_WORKERS_H
#define TUI_HOST_WORKERS_H

#include "core/base/array.h"
#include "core/base/error.h"

/* Threads that run jobs, and the only place that knows threads. Jobs begin in the order in which
 *they were submitted and come back in the order in which they end. One thread - the one that
 *started them - calls what is here; the jobs themselves share nothing but what they bring.
 *
 *	workers = workers_start(&budget, 2, &err);
 *	workers_submit(workers, run, job);
 *	poll(workers_fd(workers)); while ((job = workers_take(workers)) != NULL) ...
 *	workers_stop(workers);
 *
 * With no threads the jobs run in workers_take, one a call: the loop steps them between two keys,
 *with the same result. */
struct workers;

typedef void worker_fn(void *job);

enum { WORKERS_MAX = 64 };

/* count threads, or as many as the system gives; they take no signals and have lowered priority.
 * NULL if there is no descriptor to wake the loop with. */
struct workers *workers_start(struct budget *budget, unsigned count, struct error *err);

/* Drops the jobs that have not begun, waits for those that have, and ends the threads. Dropped and
 * finished jobs stay the caller's. NULL is fine. */
void workers_stop(struct workers *workers);

/* job is not NULL, and is the caller's again when it is taken. */
void workers_submit(struct workers *workers, worker_fn *fn, void *job);

/* A job that has ended, or NULL. Does not wait. */
void *workers_take(struct workers *workers);

/* The same, but waits for one; NULL if none is left. */
void *workers_wait(struct workers *workers);

/* Becomes readable when there is something to take. */
int workers_fd(const struct workers *workers);

/* The threads there are. */
unsigned workers_count(const struct workers *workers);

/* Jobs submitted and not taken yet. */
size_t workers_pending(const struct workers *workers);

#endif
