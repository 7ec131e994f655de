/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/job_at.h"

#include "core/model/need.h"
#include "core/model/part.h"

enum {
	GOROUTINES_A_STEP = 10000,
	EXACT_SHIFT = 6,
	LAST = 64, /* with so small a part of memory left, steps are too small to get anywhere */
	SHIFT_STEP = 4,
	SHIFT_MAX = 30,
	AHEAD_MAX = 1 << 17, /* moves by which the walk may run ahead */
};

struct job *job_new(struct budget *budget, struct budget *kept, struct budget *histories)
{
	struct job *job = budget_resize(budget, NULL, 0, sizeof(*job));

	*job = (struct job){ .budget = budget, .kept = kept, .histories = histories };
	walk_init(&job->walk, budget);
	tables_init(&job->walk.tables, kept);
	checkpoints_init(&job->walk.points, kept);
	feed_init(&job->feed, budget);
	relay_init(&job->relay, budget);
	moves_init(&job->moves, budget);
	place_init(&job->place, budget);
	lane_build_init(&job->lane_build, histories);
	account_init(&job->account, budget);
	changes_init(&job->account.changes, histories); /* they become a history's */
	job->own_batches.budget = job->buffer.budget = job->earliest.budget = budget;
	job->keys.budget = job->room.budget = budget;
	return job;
}

static void drop_arena(struct job *job)
{
	if (job->arena == NULL)
		return;
	arena_free(job->arena);
	budget_resize(job->kept, job->arena, sizeof(*job->arena), 0);
	job->arena = NULL;
}

static void make_arena(struct job *job)
{
	job->arena = budget_resize(job->kept, NULL, 0, sizeof(*job->arena));
	*job->arena = (struct arena){ .budget = job->kept };
}

void job_free(struct job *job)
{
	struct budget *budget = job->budget;

	budget_promise(budget, &job->promised, 0);
	history_free(job->history);
	drop_arena(job);
	walk_free(&job->walk);
	feed_free(&job->feed);
	relay_free(&job->relay);
	moves_free(&job->moves);
	place_free(&job->place);
	lane_build_free(&job->lane_build);
	account_free(&job->account);
	array_free(&job->own_batches);
	array_free(&job->buffer);
	array_free(&job->earliest);
	array_free(&job->keys);
	array_free(&job->room);
	budget_resize(budget, job, sizeof(*job), 0);
}

/* Units that are exact: 64 ns where that is the clock's, else as fine as the length allows. */
static unsigned choose_shift(const struct generation *generation, const struct timing *timing)
{
	unsigned shift = 0;

	if (generation->clock.whole != 0 && generation->clock.whole % (1 << EXACT_SHIFT) == 0)
		return EXACT_SHIFT;
	while (shift < SHIFT_MAX && (timing->end_ns - timing->begin_ns) >> shift > INT32_MAX)
		shift += SHIFT_STEP;
	return shift;
}

/* Statuses that the runtime wrote when a generation had ended: their times lie in the next one. */
static bool is_late(const struct batch *batch)
{
	return batch->kind == BATCH_EVENTS && batch->m == WIRE_NO_THREAD;
}

uint64_t job_reads_from(const struct index *index, uint32_t part)
{
	const struct generation *own = &index->generations.items[part], *previous = own - 1;
	uint64_t from = own->begin;

	for (size_t i = 0; part > 0 && i < previous->batch_count; i++) {
		const struct batch *batch = &index->batches.items[previous->first_batch + i];

		if (is_late(batch) && batch->offset < from)
			from = batch->offset;
	}
	return from;
}

static void copy_batches(struct job *job, const struct index *index, uint32_t part)
{
	array_clear(&job->own_batches);
	job->previous = (struct generation){ 0 };
	if (part > 0)
		job->previous = index->generations.items[part - 1];
	for (size_t i = 0; i < job->previous.batch_count; i++) {
		const struct batch *batch = &index->batches.items[job->previous.first_batch + i];

		if (is_late(batch))
			*array_push(&job->own_batches) = *batch;
	}
	job->previous.batch_count = job->own_batches.count;
	for (size_t i = 0; i < job->generation.batch_count; i++)
		*array_push(&job->own_batches) =
			index->batches.items[job->generation.first_batch + i];
}

/* What the share needs: of several, all but one tell of goroutines alone. */
static uint8_t pass_of(const struct job *job)
{
	bool is_one = share_is_all(job->share) || share_is_nobodys(job->share);

	return is_one ? job->pass : job->pass & PASS_STAYS;
}

static void begin(struct job *job)
{
	walk_begin(&job->walk, &job->generation, &job->timing, job->shift, job->part == 0,
	           job->is_again, job->offset_ns);
	job->walk.known = job->known;
	job->walk.share = job->share;
	job->walk.joined = job->joined;
	moves_clear(&job->moves);
	if (job->history != NULL) {
		job->history = history_renew(job->history);
		job->history->pass = pass_of(job);
		job->history->share = job->share;
	}
	if (job->pass != 0) {
		job->walk.hears = pass_of(job) & PASS_SAID;
		job->walk.joins = true;
	}
	account_begin(&job->account, &job->walk, job->history, pass_of(job), job->known);
	job->told = job->account_need = need_of_account(job);
	job->ahead = job->most_ahead = 0;
	job->is_cut = job->feed_is_begun = false;
	job->unread = 0;
	job->phase = PHASE_TABLES;
	job->at = job->sort_pass = 0;
}

