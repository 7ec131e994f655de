/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/latency.h"

#include <poll.h>
#include <stdio.h>

#include "tui/host/limits.h"
#include "tui/interface.h"
#include "tui/loop.h"

enum { LEAST_NS = 5000000, MOST_NS = 45000000 /* between two keys */ };

/* A step, a leap, across rows, closer and back, along a row with the detail pane. */
static const char *const keys[] = { ".", "d", "j", "w", "<Right>", ",", "k", "a", "s" };

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

struct loading_loop {
	struct interface interface;
	struct session session;
	struct cells cells;
	uint64_t random, sketched;
	size_t pressed;
	int64_t due;      /* on the thread's own clock: the next key comes */
	int64_t due_wall; /* the same by the clock */
	int64_t draw_at;
	bool is_dirty, is_pressed;
	struct latency *latency;
};

static void keep_longest(int64_t *longest, int64_t since)
{
	int64_t ns = clock_alone() - since;

	*longest = ns > *longest ? ns : *longest;
}

static void choose_due(struct loading_loop *loop)
{
	uint64_t random = loop->random;
	int64_t wait;

	random ^= random >> 12;
	random ^= random << 25;
	random ^= random >> 27;
	loop->random = random;
	wait = LEAST_NS + (int64_t)((random * 0x2545f4914f6cdd1du >> 1) % (MOST_NS - LEAST_NS));
	loop->due = clock_alone() + wait;
	loop->due_wall = clock_now(CLOCK_MONOTONIC) + wait;
}

static void draw(struct loading_loop *loop)
{
	int64_t since = clock_alone();

	interface_draw(&loop->interface, &loop->cells);
	keep_longest(&loop->latency->draw_ns, since);
	loop->is_dirty = false;
	if (!loop->is_pressed)
		return;
	figures_add(&loop->latency->key, clock_alone() - loop->due);
	figures_add(&loop->latency->wall, clock_now(CLOCK_MONOTONIC) - loop->due_wall);
	loop->is_pressed = false;
	choose_due(loop);
}

static void draw_if_due(struct loading_loop *loop)
{
	if (loop->is_dirty && clock_now(CLOCK_MONOTONIC) >= loop->draw_at)
		draw(loop);
}

static void press(struct loading_loop *loop)
{
	if (loop->is_pressed || clock_alone() < loop->due)
		return;
	interface_press(&loop->interface, keys[loop->pressed++ % KEYS], -1, 0);
	loop->is_pressed = loop->is_dirty = true;
	loop->draw_at = 0;
}

static void go_on(struct loading_loop *loop)
{
	struct session *session = &loop->session;
	int64_t since;
	bool is_new;

	draw_if_due(loop);
	since = clock_alone();
	is_new = session_step(session, LOOP_STEP_MS);
	keep_longest(&loop->latency->step_ns, since);
	if (is_new) {
		since = clock_alone();
		interface_follow(&loop->interface);
		keep_longest(&loop->latency->follow_ns, since);
		if (!loop->is_dirty)
			loop->draw_at = clock_now(CLOCK_MONOTONIC) + LOOP_FOLLOW_MS * 1000000;
		loop->is_dirty = true;
	}
	if (loop->sketched != session->sketches.version) {
		loop->sketched = session->sketches.version;
		loop->is_dirty = true;
		loop->draw_at = 0;
	}
	draw_if_due(loop);
}

static void wait_for_something(struct loading_loop *loop)
{
	struct pollfd fd = { .fd = session_workers_fd(&loop->session), .events = POLLIN };
	int64_t wait = loop->due - clock_alone(), until;

	if (session_is_stepped(&loop->session) || wait < 0)
		return;
	until = loop->draw_at - clock_now(CLOCK_MONOTONIC);
	if (loop->is_dirty && until < wait)
		wait = until > 0 ? until : 0;
	ppoll(&fd, 1, &(struct timespec){ 0, (long)wait }, NULL);
}

static bool open_loop(struct loading_loop *loop, struct budget *budget,
                      const struct latency_question *asked)
{
	const struct session_wish wish = { .jobs = asked->jobs, .sketched = SESSION_SKETCHED };
	struct error err = { 0 };

	budget->limit = limits_budget(limits_read(), 0);
	loop->cells.budget = budget;
	cells_resize(&loop->cells, asked->cols, asked->rows);
	if (!session_open_as(&loop->session, budget, asked->path, &wish, &err) ||
	    !interface_open(&loop->interface, &loop->session, asked->path, NULL, &err)) {
		fprintf(stderr, "bench: %s: %s\n", asked->path, err.message);
		return false;
	}
	interface_resize(&loop->interface, asked->cols, asked->rows);
	return true;
}

bool press_while_loading(const void *question, void *result)
{
	static struct loading_loop loop;
	static struct budget budget; /* as workers may go on when this returns */

	budget = (struct budget){ 0 };
	loop = (struct loading_loop){ .random = 1, .latency = result };
	*loop.latency = (struct latency){ 0 };
	if (!open_loop(&loop, &budget, question))
		return false;
	choose_due(&loop);
	while (!loop.session.model.is_whole) {
		press(&loop);
		go_on(&loop);
		wait_for_something(&loop);
	}
	return true; /* with the process all goes */
}
