/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/session.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

/* How a trace arrives: the demo trace, written to a file or to a pipe part by part. */
static struct budget budget;
static ARRAY(uint8_t) demo;

static bool read_demo(void)
{
	const char *source = getenv("srcdir");
	char path[4096];
	FILE *file;
	int c;

	demo.budget = &budget;
	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	file = fopen(path, "rb");
	while (file != NULL && (c = getc(file)) != EOF)
		*array_push(&demo) = (uint8_t)c;
	if (file != NULL)
		fclose(file);
	return demo.count > 0;
}

static void put(int fd, size_t begin, size_t end)
{
	for (size_t at = begin; at < end;) {
		ssize_t done = write(fd, demo.items + at, end - at);

		if (done < 0 && errno != EINTR)
			return;
		at += done > 0 ? (size_t)done : 0;
	}
}

/* Steps until there is nothing to do; false if that never comes. */
static bool settle(struct session *session)
{
	struct pollfd workers = { .fd = session_workers_fd(session), .events = POLLIN };

	for (int steps = 0; steps < 10000; steps++) {
		session_step(session, 1000);
		if (session_is_stepped(session))
			continue;
		if (session->workers == NULL || workers_pending(session->workers) == 0)
			return true;
		poll(&workers, 1, -1);
	}
	return false;
}

/* Brings the demo in parts, and compares what is there with what could be. */
static void arrives(struct session *session, int fd, const char *what)
{
	bool settles = true, in_time = true, grows = true;
	size_t complete = 0, before;

	for (size_t at = VERSION_HEADER, end; at < demo.count; at = end) {
		end = at + 1777 < demo.count ? at + 1777 : demo.count;
		put(fd, at, end);
		before = session->model.parts.count;
		settles = settles && settle(session);
		complete = index_closed(&session->index);
		in_time = in_time && session->model.parts.count == complete;
		grows = grows && complete >= before && complete <= before + 1;
		grows = grows && session_received(session) == end && !session->model.is_whole;
	}
	ok(settles, "%s: a part of a batch is nothing to do", what);
	ok(in_time && grows, "generations are there as soon as they are complete, one by one");
	is_u64(complete, 5, "all of them");
	is_u64(session->model.events, 49913, "with all events");
}

static void a_file_that_is_followed(int jobs)
{
	char path[] = "gander-session-XXXXXX";
	int fd = mkstemp(path);
	struct session session;
	struct error err = { 0 };

	put(fd, 0, VERSION_HEADER);
	if (ok(session_follow(&session, &budget, path, jobs, &err), "a file with a header")) {
		arrives(&session, fd, "followed");
		ok(!session_is_idle(&session) && session_wait_ms(&session) == 250,
		   "there is no end: four looks a second");
		ok(ftruncate(fd, 20) == 0 && settle(&session) && session_is_idle(&session),
		   "but when it becomes shorter");
		ok(session_damage(&session, &session.model.damage, &err) && err.kind == ERROR_IO,
		   "which is told");
		is_i64(session_wait_ms(&session), -1, "nobody looks any more");
		is_u64(session.model.events, 49913, "what was there stays");
		session_close(&session);
	}
	unlink(path);
	close(fd);
}

