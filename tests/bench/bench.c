/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <getopt.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/asking.h"
#include "tests/bench/first.h"
#include "tests/bench/latency.h"
#include "tests/bench/goals.h"
#include "tests/bench/passes.h"
#include "tests/bench/loading.h"
#include "tests/bench/pictures.h"
#include "tests/bench/seeking.h"

/* bench: how fast we are on a trace, as a table; README.md here says how to read it. Exits with 0
 * whatever the figures are: a machine that is busy is no reason to fail. */

static const char usage[] = "usage: bench [--runs N] [--gander PROGRAM] [--only "
			    "load|first|latency|search|passes|why|frames|terminal|row|memory|"
			    "usable] "
			    "[--memory MIB] TRACE\n";

struct options {
	int runs;
	const char *gander; /* NULL: no terminal */
	const char *only;   /* NULL: all */
	const char *trace;
	uint64_t memory;  /* MiB, as --memory asks for; 0: not asked */
	int64_t whole_ns; /* how long that is; 0: not known yet */
};

enum { SPARE_KIB = 32 << 10 };

/* ---- loading */

enum { CALIBRATION, INDEX, ONE_THREAD, THREADS, KINDS };

struct kind {
	const char *name;
	apart_fn *fn;
	bool by_clock;      /* several threads: time on the wall */
	double goal, limit; /* in calibrations; 0: none */
};

static const struct kind kinds[KINDS] = {
	[CALIBRATION] = { "calibration", calibrate, false, 0, 0 },
	[INDEX] = { "index", load_index, false, GOAL_INDEX, LIMIT_INDEX },
	[ONE_THREAD] = { "load, 1 thread", load_stepped, false, GOAL_ONE_THREAD, LIMIT_ONE_THREAD },
	[THREADS] = { "load, all threads (wall)", load_threaded, true, GOAL_THREADS,
	              LIMIT_THREADS },
};

struct rounds {
	struct figures ns[KINDS],
		ratio[KINDS]; /* ratio: to the calibration of its round, in 1/1000 */
	struct figures usable_ns, peak_kib[KINDS], phase_ns[PHASES];
	int64_t first_ns[KINDS];
	struct loading last[KINDS];
};

static int64_t time_of(const struct kind *kind, const struct loading *loading)
{
	return kind->by_clock ? loading->wall_ns : loading->cpu_ns;
}

/* The first round warms the cache and is kept apart. */
static bool run_round(struct rounds *rounds, const char *trace, bool is_first)
{
	struct load_question question = { .path = trace, .threads = -1 };

	for (int i = 0; i < KINDS; i++) {
		struct loading *loading = &rounds->last[i];
		int64_t unit;

		if (!run_apart(kinds[i].fn, &question, loading, sizeof(*loading)))
			return false;
		if (is_first) {
			rounds->first_ns[i] = time_of(&kinds[i], loading);
			continue;
		}
		unit = rounds->last[CALIBRATION].cpu_ns / 1000;
		figures_add(&rounds->ns[i], time_of(&kinds[i], loading));
		figures_add(&rounds->ratio[i], time_of(&kinds[i], loading) / (unit > 0 ? unit : 1));
		figures_add(&rounds->peak_kib[i], (int64_t)loading->peak_kib);
	}
	if (is_first)
		return true;
	figures_add(&rounds->usable_ns, rounds->last[THREADS].usable_ns);
	for (int i = 0; i < PHASES; i++)
		figures_add(&rounds->phase_ns[i], rounds->last[ONE_THREAD].phase_ns[i]);
	return true;
}

static void print_time(const char *name, int64_t first_ns, int64_t ns, const struct loading *shape)
{
	double bytes = (double)shape->bytes, events = (double)shape->events;

	printf("%-24s ", name);
	if (first_ns > 0)
		printf("%10.1f ", ms(first_ns));
	else
		printf("%10s ", "");
	printf("%10.1f %9.2f %9.0f", ms(ns), events > 0 ? (double)ns / events : 0,
	       ns > 0 ? bytes * 1e3 / (double)ns : 0);
}

