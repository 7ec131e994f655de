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

static void square(void *argument)
{
	struct job *job = argument;

	job->square = job->number * job->number;
	job->times_run++;
}

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
		workers_submit(workers, square, &jobs[i]);
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
		workers_submit(workers, square, &jobs[i]);
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

	workers_submit(workers, square, &jobs[0]);
	workers_submit(workers, square, &jobs[1]);
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
		workers_submit(workers, square, &jobs[i]);
	}
	workers_stop(workers);
	for (int i = 0; i < JOBS; i++)
		good &= jobs[i].times_run <= 1;
	ok(good, "no job ran twice, and none runs any more");
	workers_stop(NULL);
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
	is_u64(budget.used, 0, "nothing is left in the budget");
	return tap_done();
}
