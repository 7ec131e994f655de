/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/tour.h"

#include "tests/bench/load_run.h"
#include "tests/load.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <unistd.h>

/* Passes over histories that have no room in memory together. */

static struct load_options options = { .procs = 4,
	                               .goroutines = 200,
	                               .seed = 3,
	                               .bytes = 1500000,
	                               .generation_ns = 8000000,
	                               .version = 26 };
static char path[] = "gander-tour-XXXXXX";
static struct loaded loaded;

static bool make(void)
{
	struct load_result made;
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
	bool good = file != NULL && load_run(&options, file, &made);

	return file != NULL && fclose(file) == 0 && good;
}

static void run_jobs(void)
{
	struct job *job;

	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
		while (loader_join(&loaded.loader))
			;
	}
}

static uint32_t parts(void)
{
	return (uint32_t)loaded.model.parts.count;
}

static uint32_t histories(void)
{
	uint32_t count = 0;

	for (uint32_t p = 0; p < parts(); p++)
		count += model_has_history(&loaded.model, p);
	return count;
}

/* All parts from first on, and around. */
static void begin(struct tour *tour, uint32_t first)
{
	for (uint32_t i = 0; i < parts(); i++)
		*array_push(&tour->parts) = (first + i) % parts();
	tour_begin(tour, &loaded.loader);
}

/* Goes on to the end; returns how many parts it saw with their histories. */
static uint32_t finish(struct tour *tour, uint32_t *most)
{
	uint32_t seen = 0, part;
	enum tour_place place;

	*most = 0;
	while ((place = tour_at(tour, &part)) != TOUR_OVER) {
		if (place == TOUR_WAIT) {
			run_jobs();
			*most = histories() > *most ? histories() : *most;
			continue;
		}
		seen += place == TOUR_PART;
		tour_go_on(tour);
	}
	return seen;
}

static void sees_all_of_them(void)
{
	struct tour tour;
	uint32_t most;

	tour_init(&tour, &loaded.budget);
	begin(&tour, 2);
	is_u64(finish(&tour, &most), parts(), "each history is there once");
	ok(most <= TOUR_AHEAD, "no more of them at a time than it holds: %u", most);
	ok(!tour_is_on(&tour) && loaded.loader.tour == NULL, "it is over then");
	is_u64(histories(), 0, "and they are dropped");
	tour_free(&tour);
}

static void leaves_the_window_alone(void)
{
	struct tour tour;
	uint32_t most, last = parts() - 1;
	int64_t begin_ns = model_part_begin(&loaded.model, last) + 1;

	loader_want(&loaded.loader, begin_ns, begin_ns + 1, UINT64_MAX);
	run_jobs();
	ok(model_has_history(&loaded.model, last), "the window has its history");
	tour_init(&tour, &loaded.budget);
	begin(&tour, 0);
	is_u64(finish(&tour, &most), parts(), "a tour sees all");
	ok(model_has_history(&loaded.model, last), "and the window still has it");
	tour_free(&tour);
}

static void window_comes_first(void)
{
	struct tour tour;
	uint32_t last = parts() - 1;
	int64_t begin_ns = model_part_begin(&loaded.model, 1) + 1;
	struct job *job;

	tour_init(&tour, &loaded.budget);
	begin(&tour, last);
	loader_want(&loaded.loader, begin_ns, begin_ns + 1, UINT64_MAX);
	ok(loader_has_wishes(&loaded.loader), "there is something to do");
	job = loader_next(&loaded.loader, 0);
	ok(job != NULL && job->part <= 1, "for the window first");
	while (job_step(job))
		;
	loader_done(&loaded.loader, job);
	tour_end(&tour);
	run_jobs();
	ok(!loader_has_wishes(&loaded.loader), "one that has ended wants nothing");
	tour_free(&tour);
}

static void a_newer_one_ends_it(void)
{
	struct tour older, newer;
	uint32_t most, part;

	tour_init(&older, &loaded.budget);
	tour_init(&newer, &loaded.budget);
	begin(&older, 0);
	run_jobs();
	begin(&newer, 1);
	is_u64(tour_at(&older, &part), TOUR_OVER, "the one before is over");
	is_u64(finish(&newer, &most), parts(), "the newer one goes on");
	tour_free(&older);
	tour_free(&newer);
}

/* A job of the one before comes back when nobody waits for it. */
static void one_on_its_way_is_no_harm(void)
{
	struct tour tour;
	struct job *job;

	loader_want(&loaded.loader, -10, -9, UINT64_MAX);
	tour_init(&tour, &loaded.budget);
	begin(&tour, 2); /* not of those that a window had */
	job = loader_next(&loaded.loader, 0);
	ok(job != NULL && job->is_again, "it makes one");
	tour_free(&tour);
	while (job_step(job))
		;
	loader_done(&loaded.loader, job);
	loader_trim(&loaded.loader);
	is_u64(histories(), 0, "which is dropped, as nobody wants it");
	while (loader_join(&loaded.loader))
		;
	ok(loader_is_done(&loaded.loader), "nothing is left to do");
}

/* In its midst no other part laps. */
static void look_at(uint32_t part)
{
	int64_t ns = (model_part_begin(&loaded.model, part) +
	              model_part_begin(&loaded.model, part + 1)) / 2;

	loader_want(&loaded.loader, ns, ns + 1, UINT64_MAX);
	run_jobs();
}

/* Makes one history go; returns which. */
static uint32_t goes_next(void)
{
	bool was_there[64];
	uint32_t gone = INDEX_NONE;

	for (uint32_t p = 0; p < parts() && p < 64; p++)
		was_there[p] = model_has_history(&loaded.model, p);
	loaded.loader.history_limit = loaded.loader.history_bytes - 1;
	loader_trim(&loaded.loader);
	for (uint32_t p = 0; p < parts() && p < 64; p++)
		if (was_there[p] && !model_has_history(&loaded.model, p))
			gone = p;
	return gone;
}

static void longest_unused_go_first(void)
{
	struct tour tour;
	uint32_t most;

	loader_want(&loaded.loader, -10, -9, UINT64_MAX);
	loaded.loader.history_limit = 0;
	loader_trim(&loaded.loader);
	loaded.loader.history_limit = UINT64_MAX;
	look_at(3);
	look_at(1);
	look_at(3);
	tour_init(&tour, &loaded.budget);
	*array_push(&tour.parts) = 4;
	*array_push(&tour.parts) = 0;
	tour_begin(&tour, &loaded.loader);
	finish(&tour, &most);
	loader_want(&loaded.loader, -10, -9, UINT64_MAX);
	is_u64(histories(), 4, "all have room");
	is_u64(goes_next(), 4, "of a tour, the first that it saw goes first");
	is_u64(goes_next(), 0, "then the other one");
	is_u64(goes_next(), 1, "then what was looked at before");
	is_u64(goes_next(), 3, "and last what was looked at last");
	tour_free(&tour);
}

int main(void)
{
	struct error err = { 0 };

	if (!ok(make() && load_index(&loaded, path, &err), "a trace is made: %s", err.message))
		return tap_done();
	run_jobs();
	ok(loader_is_done(&loaded.loader) && parts() > 5, "and loaded: %u parts", parts());
	loaded.loader.history_limit = 1;
	sees_all_of_them();
	leaves_the_window_alone();
	window_comes_first();
	a_newer_one_ends_it();
	one_on_its_way_is_no_harm();
	longest_unused_go_first();
	load_free(&loaded);
	is_u64(loaded.budget.used, 0, "all memory is given back");
	unlink(path);
	return tap_done();
}
