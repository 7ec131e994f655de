/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/history.h"

enum phase {
	PHASE_TABLES, /* strings, stacks, samples: events need them */
	PHASE_WALK,
	PHASE_FLOORS,
	PHASE_PLACE,
	PHASE_PROCS,
	PHASE_GOROUTINES,
	PHASE_CHANGES,
	PHASE_LANES,
	PHASE_PYRAMID,
	PHASE_DONE,
};

enum { GOROUTINES_A_STEP = 20000, EXACT_SHIFT = 6, SHIFT_STEP = 4, SHIFT_MAX = 30 };

struct job *job_new(struct budget *budget)
{
	struct job *job = budget_resize(budget, NULL, 0, sizeof(*job));

	*job = (struct job){ .budget = budget };
	account_init(&job->account, budget);
	job->own_batches.budget = job->buffer.budget = budget;
	job->keys.budget = job->room.budget = budget;
	return job;
}

static struct history *history_new(struct budget *budget)
{
	struct history *history = budget_resize(budget, NULL, 0, sizeof(*history));

	*history = (struct history){ .go_of = { .budget = budget } };
	walk_init(&history->walk, budget);
	place_init(&history->place, budget);
	lanes_init(&history->lanes, budget);
	history->proc_of.budget = history->own_proc.budget = budget;
	changes_init(&history->changes, budget);
	return history;
}

void history_free(struct history *history)
{
	struct budget *budget;

	if (history == NULL)
		return;
	budget = history->walk.budget;
	walk_free(&history->walk);
	place_free(&history->place);
	lanes_free(&history->lanes);
	array_free(&history->go_of);
	array_free(&history->proc_of);
	array_free(&history->own_proc);
	changes_free(&history->changes);
	budget_resize(budget, history, sizeof(*history), 0);
}

static void drop_arena(struct job *job)
{
	if (job->arena == NULL)
		return;
	arena_free(job->arena);
	budget_resize(job->budget, job->arena, sizeof(*job->arena), 0);
	job->arena = NULL;
}

void job_free(struct job *job)
{
	struct budget *budget = job->budget;

	history_free(job->history);
	drop_arena(job);
	account_free(&job->account);
	array_free(&job->own_batches);
	array_free(&job->buffer);
	array_free(&job->keys);
	array_free(&job->room);
	budget_resize(budget, job, sizeof(*job), 0);
}

/* Units that are exact: 64 ns where that is the clock's, else as fine as the length allows. */
static unsigned choose_shift(const struct generation *generation)
{
	int64_t last = clock_ns(&generation->clock, generation->last_ticks);
	unsigned shift = 0;

	if (generation->clock.whole != 0 && generation->clock.whole % (1 << EXACT_SHIFT) == 0)
		return EXACT_SHIFT;
	while (shift < SHIFT_MAX && (last - generation->begin_ns) >> shift > INT32_MAX)
		shift += SHIFT_STEP;
	return shift;
}

/* Streams one after the other, each in file order: into keys, in their low halves. A stream is
 * walked whole, so that what belongs to a run stands together. */
static void group_by_thread(struct job *job, const struct batch *batches)
{
	struct id_map rank_of = { .budget = job->budget };

	array_clear(&job->keys);
	for (size_t i = 0; i < job->generation.batch_count; i++) {
		uint64_t rank = id_map_add(&rank_of, batches[i].m, (uint32_t)rank_of.count);

		*array_push(&job->keys) = rank << 32 | i;
	}
	radix_sort(&job->keys, &job->room, 32, radix_bits(rank_of.count));
	id_map_free(&rank_of);
}

static void copy_batches(struct job *job, const struct index *index, uint32_t part)
{
	array_clear(&job->own_batches);
	job->previous = (struct generation){ 0 };
	if (part > 0)
		job->previous = index->generations.items[part - 1];
	for (size_t i = 0; i < job->previous.batch_count; i++) {
		const struct batch *batch = &index->batches.items[job->previous.first_batch + i];

		if (batch->kind == BATCH_EVENTS && batch->m == WIRE_NO_THREAD)
			*array_push(&job->own_batches) = *batch;
	}
	job->previous.batch_count = job->own_batches.count;
	group_by_thread(job, &index->batches.items[job->generation.first_batch]);
	for (size_t i = 0; i < job->generation.batch_count; i++)
		*array_push(&job->own_batches) =
			index->batches
				.items[job->generation.first_batch + (uint32_t)job->keys.items[i]];
}

void job_begin(struct job *job, const struct source *source, const struct index *index,
               uint32_t part, int64_t start_ns, bool is_again)
{
	if (job->history == NULL)
		job->history = history_new(job->budget);
	drop_arena(job);
	job->arena = budget_resize(job->budget, NULL, 0, sizeof(*job->arena));
	*job->arena = (struct arena){ .budget = job->budget };
	job->source = source;
	job->part = part;
	job->generation = index->generations.items[part];
	job->offset_ns =
		job->generation.begin_ns > start_ns ? job->generation.begin_ns - start_ns : 0;
	job->is_again = is_again;
	job->shift = choose_shift(&job->generation);
	copy_batches(job, index, part);
	job->phase = PHASE_TABLES;
	job->at = 0;
	walk_begin(&job->history->walk, &job->generation, job->shift, part == 0);
}

