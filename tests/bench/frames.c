/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/frames.h"

#include <stdio.h>
#include <string.h>

#include "core/model/loader_at.h"
#include "tui/host/limits.h"
#include "tui/interface.h"

enum {
	PLACES = 8, /* a level */
	DEEP_PLACES = 24,
	FINEST_NS = 100000,
	STEP_MS = 1,
};

static const int64_t deep_ns[DEEP_LEVELS] = { 10000000, 1000000, 100000 };

static const int64_t patience_ns = INT64_C(6000000000); /* a level */

/* A step, a leap, across rows, along a row with the detail pane, closer and back. */
static const char *const keys[] = { ".", ",", "d", "a", "j", "<Right>", "k", "w", "s" };

struct drawing {
	struct interface interface;
	struct session session;
	struct cells cells;
	uint64_t random;
};

static uint64_t pick_number(struct drawing *drawing)
{
	drawing->random ^= drawing->random >> 12;
	drawing->random ^= drawing->random << 25;
	drawing->random ^= drawing->random >> 27;
	return drawing->random * 0x2545f4914f6cdd1du >> 1;
}

/* All that a picture asked for, and what that asks for in turn. */
static void refine(struct drawing *drawing)
{
	for (int rounds = 0; rounds < 8; rounds++) {
		session_finish(&drawing->session);
		interface_follow(&drawing->interface);
		if (session_is_idle(&drawing->session))
			return;
	}
}

static int64_t time_jump(struct drawing *drawing, int64_t window_ns)
{
	struct viewport *viewport = &drawing->interface.state.at.viewport;
	int64_t room = viewport->end_ns - window_ns;
	int64_t begin = room > 0 ? (int64_t)(pick_number(drawing) % (uint64_t)room) : 0;
	int64_t since;

	viewport_set_window(viewport, begin, begin + window_ns);
	since = clock_now(CLOCK_THREAD_CPUTIME_ID);
	interface_follow(&drawing->interface);
	interface_draw(&drawing->interface, &drawing->cells);
	return clock_now(CLOCK_THREAD_CPUTIME_ID) - since;
}

static int64_t time_refine(struct drawing *drawing)
{
	int64_t since = clock_now(CLOCK_MONOTONIC);

	refine(drawing);
	return clock_now(CLOCK_MONOTONIC) - since;
}

static int64_t time_key(struct drawing *drawing, const char *key)
{
	int64_t since = clock_now(CLOCK_THREAD_CPUTIME_ID);

	interface_press(&drawing->interface, key, -1, 0);
	interface_draw(&drawing->interface, &drawing->cells);
	return clock_now(CLOCK_THREAD_CPUTIME_ID) - since;
}

/* No records are there, as if nobody had looked at anything yet, and none but close-ups come: those
 * are there first, and histories then take their time from nobody. */
static void forget(struct drawing *drawing)
{
	struct loader *loader = &drawing->session.loader;

	loader->too_many = 1;
	loader_want(loader, -2, -1, 0);
	loader_want_near(loader, -2, -1);
	loader_drop_unused(loader);
}

/* Until what the window shows is there and drawn, step by step as the program does it. */
static int64_t time_sharp(struct drawing *drawing)
{
	const struct viewport *viewport = &drawing->interface.state.at.viewport;
	int64_t since = clock_now(CLOCK_THREAD_CPUTIME_ID);

	while (!model_has_lane(&drawing->session.model, lane_of_proc(0, false),
	                       viewport_begin_ns(viewport), viewport_end_ns(viewport)) &&
	       loader_has_near(&drawing->session.loader))
		session_step(&drawing->session, STEP_MS);
	interface_follow(&drawing->interface);
	interface_draw(&drawing->interface, &drawing->cells);
	return clock_now(CLOCK_THREAD_CPUTIME_ID) - since;
}

