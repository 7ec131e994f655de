/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/trace/version.h"
#include "tests/expected.h"
#include "tests/harm.h"
#include "tests/kept.h"

/* How much of traces is kept where a bit is flipped, a page is zeroed, and where they are cut, on
 * average and at worst; and how often what is decoded and what is said to be lost are not the file.
 * Exits with 1 where a goal is missed (README.md). */

#define GOAL_LARGE 0.995 /* of a flip, on average */
#define GOAL_SMALL 0.97
#define GOAL_CUT 0.99 /* of complete events before any cut */

enum { LARGE = 20 << 20, TIMES = 2000, NAME_LEN = 24, PAGE = 4096 };

struct result {
	double sum, worst; /* of shares */
	uint64_t wrong;    /* sums of bytes that are not the file's size */
	uint64_t beyond;   /* flips that cost more than the batch they hit */
};

static struct budget budget;

static void add(struct result *result, const struct kept_share *share)
{
	double part = share->of == 0 ? 1 : (double)share->kept / (double)share->of;

	result->sum += part;
	result->worst = part < result->worst ? part : result->worst;
	result->wrong += share->bytes + share->lost != share->size;
}

/* The end of a path. */
static const char *name_of(const char *path)
{
	size_t len = strlen(path);

	return len > NAME_LEN ? path + len - NAME_LEN : path;
}

static void print(const char *what, const struct result *result, unsigned times)
{
	printf("  %s %7.3f %% worst %6.2f %%", what, 100 * result->sum / times,
	       100 * result->worst);
}

static bool measure(const char *path, unsigned times)
{
	struct result flips = { .worst = 1 }, pages = { .worst = 1 }, cuts = { .worst = 1 };
	struct arena arena = { .budget = &budget };
	struct harm harm = { .seed = 1 };
	struct kept kept;
	struct bytes trace;
	bool good;

	if (!file_read(&arena, path, &trace) || !kept_open(&kept, &budget, trace)) {
		fprintf(stderr, "%s: is not there, or not sound\n", path);
		exit(2);
	}
	for (unsigned i = 0; i < times; i++) {
		uint64_t offset = VERSION_HEADER + harm_draw(&harm, trace.len - VERSION_HEADER);
		struct kept_share share = kept_flip(&kept, offset, (unsigned)harm_draw(&harm, 8));

		add(&flips, &share);
		flips.beyond += share.kept + share.in_batch < share.of;
		offset = VERSION_HEADER + harm_draw(&harm, trace.len - VERSION_HEADER - PAGE);
		share = kept_zero(&kept, offset, PAGE);
		add(&pages, &share);
		offset = VERSION_HEADER + harm_draw(&harm, trace.len - VERSION_HEADER);
		share = kept_cut(&kept, offset);
		add(&cuts, &share);
	}
	good = flips.sum / times >= (trace.len >= LARGE ? GOAL_LARGE : GOAL_SMALL) &&
	       cuts.worst >= GOAL_CUT && flips.wrong + flips.beyond + pages.wrong + cuts.wrong == 0;
	printf("%*s %5.1f MB %8zu ", NAME_LEN, name_of(path), (double)trace.len / 1e6,
	       kept.types.count);
	print("flip", &flips, times);
	print("page", &pages, times);
	print("cut", &cuts, times);
	printf(" wrong %" PRIu64 "%s\n", flips.wrong + flips.beyond + pages.wrong + cuts.wrong,
	       good ? "" : " !");
	kept_close(&kept);
	arena_free(&arena);
	return good;
}

int main(int argc, char **argv)
{
	unsigned times = TIMES;
	bool good = true;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--times") == 0 && i + 1 < argc) {
			times = (unsigned)strtoul(argv[++i], NULL, 10);
			continue;
		}
		good &= measure(argv[i], times);
		fflush(stdout);
	}
	return good ? 0 : 1;
}
