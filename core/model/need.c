/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/need.h"

#include "core/model/part.h"
#include "core/model/seam.h"

enum {
	PYRAMID_MIN = 256, /* bytes: two buckets of few lanes */
	PYRAMID_FEW = 1 << 16,
	SLOT = 32,         /* a place in a map, and its growth */
	PROC_BYTES = 496,  /* a P of the trace: its lane, and its nodes in the tops */
	PACKED_BYTES = 40, /* a goroutine whose life lies in the part, packed: 17 to 26 */
	STOP_TEXT = 24, /* and what it is called as a range, where each has a reason of its own */
	AMOUNT_BYTES = 12, /* of which each is so large, packed */
	REASONS = 8,       /* that a goroutine of more than one waits for */
	SORTED = 2 * 8,    /* keys, and room for them */
	MATCHED = sizeof(uint64_t) + 4 * sizeof(uint32_t),
	NOTE_SORTED = sizeof(struct region) / 2, /* one that a history has, */
	NOTE_KEPT = MATCHED + sizeof(struct region) + NOTE_SORTED + SORTED, /* or gets */
	NOTE_BYTES = 128, /* a task or region of the model's, with its places in maps */
	BASES = 3 * 8,    /* the base time of a batch, and room for judging it */
	CHANGE_BYTES = sizeof(uint32_t) + 1, /* and its share of the marks, and of room to sort */
	STRAND = sizeof(uint32_t) + 1, /* what is known of a record of a goroutine, in order */
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

/* Runs of 64, of which a row has one more at each of its ends, and one where a page of ids ends; and
 * room for putting them in order. Those of the trace are in need_of_model. */
static size_t of_tasks(const struct walk *walk)
{
	size_t count = walk->tasks.count, runs = 2 * walk->task_rows + count / ID_FEW + 1;

	return (runs < count ? runs : count) * 3 * sizeof(struct id_run) +
	       of_map(&walk->tasks.few_of);
}

static size_t of_tables(const struct tables *tables)
{
	return tables->arena.used * 3 / 2 + /* the trace's is one that has grown */
	       tables->texts.count * (sizeof(struct bytes) + SLOT) +
	       tables->stacks.count * (sizeof(struct stack_place) + SLOT) +
	       tables->frames.count * sizeof(struct frame) +
	       tables->samples.count * (sizeof(struct sample) / 2 + sizeof(struct thread) + SLOT) +
	       id_pages_bytes(&tables->string_of) + id_pages_bytes(&tables->stack_of);
}

/* Items that there is no room for yet. */
static size_t beyond(size_t count, size_t capacity)
{
	return count > capacity ? count - capacity : 0;
}

static size_t of_goroutines(const struct job *job)
{
	const struct account_need *account = &job->account_need;
	const struct walk *walk = &job->walk;
	size_t gos = walk->gos.count, more = beyond(gos, account->gos), all = gos + account->past;
	/* those that are not retired, and those that something is charged to */
	size_t open = account->open + more + walk->pieces.count + walk->sweep_ends.count +
	              walk->stops.count;

	open = open < all ? open : all;
	return beyond(gos, account->lives_room) * (sizeof(struct go_life) + sizeof(uint32_t)) +
	       beyond(more + account->plain, account->deltas_room) * sizeof(struct go_delta) +
	       more * (sizeof(struct block_sum) + sizeof(struct amount)) +
	       beyond(gos, job->ready.numbers) * 4 * sizeof(uint32_t) +
	       gos * (sizeof(uint32_t) + sizeof(struct census_go)) +
	       beyond(open, job->ready.gos) * sizeof(struct goroutine) +
	       (all - open) * PACKED_BYTES +
	       beyond(beyond(all, account->died), job->ready.lives) * sizeof(struct live) +
	       of_pages(&walk->go_of);
}

/* They are gone through where they are, but for those that goroutines moved - only such do that
 * were there before, and are not retired - and those of short parts that wait on, in place of
 * others. */
static size_t of_steps(const struct account *account, const struct ready *ready)
{
	const struct steps *steps = &account->steps;
	size_t gos = account->deltas.count + account->plain;
	size_t moved = 2 * EARLY * (gos < ready->living ? gos : ready->living);
	size_t first = step_list_count(&steps->first);
	size_t most = 2 * first, rest = ready->held + ready->late + first;

	moved = moved < most ? moved : most;
	if (steps->has_middle)
		return 2 * beyond(ready->held + moved, ready->held_room) * sizeof(struct held);
	rest += moved;
	return (2 * beyond(ready->held + ready->late + moved, ready->held_room) + rest) *
	       sizeof(struct held);
}

static size_t of_ranges(const struct job *job)
{
	const struct walk *walk = &job->walk;
	size_t heap = walk->heap.count, goal = walk->goal.count, most = heap > goal ? heap : goal;

	return walk->tenures.count * PER_TENURE +
	       beyond(most, job->keys.capacity) * sizeof(uint64_t) +
	       beyond(most, job->room.capacity) * sizeof(uint64_t) +
	       beyond(heap + goal, job->ready.points) * sizeof(struct metric_point) +
	       walk->pieces.count * (sizeof(struct assist) * 3 / 2) + /* sorted in the end */
	       walk->stops.count * (sizeof(struct stw) * 3 / 2 + STOP_TEXT) +
	       walk->gc_events.count * (sizeof(struct gc_cycle) + sizeof(struct gc_event)) +
	       walk->sweep_ends.count * sizeof(struct sweep_end) +
	       walk->labels.count * sizeof(int64_t) +
	       (walk->notes.count + walk->open_regions) * (MATCHED + sizeof(struct note)) +
	       walk->open_regions * sizeof(struct note);
}

/* What the model keeps of what the program says, which is a share of the memory at most. */
static size_t of_said(const struct job *job)
{
	const struct walk *walk = &job->walk;
	/* those that begin here, and those that only end */
	size_t tasks = walk->task_begins.count > walk->tasks.count ? walk->task_begins.count
	                                                           : walk->tasks.count;
	size_t regions = walk->notes.count + walk->open_regions + job->account_need.notes;
	size_t need = (tasks + regions) * NOTE_BYTES;
	size_t most = said_most(job->kept);

	most = most < job->ready.said ? most : job->ready.said;
	return need < most ? need : most;
}

/* For the census, in an array that grows. */
static size_t of_texts_said(const struct walk *walk)
{
	const struct tables *shared = walk->tables.shared;
	size_t texts = shared != NULL ? shared->texts.count : walk->tables.texts.count;
	size_t most = 64 * walk->said.count;

	return 2 * (most < texts ? most : texts) * sizeof(string_id);
}

/* What was not begun yet: batches by thread, and one of each in memory. */
static size_t of_feed(const struct job *job)
{
	if (!job->feed_is_begun)
		return job->is_cut ? 0
		                   : job->generation.batch_count *
		                             (sizeof(struct feed_thread) + SORTED + SLOT + BASES +
		                              sizeof(struct checkpoint));
	return job->feed.most > job->feed.taken ? job->feed.most - job->feed.taken : 0;
}

/* Within batches. */
static size_t of_points(const struct job *job)
{
	size_t most = (size_t)(job->generation.event_bytes / CHECKPOINT_EACH);

	return job->walk.points.is_kept ? beyond(most, job->walk.points.within.capacity) *
	                                          sizeof(struct checkpoint_within)
	                                : 0;
}

/* In proportion to its bytes of events; a few may have more for each. */
uint64_t need_of_pyramid(const struct job *job)
{
	uint64_t bytes = job->generation.event_bytes;
	uint64_t few = bytes < PYRAMID_FEW ? bytes : PYRAMID_FEW;

	return PYRAMID_MIN + 7 * (4 * few + bytes) / 12;
}

/* No more than it has buckets for by now. */
static size_t of_pyramid(const struct job *job)
{
	const struct buckets *buckets = &job->walk.buckets;
	uint64_t most = need_of_pyramid(job), now;

	if (job->phase > PHASE_PYRAMID)
		return 0;
	now = PYRAMID_MIN + buckets_pyramid_bytes(buckets, job->walk.last, job->walk.procs.count);
	return (size_t)(now < most ? now : most);
}

/* Lanes and strands, in order, and numbers over time; but for what the account adds. */
static size_t of_history(const struct job *job)
{
	const struct walk *walk = &job->walk;

	return walk->pieces.count * (sizeof(struct piece) + SORTED) +
	       walk->tenures.count * (PER_TENURE + CHANGE_BYTES + 3 * sizeof(struct proc_move)) +
	       walk->procs.count * 3 * sizeof(uint32_t) +
	       walk->notes.count * NOTE_KEPT +
	       walk->heap.count * sizeof(struct metric) +
	       walk->gos.count * (3 * sizeof(uint32_t) + SORTED);
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
	size_t runs = history->runs.count;

	return runs * (sizeof(struct run) + sizeof(uint32_t) + SORTED) +
	       (runs + history->wakes.count) * STRAND +
	       account->notes.all.count * NOTE_KEPT +
	       (history->regions.count + history->logs.count) * NOTE_SORTED +
	       beyond(account->clipped.count * (sizeof(struct piece) + SORTED),
	              runs * sizeof(struct run)) + /* as they were before they were sorted */
	       (account->noted.count + account->noted_early.count + account->entries[0].count +
	        account->entries[1].count) *
	               CHANGE_BYTES;
}

static size_t of_sums(const struct job *job)
{
	const struct account *account = &job->account;
	/* reasons that those have waited for that are not retired */
	size_t sums = account->deltas.count + account->plain + account->rows.count * REASONS;

	return account->notes.all.count * (MATCHED + sizeof(struct note)) +
	       beyond(sums, account->blocks.capacity) * sizeof(struct block_sum) +
	       beyond(sums, job->ready.amounts) * sizeof(struct amount) +
	       (account->waits.count + account->blocked) * AMOUNT_BYTES +
	       account->assists.count * sizeof(struct assist) +
	       account->clipped.count * sizeof(struct proc_stretch) +
	       account->workers.count * sizeof(struct worker_run) + of_steps(account, &job->ready);
}

struct account_need need_of_account(const struct job *job)
{
	const struct account *account = &job->account;