static void time_deep(struct drawing *drawing, int64_t window_ns, struct frame_deep *deep)
{
	struct figures sharp = { 0 }, clock = { 0 }, pan = { 0 };

	*deep = (struct frame_deep){ .window_ns = window_ns };
	refine(drawing);
	for (int place = 0; place < DEEP_PLACES; place++) {
		int64_t since;

		forget(drawing);
		time_jump(drawing, window_ns);
		since = clock_now(CLOCK_MONOTONIC);
		figures_add(&sharp, time_sharp(drawing));
		figures_add(&clock, clock_now(CLOCK_MONOTONIC) - since);
		deep->near += drawing->session.loader.near_bytes > 0;
		deep->places++;
		time_key(drawing, "d");
		figures_add(&pan, time_sharp(drawing));
	}
	deep->sharp_ns = figures_at(&sharp, 50);
	deep->sharp_95_ns = figures_at(&sharp, 95);
	deep->sharp_max_ns = figures_at(&sharp, 100);
	deep->clock_ns = figures_at(&clock, 50);
	deep->pan_ns = figures_at(&pan, 50);
}

static void time_keys(struct drawing *drawing, struct figures *figures, struct frame_level *level)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int64_t ns = time_key(drawing, keys[i]);

		figures_add(figures, ns);
		if (ns > level->key_max_ns) {
			level->key_max_ns = ns;
			snprintf(level->worst, sizeof(level->worst), "%s", keys[i]);
		}
		refine(drawing);
		interface_draw(&drawing->interface, &drawing->cells);
	}
}

static void time_level(struct drawing *drawing, int64_t window_ns, struct frame_level *level)
{
	struct figures jump = { 0 }, make = { 0 }, key = { 0 };
	int64_t until = clock_now(CLOCK_MONOTONIC) + patience_ns;

	*level = (struct frame_level){ .window_ns = window_ns };
	for (int place = 0; place < PLACES && clock_now(CLOCK_MONOTONIC) < until; place++) {
		figures_add(&jump, time_jump(drawing, window_ns));
		figures_add(&make, time_refine(drawing));
		interface_draw(&drawing->interface, &drawing->cells);
		time_keys(drawing, &key, level);
	}
	level->jump_ns = figures_at(&jump, 50);
	level->jump_max_ns = figures_at(&jump, 100);
	level->make_ns = figures_at(&make, 50);
	level->make_max_ns = figures_at(&make, 100);
	level->key_ns = figures_at(&key, 50);
	level->key_95_ns = figures_at(&key, 95);
}

static bool open_drawing(struct drawing *drawing, struct budget *budget,
                         const struct frame_question *question)
{
	struct error err = { 0 };

	budget->limit = limits_budget(limits_read(), 0);
	if (!session_open(&drawing->session, budget, question->path, -1, &err) ||
	    !interface_open(&drawing->interface, &drawing->session, "bench", NULL, &err)) {
		fprintf(stderr, "bench: %s: %s\n", question->path, err.message);
		return false;
	}
	drawing->cells = (struct cells){ .budget = budget };
	cells_resize(&drawing->cells, question->cols, question->rows);
	interface_resize(&drawing->interface, question->cols, question->rows);
	refine(drawing);
	return true;
}

bool draw_frames(const void *question, void *result)
{
	struct drawing drawing = { .random = 1 };
	struct frames *frames = result;
	struct budget budget = { 0 };
	int64_t whole_ns;

	if (!open_drawing(&drawing, &budget, question))
		return false;
	*frames = (struct frames){ 0 };
	whole_ns = drawing.session.model.end_ns;
	for (int64_t ns = whole_ns; ns >= FINEST_NS && frames->count < FRAME_LEVELS_MAX; ns /= 4)
		time_level(&drawing, ns, &frames->levels[frames->count++]);
	for (size_t i = 0; i < DEEP_LEVELS; i++)
		if (deep_ns[i] < whole_ns)
			time_deep(&drawing, deep_ns[i], &frames->deep[frames->deep_count++]);
	interface_close(&drawing.interface);
	cells_free(&drawing.cells);
	session_close(&drawing.session);
	return true;
}