static void print_kind(struct rounds *rounds, int i)
{
	double ratio = (double)figures_at(&rounds->ratio[i], 50) / 1000;

	print_time(kinds[i].name, rounds->first_ns[i], figures_at(&rounds->ns[i], 50),
	           &rounds->last[CALIBRATION]);
	printf(" %9.3f", ratio);
	if (kinds[i].goal > 0)
		printf("%s goal %g, limit %g", marks(ratio, kinds[i].goal, kinds[i].limit),
		       kinds[i].goal, kinds[i].limit);
	putchar('\n');
}

static void print_phase(struct rounds *rounds, int i)
{
	int64_t unit = figures_at(&rounds->ns[CALIBRATION], 50);
	int64_t ns = figures_at(&rounds->phase_ns[i], 50);
	char name[32];

	if (phase_names[i] == NULL && ns == 0)
		return;
	snprintf(name, sizeof(name), "  %s", phase_names[i] == NULL ? "?" : phase_names[i]);
	print_time(name, 0, ns, &rounds->last[CALIBRATION]);
	printf(" %9.3f  longest step %6.1f ms\n", unit > 0 ? (double)ns / (double)unit : 0,
	       ms(rounds->last[ONE_THREAD].longest_ns[i]));
}

static void print_loading(struct rounds *rounds)
{
	const struct loading *shape = &rounds->last[CALIBRATION];

	printf("%.1f MB, %.2f M events, %.2f B/event, %" PRIu64 " generations; %ld processors\n",
	       (double)shape->bytes / 1e6, (double)shape->events / 1e6,
	       (double)shape->event_bytes / (double)(shape->events + (shape->events == 0)),
	       shape->generations, sysconf(_SC_NPROCESSORS_ONLN));
	printf("\n%-24s %10s %10s %9s %9s %9s\n", "", "first ms", "median ms", "ns/event", "MB/s",
	       "multiple");
	for (int i = 0; i < KINDS; i++)
		print_kind(rounds, i);
	print_time("  its first part (wall)", 0, figures_at(&rounds->usable_ns, 50), shape);
	printf("\n\nphases of load, 1 thread\n");
	for (int i = 0; i < PHASES; i++)
		print_phase(rounds, i);
}

static void print_peak(const char *name, int64_t kib, uint64_t bytes)
{
	double file = (double)bytes / 1024;
	double times = file > 0 ? (double)(kib - SPARE_KIB) / file : 0;

	printf("%-24s %10.1f MiB = 32 MiB + %5.2f files%s goal %g\n", name, (double)kib / 1024,
	       times, mark(times > GOAL_MEMORY), GOAL_MEMORY);
}

static bool run_rounds(struct rounds *rounds, const struct options *options)
{
	for (int i = 0; i <= options->runs; i++)
		if (!run_round(rounds, options->trace, i == 0))
			return false;
	return true;
}

/* One line of a table of many traces (bench.sh --shapes has its head). */
static bool bench_row(const struct options *options)
{
	static struct rounds rounds;
	const struct loading *shape = &rounds.last[CALIBRATION];
	double events;

	if (!run_rounds(&rounds, options))
		return false;
	events = (double)(shape->events + (shape->events == 0));
	printf("%8.1f %8.2f %5" PRIu64 " %9.2f", (double)shape->bytes / 1e6,
	       (double)shape->events / 1e6, shape->generations,
	       (double)figures_at(&rounds.ns[ONE_THREAD], 50) / events);
	for (int i = INDEX; i < KINDS; i++) {
		double ratio = (double)figures_at(&rounds.ratio[i], 50) / 1000;

		printf(" %8.3f%s", ratio, marks(ratio, kinds[i].goal, kinds[i].limit));
	}
	printf(" %8.2f\n", (double)(figures_at(&rounds.peak_kib[ONE_THREAD], 100) - SPARE_KIB) *
	                           1024 / (double)shape->bytes);
	return true;
}