static void begin_part(struct job *job, const struct source *source, const struct index *index,
                       const struct timing *timings, uint32_t part, int64_t start_ns)
{
	drop_arena(job);
	make_arena(job);
	job->source = index_payloads(index, source);
	job->part = part;
	job->generation = index->generations.items[part];
	job->timing = timings[part];
	job->previous_timing = part > 0 ? timings[part - 1] : job->timing;
	job->offset_ns = job->timing.begin_ns > start_ns ? job->timing.begin_ns - start_ns : 0;
	job->shift = choose_shift(&job->generation, &job->timing);
	copy_batches(job, index, part);
	begin(job);
}

void job_begin(struct job *job, const struct source *source, const struct index *index,
               const struct timing *timings, uint32_t part, int64_t start_ns,
               const struct ready *ready)
{
	history_free(job->history);
	job->history = NULL;
	job->is_again = job->is_second = false;
	job->pass = 0;
	job->share = (struct go_share){ 0, SHARE_ALL };
	job->ready = *ready;
	job->known = NULL;
	job->joined = NULL;
	array_clear(&job->earliest);
	begin_part(job, source, index, timings, part, start_ns);
}

/* Units in which they can be told. */
static void fit_earliest(struct job *job)
{
	for (size_t i = 0; i < job->earliest.count; i++)
		while (!job_has_time(job, job->earliest.items[i].time_ns))
			job->shift += SHIFT_STEP;
}

void job_begin_again(struct job *job, const struct source *source, const struct index *index,
                     const struct timing *timings, int64_t start_ns, const struct part *part,
                     uint8_t pass, struct go_share share, struct history *old)
{
	history_free(job->history);
	job->history = old != NULL ? old : history_new(job->histories);
	job->is_again = true;
	job->pass = pass;
	job->share = share;
	job->is_second = false;
	job->known = &part->known;
	job->joined = &part->tables;
	array_resize(&job->earliest, part->earliest_count);
	if (part->earliest_count > 0)
		memcpy(job->earliest.items, part->earliest,
		       part->earliest_count * sizeof(*part->earliest));
	begin_part(job, source, index, timings, part->number, start_ns);
	fit_earliest(job);
	begin(job);
}

void job_begin_second(struct job *job)
{
	drop_arena(job);
	make_arena(job);
	job->is_second = true;
	fit_earliest(job);
	begin(job);
}

bool job_has_time(const struct job *job, int64_t ns)
{
	return job->shift >= SHIFT_MAX || (ns - job->offset_ns) >> job->shift <= INT32_MAX;
}

part_time job_time(const struct job *job, int64_t ns)
{
	uint64_t unit = UINT64_C(1) << job->shift;
	uint64_t units;

	if (ns <= job->offset_ns)
		return 0;
	units = ((uint64_t)(ns - job->offset_ns) + unit - 1) >> job->shift;
	return units < TIME_NONE ? (part_time)units : TIME_NONE - 1;
}

static void set_earliest(struct job *job, const struct earliest *earliest)
{
	struct walk *walk = &job->walk;
	part_time time = job_time(job, earliest->time_ns);
	uint32_t g, s;
	uint16_t p;

	switch ((enum earliest_kind)earliest->kind) {
	case EARLIEST_GO:
		g = walk_find_go(walk, earliest->id);
		if (walk->gos.items[g].floor < time)
			walk->gos.items[g].floor = time;
		break;
	case EARLIEST_PROC:
		p = walk_find_proc(walk, earliest->id);
		if (p != PROC_NONE)
			walk->procs.items[p].earliest = time;
		break;
	case EARLIEST_THREAD:
		s = walk_stream(walk, earliest->id); /* moves streams */
		walk->streams.items[s].now = time;
		break;
	}
}

static const struct batch *own_batch(const struct job *job, size_t i)
{
	return &job->own_batches.items[job->previous.batch_count + i];
}

/* walk: who notes what can't be read; NULL: nobody, as another part does. */
static struct bytes read_batch(struct job *job, struct walk *walk, const struct batch *batch)
{
	array_resize(&job->buffer, INDEX_BATCH_MAX);
	return feed_read(job->source, walk, batch, job->buffer.items);
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

	if (job->at == job->generation.batch_count || job->is_cut) {
		next_phase(job);
		return;
	}
	batch = own_batch(job, job->at++);
	if (is_table(batch))
		tables_read(&job->walk.tables, batch, read_batch(job, &job->walk, batch),
		            &job->generation.clock);
}

static void begin_feed(struct job *job)
{
	for (size_t i = 0; i < job->earliest.count; i++)
		set_earliest(job, &job->earliest.items[i]);
	feed_begin(&job->feed, job->source, &job->walk, &job->generation, &job->timing,
	           job->own_batches.items + job->previous.batch_count, job->generation.batch_count);
	job->feed_is_begun = true;
}

