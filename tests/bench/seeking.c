/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/seeking.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "tests/bench/figures.h"
#include "tui/host/limits.h"
#include "tui/interface.h"
#include "tui/loop.h"

/* Names; one that matches costly; a reason; what censuses do not tell: ids, states, frames; logs by
 * category and by text, regions; what the generator logs. */
static const char *const expressions[] = { "main",    "\\.Run$",
	                                   "a.*e.*i", "^select$",
	                                   "G77",     "runnable",
	                                   "^key$",   "\\(\\*conn\\)\\.Read$",
	                                   "^448$",   "cache get",
	                                   "half full" };

static struct interface interface;
static struct session session;

static int64_t now(void)
{
	return clock_now(CLOCK_MONOTONIC);
}

/* What the program's loop does when no key comes. */
static void go_on(void)
{
	struct pollfd fd = { .fd = session_workers_fd(&session), .events = POLLIN };

	if (session_step(&session, LOOP_STEP_MS))
		interface_follow(&interface);
	interface_step(&interface, LOOP_STEP_MS);
	if (!session_is_stepped(&session) && !interface_is_busy(&interface))
		poll(&fd, 1, 10);
}

static bool open_loaded(const char *path, int cols, int rows, struct budget *budget)
{
	struct error err = { 0 };

	budget->limit = limits_budget(limits_read(), 0);
	if (!session_open(&session, budget, path, -1, &err) ||
	    !interface_open(&interface, &session, path, NULL, &err)) {
		fprintf(stderr, "bench: %s: %s\n", path, err.message);
		return false;
	}
	interface_resize(&interface, cols, rows);
	while (!session.model.is_whole)
		go_on();
	return true;
}

/* The first hit is not there yet. */
static bool is_on_the_way(const struct hunt *hunt)
{
	return hunt->hit.kind == SPAN_NONE && interface.state.want_line[0] != '\0';
}

/* The overview shows where hits are, or may be. */
static bool knows_parts(const struct search *search)
{
	return search_match_is_done(&search->match, &session.model) &&
	       search->counted_at == session.model.parts.count;
}

static void seek(const char *expression)
{
	const struct hunt *hunt = &interface.state.hunt;
	int64_t begin, parts = 0, first = 0, exact = 0;
	char key[2] = "";

	interface_press(&interface, "z", -1, 0);
	interface_press(&interface, "<Esc>", -1, 0);
	interface_press(&interface, "<Esc>", -1, 0);
	interface_press(&interface, "/", -1, 0);
	for (const char *at = expression; *at != '\0'; at++) {
		key[0] = *at;
		interface_press(&interface, key, -1, 0);
	}
	begin = now();
	interface_press(&interface, "<CR>", -1, 0);
	while (hunt->search.known + hunt->search.missing < session.model.parts.count ||
	       is_on_the_way(hunt) || interface_is_busy(&interface)) {
		if (parts == 0 && knows_parts(&hunt->search))
			parts = now() - begin;
		if (first == 0 && !is_on_the_way(hunt))
			first = now() - begin;
		if (exact == 0 && search_is_exact(&hunt->search, &session.model))
			exact = now() - begin;
		go_on();
	}
	parts = parts == 0 ? now() - begin : parts;
	first = first == 0 ? now() - begin : first;
	exact = exact == 0 ? now() - begin : exact;
	printf("/%-18s in which parts %6.1f ms, first hit %7.1f ms, %9" PRIu64
	       " hits in %8.1f ms%s, marked in %8.1f ms\n",
	       expression, (double)parts / 1e6, (double)first / 1e6, hunt->search.hits,
	       (double)exact / 1e6, hunt->search.missing > 0 ? " (not all)" : "",
	       (double)(now() - begin) / 1e6);
}

bool bench_seeking(const char *path, int cols, int rows)
{
	struct budget budget = { 0 };
	int64_t begin = now();

	if (!open_loaded(path, cols, rows, &budget))
		return false;
	printf("search; loaded in %.1f ms\n", (double)(now() - begin) / 1e6);
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		seek(expressions[i]);
	interface_close(&interface);
	session_close(&session);
	return true;
}