	return (struct account_need){
		.bytes = job->moves.parked.count * (SORTED + SORTED / 2) +
		         of_map(&job->moves.last_of) +
		         (account->history != NULL ? of_records(account) : of_sums(job)),
		.gos = account->lives.count,
		.past = account->past.count,
		.died = account->died,
		.notes = account->notes.all.count,
		.open = account->deltas.count + account->plain + account->past.count +
		        account->assists.count,
		.plain = account->plain,
		.lives_room = account->lives.capacity,
		.deltas_room = account->deltas.capacity - account->deltas.count,
	};
}

size_t need_of_job(const struct job *job)
{
	const struct walk *walk = &job->walk;
	const struct tables *shared = walk->tables.shared;
	size_t need;

	if (job->history != NULL)
		return need_of_again(job);
	need = sizeof(struct part) + sizeof(struct arena) + of_pyramid(job) + of_goroutines(job) +
	       of_ranges(job) + of_said(job) + of_texts_said(walk) + of_feed(job) + of_points(job) +
	       of_tables(&walk->tables) + of_tasks(walk) +
	       walk->streams.count * (sizeof(struct thread) + SLOT) +
	       walk->procs.count * PROC_BYTES + of_moves(job) + job->account_need.bytes +
	       of_map(&walk->stream_of) + of_map(&walk->go_of.few_of);

	if (shared != NULL && !shared->is_joined)
		need += of_tables(shared);
	return need + need / 8; /* as arrays grow */
}

struct ready need_ready(const struct model *model)
{
	const struct roster *roster = &model->roster;
	const struct seams *seams = model->seams;

