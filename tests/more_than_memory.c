/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/detail.h"
#include "tests/bench/load_run.h"
#include "tests/load.h"
#include "tests/tap.h"

/* Traces of which no more than a few generations have room in memory: they are loaded to their end,
 * from a file and from a pipe, with any number of threads. */
enum { MEMORY = 20 << 20 };

static struct load_options options = { .procs = 4,
	                               .goroutines = 1000,
	                               .seed = 1,
	                               .bytes = 12000000,
	                               .generation_ns = 30000000,
	                               .version = 26 };
static struct load_result made;
static char path[64];
static struct loaded loaded;

static bool make(void)
{
	int fd;
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "gander-large-XXXXXX");
	fd = mkstemp(path);
	file = fd < 0 ? NULL : fdopen(fd, "wb");
	good = file != NULL && load_run(&options, file, &made);

	return file != NULL && fclose(file) == 0 && good;
}

static void is_loaded(const char *from, int jobs)
{
	struct budget budget = { .limit = MEMORY, .is_asked = true };
	struct session session;
	struct error err = { 0 };

	if (!ok(session_open(&session, &budget, from, jobs, &err), "it is opened, %d jobs", jobs))
		return;
	session_finish(&session);
	ok(!session_damage(&session, &session.model.damage, &err), "and loaded: %s", err.message);
	is_u64(session.model.events, made.events, "all of it");
	ok(atomic_load(&budget.peak) <= MEMORY, "in %zu bytes", atomic_load(&budget.peak));
	session_close(&session);
	is_u64(atomic_load(&budget.used), 0, "its memory comes back");
}

/* A child writes what is read. */
static void comes_by_a_pipe(int jobs)
{
	char from[64];
	int ends[2];
	pid_t child;

	if (!ok(pipe(ends) == 0, "a pipe"))
		return;
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("cat", "cat", path, (char *)NULL);
		_exit(1);
	}
	close(ends[1]);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", ends[0]);
	is_loaded(from, jobs);
	close(ends[0]);
	waitpid(child, NULL, 0);
}

/* A generation that can be loaded, but whose records are too many to be kept, is told, and not
 * tried again and again. */
static void a_history_that_does_not_fit(int jobs)
{
	struct budget budget = { .limit = MEMORY, .is_asked = true };
	struct session session;
	struct error err = { 0 };
	struct detail detail;
	struct span span;

	if (!ok(session_open(&session, &budget, path, jobs, &err), "it is opened, %d jobs", jobs))
		return;
	session_want(&session, 0, 1000);
	session_finish(&session);
	ok(!session_damage(&session, &session.model.damage, &err), "and loaded: %s", err.message);
	ok(!session_want(&session, 0, 1000), "there is no history");
	session_finish(&session);
	ok(!model_has_history(&session.model, 0) && session_has_forgotten(&session, 0, 1000),
	   "it takes too much");
	ok(!session_want(&session, 0, 1000) && session_is_idle(&session), "and is not asked for");
	session_look(&session, 1000000, 1100000);
	session_finish(&session);
	ok(model_has_lane(&session.model, lane_of_proc(0, false), 1000000, 1100000) &&
	           !model_has_lane(&session.model, lane_of_go(0), 1000000, 1100000),
	   "but what ran on Ps in a narrow window is there");
	ok(model_spans(&session.model, lane_of_proc(0, false), 1000000, 1100000, &span, 1) == 1 &&
	           span.is_near,
	   "and is told");
	detail_find(&detail, &session.model, &session.index, &session.input.source, &span);
	ok(detail.thread != WIRE_NO_THREAD, "and who told it");
	ok(atomic_load(&budget.peak) <= MEMORY, "in %zu bytes", atomic_load(&budget.peak));
	session_close(&session);
	is_u64(atomic_load(&budget.used), 0, "its memory comes back");
}

static bool do_step(struct job **job)
{
	if (*job != NULL && !job_step(*job)) {
		loader_done(&loaded.loader, *job);
		*job = NULL;
	}
	return *job != NULL;
}

static void do_side_by_side(struct job *jobs[], size_t count)
{
	bool goes_on = true;

	while (goes_on) {
		goes_on = false;
		for (size_t i = 0; i < count; i++)
			goes_on |= do_step(&jobs[i]);
	}
	while (loader_join(&loaded.loader))
		;
}

/* Where what several generations take was thought to be less than it is, none is cut. */
static void begun_side_by_side(void)
{
	enum { JOBS = 6 };

	struct job *jobs[JOBS] = { 0 };
	struct loader *loader = &loaded.loader;
	struct error err = { 0 };
	size_t begun = 0;

	loaded = (struct loaded){ .budget = { .is_asked = true } };
	if (!ok(load_index(&loaded, path, &err), "it is indexed: %s", err.message))
		return;
	while (begun < JOBS && (jobs[begun] = loader_next(loader, UINT64_MAX)) != NULL)
		begun++;
	loaded.budget.limit = MEMORY;
	is_u64(begun, JOBS, "all are begun");
	do_side_by_side(jobs, JOBS);
	ok(loader->is_one_by_one, "memory cuts some");
	while ((jobs[0] = loader_next(loader, UINT64_MAX)) != NULL)
		do_side_by_side(jobs, 1);
	ok(loader_is_done(loader) && !loader->was_stopped, "which are loaded one by one");
	is_u64(loaded.model.events, made.events, "all of it");
	load_free(&loaded);
	is_u64(atomic_load(&loaded.budget.used), 0, "its memory comes back");
}

int main(void)
{
	bool is_made = make();

	if (ok(is_made, "a trace of %" PRIu64 " generations", made.generations)) {
		is_loaded(path, 0);
		is_loaded(path, 2);
		comes_by_a_pipe(0);
		comes_by_a_pipe(2);
		begun_side_by_side();
	}
	unlink(path);
	options.generation_ns = 200000000;
	options.bytes = 3000000;
	is_made = make();
	if (ok(is_made, "a trace of %" PRIu64 " generations", made.generations)) {
		a_history_that_does_not_fit(0);
		a_history_that_does_not_fit(2);
	}
	unlink(path);
	return tap_done();
}