static void step_floors(struct job *job)
{
	const struct batch *batch;

	if (job->at == job->previous.batch_count || job->is_cut) {
		if (!job->is_cut)
			begin_feed(job);
		account_floors(&job->account);
		job->told = need_of_account(job);
		next_phase(job);
		return;
	}
	batch = &job->own_batches.items[job->at++];
	walk_floors(&job->walk, read_batch(job, NULL, batch),
	            clock_ns(&job->previous.clock, batch->ticks) + job->previous_timing.shift_ns,
	            &job->previous.clock);
}

/* A time that did not fit its units: again, with coarser ones. */
static bool starts_over(struct job *job)
{
	if (!job->walk.has_overflow || job->shift >= SHIFT_MAX)
		return false;
	job->shift += SHIFT_STEP;
	begin(job);
	return true;
}

/* What is walked costs memory before it is accounted for, and then. */
static size_t most_ahead(const struct job *job)
{
	size_t most = budget_room(job->budget) / 8 / STRETCH_MOVE_COST;

	return most < AHEAD_MAX ? most : AHEAD_MAX;
}

static void walk_stretch(struct job *job)
{
	job->most_ahead = most_ahead(job);
	job->goes_on = !job->is_cut && feed_step(&job->feed, job->walked);
}

/* All that was walked is accounted for: the relay is empty. */
static void end_walk(struct job *job)
{
	struct stretch *rest = &job->relay.stretches[0];

	if (!job->is_cut && starts_over(job))
		return;
	walk_end(&job->walk);
	walk_hand_over(&job->walk, rest, 0, TIME_NONE);
	moves_give(&job->moves, &job->account, rest);
	stretch_clear(rest, 0);
	moves_give_rest(&job->moves, &job->account);
	account_open_runs(&job->account);
	next_phase(job);
}

static void step_procs(struct job *job)
{
	switch (job->at++) {
	case 0:
		place_procs(&job->place, &job->walk);
		return;
	case 1:
		account_procs(&job->account, &job->place);
		return;
	default:
		account_calls(&job->account);
		next_phase(job);
	}
}

static void step_goroutines(struct job *job)
{
	account_goroutines(&job->account, (uint32_t)job->at,
	                   (uint32_t)(job->at + GOROUTINES_A_STEP));
	job->at += GOROUTINES_A_STEP;
	if (job->at >= job->walk.gos.count)
		next_phase(job);
}

static void step_pyramid(struct job *job)
{
	if (!(job->history == NULL ? pyramid_fill(&job->pyramid, &job->account, &job->at)
	                           : lane_build_step(&job->lane_build)))
		next_phase(job);
}

/* Bytes of payload that no step before has read. */
static uint64_t count_unread(const struct job *job)
{
	uint64_t sum = job->feed_is_begun ? feed_unread(&job->feed) : 0;

	for (size_t i = 0; i < job->generation.batch_count && !job->feed_is_begun; i++) {
		const struct batch *batch = own_batch(job, i);
		bool is_ahead = job->phase == PHASE_TABLES && i >= job->at && is_table(batch);

		sum += batch->kind == BATCH_EVENTS || is_ahead ? batch->size : 0;
	}
	return sum;
}

/* Memory runs short. */
static void cut(struct job *job)
{
	uint64_t unread = count_unread(job), all = job->generation.event_bytes;

	job->is_cut = true;
	if (unread == 0)
		return;
	job->unread = job->generation.end - job->generation.begin;
	if (unread < all) /* headers count in proportion */
		job->unread = (uint64_t)((double)job->unread * (double)unread / (double)all);
	damage_lose(&job->walk.damage, DAMAGE_END, job->generation.begin, unread,
	            "memory for all of this generation");
}

void job_do_step(struct job *job)
{
	if (job->phase <= PHASE_WALK && !job->is_cut) {
		budget_promise(job->budget, &job->promised, need_of_job(job));
		if (budget_room(job->budget) <= budget_ceiling(job->budget) / LAST)
			cut(job);
	}
	switch ((enum phase)job->phase) {
	case PHASE_TABLES:
		step_tables(job);
		break;
	case PHASE_FLOORS:
		step_floors(job);
		break;
	case PHASE_WALK:
		if (job->walked != NULL)
			walk_stretch(job);
		else
			end_walk(job);
		break;
	case PHASE_PROCS:
		step_procs(job);
		break;
	case PHASE_GOROUTINES:
		step_goroutines(job);
		break;
	case PHASE_COUNTS:
		if (!account_end(&job->account, job->at++))
			next_phase(job);
		break;
	case PHASE_NOTES:
		if (!account_notes(&job->account))
			next_phase(job);
		break;
	case PHASE_SORT:
		if (!job_sort_step(job))
			next_phase(job);
		break;
	case PHASE_PYRAMID:
		step_pyramid(job);
		break;
	case PHASE_DONE:
		break;
	}
}
