/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/workers.h"

#include <limits.h>
#include <stdlib.h>

#include "tests/bench/load_run.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/seen.h"
#include "tests/shared.h"
#include "tests/draw.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

/* A job that several threads share leaves the same behind, to the byte, as one that a single thread
 * steps through: whoever does which piece, in whatever order pieces are claimed, done and settled.
 * Without threads, so that a seed tells the order; and with some, for a thread sanitizer. */

enum { THREADS = 3, FILE_MAX = (4 << 20) / TAP_SLOWER };

#ifdef GANDER_SANITIZED
enum { ORDERS = 1 };
#else
enum { ORDERS = 2 };
#endif

static struct budget budget;

/* ---- what a model holds, as a number */

static uint64_t seen_number(uint64_t seen, int64_t number)
{
	return seen_bytes(seen, &number, sizeof(number));
}

static uint64_t seen_pyramid(uint64_t seen, const struct pyramid *pyramid)
{
	for (unsigned l = 0; l < pyramid->levels; l++) {
		const struct pyramid_level *level = &pyramid->level[l];

		seen = seen_number(seen, level->first);
		seen = seen_bytes(seen, level->nodes,
		                  (size_t)level->count * pyramid->lanes * sizeof(*level->nodes));
		seen = seen_bytes(seen, level->series,
		                  (size_t)level->count * SERIES_COUNT * sizeof(*level->series));
	}
	return seen;
}

static uint64_t seen_piece(uint64_t seen, const struct piece *piece)
{
	seen = seen_number(seen, (int64_t)piece->begin << 32 | piece->end);
	seen = seen_number(seen, (int64_t)piece->g << 32 | piece->ref);
	seen = seen_number(seen, (int64_t)piece->stack);
	return seen_number(seen, piece->proc << 8 | piece->kind << 2 | piece->is_lost << 1 |
	                                 piece->is_whole);
}

static uint64_t seen_history(uint64_t seen, const struct history *history)
{
	seen = seen_bytes(seen, history->runs.items,
	                  history->runs.count * sizeof(*history->runs.items));
	for (size_t i = 0; i < history->wakes.count; i++) {
		const struct wake *wake = &history->wakes.items[i];

		seen = seen_number(seen, (int64_t)wake->time << 32 | wake->ref);
		seen = seen_number(seen, (int64_t)wake->by << 32 | wake->before);
		seen = seen_number(seen, wake->kind);
	}
	for (size_t i = 0; i < history->lanes.pieces.count; i++)
		seen = seen_piece(seen, &history->lanes.pieces.items[i]);
	for (int s = 0; s < CHANGE_STRETCHES; s++)
		seen = seen_bytes(seen, history->changes.stretch[s].items,
		                  history->changes.stretch[s].count * sizeof(uint32_t));
	return seen_bytes(seen, history->go_of.items, history->go_of.count * sizeof(uint32_t));
}

static uint64_t seen_model(const struct model *model)
{
	uint64_t seen = seen_answers(model);

	seen = seen_number(seen, (int64_t)model->clamped);
	seen = seen_number(seen, (int64_t)model->dropped);
	seen = seen_number(seen, (int64_t)model->doubted);
	for (size_t i = 0; i < model->parts.count; i++) {
		seen = seen_pyramid(seen, &model->parts.items[i]->pyramid);
		if (model->parts.items[i]->history != NULL)
			seen = seen_history(seen, model->parts.items[i]->history);
	}
	return seen;
}

static size_t most_parked;

static void step_by_step(struct job *job)
{
	while (job_step(job))
		if (job->moves.parked.count > most_parked)
			most_parked = job->moves.parked.count;
}

/* ---- hands that take turns */

struct hand {
	enum job_hand who;
	enum job_piece piece; /* JOB_NOTHING: none is claimed */
	bool is_done;         /* and not settled */
};

static uint64_t seed;
static uint64_t helped, walked_ahead;

static enum job_piece claim(struct job *job, enum job_hand who)
{
	enum job_piece piece;

	if (who == JOB_HELPER && draw_u32(&seed, 2) == 0)
		job->relay.has_helper = true; /* for as little as there is */
	piece = job_claim(job, who);
	helped += who == JOB_HELPER && piece == JOB_ACCOUNT;
	walked_ahead += job->relay.is_given && piece == JOB_STEP;
	return piece;
}