static const struct batch *own_batch(const struct job *job, size_t i)
{
	return &job->own_batches.items[job->previous.batch_count + i];
}

/* The payload of a batch; shorter if the file has shrunk, which is noted. */
static struct bytes read_batch(struct job *job, const struct batch *batch)
{
	struct bytes payload;

	array_resize(&job->buffer, INDEX_BATCH_MAX);
	payload = (struct bytes){ job->buffer.items, 0 };
	payload.len = source_read(job->source, batch->offset, job->buffer.items, batch->size, NULL);
	if (payload.len < batch->size)
		*array_push(&job->history->walk.lost) =
			(struct lost){ batch->offset + payload.len, batch->size - payload.len,
			               "the file changed while it was open" };
	return payload;
}

static void next_phase(struct job *job)
{
	job->phase++;
	job->at = 0;
}

static bool is_table(const struct batch *batch)
{
	return batch->kind == BATCH_STRINGS || batch->kind == BATCH_STACKS ||
	       batch->kind == BATCH_SAMPLES;
}

static void step_tables(struct job *job)
{
	const struct batch *batch;

	if (job->at == job->generation.batch_count) {
		next_phase(job);
		return;
	}
	batch = own_batch(job, job->at++);
	if (is_table(batch))
		tables_read(&job->history->walk.tables, batch, read_batch(job, batch),
		            &job->generation.clock);
}

static void step_walk(struct job *job)
{
	const struct batch *batch;

	if (job->at == job->generation.batch_count) {
		next_phase(job);
		return;
	}
	batch = own_batch(job, job->at++);
	if (batch->kind == BATCH_EVENTS)
		walk_batch(&job->history->walk, batch, read_batch(job, batch),
		           &job->generation.clock);
}

static void step_floors(struct job *job)
{
	const struct batch *batch;

	if (job->at == job->previous.batch_count) {
		walk_end(&job->history->walk);
		next_phase(job);
		return;
	}
	batch = &job->own_batches.items[job->at++];
	walk_floors(&job->history->walk, read_batch(job, batch),
	            clock_ns(&job->previous.clock, batch->ticks), &job->previous.clock);
}

/* A time that did not fit its units: again, with coarser ones. */
static void start_over(struct job *job)
{
	job->shift += SHIFT_STEP;
	job->phase = PHASE_TABLES;
	job->at = 0;
	walk_begin(&job->history->walk, &job->generation, job->shift, job->part == 0);
}

static void step_place(struct job *job)
{
	struct walk *walk = &job->history->walk;

	if (walk->has_overflow && job->shift < SHIFT_MAX) {
		start_over(job);
		return;
	}
	place_goroutines(&job->history->place, walk);
	place_procs(&job->history->place, walk);
	place_marks(&job->history->place, walk);
	next_phase(job);
}

static void step_goroutines(struct job *job)
{
	account_goroutines(&job->account, (uint32_t)job->at,
	                   (uint32_t)(job->at + GOROUTINES_A_STEP));
	job->at += GOROUTINES_A_STEP;
	if (job->at >= job->history->walk.gos.count)
		next_phase(job);
}

static void sort_metrics(struct job *job, struct metric *metrics, size_t count)
{
	ARRAY(struct metric) sorted = { .budget = job->budget };

	array_clear(&job->keys);
	for (size_t i = 0; i < count; i++)
		*array_push(&job->keys) = (uint64_t)metrics[i].time << 32 | i;
	radix_sort(&job->keys, &job->room, 32, radix_bits(job->history->walk.last));
	array_resize(&sorted, count);
	for (size_t i = 0; i < count; i++)
		sorted.items[i] = metrics[(uint32_t)job->keys.items[i]];
	if (count > 0)
		memcpy(metrics, sorted.items, count * sizeof(*metrics));
	array_free(&sorted);
}

static void step_lanes(struct job *job)
{
	struct walk *walk = &job->history->walk;

	lanes_build(&job->history->lanes, walk, job->account.clipped.items,
	            job->account.clipped.count, &job->keys, &job->room);
	sort_metrics(job, walk->heap.items, walk->heap.count);
	sort_metrics(job, walk->goal.items, walk->goal.count);
	next_phase(job);
}

bool job_step(struct job *job)
{
	switch ((enum phase)job->phase) {
	case PHASE_TABLES:
		step_tables(job);
		break;
	case PHASE_WALK:
		step_walk(job);
		break;
	case PHASE_FLOORS:
		step_floors(job);
		break;
	case PHASE_PLACE:
		step_place(job);
		break;
	case PHASE_PROCS:
		account_procs(&job->account, &job->history->walk, &job->history->place);
		next_phase(job);
		break;
	case PHASE_GOROUTINES:
		step_goroutines(job);
		break;
	case PHASE_CHANGES:
		account_end(&job->account);
		next_phase(job);
		break;
	case PHASE_LANES:
		step_lanes(job);
		break;
	case PHASE_PYRAMID:
		if (!job->is_again)
			pyramid_build(&job->pyramid, job->arena, &job->history->walk,
			              &job->history->lanes, &job->account, job->offset_ns);
		next_phase(job);
		break;
	case PHASE_DONE:
		break;
	}
	return job->phase != PHASE_DONE;
}