	return (struct ready){
		.gos = roster->spares.count * ROSTER_BLOCK,
		.amounts = roster->amounts.capacity - roster->amounts_used,
		.lives = model->free_lives.count,
		.numbers = seams->go_of.capacity,
		.said = said_room(&model->said),
		.living = model->lives.count - model->free_lives.count,
		.points = seams->heap.capacity + seams->goal.capacity - seams->heap.count -
		          seams->goal.count,
		.held = seams->held.count,
		.held_room = seams->held.capacity,
		.late = step_list_count(&seams->late[0]) + step_list_count(&seams->late[1]),
	};
}

size_t need_of_model(const struct model *model)
{
	return of_map(&model->thread_of) + of_map(&model->proc_of) +
	       of_map(&model->roster.amount_of) + of_map(&model->strings.by_hash) +
	       of_map(&model->stacks.by_hash) + of_map(&model->go_of.few_of) +
	       id_runs_bytes(&model->tasks) / 2 +
	       (model->roster.amounts.capacity * sizeof(struct amount) +
	        model->lives.capacity * sizeof(struct live) +
	        model->threads.capacity * sizeof(struct thread)) /
	               8 +
	       (model->stops.count * sizeof(struct stw) +
	        model->assists.count * sizeof(struct assist)) /
	               2; /* to be sorted */
}
