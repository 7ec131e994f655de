/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_WORKERS_H
#define TUI_HOST_WORKERS_H

#include "core/base/array.h"
#include "core/base/error.h"

/* Threads that run jobs, and the only place that knows threads. Jobs begin in the order in which
 * they were submitted and come back in the order in which they end. One thread - the one that
 * started them - calls what is here; the jobs themselves share nothing but what they bring.
 *
 *	workers = workers_start(&budget, 2, &err);
 *	workers_submit(workers, &work, job);
 *	poll(workers_fd(workers)); while ((job = workers_take(workers)) != NULL) ...
 *	workers_stop(workers);
 *
 * With no threads the jobs run in workers_take, one a call: the loop steps them between two keys,
 * with the same result. */
struct workers;

/* How a job is done: piece after piece, by the thread that began it, its owner, and by threads that
 * have nothing else to do, its helpers. A piece is claimed, done and settled by one thread; several
 * may do pieces at once, but only one claims or settles. */
enum worker_hand {
	WORKER_ALONE, /* the owner, and nobody is free to help */
	WORKER_OWNER,
	WORKER_HELPER,
};

enum {
	WORKER_OVER = 0,     /* no piece, to owners: all is done */
	WORKER_NOTHING = -1, /* nor to helpers for now; to owners while a helper is at work */
};

struct work {
	int (*claim)(void *job, enum worker_hand hand); /* a piece; WORKER_OVER: to owners */
	void (*work)(void *job, int piece);
	bool (*settle)(void *job, int piece); /* whether a helper has something to do now */
};

enum { WORKERS_MAX = 64 };

/* count threads, or as many as the system gives; they take no signals and have lowered priority.
 * NULL if there is no descriptor to wake the loop with. */
struct workers *workers_start(struct budget *budget, unsigned count, struct error *err);

/* Drops the jobs that have not begun, waits for those that have, and ends the threads. Dropped and
 * finished jobs stay the caller's. NULL is fine. */
void workers_stop(struct workers *workers);

/* job is not NULL, and is the caller's again when it is taken. */
void workers_submit(struct workers *workers, const struct work *work, void *job);

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
