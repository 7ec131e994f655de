/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/workers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tui/host/limits.h"

struct task {
	const struct work *work;
	void *job; /* NULL: none */
};

struct workers {
	struct budget *budget;
	unsigned count;
	int wake_fd;
	size_t pending; /* submitted and not taken; the owner's alone */
	pthread_t threads[WORKERS_MAX];

	pthread_mutex_t lock;             /* of all below, and of claiming and settling pieces */
	pthread_cond_t work;              /* there is some, or is_stopping */
	pthread_cond_t pieces;            /* a helper has settled one */
	pthread_cond_t done;              /* a job has ended */
	unsigned idle;                    /* threads that wait for work */
	unsigned waiting;                 /* owners that wait for what helpers do */
	unsigned begun;                   /* threads */
	struct task running[WORKERS_MAX]; /* by their owners */
	ARRAY(struct task) queue;
	size_t next; /* of the queue, to begin */
	ARRAY(void *) ended;
	bool is_stopping;
};

/* The owner sleeps in poll; the count does not matter. */
static void wake(const struct workers *workers)
{
	uint64_t one = 1;

	while (write(workers->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void quiet(const struct workers *workers)
{
	uint64_t count;

	while (read(workers->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

/* Under the lock. */
static bool take_task(struct workers *workers, struct task *task)
{
	if (workers->next == workers->queue.count)
		return false;
	*task = workers->queue.items[workers->next++];
	if (workers->next == workers->queue.count) {
		array_clear(&workers->queue);
		workers->next = 0;
	}
	return true;
}

/* Under the lock. The first one to take rings the bell. */
static void add_ended(struct workers *workers, void *job)
{
	*array_push(&workers->ended) = job;
	if (workers->ended.count == 1)
		wake(workers);
	pthread_cond_signal(&workers->done);
}

/* Under the lock. In the order in which they ended. */
static void *take_ended(struct workers *workers)
{
	void *job;

	if (workers->ended.count == 0)
		return NULL;
	job = workers->ended.items[0];
	workers->ended.count--;
	memmove(workers->ended.items, workers->ended.items + 1,
	        workers->ended.count * sizeof(*workers->ended.items));
	if (workers->ended.count == 0)
		quiet(workers);
	workers->pending--;
	return job;
}

/* Under the lock, but for the work itself. Wakes who waits for what comes of it. */
static void do_piece(struct workers *workers, struct task task, int piece, bool is_owner)
{
	bool helps;

	pthread_mutex_unlock(&workers->lock);
	task.work->work(task.job, piece);
	pthread_mutex_lock(&workers->lock);
	helps = task.work->settle(task.job, piece);
	if (is_owner && helps && workers->idle > 0)
		pthread_cond_signal(&workers->work);
	else if (!is_owner && workers->waiting > 0)
		pthread_cond_broadcast(&workers->pieces);
}

/* Under the lock: all of a job, but for what helpers do of it. */
static void own(struct workers *workers, struct task task)
{
	int piece;

	while ((piece = task.work->claim(task.job,
	                                 workers->idle > 0 ? WORKER_OWNER : WORKER_ALONE)) !=
	       WORKER_OVER) {
		if (piece != WORKER_NOTHING) {
			do_piece(workers, task, piece, true);
			continue;
		}
		workers->waiting++;
		pthread_cond_wait(&workers->pieces, &workers->lock);
		workers->waiting--;
	}
}

/* Under the lock: a piece of somebody's job, if there is one for a helper. */
static bool help(struct workers *workers)
{
	for (unsigned i = 0; i < workers->begun; i++) {
		struct task task = workers->running[i];
		int piece = task.job == NULL ? WORKER_NOTHING
		                             : task.work->claim(task.job, WORKER_HELPER);

		if (piece == WORKER_NOTHING)
			continue;
		do_piece(workers, task, piece, false);
		return true;
	}
	return false;
}

/* A job of one's own comes before others'. */
static void *run(void *argument)
{
	struct workers *workers = argument;
	struct task *mine;

	limits_be_nice();
	pthread_mutex_lock(&workers->lock);
	mine = &workers->running[workers->begun++];
	while (!workers->is_stopping) {
		if (take_task(workers, mine)) {
			void *job = mine->job;

			own(workers, *mine);
			mine->job = NULL;
			add_ended(workers, job);
		} else if (!help(workers)) {
			workers->idle++;
			pthread_cond_wait(&workers->work, &workers->lock);
			workers->idle--;
		}
	}
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

/* Threads inherit the mask: all signals go to the thread that draws. */
static void start_threads(struct workers *workers, unsigned count)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (workers->count < count && workers->count < WORKERS_MAX &&
	       pthread_create(&workers->threads[workers->count], NULL, run, workers) == 0)
		workers->count++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct workers *workers_start(struct budget *budget, unsigned count, struct error *err)
{
	struct workers *workers;
	int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (wake_fd < 0) {
		error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s", strerror(errno));
		return NULL;
	}
	workers = budget_resize(budget, NULL, 0, sizeof(*workers));
	*workers = (struct workers){ .budget = budget, .wake_fd = wake_fd };
	workers->queue.budget = workers->ended.budget = budget;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_cond_init(&workers->work, NULL);
	pthread_cond_init(&workers->pieces, NULL);
	pthread_cond_init(&workers->done, NULL);
	start_threads(workers, count);
	return workers;
}

void workers_stop(struct workers *workers)
{
	if (workers == NULL)
		return;
	pthread_mutex_lock(&workers->lock);
	workers->is_stopping = true;
	pthread_cond_broadcast(&workers->work);
	pthread_mutex_unlock(&workers->lock);
	for (unsigned i = 0; i < workers->count; i++)
		pthread_join(workers->threads[i], NULL);
	pthread_cond_destroy(&workers->done);
	pthread_cond_destroy(&workers->pieces);
	pthread_cond_destroy(&workers->work);
	pthread_mutex_destroy(&workers->lock);
	close(workers->wake_fd);
	array_free(&workers->queue);
	array_free(&workers->ended);
	budget_resize(workers->budget, workers, sizeof(*workers), 0);
}

void workers_submit(struct workers *workers, const struct work *work, void *job)
{
	pthread_mutex_lock(&workers->lock);
	*array_push(&workers->queue) = (struct task){ work, job };
	workers->pending++;
	if (workers->count == 0)
		wake(workers); /* whoever takes does the work */
	else
		pthread_cond_signal(&workers->work);
	pthread_mutex_unlock(&workers->lock);
}

/* Without threads: runs the next job here. */
static void *step(struct workers *workers)
{
	struct task task;
	int piece;

	if (!take_task(workers, &task))
		return NULL;
	if (workers->queue.count == 0)
		quiet(workers);
	while ((piece = task.work->claim(task.job, WORKER_ALONE)) != WORKER_OVER) {
		task.work->work(task.job, piece);
		task.work->settle(task.job, piece);
	}
	workers->pending--;
	return task.job;
}

void *workers_take(struct workers *workers)
{
	void *job;

	if (workers->count == 0)
		return step(workers);
	pthread_mutex_lock(&workers->lock);
	job = take_ended(workers);
	pthread_mutex_unlock(&workers->lock);
	return job;
}

void *workers_wait(struct workers *workers)
{
	void *job;

	if (workers->count == 0)
		return step(workers);
	if (workers->pending == 0)
		return NULL;
	pthread_mutex_lock(&workers->lock);
	while ((job = take_ended(workers)) == NULL)
		pthread_cond_wait(&workers->done, &workers->lock);
	pthread_mutex_unlock(&workers->lock);
	return job;
}

int workers_fd(const struct workers *workers)
{
	return workers->wake_fd;
}

unsigned workers_count(const struct workers *workers)
{
	return workers->count;
}

size_t workers_pending(const struct workers *workers)
{
	return workers->pending;
}
