/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "tests/bench/load_run.h"
#include "tests/fuzz/made.h"
#include "tests/harm.h"
#include "tests/near.h"
#include "tests/shared.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

/* What is made of a window from checkpoints is what the history of its generation has there: of the
 * traces in the tree, of real ones, of generated ones, whole and damaged. closeup SEED tries
 * others, of that seed. */

#ifdef GANDER_SANITIZED
enum { WINDOWS = 20 / TAP_SLOWER, MADE = 30 / TAP_SLOWER, HARMED = 50 / TAP_SLOWER };
#else
enum { WINDOWS = 50, MADE = 150, HARMED = 200 };
#endif

static struct budget budget;

static void say(const char *name, const char *broken, const struct near_count *count)
{
	printf("# %s: %" PRIu64 " windows made, %" PRIu64 " not, %" PRIu64 " records\n", name,
	       count->made, count->refused, count->records);
	ok(broken == NULL, "%s%s%s", name, broken == NULL ? "" : ": ",
	   broken == NULL ? "" : broken);
}

static const char *try(struct bytes bytes, uint64_t seed, int windows, struct near_count *count)
{
	static struct loaded loaded;
	struct error err = { 0 };
	const char *broken;

	if (!load_bytes_by(&loaded, bytes, SIZE_MAX / 2, NULL, &err))
		return NULL;
	broken = near_broken(&loaded, seed, windows, count);
	load_free(&loaded);
	return broken;
}

static void see_file(const char *path, const char *name, bool is_v1)
{
	static struct loaded loaded;
	struct near_count count = { 0 };
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	say(name, near_broken(&loaded, 1, WINDOWS, &count), &count);
	ok(is_v1 ? count.made == 0 : count.refused == 0, "%s: %s windows are made", name,
	   is_v1 ? "no" : "all");
	load_free(&loaded);
}

static void visit(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	see_file(path, name, !version_is_v2(version));
}

static byte_array read_all(FILE *file)
{
	byte_array bytes = { .budget = &budget };
	int byte;

	rewind(file);
	while ((byte = getc(file)) != EOF)
		*array_push(&bytes) = (uint8_t)byte;
	return bytes;
}

static void see_generated(const char *name, const struct load_options *options)
{
	struct load_result result;
	struct near_count count = { 0 }, harmed = { 0 };
	struct harm harm = { 1 };
	const char *broken = NULL;
	FILE *file = tmpfile();
	byte_array bytes;

	if (file == NULL || !load_run(options, file, &result)) {
		ok(false, "%s is generated", name);
		return;
	}
	bytes = read_all(file);
	fclose(file);
	say(name, try((struct bytes){ bytes.items, bytes.count }, 1, WINDOWS, &count), &count);
	for (uint64_t i = 0; 50 * i < HARMED && broken == NULL; i++) {
		byte_array copy = { .budget = &budget };

		array_resize(&copy, bytes.count);
		memcpy(copy.items, bytes.items, bytes.count);
		harm.seed = i + options->seed;
		harm_do(&harm, &copy);
		broken = try((struct bytes){ copy.items, copy.count }, i, 20, &harmed);
		array_free(&copy);
	}
	say("damaged", broken, &harmed);
	array_free(&bytes);
}

static void see_texts(uint64_t seed)
{
	struct arena arena = { .budget = &budget };
	text_traces traces = { .budget = &budget };
	struct near_count count = { 0 }, harmed = { 0 };
	const char *broken = NULL;

	ok(text_traces_read(&traces, &arena), "there are text traces");
	for (size_t i = 0; i < traces.count && broken == NULL; i++) {
		broken = try(traces.items[i].bytes, i, 40, &count);
		if (broken != NULL)
			printf("# %s\n", traces.items[i].name);
	}
	say("text traces", broken, &count);
	broken = NULL;
	for (uint64_t i = 0; i < HARMED && broken == NULL; i++) {
		const struct text_trace *trace = &traces.items[i % traces.count];
		byte_array bytes = { .budget = &budget };
		struct harm harm = { i + seed };

		array_resize(&bytes, trace->bytes.len);
		memcpy(bytes.items, trace->bytes.data, trace->bytes.len);
		harm_do(&harm, &bytes);
		broken = try((struct bytes){ bytes.items, bytes.count }, i, 20, &harmed);
		if (broken != NULL)
			printf("# %s, harm %" PRIu64 "\n", trace->name, i + seed);
		array_free(&bytes);
	}
	say("damaged text traces", broken, &harmed);
	array_free(&traces);
	arena_free(&arena);
}

static void see_made(uint64_t seed)
{
	struct near_count count = { 0 };
	const char *broken = NULL;
	uint64_t state = 88172645463325252u + seed;

	for (int i = 0; i < MADE && broken == NULL; i++) {
		uint8_t script[600];
		byte_array bytes = { .budget = &budget };
		struct made made;

		for (size_t k = 0; k < sizeof(script); k++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			script[k] = (uint8_t)(state >> 32);
		}
		made = made_trace((struct bytes){ script, sizeof(script) }, false, &bytes);
		broken = try((struct bytes){ bytes.items, bytes.count }, (uint64_t)i, 20, &count);
		if (broken != NULL)
			printf("# script %d\n", i);
		made_free(&made);
		array_free(&bytes);
	}
	say("made traces", broken, &count);
}

static void see_all_generated(uint64_t seed)
{
	struct load_options plain = {
		.procs = 8,
		.goroutines = 300,
		.bytes = 4 << 20,
		.seed = seed,
		.generation_ns = 400000000,
		.version = 23,
	};
	struct load_options skewed = plain, odd = plain, sparse = plain;

	see_generated("dense", &plain);
	skewed.skew_ns = 2000;
	skewed.generation_ns = 50000000;
	see_generated("skewed", &skewed);
	odd.odd = true;
	odd.version = 26;
	see_generated("odd", &odd);
	sparse.sparse = true;
	sparse.generation_ns = 20000000;
	see_generated("sparse", &sparse);
}

int main(int argc, char **argv)
{
	const char *source = getenv("srcdir");
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	see_file(path, "demo", false);
	see_texts(seed);
	see_made(seed);
	see_all_generated(seed);
	shared_each("shared traces", visit);
	ok(atomic_load(&budget.used) == 0, "memory comes back");
	return tap_done();
}
