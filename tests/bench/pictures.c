/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/pictures.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"
#include "tests/bench/frames.h"
#include "tests/bench/goals.h"
#include "tests/bench/loading.h"
#include "tests/bench/terminal.h"

enum { STEP_BYTES = 4 << 10, LEAP_BYTES = 31 << 10 };

/* ---- frames */

static const char *short_time(int64_t ns)
{
	static char text[TIME_TEXT_MAX];

	return time_text_short(text, ns, true);
}

static void print_level(const struct frame_level *level)
{
	double key = ms(level->key_ns), most = ms(level->key_max_ns);
	double jump = ms(level->jump_ns);

	printf("%-12s %8.2f%s %8.2f %8.2f%s %-8s %10.2f%s %8.2f%s %16.1f %8.1f\n",
	       short_time(level->window_ns), key, marks(key, GOAL_FRAME_MS, LIMIT_FRAME_MS),
	       ms(level->key_95_ns), most, most > LIMIT_FRAME_MS ? "!!" : "  ", level->worst, jump,
	       marks(jump, GOAL_FRAME_MS, LIMIT_FRAME_MS), ms(level->jump_max_ns),
	       ms(level->jump_max_ns) > LIMIT_FRAME_MS ? "!!" : "  ", ms(level->make_ns),
	       ms(level->make_max_ns));
}

static void print_deep(const struct frame_deep *deep)
{
	double sharp = ms(deep->sharp_ns), most = ms(deep->sharp_max_ns);

	printf("%-12s %8.2f%s %8.2f %8.2f%s %10.2f %12.2f   %7zu of %zu\n",
	       short_time(deep->window_ns), sharp, marks(sharp, GOAL_SHARP_MS, LIMIT_SHARP_MS),
	       ms(deep->sharp_95_ns), most, most > LIMIT_SHARP_MS ? "!!" : "  ", ms(deep->clock_ns),
	       ms(deep->pan_ns), deep->near, deep->places);
}

bool bench_frames(const char *trace, int cols, int rows)
{
	struct frame_question question = { trace, cols, rows };
	static struct frames frames;

	if (!run_apart(draw_frames, &question, &frames, sizeof(frames)))
		return false;
	printf("\nkey and cells at %dx%d: ms of CPU time; goal %g, limit %g\n", cols, rows,
	       GOAL_FRAME_MS, LIMIT_FRAME_MS);
	printf("%-12s %8s   %8s %8s   %-8s %10s   %8s %18s %8s\n", "window", "key", "95 %", "most",
	       "which", "new place", "most", "histories (wall)", "most");
	for (size_t i = 0; i < frames.count; i++)
		print_level(&frames.levels[i]);
	printf("\ndeep zoom, not cached, until it is drawn sharp: ms of CPU time; goal %g, limit "
	       "%g\n",
	       GOAL_SHARP_MS, LIMIT_SHARP_MS);
	printf("%-12s %8s   %8s %8s   %10s %12s   %12s\n", "window", "sharp", "95 %", "most",
	       "(wall)", "to the side", "by close-ups");
	for (size_t i = 0; i < frames.deep_count; i++)
		print_deep(&frames.deep[i]);
	return true;
}

/* ---- at a terminal */

enum { TIMES = 3, FINEST_NS = 100000 };

static const struct {
	const char *key;
	int64_t bytes; /* of a step: goal; 0: none */
} steps[] = { { ".", STEP_BYTES }, { ",", STEP_BYTES }, { "d", LEAP_BYTES },
	      { "a", LEAP_BYTES }, { "j", 0 },          { "k", 0 } };

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void bench_level(struct terminal *terminal, const char *name, bool has_goals)
{
	struct figures wall = { 0 }, cpu = { 0 }, settled = { 0 };
	struct figures bytes[STEPS] = { 0 };

	for (int i = 0; i < TIMES; i++)
		for (size_t j = 0; j < STEPS; j++) {
			struct answer answer = terminal_press(terminal, steps[j].key);

			if (answer.bytes == 0)
				continue;
			figures_add(&wall, answer.first_ns);
			figures_add(&cpu, answer.cpu_ns);
			figures_add(&settled, answer.settled_ns);
			figures_add(&bytes[j], answer.bytes);
		}
	printf("%-12s %8.2f %8.2f%s %8.2f %8.2f %8.1f ", name, ms(figures_at(&cpu, 50)),
	       ms(figures_at(&cpu, 100)), mark(ms(figures_at(&cpu, 50)) > LIMIT_FRAME_MS),
	       ms(figures_at(&wall, 50)), ms(figures_at(&wall, 100)),
	       ms(figures_at(&settled, 100)));
	for (size_t j = 0; j < STEPS; j++) {
		int64_t most = figures_at(&bytes[j], 100);

		printf(" %6" PRId64 "%s", most,
		       mark(has_goals && steps[j].bytes > 0 && most > steps[j].bytes));
	}
	printf("\n");
}

static double peak_mib(const struct terminal *terminal)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)terminal->pid);
	return (double)peak_of(pid) / 1024;
}

static void print_start(const struct terminal *terminal, const struct answer *start)
{
	printf("first picture after %.0f ms%s(goal %g), loaded and drawn after %.0f ms, peak %.1f "
	       "MiB\n",
	       ms(start->first_ns), mark(ms(start->first_ns) > GOAL_USABLE_MS), GOAL_USABLE_MS,
	       ms(start->settled_ns), peak_mib(terminal));
}

/* From the whole trace inwards: steps of 1.5, three or four a level, so that levels are about four
 * times apart. */
bool bench_terminal(const struct terminal_question *question)
{
	struct terminal terminal;
	struct answer start;
	double zoom = 1;

	if (!terminal_open(&terminal, question->gander, question->trace, question->cols,
	                   question->rows)) {
		fprintf(stderr, "bench: no terminal\n");
		return false;
	}
	printf("\n%dx%d at a terminal: ", question->cols, question->rows);
	start = terminal_start(&terminal);
	print_start(&terminal, &start);
	printf("%-12s %8s %8s  %8s %8s %8s  %6s  %6s  %6s  %6s  %6s  %6s\n", "window", "CPU ms",
	       "most", "wall", "most", "settled", "bytes .", ",", "d", "a", "j", "k");
	for (double level = 1; (double)question->whole_ns / level >= FINEST_NS; level *= 4) {
		for (; zoom * 1.25 < level; zoom *= 1.5)
			terminal_press(&terminal, "w");
		bench_level(&terminal, short_time((int64_t)((double)question->whole_ns / zoom)),
		            question->has_goals);
	}
	printf("peak in the end %.1f MiB\n", peak_mib(&terminal));
	terminal_close(&terminal);
	return true;
}