static void a_pipe(int jobs)
{
	struct session session;
	struct error err = { 0 };
	char path[64];
	int ends[2];

	if (pipe(ends) != 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	put(ends[1], 0, VERSION_HEADER);
	if (ok(session_open(&session, &budget, path, jobs, &err), "a pipe with a header")) {
		arrives(&session, ends[1], "a pipe");
		close(ends[1]);
		session_finish(&session);
		ok(session.model.is_whole && session_received(&session) == 0, "its end is seen");
		ok(!session_damage(&session, &session.model.damage, &err), "and nothing is lost");
		session_close(&session);
	}
	close(ends[0]);
}

/* Ten times the demo, more than may be kept of it: all is in the model, but the records of what
 * came first cannot be made again. */
static void a_pipe_of_more_than_is_kept(int jobs)
{
	struct budget small = { .limit = 16 << 20 };
	struct session session;
	struct error err = { 0 };
	char path[64];
	int ends[2];

	if (pipe(ends) != 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	put(ends[1], 0, VERSION_HEADER);
	if (ok(session_open(&session, &small, path, jobs, &err), "a pipe, and little memory")) {
		session.input.limit = 3 << 19;
		for (int times = 0; times < 10; times++)
			for (size_t at = VERSION_HEADER, end; at < demo.count; at = end) {
				end = at + 30000 < demo.count ? at + 30000 : demo.count;
				put(ends[1], at, end);
				settle(&session);
			}
		close(ends[1]);
		session_finish(&session);
		is_u64(session.model.events, 499130, "all is loaded");
		ok(!session_damage(&session, &session.model.damage, &err), "nothing is lost");
		ok(session.input.source.begin > 1 << 20 &&
		           session.input.source.end - session.input.source.begin <= 3 << 19,
		   "the oldest bytes were let go");
		ok(session_has_forgotten(&session, 0, 1000), "so are those of the first moment");
		ok(!session_want(&session, 0, 1000) && session_is_idle(&session),
		   "whose records are not asked for");
		session_close(&session);
	}
	close(ends[0]);
	is_u64(atomic_load(&small.used), 0, "its memory comes back");
}

static void one_that_is_stopped(void)
{
	struct session session;
	struct error err = { 0 };
	char path[64];
	int ends[2];

	if (pipe(ends) != 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	put(ends[1], 0, VERSION_HEADER);
	if (ok(session_open(&session, &budget, path, 0, &err), "a pipe")) {
		put(ends[1], VERSION_HEADER, 60000);
		ok(settle(&session) && !session.model.is_whole, "of which more may come");
		ok(session_stop(&session) && settle(&session) && session.model.is_whole,
		   "is stopped");
		ok(!session_stop(&session) && session.model.bytes == 60000, "and that was all");
		session_close(&session);
	}
	close(ends[0]);
	close(ends[1]);
}

static void a_file_that_is_being_written(void)
{
	char path[] = "gander-session-XXXXXX";
	int fd = mkstemp(path);
	struct session session;
	struct error err = { 0 };

	put(fd, 0, demo.count / 2);
	if (ok(session_open(&session, &budget, path, 0, &err), "half a file")) {
		put(fd, demo.count / 2, demo.count);
		session_finish(&session);
		ok(session_damage(&session, &session.model.damage, &err) &&
		           strstr(err.message, "--follow") != NULL,
		   "is read as it was, and more is offered");
		session_close(&session);
	}
	unlink(path);
	close(fd);
}

/* Cut to a third by somebody else, before anything but the header was read or after the index was
 * made. */
static void a_file_that_shrinks(bool is_indexed)
{
	char path[] = "gander-session-XXXXXX";
	int fd = mkstemp(path);
	struct session session;
	struct error err = { 0 };

	put(fd, 0, demo.count);
	if (ok(session_open(&session, &budget, path, 0, &err), "a whole file")) {
		while (is_indexed && index_step(&session.index, &session.input.source, 1000))
			;
		ok(ftruncate(fd, (off_t)(demo.count / 3)) == 0, "shrinks");
		session_finish(&session);
		ok(session.model.events > 1000 && session.model.events < 49913, "a part is there");
		/* but for headers that were read before; a record that was cut in two is lost whole
		 */
		ok(session.model.damage.bytes >= demo.count - demo.count / 3 - 3000 &&
		           session.model.damage.bytes <= demo.count - demo.count / 3 + 3000,
		   "the rest is lost");
		ok(session_damage(&session, &session.model.damage, &err) &&
		           strstr(err.message, "shorter") != NULL,
		   "and told why");
		session_close(&session);
	}
	unlink(path);
	close(fd);
}

/* Samples of it come before anything that is loaded, and go when all is. */
static void a_file_that_is_sketched(int jobs)
{
	const struct session_wish wish = { .jobs = jobs, .sketched = demo.count };
	char path[] = "gander-session-XXXXXX";
	int fd = mkstemp(path);
	struct session session;
	struct error err = { 0 };

	put(fd, 0, demo.count);
	if (ok(session_open_as(&session, &budget, path, &wish, &err), "a file to be sketched")) {
		for (int i = 0; i < 10000 && session.sketches.whole == NULL; i++)
			session_step(&session, 1);
		ok(session.sketches.whole != NULL, "it is");
		ok(session_is_stepped(&session) || workers_pending(session.workers) > 0,
		   "and loading goes on by itself");
		ok(jobs > 0 || session.model.parts.count == 0, "first of all, by one thread");
		ok(sketches_end_ns(&session.sketches) > 1216000000, "to its end");
		session_finish(&session);
		settle(&session);
		ok(session.sketches.whole == NULL &&
		           sketches_from_ns(&session.sketches) == INT64_MAX,
		   "of what is loaded no sketch is left");
		session_close(&session);
	}
	unlink(path);
	close(fd);
}

static void a_file_that_is_too_small_for_that(void)
{
	const struct session_wish wish = { .sketched = SESSION_SKETCHED };
	char path[] = "gander-session-XXXXXX";
	int fd = mkstemp(path);
	struct session session;
	struct error err = { 0 };

	put(fd, 0, demo.count);
	if (ok(session_open_as(&session, &budget, path, &wish, &err), "a small file")) {
		session_finish(&session);
		is_u64(session.sketches.version, 0, "is never sketched");
		session_close(&session);
	}
	unlink(path);
	close(fd);
}

/* After a step, before a wait that only its end would end. */
static void a_wish_before_a_wait(void)
{
	char path[] = "gander-session-XXXXXX";
	int fd = mkstemp(path);
	struct session session;
	struct error err = { 0 };

	put(fd, 0, demo.count);
	if (ok(session_open(&session, &budget, path, 2, &err), "a whole file, and threads")) {
		ok(settle(&session) && session.model.is_whole, "all is loaded");
		ok(!model_has_history(&session.model, 3), "without a history that nobody wants");
		session_want(&session, model_part_begin(&session.model, 3),
		             model_part_begin(&session.model, 3) + 1);
		is_u64(workers_pending(session.workers), 0, "nobody is at work when it is wanted");
		session_begin(&session);
		ok(workers_pending(session.workers) > 0, "it is begun");
		ok(settle(&session) && model_has_history(&session.model, 3), "and comes");
		session_close(&session);
	}
	unlink(path);
	close(fd);
}

int main(void)
{
	if (!read_demo())
		return 99;
	a_file_that_is_followed(0);
	a_file_that_is_followed(2);
	a_pipe(0);
	a_pipe(2);
	a_pipe_of_more_than_is_kept(0);
	a_pipe_of_more_than_is_kept(2);
	a_file_that_is_sketched(0);
	a_file_that_is_sketched(2);
	a_file_that_is_too_small_for_that();
	a_wish_before_a_wait();
	one_that_is_stopped();
	a_file_that_is_being_written();
	a_file_that_shrinks(false);
	a_file_that_shrinks(true);
	array_free(&demo);
	is_u64(atomic_load(&budget.used), 0, "nothing is left in the budget");
	return tap_done();
}