/* One thing more. False when all is done. */
static bool turn(struct job *job, struct hand *hand)
{
	if (hand->piece == JOB_NOTHING) {
		hand->piece = claim(job, hand->who);
		return hand->piece != JOB_OVER;
	}
	if (!hand->is_done) {
		job_do(job, hand->piece);
		hand->is_done = true;
		return true;
	}
	job_settle(job, hand->piece);
	*hand = (struct hand){ hand->who, JOB_NOTHING, false };
	return true;
}

static void take_turns(struct job *job)
{
	struct hand hands[] = {
		{ JOB_OWNER, JOB_NOTHING, false },
		{ JOB_HELPER, JOB_NOTHING, false },
		{ JOB_HELPER, JOB_NOTHING, false },
	};
	uint32_t lazy = draw_u32(&seed, 8); /* how often each has its turn */

	while (turn(
		job,
		&hands[draw_u32(&seed, 8) < lazy ? draw_u32(&seed, 2) : 1 + draw_u32(&seed, 2)]))
		if (draw_u32(&seed, 1000) == 0)
			lazy = draw_u32(&seed, 8);
}

static void as_threads_may_not_be_free(struct job *job)
{
	struct hand hands[] = {
		{ JOB_ALONE, JOB_NOTHING, false },
		{ JOB_HELPER, JOB_NOTHING, false },
	};

	do
		hands[0].who = draw_u32(&seed, 2) == 0 ? JOB_ALONE : JOB_OWNER;
	while (turn(job, &hands[draw_u32(&seed, 2)]));
}

/* ---- threads */

static struct workers *workers;

static int claim_piece(void *job, enum worker_hand hand)
{
	enum job_piece piece;

	if (hand == WORKER_HELPER)
		((struct job *)job)->relay.has_helper = true;
	piece = job_claim(job, hand == WORKER_HELPER ? JOB_HELPER : JOB_OWNER);
	return piece == JOB_OVER ? WORKER_OVER : piece == JOB_NOTHING ? WORKER_NOTHING : (int)piece;
}

static void do_piece(void *job, int piece)
{
	job_do(job, (enum job_piece)piece);
}

static bool settle_piece(void *job, int piece)
{
	job_settle(job, (enum job_piece)piece);
	return ((struct job *)job)->relay.ready_count > 0;
}

static void by_threads(struct job *job)
{
	static const struct work work = { claim_piece, do_piece, settle_piece };

	workers_submit(workers, &work, job);
	workers_wait(workers);
}

/* ---- traces */

static uint64_t see_by(struct bytes bytes, void (*run)(struct job *job))
{
	static struct loaded loaded;
	struct error err = { 0 };
	uint64_t seen = 0;

	if (load_bytes_by(&loaded, bytes, 0, run, &err)) {
		seen = seen_model(&loaded.model);
		load_free(&loaded);
	}
	return seen;
}

static void sharing_changes_nothing(const char *name, struct bytes bytes)
{
	uint64_t alone = see_by(bytes, step_by_step);
	bool good = true;

	for (uint64_t order = 1; order <= ORDERS && good; order++) {
		seed = order * UINT64_C(0x9e3779b97f4a7c15);
		good = see_by(bytes, take_turns) == alone &&
		       see_by(bytes, as_threads_may_not_be_free) == alone;
		if (!good)
			printf("# %s: order %" PRIu64 "\n", name, order);
	}
	for (int i = 0; i < ORDERS && good; i++)
		if (see_by(bytes, by_threads) != alone)
			good = false, printf("# %s: threads\n", name);
	ok(good, "%s", name);
}

static void see_file(const char *directory, const char *name, struct version version)
{
	static uint8_t bytes[FILE_MAX];
	char path[PATH_MAX];
	size_t len = 0;
	FILE *file;

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	file = fopen(path, "rb");
	if (file != NULL) {
		len = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
	}
	if (len < sizeof(bytes))
		sharing_changes_nothing(name, (struct bytes){ bytes, len });
}

/* ---- too little memory */

