/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/workers.h"

#include <poll.h>

#include "tests/tap.h"

static struct budget budget;

enum { JOBS = 500 };

struct job {
	int number, square;
	int times_run;
};

enum { SQUARE = 1, PRODUCE, CONSUME };

static int claim_square(void *argument, enum worker_hand hand)
{
	const struct job *job = argument;

	if (hand == WORKER_HELPER)
		return WORKER_NOTHING;
	return job->times_run == 0 ? SQUARE : WORKER_OVER;
}

static void square(void *argument, int piece)
{
	struct job *job = argument;

	job->square = job->number * job->number;
	job->times_run += piece;
}

static bool nobody_helps(void *argument, int piece)
{
	(void)argument;
	(void)piece;
	return false;
}

static const struct work squares = { claim_square, square, nobody_helps };

static bool is_readable(const struct workers *workers)
{
	struct pollfd wanted = { .fd = workers_fd(workers), .events = POLLIN };

	return poll(&wanted, 1, 0) > 0;
}

/* Every job ran once, and its result arrived. */
static bool all_ran_once(const struct job *jobs, int count)
{
	bool good = true;

	for (int i = 0; i < count; i++)
		good &= jobs[i].times_run == 1 && jobs[i].square == i * i;
	return good;
}

static void every_job_comes_back_once(unsigned threads)
{
	static struct job jobs[JOBS];
	struct error err = { 0 };
	struct workers *workers = workers_start(&budget, threads, &err);
	int taken = 0;

	for (int i = 0; i < JOBS; i++) {
		jobs[i] = (struct job){ .number = i };
		workers_submit(workers, &squares, &jobs[i]);
		if (i % 3 == 0 && workers_take(workers) != NULL)
			taken++;
	}
	while (workers_wait(workers) != NULL)
		taken++;
	is_i64(taken, JOBS, "all come back");
	ok(all_ran_once(jobs, JOBS), "with %u threads each ran once", workers_count(workers));
	is_u64(workers_pending(workers), 0, "none is left");
	ok(!is_readable(workers), "and nothing wakes the loop");
	ok(workers_take(workers) == NULL, "taking more gives nothing");
	workers_stop(workers);
}

static void the_loop_is_woken(unsigned threads)
{
	struct error err = { 0 };
	struct workers *workers = workers_start(&budget, threads, &err);
	struct job jobs[3] = { { .number = 0 }, { .number = 1 }, { .number = 2 } };
	struct pollfd wanted = { .fd = workers_fd(workers), .events = POLLIN };
	int taken = 0, wakes = 0;

	for (int i = 0; i < 3; i++)
		workers_submit(workers, &squares, &jobs[i]);
	while (taken < 3 && poll(&wanted, 1, 10000) > 0) {
		wakes++;
		while (workers_take(workers) != NULL)
			taken++;
	}
	ok(taken == 3 && wakes <= 3, "with %u threads", threads);
	workers_stop(workers);
}

static void without_threads_a_take_is_a_step(void)
{
	struct error err = { 0 };
	struct workers *workers = workers_start(&budget, 0, &err);
	struct job jobs[2] = { { .number = 0 }, { .number = 1 } };

	workers_submit(workers, &squares, &jobs[0]);
	workers_submit(workers, &squares, &jobs[1]);
	ok(workers_take(workers) == &jobs[0] && jobs[1].times_run == 0, "the first, and no other");
	ok(is_readable(workers), "there is more to do");
	ok(workers_take(workers) == &jobs[1], "then the second");
	workers_stop(workers);
}

static void stopping_drops_what_has_not_begun(void)
{
	static struct job jobs[JOBS];
	struct error err = { 0 };
	struct workers *workers = workers_start(&budget, 2, &err);
	bool good = true;

	for (int i = 0; i < JOBS; i++) {
		jobs[i] = (struct job){ .number = i };
		workers_submit(workers, &squares, &jobs[i]);
	}
	workers_stop(workers);
	for (int i = 0; i < JOBS; i++)
		good &= jobs[i].times_run <= 1;
	ok(good, "no job ran twice, and none runs any more");
	workers_stop(NULL);
}

