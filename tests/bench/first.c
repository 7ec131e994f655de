/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/first.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "tui/host/limits.h"
#include "tui/interface.h"

enum { STEP_MS = 8 /* as the loop has it */ };

struct opening {
	struct interface interface;
	struct session session;
	struct cells cells;
	int64_t longest_ns; /* step */
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

/* As the loop does it. */
static void step(struct opening *opening)
{
	struct session *session = &opening->session;
	struct pollfd fd = { .fd = session_workers_fd(session), .events = POLLIN };
	int64_t since = clock_now(CLOCK_MONOTONIC), ns;

	if (session_step(session, STEP_MS))
		interface_follow(&opening->interface);
	ns = clock_now(CLOCK_MONOTONIC) - since;
	opening->longest_ns = ns > opening->longest_ns ? ns : opening->longest_ns;
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
	while (opening->session.sketches.version == version && !opening->session.model.is_whole)
		step(opening);
	draw(opening);
}

bool draw_first(const void *question, void *result)
{
	const struct first_question *asked = question;
	struct budget budget = { .limit = limits_budget(limits_read(), 0) };
	const struct session_wish wish = { .jobs = -1, .sketched = SESSION_SKETCHED };
	static struct opening opening;
	struct session *session = &opening.session;
	struct first *first = result;
	struct error err = { 0 };

	if (!(asked->is_cold ? make_cold : make_warm)(asked->path))
		return false;
	*first = (struct first){ .wall_ns = -clock_now(CLOCK_MONOTONIC),
		                 .cpu_ns = -clock_now(CLOCK_THREAD_CPUTIME_ID) };
	opening.cells.budget = &budget;
	cells_resize(&opening.cells, asked->cols, asked->rows);
	if (!session_open_as(session, &budget, asked->path, &wish, &err) ||
	    !interface_open(&opening.interface, session, asked->path, NULL, &err)) {
		fprintf(stderr, "bench: %s: %s\n", asked->path, err.message);
		return false;
	}
	interface_resize(&opening.interface, asked->cols, asked->rows);
	while (session->sketches.whole == NULL && session->model.parts.count == 0 &&
	       !session->model.is_whole)
		step(&opening);
	draw(&opening);
	first->wall_ns += clock_now(CLOCK_MONOTONIC);
	first->cpu_ns += clock_now(CLOCK_THREAD_CPUTIME_ID);
	first->is_sketched = session->sketches.whole != NULL;
	first->there_ns = -clock_now(CLOCK_MONOTONIC);
	if (first->is_sketched)
		jump(&opening);
	first->there_ns += clock_now(CLOCK_MONOTONIC);
	first->step_ns = opening.longest_ns;
	return true; /* with the process all goes */
}