static bool bench_loading(struct options *options)
{
	static struct rounds rounds;
	const struct loading *shape = &rounds.last[CALIBRATION];

	if (!run_rounds(&rounds, options))
		return false;
	options->whole_ns = rounds.last[THREADS].whole_ns;
	print_loading(&rounds);
	printf("\n");
	print_peak("peak memory, 1 thread", figures_at(&rounds.peak_kib[ONE_THREAD], 100),
	           shape->bytes);
	print_peak("peak memory, threads", figures_at(&rounds.peak_kib[THREADS], 100),
	           shape->bytes);
	return true;
}

/* ---- memory alone, of large files */

/* Without a limit that was asked for: a share of the file; with one: that, and what the process
 * takes beside. */
static bool bench_memory(const struct options *options)
{
	struct load_question question = { options->trace, -1, options->memory << 20 };
	struct loading loading;
	double mib, file, goal, limit;
	char name[64] = "peak memory, default";

	if (!run_apart(load_threaded, &question, &loading, sizeof(loading)))
		return false;
	mib = (double)loading.peak_kib / 1024;
	file = (double)loading.bytes / (1 << 20);
	goal = options->memory != 0 ? (double)options->memory : GOAL_SHARE * file;
	limit = options->memory != 0 ? (double)options->memory * 9 / 8
	                             : LIMIT_SHARE * file + (double)(SPARE_KIB >> 10);
	if (options->memory != 0)
		snprintf(name, sizeof(name), "peak memory, --memory=%" PRIu64 "M", options->memory);
	printf("%-28s %8.1f MiB of %8.1f = %.3f files%s goal %.1f limit %.1f%s%s\n", name, mib,
	       file, mib / file, mark(mib > goal), goal, limit, mib > limit ? " !!" : "",
	       loading.was_stopped ? " stopped !!" : "");
	return true;
}

/* ---- the first picture */

static bool bench_first(const struct options *options)
{
	for (int cold = 0; cold < 2; cold++) {
		struct first_question question = { options->trace, cold == 1, 200, 60 };
		struct figures alone = { 0 }, wall = { 0 }, cpu = { 0 }, there = { 0 };
		double goal = cold ? GOAL_FIRST_COLD_MS : GOAL_FIRST_MS;
		double limit = cold ? LIMIT_FIRST_COLD_MS : LIMIT_FIRST_MS, value;
		struct first first;

		for (int i = 0; i < options->runs; i++) {
			if (!run_apart(draw_first, &question, &first, sizeof(first)))
				return false;
			figures_add(&alone, first.alone_ns);
			figures_add(&wall, first.wall_ns);
			figures_add(&cpu, first.cpu_ns);
			figures_add(&there, first.there_ns);
		}
		value = ms(figures_at(&alone, 50));
		printf("%sfirst picture, %s: %7.1f ms%s goal %g, limit %g (wall %.1f, CPU %.1f); ",
		       cold ? "" : "\n", cold ? "cold" : "warm", value, marks(value, goal, limit),
		       goal, limit, ms(figures_at(&wall, 50)), ms(figures_at(&cpu, 50)));
		printf("elsewhere after %.1f ms%s\n", ms(figures_at(&there, 50)),
		       first.is_sketched ? "" : "; loaded, not sketched");
	}
	return true;
}

/* For go.sh: ms until the first picture, and KiB of memory when all is loaded. */
static bool bench_usable(const struct options *options)
{
	struct first_question question = { options->trace, false, 200, 60 };
	struct load_question load = { .path = options->trace, .threads = -1 };
	struct figures wall = { 0 };
	struct loading loading;
	struct first first;

	for (int i = 0; i < options->runs; i++) {
		if (!run_apart(draw_first, &question, &first, sizeof(first)))
			return false;
		figures_add(&wall, first.wall_ns);
	}
	if (!run_apart(load_threaded, &load, &loading, sizeof(loading)))
		return false;
	printf("%.1f %" PRIu64 "\n", ms(figures_at(&wall, 50)), loading.peak_kib);
	return true;
}

/* ---- keys while it loads */

static void add_all(struct figures *to, const struct figures *from)
{
	for (size_t i = 0; i < from->count; i++)
		figures_add(to, from->values[i]);
}

static void keep_most(int64_t *most, int64_t value)
{
	*most = value > *most ? value : *most;
}

