/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/tiers.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/model/retell.h"
#include "tests/bench/load_run.h"
#include "tests/load.h"
#include "tests/seen.h"
#include "tests/tap.h"

/* However little of a trace stays in memory, the same is told of it: generated ones, with most
 * goroutines over soon. */
enum { SPANS = 512, WINDOWS = 64, SOME = 60 };

static struct loaded plain, small;

static struct bytes make(const struct load_options *options)
{
	struct load_result result;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool good = out != NULL && load_run(options, out, &result);

	if (out != NULL)
		good = fclose(out) == 0 && good;
	return good ? (struct bytes){ (const uint8_t *)text, len } : (struct bytes){ NULL, 0 };
}

static bool titles_are_the_same(void)
{
	char one[256], other[256];
	bool good = plain.model.roster.count == small.model.roster.count;

	for (uint32_t go = 0; go < plain.model.roster.count && good; go++) {
		model_go_title(&plain.model, go, one, sizeof(one));
		model_go_title(&small.model, go, other, sizeof(other));
		good = strcmp(one, other) == 0 &&
		       model_find_go(&small.model, roster_brief(&plain.model.roster, go).id) ==
		               model_find_go(&plain.model,
		                             roster_brief(&plain.model.roster, go).id);
	}
	return good;
}

static bool are_spans_the_same(uint32_t proc, bool inner, int64_t begin_ns, int64_t end_ns)
{
	static struct span one[SPANS], other[SPANS];
	size_t count =
		model_spans(&plain.model, lane_of_proc(proc, inner), begin_ns, end_ns, one, SPANS);

	if (model_spans(&small.model, lane_of_proc(proc, inner), begin_ns, end_ns, other, SPANS) !=
	    count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (one[i].begin_ns != other[i].begin_ns || one[i].end_ns != other[i].end_ns ||
		    one[i].go != other[i].go || one[i].kind != other[i].kind)
			return false;
	return true;
}

static bool is_mix_the_same(uint32_t proc, int64_t begin_ns, int64_t end_ns)
{
	struct mix one = model_mix(&plain.model, proc, begin_ns, end_ns);
	struct mix other = model_mix(&small.model, proc, begin_ns, end_ns);

	return memcmp(one.spent_ns, other.spent_ns, sizeof(one.spent_ns)) == 0 &&
	       one.longest_go == other.longest_go && one.spans == other.spans;
}

/* The whole trace, and places in it from close by. */
static bool pictures_are_the_same(void)
{
	int64_t end_ns = plain.model.end_ns, step_ns = end_ns / WINDOWS;
	bool good = true;

	for (uint32_t proc = 0; proc < plain.model.procs.count; proc++) {
		good = good && is_mix_the_same(proc, 0, end_ns + 1);
		for (int i = 0; i < WINDOWS; i++) {
			int64_t begin_ns = i * step_ns;

			good = good &&
			       are_spans_the_same(proc, i % 2, begin_ns, begin_ns + step_ns / 16);
		}
	}
	return good;
}

static size_t goroutines_and_pictures(const struct model *model)
{
	size_t bytes[TIER_KINDS];

	tiers_account(model, bytes);
	return bytes[TIER_GOROUTINES] + bytes[TIER_PICTURES];
}

static void listen(void *context, const struct roster_reader *reader, uint32_t go,
                   const struct goroutine *goroutine)
{
	uint64_t *sum = context;

	(void)reader;
	(void)go;
	*sum += (uint64_t)goroutine->exec_ns + goroutine->id;
}

/* What is loaded once more has not its own of what the first has. */
static void a_second_load_takes_little(const char *name)
{
	uint64_t sum = 0;
	struct roster_listener listener = { listen, &sum };
	struct model again;
	struct loader loader;
	struct job *job;

	retell_begin(&again, &small.model, &listener);
	loader_init(&loader, &small.budget, &again, &small.source, &small.index, 0);
	while ((job = loader_next(&loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loader, job);
		while (loader_join(&loader))
			;
	}
	ok(loader_is_done(&loader) && again.roster.count == small.model.roster.count,
	   "%s: all goroutines once more", name);
	printf("# %s: %zu bytes once more, %zu at first\n", name, goroutines_and_pictures(&again),
	       goroutines_and_pictures(&small.model));
	ok(id_pages_bytes(&again.go_of) + id_runs_bytes(&again.past_of) == 0,
	   "%s: ids are those of the first", name);
	ok(again.assists.count < small.model.assists.count || small.model.assists.count == 0,
	   "%s: of assists those that go on", name);
	loader_free(&loader);
	model_free(&again);
}

static void try(const char *name, const struct load_options *options)
{
	struct bytes bytes = make(options);
	struct error err = { 0 };

	if (!load_bytes(&plain, bytes, &err) || !load_bytes_forgetting(&small, bytes, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	printf("# %s: %u of %u goroutines are forgotten, %zu of %zu bytes stay\n", name,
	       small.model.roster.forgotten, small.model.roster.count,
	       goroutines_and_pictures(&small.model), goroutines_and_pictures(&plain.model));
	ok(small.model.roster.forgotten >= SOME, "%s: some are over", name);
	ok(goroutines_and_pictures(&small.model) < goroutines_and_pictures(&plain.model) / 2,
	   "%s: they take less", name);
	ok(!small.loader.was_stopped, "%s: nothing is told of them any more", name);
	ok(seen_answers(&small.model) == seen_answers(&plain.model), "%s: the same answers", name);
	ok(titles_are_the_same(), "%s: the same names", name);
	ok(pictures_are_the_same(), "%s: the same pictures", name);
	a_second_load_takes_little(name);
	load_free(&small);
	is_u64(atomic_load(&small.budget.used), 0, "memory comes back");
	load_free(&plain);
	free((void *)(uintptr_t)bytes.data);
}

/* A file that is another one by now is found out. */
static void a_file_that_changes_is_told(void)
{
	struct load_options options = { .procs = 4,
		                        .goroutines = 100,
		                        .seed = 1,
		                        .bytes = 500000,
		                        .generation_ns = 10000000,
		                        .version = 26 };
	struct bytes bytes = make(&options), others;
	struct source other;
	struct error err = { 0 };
	uint64_t sum = 0;

	options.seed = 2;
	others = make(&options);
	load_bytes_forgetting(&small, bytes, &err);
	source_open_stream(&other, &small.budget);
	source_append(&other, others);
	source_finish(&other);
	small.model.source = &other;
	ok(!retell_goroutines(&small.model, &(struct roster_listener){ listen, &sum }, &err) &&
	           err.kind != ERROR_NONE,
	   "other bytes: %s", err.message);
	err = (struct error){ 0 };
	small.model.was_stopped = true;
	ok(!retell_goroutines(&small.model, &(struct roster_listener){ listen, &sum }, &err) &&
	           err.kind == ERROR_LIMIT,
	   "other bytes than were loaded before memory ran short: %s", err.message);
	source_close(&other);
	load_free(&small);
	free((void *)(uintptr_t)bytes.data);
	free((void *)(uintptr_t)others.data);
}

int main(void)
{
	struct load_options options = { .procs = 4,
		                        .goroutines = 100,
		                        .seed = 1,
		                        .bytes = 1500000,
		                        .generation_ns = 20000000,
		                        .version = 26 };

	try("usual", &options);
	options.version = 22;
	options.skew_ns = 3000;
	try("clocks apart", &options);
	options.version = 25;
	options.odd = true;
	options.seed = 7;
	try("odd", &options);
	options.procs = 32;
	options.generation_ns = 5000000;
	try("short generations", &options);
	a_file_that_changes_is_told();
	return tap_done();
}