/* Numbers that an owner makes and helpers, one at a time, sum up: all of them, whoever is there. */
enum { NUMBERS = 2000, AHEAD = 3 };

struct shared {
	int made, taken; /* numbers */
	bool is_making, is_taking;
	bool needs_help; /* the owner does not sum up; somebody has to be free for it */
	int numbers[NUMBERS];
	long sum; /* of those that are taken */
	int by_helpers;
};

static int claim_shared(void *argument, enum worker_hand hand)
{
	struct shared *shared = argument;
	bool can_take = !shared->is_taking && shared->taken < shared->made;
	bool can_make = shared->made < NUMBERS && shared->made < shared->taken + AHEAD;
	bool is_helper = hand == WORKER_HELPER;

	if (can_take && (is_helper || (!shared->needs_help && !can_make))) {
		shared->is_taking = true;
		shared->by_helpers += is_helper;
		return CONSUME;
	}
	if (is_helper)
		return WORKER_NOTHING;
	if (can_make) {
		shared->is_making = true;
		return PRODUCE;
	}
	return shared->taken == NUMBERS ? WORKER_OVER : WORKER_NOTHING;
}

static void do_shared(void *argument, int piece)
{
	struct shared *shared = argument;

	/* where nobody else may read or write, if claims keep their promise */
	if (piece == PRODUCE)
		shared->numbers[shared->made] = shared->made;
	else
		shared->sum += shared->numbers[shared->taken];
}

static bool settle_shared(void *argument, int piece)
{
	struct shared *shared = argument;

	if (piece == PRODUCE) {
		shared->made++;
		shared->is_making = false;
	} else {
		shared->taken++;
		shared->is_taking = false;
	}
	return !shared->is_taking && shared->taken < shared->made;
}

static void jobs_are_shared(unsigned threads, int count, bool needs_help)
{
	static const struct work work = { claim_shared, do_shared, settle_shared };
	static struct shared shared[4];
	struct error err = { 0 };
	struct workers *workers = workers_start(&budget, threads, &err);
	bool good = true;
	int helped = 0;

	for (int i = 0; i < count; i++) {
		shared[i] = (struct shared){ .needs_help = needs_help };
		workers_submit(workers, &work, &shared[i]);
	}
	while (workers_wait(workers) != NULL)
		;
	for (int i = 0; i < count; i++) {
		good &= shared[i].sum == NUMBERS * (NUMBERS - 1L) / 2;
		helped += shared[i].by_helpers;
	}
	ok(good, "%d by %u threads", count, threads);
	ok(!needs_help || helped == count * NUMBERS, "owners wait for their helpers");
	workers_stop(workers);
}

/* Whoever helps when all is to stop ends what it has begun. */
static void stopping_waits_for_helpers(void)
{
	static const struct work work = { claim_shared, do_shared, settle_shared };
	static struct shared shared;
	struct error err = { 0 };
	struct workers *workers = workers_start(&budget, 3, &err);

	shared = (struct shared){ 0 };
	workers_submit(workers, &work, &shared);
	workers_stop(workers);
	ok(!shared.is_taking && !shared.is_making, "nothing is left half done");
	ok(shared.made == shared.taken, "what was begun is whole");
}

int main(void)
{
	every_job_comes_back_once(0);
	every_job_comes_back_once(1);
	every_job_comes_back_once(4);
	the_loop_is_woken(0);
	the_loop_is_woken(2);
	without_threads_a_take_is_a_step();
	stopping_drops_what_has_not_begun();
	jobs_are_shared(0, 2, false);
	jobs_are_shared(1, 1, false);
	jobs_are_shared(2, 1, false);
	jobs_are_shared(2, 1, true);
	jobs_are_shared(4, 3, false);
	jobs_are_shared(4, 3, true);
	for (int i = 0; i < 20; i++)
		stopping_waits_for_helpers();
	is_u64(budget.used, 0, "nothing is left in the budget");
	return tap_done();
}