/* Memory that is there later tells no more of what was loaded than was known. */
static const char *broken_with_room(struct loaded *loaded)
{
	size_t limit = loaded->budget.limit, peak = atomic_load(&loaded->budget.peak);
	const char *broken;
	struct job *job;

	loaded->budget.limit = 0;
	loader_want(&loaded->loader, 0, INT64_MAX, UINT64_MAX);
	while ((job = loader_next(&loaded->loader, UINT64_MAX)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded->loader, job);
		while (loader_join(&loaded->loader))
			;
	}
	broken = promise_broken(&loaded->model);
	loaded->budget.limit = limit;
	atomic_store(&loaded->budget.peak, peak);
	return broken;
}

static const char *broken_within(struct bytes bytes, size_t limit, void (*run)(struct job *job),
                                 bool *is_cut)
{
	static struct loaded loaded;
	struct error err = { 0 };
	const char *broken = NULL;

	if (load_bytes_by(&loaded, bytes, limit, run, &err)) {
		broken = promise_broken(&loaded.model);
		if (broken == NULL)
			broken = broken_with_room(&loaded);
		*is_cut |= loaded.loader.was_stopped;
		if (broken == NULL && loaded.budget.peak / 2 > limit)
			broken = "not much more memory is taken than there may be";
		load_free(&loaded);
	}
	return broken == NULL && loaded.budget.used != 0 ? "memory comes back" : broken;
}

/* Where memory runs short in the midst of it, what was walked by then is finished, however far the
 * walk has run ahead. */
static void sharing_keeps_limits(struct bytes bytes)
{
	size_t step = bytes.len / 2 * (size_t)tap_parts();
	bool is_cut = false;
	const char *broken = NULL;

	for (size_t limit = 3 * bytes.len; limit < 9 * bytes.len; limit += step) {
		const char *turns = broken_within(bytes, limit, take_turns, &is_cut);
		const char *threads = broken_within(bytes, limit, by_threads, &is_cut);

		broken = turns != NULL ? turns : threads;
		if (broken != NULL) {
			printf("# within %zu bytes: %s\n", limit, broken);
			break;
		}
	}
	ok(broken == NULL, "promises and limits are kept");
	ok(is_cut, "where not all can be loaded");
}

/* Long enough for the walk to run ahead as far as it may, with goroutines whose moves are parked
 * where clocks disagree. */
static void see_generated(const char *name, const struct load_options *options)
{
	struct load_result result;
	char *data = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&data, &len);
	bool is_made = file != NULL && load_run(options, file, &result);

	if (file != NULL)
		fclose(file);
	if (ok(is_made, "%s is made", name))
		sharing_changes_nothing(name, (struct bytes){ (uint8_t *)data, len });
	if (is_made)
		sharing_keeps_limits((struct bytes){ (uint8_t *)data, len });
	free(data);
}

int main(void)
{
	struct arena arena = { .budget = &budget };
	text_traces traces = { .budget = &budget };
	struct error err = { 0 };

	workers = workers_start(&budget, THREADS, &err);
	if (!ok(workers != NULL && text_traces_read(&traces, &arena), "there are traces"))
		return tap_done();
	for (size_t i = 0; i < traces.count; i++)
		sharing_changes_nothing(traces.items[i].name, traces.items[i].bytes);
	shared_each("shared traces", see_file);
	/* no larger: where memory is nearly short, stretches depend on how much is taken */
	see_generated("a generated trace", &(struct load_options){ .procs = 4,
	                                                           .goroutines = 300,
	                                                           .bytes = 7 << 18,
	                                                           .generation_ns = 1000000000,
	                                                           .seed = 3,
	                                                           .version = 26 });
	most_parked = 0;
	see_generated("one with clocks that disagree",
	              &(struct load_options){ .procs = 8,
	                                      .goroutines = 300,
	                                      .bytes = 1 << 20,
	                                      .generation_ns = 50000000,
	                                      .skew_ns = 3000,
	                                      .odd = true,
	                                      .seed = 5,
	                                      .version = 26 });
	ok(most_parked < 50, "moves that wait are gone when none does");
	ok(helped > 100 && walked_ahead > 100, "helpers helped, and the walk ran ahead of them");
	workers_stop(workers);
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
