/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/answer_all.h"
#include "tests/bench/figures.h"
#include "tests/hostile.h"
#include "tui/host/limits.h"
#include "tui/report/texts.h"
#include "tui/session.h"

/* hostile: what each family of hostile files costs, at three sizes: whether twice the bytes take
 * twice the time, and how many times the file the memory is (reliability.md 2, P4 and P5). */

static const char usage[] =
	"usage: hostile [--kilobytes N] [--only FAMILY] [--path load|events|answers]\n";

enum {
	SIZES = 3,
	WAYS = 3,
	SPARE_KIB = 32 << 10,
	START_KIB = 16 << 10, /* what any program takes */
	PATIENCE_S = 60,      /* of CPU time */
	TIMES = 7,
	EXIT_OVER = 1,
};

#define RATIO_MOST 2.3
#define TIMES_MOST 8.0
#define MS_PER_MB_MOST 2000.0
#define MS_LITTLE 20.0 /* a ratio of less is of noise */
#define MS_LONG 250.0

struct cost {
	int64_t cpu_ns;
	uint64_t peak; /* as it is accounted for */
	uint64_t before_kib, after_kib;
	bool is_stopped; /* the limit was reached */
};

struct costs {
	struct cost items[TIMES]; /* by time */
	int count;
};

struct options {
	size_t bytes;
	const char *only, *path;
};

/* ---- what is measured, each in a process of its own */