static bool bench_latency(const struct options *options)
{
	for (int jobs = -1; jobs < 1; jobs++) {
		struct latency_question question = { options->trace, jobs, 200, 60 };
		static struct latency all, one;
		double median, worst;

		all = (struct latency){ 0 };
		for (int i = 0; i < options->runs; i++) {
			if (!run_apart(press_while_loading, &question, &one, sizeof(one)))
				return false;
			add_all(&all.key, &one.key);
			add_all(&all.wall, &one.wall);
			keep_most(&all.step_ns, one.step_ns);
			keep_most(&all.follow_ns, one.follow_ns);
			keep_most(&all.draw_ns, one.draw_ns);
		}
		median = ms(figures_at(&all.key, 50));
		worst = ms(figures_at(&all.key, 100));
		printf("%skey while loading, %-9s %6.1f ms%s goal %g, worst %6.1f%s limit %g "
		       "(wall %.1f, worst %.1f; %zu keys); longest: step %.1f, follow %.1f, "
		       "draw %.1f\n",
		       jobs < 0 ? "\n" : "", jobs < 0 ? "threads:" : "--jobs=0:", median,
		       marks(median, GOAL_KEY_MS, LIMIT_KEY_MS), GOAL_KEY_MS, worst,
		       worst > LIMIT_KEY_MS ? "!!" : "  ", LIMIT_KEY_MS,
		       ms(figures_at(&all.wall, 50)), ms(figures_at(&all.wall, 100)), all.key.count,
		       ms(all.step_ns), ms(all.follow_ns), ms(all.draw_ns));
	}
	return true;
}

/* ---- */

static const struct {
	int cols, rows;
} sizes[] = { { 200, 64 }, { 80, 24 } };

static bool find_length(struct options *options)
{
	struct load_question question = { .path = options->trace, .threads = -1 };
	struct loading loading;

	if (!run_apart(load_threaded, &question, &loading, sizeof(loading)))
		return false;
	options->whole_ns = loading.whole_ns;
	return true;
}

static bool wanted(const struct options *options, const char *what)
{
	return options->only == NULL || strcmp(options->only, what) == 0;
}

static bool run(struct options *options)
{
	bool good;

	if (options->only != NULL && strcmp(options->only, "row") == 0)
		return bench_row(options);
	if (options->only != NULL && strcmp(options->only, "memory") == 0)
		return bench_memory(options);
	if (options->only != NULL && strcmp(options->only, "usable") == 0)
		return bench_usable(options);
	good = wanted(options, "load") ? bench_loading(options) : find_length(options);

	if (good && wanted(options, "first"))
		good = bench_first(options);
	if (good && wanted(options, "latency"))
		good = bench_latency(options);
	if (good && wanted(options, "search"))
		good = bench_seeking(options->trace, sizes[0].cols, sizes[0].rows);
	if (good && wanted(options, "why"))
		good = bench_asking(options->trace);
	if (good && wanted(options, "passes"))
		good = bench_passes(options->trace);
	for (size_t i = 0; good && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (wanted(options, "frames"))
			good = bench_frames(options->trace, sizes[i].cols, sizes[i].rows);
		if (good && options->gander != NULL && wanted(options, "terminal"))
			good = bench_terminal(&(struct terminal_question){
				options->gander, options->trace, options->whole_ns, sizes[i].cols,
				sizes[i].rows, i == 0 });
	}
	return good;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "gander", required_argument, NULL, 'g' },
		{ "memory", required_argument, NULL, 'm' },
		{ "only", required_argument, NULL, 'o' },
		{ "runs", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .runs = 5 };
	int letter;

	while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (letter) {
		case 'g':
			options.gander = optarg;
			break;
		case 'o':
			options.only = optarg;
			break;
		case 'm':
			options.memory = strtoull(optarg, NULL, 10);
			break;
		case 'r':
			options.runs = atoi(optarg);
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	if (optind != argc - 1 || options.runs < 1) {
		fputs(usage, stderr);
		return 2;
	}
	options.trace = argv[optind];
	setlocale(LC_CTYPE, "C.UTF-8");
	setvbuf(stdout, NULL, _IOLBF, 0);
	return run(&options) ? 0 : 1;
}
