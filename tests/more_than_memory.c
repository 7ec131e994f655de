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
enum { MEMORY = 20 << 20, FIRST_NS = 10000000, LOOK_NS = 100000, SPANS = 500 };

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
static bool open_pipe(int ends[2], pid_t *child)
{
	if (!ok(pipe(ends) == 0, "a pipe"))
		return false;
	*child = fork();
	if (*child != 0) {
		close(ends[1]);
		return true;
	}
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	execlp("cat", "cat", path, (char *)NULL);
	_exit(1);
}

static void comes_by_a_pipe(int jobs)
{
	char from[64];
	int ends[2];
	pid_t child;

	if (!open_pipe(ends, &child))
		return;
	snprintf(from, sizeof(from), "/proc/self/fd/%d", ends[0]);
	is_loaded(from, jobs);
	close(ends[0]);
	waitpid(child, NULL, 0);
}

/* What ran on a P in a window, looked at closely. */
static size_t look(struct session *session, int64_t begin_ns, struct span spans[SPANS])
{
	session_look(session, begin_ns, begin_ns + LOOK_NS);
	session_finish(session);
	if (!model_has_lane(&session->model, lane_of_proc(0, false), begin_ns, begin_ns + LOOK_NS))
		return 0;
	return model_spans(&session->model, lane_of_proc(0, false), begin_ns, begin_ns + LOOK_NS,
	                   spans, SPANS);
}

static bool is_same_span(const struct span *a, const struct span *b)
{
	return a->is_near && b->is_near && a->begin_ns == b->begin_ns && a->end_ns == b->end_ns &&
	       a->go == b->go && a->proc == b->proc;
}

/* A narrow window of what is still there is as sharp as that of a file, one of what is forgotten
 * is not made. */
static void is_looked_at(struct session *piped, struct session *file)
{
	int64_t last_ns = piped->model.end_ns - 2 * LOOK_NS;
	struct span want[SPANS], got[SPANS];
	size_t count = look(file, last_ns, want), same = 0;

	ok(count > 5 && look(piped, last_ns, got) == count, "%zu spans of its last moments", count);
	while (same < count && is_same_span(&want[same], &got[same]))
		same++;
	is_u64(same, count, "as a file has them");
	ok(look(file, FIRST_NS, want) > 0, "there are some of the first ones");
	is_u64(look(piped, FIRST_NS, got), 0, "which are forgotten");
	ok(session_has_forgotten(piped, FIRST_NS, FIRST_NS + LOOK_NS) && session_is_idle(piped),
	   "and are not waited for");
}

static void a_close_look_at_a_pipe(int jobs)
{
	struct budget budget = { .limit = MEMORY, .is_asked = true }, other = { 0 };
	struct session piped, file;
	struct error err = { 0 };
	char from[64];
	int ends[2];
	pid_t child;

	if (!open_pipe(ends, &child))
		return;
	snprintf(from, sizeof(from), "/proc/self/fd/%d", ends[0]);
	if (ok(session_open(&piped, &budget, from, jobs, &err) &&
	               session_open(&file, &other, path, jobs, &err),
	       "a pipe, %d jobs", jobs)) {
		session_finish(&piped);
		session_finish(&file);
		is_looked_at(&piped, &file);
		session_close(&piped);
		session_close(&file);
		is_u64(atomic_load(&budget.used), 0, "its memory comes back");
	}
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

static bool has_part(struct session *session, uint32_t part)
{
	session_want_part(session, part);
	session_finish(session);
	return model_has_history(&session->model, part);
}

static bool is_enough(size_t limit, uint32_t part, int jobs)
{
	struct budget budget = { .limit = limit, .is_asked = true };
	struct session session;
	struct error err = { 0 };
	bool has;

	if (!session_open(&session, &budget, path, jobs, &err))
		return false;
	session_finish(&session);
	has = session.model.parts.count > part && has_part(&session, part);
	session_close(&session);
	return has;
}

/* About the least memory in which the history of either of the first two parts can be had. */
static size_t least_memory(int jobs)
{
	size_t limit = MEMORY - (MEMORY >> 2);

	while (limit < 8 * (size_t)MEMORY &&
	       !(is_enough(limit, 0, jobs) && is_enough(limit, 1, jobs)))
		limit += 1 << 20;
	return limit + (1 << 20); /* what threads take is not always the same */
}

/* Two histories of which each has room, but not both: the one that is asked for comes. */
static void histories_that_do_not_fit_together(int jobs)
{
	struct budget budget = { .limit = least_memory(jobs), .is_asked = true };
	struct session session;
	struct error err = { 0 };
	int64_t middle_ns;

	if (!ok(session_open(&session, &budget, path, jobs, &err),
	        "%zu bytes, %d jobs", budget.limit, jobs))
		return;
	session_finish(&session);
	middle_ns = model_part_begin(&session.model, 1);
	for (int i = 0; i < 4; i++) {
		session_want(&session, middle_ns - 1000, middle_ns + 1000);
		session_finish(&session);
	}
	is_u64(model_has_history(&session.model, 0) + model_has_history(&session.model, 1), 1,
	       "of two in a window one is there");
	ok(session_is_idle(&session) &&
	           session_has_forgotten(&session, middle_ns - 1000, middle_ns + 1000),
	   "and the other one is not tried again and again");
	ok(has_part(&session, 0) && has_part(&session, 1) && has_part(&session, 0),
	   "each comes when it is asked for");
	ok(atomic_load(&budget.peak) <= budget.limit, "in %zu bytes", atomic_load(&budget.peak));
	session_close(&session);
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
	options.generation_ns = 80000000;
	is_made = make();
	if (ok(is_made, "a trace of %" PRIu64 " generations", made.generations)) {
		a_close_look_at_a_pipe(0);
		a_close_look_at_a_pipe(2);
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
	options.generation_ns = 100000000;
	options.bytes = 5000000;
	is_made = make();
	if (ok(is_made, "a trace of %" PRIu64 " generations", made.generations)) {
		histories_that_do_not_fit_together(0);
		histories_that_do_not_fit_together(2);
	}
	unlink(path);
	return tap_done();
}