static void begin(struct cost *cost)
{
	const struct rlimit patience = { PATIENCE_S, PATIENCE_S };

	setrlimit(RLIMIT_CPU, &patience);
	*cost = (struct cost){ .before_kib = peak_of("self") };
	cost->cpu_ns = -clock_now(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(struct cost *cost, const struct budget *budget)
{
	cost->cpu_ns += clock_now(CLOCK_PROCESS_CPUTIME_ID);
	cost->peak = atomic_load(&budget->peak);
	cost->after_kib = peak_of("self");
}

static bool measure_load(const void *path, void *result)
{
	struct budget budget = { .limit = limits_budget(limits_read(), 0) };
	static struct session session;
	struct error err = { 0 };
	struct cost *cost = result;

	begin(cost);
	if (!session_open(&session, &budget, path, 0, &err))
		return false;
	session_finish(&session);
	end(cost, &budget);
	cost->is_stopped = session.loader.was_stopped || session.index.is_full;
	session_close(&session);
	return true;
}

static bool measure_events(const void *path, void *result)
{
	struct budget budget = { .limit = limits_budget(limits_read(), 0) };
	const struct text_wish wish = { .output = NULL };
	struct text_outcome outcome = { 0 };
	static struct session session;
	struct error err = { 0 };
	struct cost *cost = result;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		return false;
	begin(cost);
	if (!session_open(&session, &budget, path, 0, &err))
		return false;
	session_index(&session, version_is_v2(session.index.version));
	texts_print(text_form_find(bytes_of("events")), &wish, &budget, &session.index,
	            &session.input.source, &outcome, &err);
	end(cost, &budget);
	cost->is_stopped = err.kind == ERROR_LIMIT;
	session_close(&session);
	return true;
}

/* With the load before it. */
static bool measure_answers(const void *path, void *result)
{
	struct budget budget = { .limit = limits_budget(limits_read(), 0) };
	static struct session session;
	struct error err = { 0 };
	struct cost *cost = result;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	bool is_short;

	begin(cost);
	if (null < 0 || !session_open(&session, &budget, path, 0, &err))
		return false;
	session_finish(&session);
	is_short = !answer_all(&session, null);
	end(cost, &budget);
	cost->is_stopped = is_short || session.loader.was_stopped || session.index.is_full;
	session_close(&session);
	return true;
}

static const struct way {
	const char *name;
	apart_fn *fn;
} ways[WAYS] = { { "load", measure_load },
	         { "events", measure_events },
	         { "answers", measure_answers } };

/* ---- the table */

static bool make_file(const struct hostile_family *family, size_t bytes, int fd, size_t *len)
{
	struct budget budget = { 0 };
	byte_array out = { .budget = &budget };
	bool good;

	hostile_make(family, bytes, &out);
	*len = out.count;
	good = ftruncate(fd, 0) == 0 && pwrite(fd, out.items, out.count, 0) == (ssize_t)out.count;
	array_free(&out);
	return good;
}

static double times_of(uint64_t kib, size_t len)
{
	double more = (double)kib - SPARE_KIB;

	return more > 0 ? more * 1024 / (double)len : 0;
}

static double ms(int64_t ns)
{
	return (double)ns / 1e6;
}

/* Once more; what takes long is measured once. They stand in order. */
static void measure(const struct way *way, const char *path, struct costs *costs)
{
	struct cost cost = { 0 };
	int at = costs->count;

	if (at > 0 && ms(costs->items[0].cpu_ns) > MS_LONG)
		return;
	if (!run_apart(way->fn, path, &cost, sizeof(cost)))
		cost = (struct cost){ 0 };
	for (; at > 0 && costs->items[at - 1].cpu_ns > cost.cpu_ns; at--)
		costs->items[at] = costs->items[at - 1];
	costs->items[at] = cost;
	costs->count++;
}

/* Not the quickest: of what takes a short time that is one that nobody disturbed, of what takes
 * longer there is none. */
static struct cost median_of(const struct costs *costs)
{
	return costs->items[costs->count / 2];
}

static bool print_row(const char *name, const char *way, const struct costs all[SIZES],
                      const size_t lens[SIZES])
{
	const struct cost costs[SIZES] = { median_of(&all[0]), median_of(&all[1]),
		                           median_of(&all[2]) };
	const struct cost *last = &costs[SIZES - 1];
	double ratio = 0, accounted, resident, rate;
	bool is_over;

	if (last->peak == 0) {
		printf("%-36s %-7s %7.2f could not be measured !\n", name, way,
		       (double)lens[SIZES - 1] / 1e6);
		return false;
	}
	if (ms(last->cpu_ns) > MS_LITTLE && costs[0].is_stopped <= last->is_stopped)
		ratio = 2 * sqrt((double)last->cpu_ns / (double)lens[SIZES - 1] /
		                 ((double)costs[0].cpu_ns / (double)lens[0]));
	accounted = times_of(last->peak / 1024, lens[SIZES - 1]);
	resident = times_of(last->after_kib > last->before_kib + START_KIB
	                            ? last->after_kib - last->before_kib - START_KIB
	                            : 0,
	                    lens[SIZES - 1]);
	rate = ms(last->cpu_ns) * 1e6 / (double)lens[SIZES - 1];
	is_over = ratio > RATIO_MOST || accounted > TIMES_MOST || resident > TIMES_MOST ||
	          rate > MS_PER_MB_MOST;
	printf("%-36s %-7s %7.2f %8.1f %8.1f %8.1f %6.2f %8.2f %8.2f %8.2f %s%s\n", name, way,
	       (double)lens[SIZES - 1] / 1e6, ms(costs[0].cpu_ns), ms(costs[1].cpu_ns),
	       ms(costs[2].cpu_ns), ratio, (double)last->peak / (double)lens[SIZES - 1], accounted,
	       resident, last->is_stopped ? "stopped" : "", is_over ? " !" : "");
	fflush(stdout);
	return !is_over;
}

static bool is_wanted(const struct options *options, const struct way *way)
{
	return options->path == NULL || strcmp(options->path, way->name) == 0;
}

/* The sizes in turn: others are at work on the machine, and what they do to one they do to all. */
static void measure_all(const struct options *options, const int fds[SIZES],
                        struct costs costs[WAYS][SIZES])
{
	char path[64];

	for (int time = 0; time < TIMES; time++)
		for (int i = 0; i < SIZES; i++)
			for (size_t w = 0; w < WAYS; w++) {
				snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[i]);
				if (is_wanted(options, &ways[w]) &&
				    (i == 0 || median_of(&costs[w][i - 1]).peak > 0))
					measure(&ways[w], path, &costs[w][i]);
			}
}

static bool bench_family(const struct hostile_family *family, const struct options *options)
{
	struct costs costs[WAYS][SIZES] = { 0 };
	size_t lens[SIZES] = { 0 };
	int fds[SIZES];
	bool good = true;

	for (int i = 0; i < SIZES; i++) {
		fds[i] = memfd_create("hostile", 0);
		good = make_file(family, options->bytes << i, fds[i], &lens[i]) && good;
	}
	if (good)
		measure_all(options, fds, costs);
	for (int i = 0; i < SIZES; i++)
		close(fds[i]);
	for (size_t w = 0; w < WAYS; w++)
		if (is_wanted(options, &ways[w]))
			good = print_row(family->name, ways[w].name, costs[w], lens) && good;
	return good;
}

static bool parse(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{ "kilobytes", required_argument, NULL, 'k' },
		{ "only", required_argument, NULL, 'o' },
		{ "path", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};

	for (int letter; (letter = getopt_long(argc, argv, "", names, NULL)) != -1;) {
		if (letter == 'k')
			options->bytes = strtoul(optarg, NULL, 10) * 1000;
		else if (letter == 'o')
			options->only = optarg;
		else if (letter == 'p')
			options->path = optarg;
		else
			return false;
	}
	return optind == argc && options->bytes > 0;
}

int main(int argc, char **argv)
{
	struct options options = { .bytes = 1000000 };
	size_t over = 0;

	if (!parse(&options, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	printf("%-36s %-7s %7s %8s %8s %8s %6s %8s %8s %8s\n", "", "", "MB", "ms, 1/4", "1/2",
	       "all", "ratio", "peak/len", "above 32M", "resident");
	for (size_t i = 0; i < hostile_families_count; i++)
		if (options.only == NULL || strstr(hostile_families[i].name, options.only) != NULL)
			over += !bench_family(&hostile_families[i], &options);
	printf("%zu beyond ratio %g, %g times the file and 32 MiB, or %g ms/MB\n", over, RATIO_MOST,
	       TIMES_MOST, MS_PER_MB_MOST);
	return over > 0 ? EXIT_OVER : 0;
}
