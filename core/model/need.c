/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/need.h"

#include "core/model/part.h"

enum {
	PYRAMID_MIN = 256, /* bytes: two buckets of few lanes */
	PYRAMID_FEW = 1 << 16,
	SLOT = 32,        /* a place in a map, and its growth */
	PROC_BYTES = 496, /* a P of the trace: its lane, and its nodes in the tops */
	REASONS = 8,      /* that a goroutine of more than one waits for */
	HELD = 2 * 16,    /* a step of the number of runnable goroutines, at the seam */
	SORTED = 2 * 8,   /* keys, and room for them */
	BASES = 3 * 8,    /* the base time of a batch, and room for judging it */
	CHANGE_BYTES = 2 * sizeof(uint32_t) * 3 / 2,
	PER_TENURE = SORTED + 4 + sizeof(struct idle) + SORTED,
};

/* A second one, larger, beside it. */
static size_t of_map(const struct id_map *map)
{
	return id_map_bytes(map) * 3 / 2;
}

/* As much again in the trace's. */
static size_t of_pages(const struct id_pages *pages)
{
	return id_pages_bytes(pages) + of_map(&pages->few_of);
}

static size_t of_tables(const struct tables *tables)
{
	return tables->arena.used + tables->texts.count * (sizeof(struct bytes) + SLOT) +
	       tables->stacks.count * (sizeof(struct stack_place) + SLOT) +
	       tables->frames.count * sizeof(struct frame) +
	       tables->samples.count * (sizeof(struct sample) / 2 + sizeof(struct thread) + SLOT) +
	       of_map(&tables->string_of) + of_map(&tables->stack_of);
}

static size_t of_goroutines(const struct job *job)
{
	const struct account_need *account = &job->account_need;
	size_t gos = job->walk.gos.count, more = gos - account->gos, all = gos + account->past;

	return more * (sizeof(struct go_life) + sizeof(struct go_delta)) +
	       gos * (sizeof(struct goroutine) + 2 * sizeof(uint32_t)) +
	       account->past * sizeof(struct goroutine) +
	       (all > account->died ? all - account->died : 0) * sizeof(struct live) +
	       of_pages(&job->walk.go_of);
}

static size_t of_ranges(const struct job *job)
{
	const struct walk *walk = &job->walk;

	return walk->tenures.count * PER_TENURE +
	       (walk->heap.count + walk->goal.count) *
	               (SORTED + sizeof(struct metric) + sizeof(struct metric_point)) +
	       walk->pieces.count * sizeof(struct assist) + walk->stops.count * sizeof(struct stw) +
	       walk->gc_events.count * (sizeof(struct gc_cycle) + sizeof(struct gc_event)) +
	       walk->sweep_ends.count * sizeof(struct sweep_end);
}

/* What was not begun yet: batches by thread, and one of each in memory. */
static size_t of_feed(const struct job *job)
{
	if (!job->feed_is_begun)
		return job->is_cut ? 0
		                   : job->generation.batch_count *
		                             (sizeof(struct feed_thread) + SORTED + SLOT + BASES);
	return job->feed.most > job->feed.taken ? job->feed.most - job->feed.taken : 0;
}

/* In proportion to its bytes of events; a few may have more for each. */
uint64_t need_of_pyramid(const struct job *job)
{
	uint64_t bytes = job->generation.event_bytes;

	return PYRAMID_MIN + 2 * (bytes < PYRAMID_FEW ? bytes : PYRAMID_FEW) + bytes / 2;
}

/* Lanes, in order, and numbers over time. */
static size_t of_history(const struct job *job)
{
	const struct walk *walk = &job->walk;

	return walk->pieces.count * (sizeof(struct piece) + SORTED) +
	       walk->tenures.count * (PER_TENURE + CHANGE_BYTES) +
	       walk->procs.count * 3 * sizeof(uint32_t) + walk->gos.count * sizeof(uint32_t);
}

/* On their way. */
static size_t of_moves(const struct job *job)
{
	return job->walk.moves.count * SORTED + job->ahead * (SORTED + STRETCH_MOVE_COST);
}

static size_t need_of_again(const struct job *job)
{
	size_t more = job->walk.gos.count - job->account_need.gos;
	size_t need = of_history(job) + of_feed(job) + of_moves(job) + job->account_need.bytes +
	              more * (sizeof(struct go_life) + sizeof(struct go_delta)) +
	              of_map(&job->walk.go_of.few_of);

	return need + need / 8;
}

static size_t of_records(const struct account *account)
{
	const struct history *history = account->history;

	return history->runs.count * (sizeof(struct run) + sizeof(uint32_t) + SORTED) +
	       account->clipped.count * (sizeof(struct piece) + SORTED) +
	       account->noted.count * CHANGE_BYTES;
}

static size_t of_sums(const struct account *account)
{
	const struct steps *steps = &account->steps;

	return (account->blocked + account->rows.count * REASONS) *
	               (sizeof(struct block_sum) + sizeof(struct amount)) +
	       account->waits.count * sizeof(struct amount) +
	       account->assists.count * sizeof(struct assist) +
	       account->workers.count * sizeof(struct worker_run) +
	       (3 * steps->first.count + steps->before.count + steps->last.count) * HELD;
}

struct account_need need_of_account(const struct job *job)
{
	const struct account *account = &job->account;

	return (struct account_need){
		.bytes = job->moves.parked.count * (SORTED + SORTED / 2) +
		         of_map(&job->moves.last_of) +
		         (account->history != NULL ? of_records(account) : of_sums(account)),
		.gos = account->lives.count,
		.past = account->past.count,
		.died = account->died,
	};
}

size_t need_of_job(const struct job *job)
{
	const struct walk *walk = &job->walk;
	const struct tables *shared = walk->tables.shared;
	size_t need;

	if (job->history != NULL)
		return need_of_again(job);
	need = sizeof(struct part) + sizeof(struct arena) + (size_t)need_of_pyramid(job) +
	       of_goroutines(job) + of_ranges(job) + of_feed(job) + of_tables(&walk->tables) +
	       of_pages(&walk->tasks) + walk->streams.count * (sizeof(struct thread) + SLOT) +
	       walk->procs.count * PROC_BYTES + of_moves(job) + job->account_need.bytes +
	       of_map(&walk->stream_of) + of_map(&walk->go_of.few_of);

	if (shared != NULL && !shared->is_joined)
		need += of_tables(shared);
	return need + need / 8; /* as arrays grow */
}

size_t need_of_model(const struct model *model)
{
	return of_map(&model->thread_of) + of_map(&model->proc_of) +
	       of_map(&model->roster.amount_of) + of_map(&model->strings.by_hash) +
	       of_map(&model->stacks.by_hash) + of_map(&model->go_of.few_of) +
	       of_map(&model->tasks.few_of) +
	       (model->roster.amounts.capacity * sizeof(struct amount) +
	        model->lives.capacity * sizeof(struct live) +
	        model->threads.capacity * sizeof(struct thread)) /
	               8 +
	       (model->stops.count * sizeof(struct stw) +
	        model->assists.count * sizeof(struct assist)) /
	               2; /* to be sorted */
}
