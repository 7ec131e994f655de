/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/first.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "tui/host/limits.h"
#include "tui/interface.h"
#include "tui/loop.h"

struct opening {
	struct interface interface;
	struct session session;
	struct cells cells;
};

/* Only pages that are on the disk, too, can be dropped. */
static bool make_cold(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static bool make_warm(const char *path)
{
	static uint8_t buffer[1 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && read(fd, buffer, sizeof(buffer)) > 0)
		;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* As the loop does it: whoever finds nothing new then waits. */
static void step(struct opening *opening)
{
	if (session_step(&opening->session, LOOP_STEP_MS))
		interface_follow(&opening->interface);
}

static void wait_for_workers(struct opening *opening)
{
	struct session *session = &opening->session;
	struct pollfd fd = { .fd = session_workers_fd(session), .events = POLLIN };

	if (!session_is_idle(session) && !session_is_stepped(session))
		poll(&fd, 1, -1);
}

static void draw(struct opening *opening)
{
	interface_follow(&opening->interface);
	interface_draw(&opening->interface, &opening->cells);
}

/* To where nothing is loaded. */
static void jump(struct opening *opening)
{
	struct viewport *viewport = &opening->interface.state.at.viewport;
	int64_t end = viewport->end_ns / 100 * 97;
	uint64_t version = opening->session.sketches.version;

	viewport_set_window(viewport, end - viewport->end_ns / 1000, end);
	interface_follow(&opening->interface);
	for (;;) {
		step(opening);
		if (opening->session.sketches.version != version || opening->session.model.is_whole)
			break;
		wait_for_workers(opening);
	}
	draw(opening);
}

static bool has_picture(const struct session *session)
{
	return session->sketches.whole != NULL || session->model.parts.count > 0 ||
	       session->model.is_whole;
}

static void take_clocks(struct first *first, int64_t sign)
{
	first->alone_ns += sign * clock_alone();
	first->wall_ns += sign * clock_now(CLOCK_MONOTONIC);
	first->cpu_ns += sign * clock_now(CLOCK_THREAD_CPUTIME_ID);
}

bool draw_first(const void *question, void *result)
{
	const struct first_question *asked = question;
	static struct budget budget; /* as workers go on when this returns */
	const struct session_wish wish = { .jobs = -1, .sketched = SESSION_SKETCHED };
	static struct opening opening;
	struct session *session = &opening.session;
	struct first *first = result;
	struct error err = { 0 };

	budget.limit = limits_budget(limits_read(), 0);
	if (!(asked->is_cold ? make_cold : make_warm)(asked->path))
		return false;
	*first = (struct first){ 0 };
	take_clocks(first, -1);
	opening.cells.budget = &budget;
	cells_resize(&opening.cells, asked->cols, asked->rows);
	if (!session_open_as(session, &budget, asked->path, &wish, &err) ||
	    !interface_open(&opening.interface, session, asked->path, NULL, &err)) {
		fprintf(stderr, "bench: %s: %s\n", asked->path, err.message);
		return false;
	}
	interface_resize(&opening.interface, asked->cols, asked->rows);
	while (step(&opening), !has_picture(session))
		wait_for_workers(&opening);
	draw(&opening);
	take_clocks(first, 1);
	first->is_sketched = session->sketches.whole != NULL;
	first->there_ns = -clock_alone();
	if (first->is_sketched)
		jump(&opening);
	first->there_ns += clock_alone();
	return true; /* with the process all goes */
}
