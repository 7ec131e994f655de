/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/load_run.h"
#include "tests/bench/queue.h"

/* generate: writes a Go execution trace of any size, as it might have come from a program with many
 * goroutines. The same options make the same bytes. Go's own reader accepts what it writes. */

static const char usage[] =
	"usage: generate [OPTIONS] [FILE]\n"
	"  --procs N            GOMAXPROCS (4)\n"
	"  --goroutines N       at most alive at once (1000)\n"
	"  --megabytes N        size of the trace, about (10)\n"
	"  --generation-ms N    length of a generation (1000)\n"
	"  --seed N             another trace of the same kind (1)\n"
	"  --skew-ns N          clocks of threads run up to N ahead (0)\n"
	"  --shape dense|sparse an event every few microseconds on every P, or seldom (dense)\n"
	"  --steps N            a small trace: so many steps, in all\n"
	"  --generations N      ... in so many generations (1)\n"
	"  --odd                with what is seldom: callbacks from C, long coroutines, ...\n"
	"  --version 22|23|25|26  of the format (26)\n";

static int fail(const char *what, const char *which)
{
	fprintf(stderr, "generate: %s: %s\n%s", which, what, usage);
	return 2;
}

static bool parse_number(const char *text, unsigned long min, unsigned long max,
                         unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *text != '-' && *number >= min &&
	       *number <= max;
}

static bool parse_shape(const char *text, bool *sparse)
{
	*sparse = strcmp(text, "sparse") == 0;
	return *sparse || strcmp(text, "dense") == 0;
}

/* clang-format off */
static const struct option long_options[] = {
	{ "generation-ms", required_argument, NULL, 'l' },
	{ "generations",   required_argument, NULL, 'n' },
	{ "goroutines",    required_argument, NULL, 'g' },
	{ "megabytes",     required_argument, NULL, 'm' },
	{ "procs",         required_argument, NULL, 'p' },
	{ "seed",          required_argument, NULL, 's' },
	{ "odd",           no_argument,       NULL, 'o' },
	{ "shape",         required_argument, NULL, 'f' },
	{ "steps",         required_argument, NULL, 't' },
	{ "skew-ns",       required_argument, NULL, 'k' },
	{ "version",       required_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};
/* clang-format on */

static bool parse_option(struct load_options *options, int letter, const char *text)
{
	unsigned long n = 0;
	bool good = true;

	switch (letter) {
	case 'p':
		good = parse_number(text, 1, ACTORS_MAX, &n);
		options->procs = (uint32_t)n;
		break;
	case 'g':
		good = parse_number(text, 1, 10000000, &n);
		options->goroutines = (uint32_t)n;
		break;
	case 'm':
		good = parse_number(text, 1, 100000, &n);
		options->bytes = n * 1000000;
		break;
	case 's':
		good = parse_number(text, 0, UINT32_MAX, &n);
		options->seed = n;
		break;
	case 'l':
		good = parse_number(text, 1, 100000, &n);
		options->generation_ns = (int64_t)n * 1000000;
		break;
	case 'k':
		good = parse_number(text, 0, 1000000000, &n);
		options->skew_ns = (int64_t)n;
		break;
	case 'f':
		good = parse_shape(text, &options->sparse);
		break;
	case 't':
		good = parse_number(text, 1, 1000000, &n);
		options->steps = (uint32_t)n;
		options->small = true;
		break;
	case 'n':
		good = parse_number(text, 1, 1000, &n);
		options->generations = (uint32_t)n;
		break;
	case 'o':
		options->odd = true;
		break;
	case 'v':
		good = parse_number(text, 22, 26, &n) && n != 24;
		options->version = (int)n;
		break;
	default:
		good = false;
	}
	return good;
}

int main(int argc, char **argv)
{
	struct load_options options = {
		.procs = 4,
		.goroutines = 1000,
		.seed = 1,
		.bytes = 10000000,
		.generation_ns = 1000000000,
		.generations = 1,
		.version = 26,
	};
	struct load_result result;
	FILE *out = stdout;
	bool good;

	for (int letter; (letter = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
		if (letter == '?' || !parse_option(&options, letter, optarg))
			return fail("not understood", letter == '?' ? "option" : optarg);
	if (optind < argc - 1)
		return fail("one file is enough", argv[optind + 1]);
	if (optind < argc)
		out = fopen(argv[optind], "wb");
	if (out == NULL)
		return fail(strerror(errno), argv[optind]);
	setvbuf(out, NULL, _IOFBF, 1 << 20);
	good = load_run(&options, out, &result);
	if (fclose(out) != 0 || !good) {
		perror("generate");
		return 1;
	}
	fprintf(stderr,
	        "%" PRIu64 " events, %" PRIu64 " bytes, %.3f s, %" PRIu64 " generations, %" PRIu32
	        " threads\n",
	        result.events, result.bytes, (double)result.length_ns / 1e9, result.generations,
	        result.threads);
	return 0;
}
