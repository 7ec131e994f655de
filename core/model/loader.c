/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/loader_at.h"

#include "core/model/closeup.h"
#include "core/model/losses.h"
#include "core/model/need.h"
#include "core/model/stitch.h"
#include "core/model/tiers.h"
#include "core/trace/resync.h"

enum {
	KEPT_SHARE = 2,      /* of the memory, for what always stays */
	LOOK = 16,           /* of the parts: when it is counted again */
	SLACK = 8,           /* of what a generation took: the next may take more; */
	BESIDE = 3,          /* and more than one even more, as nobody looked all the time */
	JOB_BYTES = 4 << 20, /* that a job may take whatever its part is, */
	BYTE_BYTES = 6,      /* and for each byte of it */
};

void loader_init(struct loader *loader, struct budget *budget, struct model *model,
                 const struct source *source, struct index *index, uint64_t history_limit)
{
	*loader = (struct loader){
		.budget = budget,
		.work = { .whole = budget },
		.histories = { .whole = budget },
		.model = model,
		.source = source,
		.index = index,
		.history_limit = history_limit,
		.clock = 1,
	};
	loader->waiting.budget = loader->spare.budget = loader->old_passes.budget =
		loader->wanted.budget = &loader->work;
	loader->near_wanted.budget = loader->second.budget = loader->making.budget = &loader->work;
	loader->timings.budget = model->budget; /* as long as it is there */
	model->source = source;
	model->index = index;
}

void loader_free(struct loader *loader)
{
	for (size_t i = 0; i < loader->waiting.count; i++)
		job_free(loader->waiting.items[i]);
	for (size_t i = 0; i < loader->spare.count; i++)
		job_free(loader->spare.items[i]);
	for (size_t i = 0; i < loader->second.count; i++)
		job_free(loader->second.items[i]);
	stitch_drop(loader->stitch);
	if (loader->joining != NULL)
		job_free(loader->joining);
	array_free(&loader->waiting);
	array_free(&loader->second);
	array_free(&loader->spare);
	loader_drop_old_passes(loader);
	array_free(&loader->old_passes);
	array_free(&loader->wanted);
	array_free(&loader->making);
	array_free(&loader->near_wanted);
	closeup_free(loader->near);
	budget_promise(loader->budget, &loader->promised, 0);
	array_free(&loader->timings);
}

/* All but the one that is taken next. */
static void drop_spares(struct loader *loader)
{
	loader_drop_old_passes(loader);
	for (; loader->spare.count > 1; loader->spare.count--) {
		job_free(loader->spare.items[0]);
		loader->spare.items[0] = loader->spare.items[loader->spare.count - 1];
	}
}

struct job *loader_take_spare(struct loader *loader)
{
	if (loader->spare.count == 0)
		return job_new(&loader->work, loader->model->budget, &loader->histories);
	return loader->spare.items[--loader->spare.count];
}

/* The begin of the trace, and, where the index is whole, about its end: so that what comes finds
 * its place at once. */
static void set_ends(struct loader *loader)
{
	const struct generation *generations = loader->index->generations.items;

	loader->model->start_ns = loader->timings.items[0].begin_ns;
	for (size_t i = 0; i < index_closed(loader->index) && loader->index->is_finished; i++) {
		int64_t last = clock_ns(&generations[i].clock, generations[i].last_ticks) -
		               loader->model->start_ns;

		if (last > loader->model->end_ns && last <= TIMING_LONGEST_NS)
			loader->model->end_ns = last;
	}
}

/* Whether bytes of the trace are missing: another one behind it is no part of it. */
static bool is_missing(const struct damage_row *row)
{
	return row->grade > DAMAGE_NOTE && (row->len > 0 || row->grade == DAMAGE_END) &&
	       strcmp(row->expected, RESYNC_OTHER_TRACE) != 0;
}

/* What the index lost of it: in it, or in front of it; of traces without end marks behind it, too.
 */
static void find_loss(struct loader *loader, struct timing *timing)
{
	const struct index *index = loader->index;
	const struct generation *own = &index->generations.items[loader->next];
	uint64_t end = losses_end(loader, loader->next);

	timing->lost_from_ns = timing->begin_ns;
	timing->lost_until_ns = timing->end_ns;
	timing->is_hurt = timing->is_short = index->damage.rows.count == DAMAGE_ROWS_MAX;
	for (; loader->damage_at < index->damage.rows.count; loader->damage_at++) {
		const struct damage_row *row = &index->damage.rows.items[loader->damage_at];

		if (row->offset >= end && row->generation != own->number)
			break;
		timing->is_hurt |= row->grade > DAMAGE_NOTE;
		timing->is_short |= is_missing(row);
	}
	timing->losses_end = loader->damage_at;
}

/* Of the generation that is started next. */
static void find_timing(struct loader *loader)
{
	const struct generation *generation = &loader->index->generations.items[loader->next];
	u64_array keys = { .budget = loader->budget }, room = { .budget = loader->budget };
	struct timing timing;

	timing_find(&timing, generation, &loader->index->batches.items[generation->first_batch],
	            loader->next > 0 ? &loader->timings.items[loader->next - 1] : NULL, &keys,
	            &room);
	array_free(&keys);
	array_free(&room);
	find_loss(loader, &timing);
	*array_push(&loader->timings) = timing;
}

/* What jobs have, and what is promised to them. */
static size_t taken(const struct loader *loader)
{
	return atomic_load(&loader->work.used) + budget_promised(loader->budget) - loader->promised;
}

/* What so many jobs may take for so many bytes of events, as long as none is joined that tells. */
static size_t may_take(size_t jobs, uint64_t bytes)
{
	return jobs * JOB_BYTES + bytes * BYTE_BYTES;
}

static size_t jobs_begun(const struct loader *loader)
{
	return loader->running + loader->waiting.count + (loader->joining != NULL);
}

/* Of what is being loaded, or comes next: as much as what was before. While nothing tells, twice what it may take: what
 * stays of it is not known either. */
static size_t need_of_jobs(const struct loader *loader)
{
	if (loader->most_taken > 0)
		return loader->most_taken + loader->most_taken / SLACK;
	if (loader->started_bytes == 0 && index_closed(loader->index) > 0)
		return 2 * may_take(1, loader->index->generations.items[0].event_bytes);
	return 2 * may_take(jobs_begun(loader), loader->started_bytes);
}

size_t loader_room(const struct loader *loader)
{
	size_t room = budget_room(loader->budget) + taken(loader), need = need_of_jobs(loader);

	return room > need ? room - need : 0;
}

/* What jobs have when the first of them is joined. */
static void note_taken(struct loader *loader)
{
	size_t jobs = loader->running + loader->waiting.count + 1, now = taken(loader);

	loader->most_taken = now > loader->most_taken ? now : loader->most_taken;
	loader->most_each = now / jobs > loader->most_each ? now / jobs : loader->most_each;
}

/* Whether one more of so many bytes can be started beside those that are: by what they have taken
 * so far, or, before the first is joined, by what they may take. */
static bool has_room_beside(const struct loader *loader, uint64_t bytes)
{
	size_t jobs = jobs_begun(loader) + 1;
	size_t need = loader->most_each > 0
	                      ? jobs * (loader->most_each + loader->most_each / BESIDE)
	                      : may_take(jobs, loader->started_bytes + bytes);

	return !loader->is_one_by_one && budget_room(loader->budget) + taken(loader) >= need;
}

/* Generations that are not loaded go before histories. */
static bool is_short(const struct loader *loader)
{
	return loader->model->is_whole ? budget_is_short(loader->budget) : loader_room(loader) == 0;
}

void loader_make_room(struct loader *loader)
{
	if (!is_short(loader))
		return;
	loader_drop_unused(loader);
	drop_spares(loader);
}

/* ---- jobs */

struct job *loader_next(struct loader *loader, uint64_t ahead)
{
	struct ready ready = { .living = SIZE_MAX, .said = SIZE_MAX };
	struct job *job;
	uint64_t bytes;

	if (loader->wanted.count > 0 && !loader_has_near(loader)) { /* which is there first */
		job = loader_begin_again(loader);
		if (job != NULL)
			return job;
	}
	if (loader->second.count > 0) {
		job = loader->second.items[--loader->second.count];
		job_begin_second(job);
		loader->running++;
		return job;
	}
	if (loader->was_stopped || loader->next >= index_closed(loader->index))
		return loader_begin_tour(loader);
	bytes = loader->index->generations.items[loader->next].event_bytes;
	if (loader->started_bytes == 0)
		loader->were_beside = false;
	else if (loader->started_bytes + bytes > ahead || !has_room_beside(loader, bytes))
		return NULL;
	loader_make_room(loader);
	if (budget_is_short(loader->budget)) {
		/* what is being loaded may let a pipe forget some of its bytes */
		loader->was_stopped = loader->running == 0 && !loader_is_joining(loader);
		loader->model->was_stopped |= loader->was_stopped;
		return NULL;
	}
	if (loader->next == loader->timings.count)
		find_timing(loader);
	if (loader->next == 0)
		set_ends(loader);
	loader->were_beside |= loader->started_bytes > 0;
	if (loader->next == loader->model->parts.count) /* nobody is joined before */
		ready = need_ready(loader->model);
	job = loader_take_spare(loader);
	job_begin(job, loader->source, loader->index, loader->timings.items, loader->next,
	          loader->model->start_ns, &ready);
	loader->started_bytes += bytes;
	loader->next++;
	loader->running++;
	return job;
}

/* ---- joining */

void loader_give_back(struct loader *loader, struct job *job)
{
	budget_promise(loader->budget, &job->promised, 0);
	*array_push(&loader->spare) = job;
}

/* What may stay: half of the memory, or less where loading a generation takes more than the rest.
 */
static size_t share_of(const struct loader *loader)
{
	size_t ceiling = budget_ceiling(loader->budget), used = atomic_load(&loader->budget->used);
	size_t kept = tiers_bytes(loader->model), share = ceiling / KEPT_SHARE, rest;
	size_t loading = (used > kept ? used - kept : 0) + loader->most_promised / 4 * 5;

	if (loader->kept_most != 0)
		return loader->kept_most;
	rest = ceiling > loading ? ceiling - loading : 0;
	return share < rest ? share : rest;
}

/* Counting costs a look at all that there is: it is counted again when there is much more. */
static bool has_grown(const struct loader *loader)
{
	size_t ceiling = budget_ceiling(loader->budget), parts = loader->model->parts.count;

	if (loader->kept_most != 0 || ceiling == SIZE_MAX)
		return loader->kept_most != 0;
	return atomic_load(&loader->budget->used) >= loader->kept_bytes + ceiling / LOOK / 4 ||
	       parts >= loader->kept_parts + loader->kept_parts / LOOK + 1;
}

static void shrink(struct loader *loader)
{
	struct model *model = loader->model;

	if (model->listener != NULL) {
		tiers_forget(model);
		return;
	}
	if (!has_grown(loader))
		return;
	tiers_shrink(model, share_of(loader));
	loader->kept_bytes = atomic_load(&loader->budget->used);
	loader->kept_parts = (uint32_t)model->parts.count;
}

static bool is_all_begun(const struct loader *loader)
{
	return loader->was_stopped ||
	       (loader->index->is_finished && loader->next == loader->index->generations.count);
}

/* Of those that are done, the next one; NULL: it is not there. */
static struct job **find_next(const struct loader *loader)
{
	for (size_t i = 0; i < loader->waiting.count; i++)
		if (loader->waiting.items[i]->part == loader->model->parts.count)
			return &loader->waiting.items[i];
	return NULL;
}

static void begin_join(struct loader *loader, struct job **waiting)
{
	struct job *job = *waiting;

	*waiting = loader->waiting.items[--loader->waiting.count];
	if (stitch_needs_second(loader->model, job)) {
		*array_push(&loader->second) = job;
		return;
	}
	if (job->promised > loader->most_promised)
		loader->most_promised = job->promised;
	if (loader->again == 0)
		note_taken(loader);
	loader->joining = job;
	loader->stitch = stitch_begin(loader->model, job);
}

static void end_join(struct loader *loader)
{
	struct job *job = loader->joining;

	loader->joining = NULL;
	loader->stitch = NULL;
	loader->started_bytes -= job->generation.event_bytes;
	loader->model->parts.items[job->part]->is_cut = job->is_cut;
	losses_join(loader);
	shrink(loader);
	budget_promise(loader->budget, &loader->promised, need_of_model(loader->model));
	loader->was_stopped |= job->is_cut || loader->model->roster.is_torn;
	loader->model->was_stopped |= loader->was_stopped;
	loader->unread += job->unread;
	loader_give_back(loader, job);
}

/* What the next job could take over is of no use if there will be none. */
static bool has_useless(const struct loader *loader)
{
	return loader->spare.count > 0 && loader->running == 0 && loader->second.count == 0 &&
	       is_all_begun(loader) && !loader_has_wishes(loader);
}

bool loader_join(struct loader *loader)
{
	struct job **next;

	if (loader->stitch != NULL) {
		if (!stitch_step(loader->stitch))
			end_join(loader);
		return true;
	}
	next = find_next(loader);
	if (next != NULL)
		begin_join(loader, next);
	else if (has_useless(loader))
		job_free(loader->spare.items[--loader->spare.count]);
	else
		return false;
	return true;
}

bool loader_is_joining(const struct loader *loader)
{
	return loader->stitch != NULL || find_next(loader) != NULL || has_useless(loader);
}

/* Jobs keep their memory from one part to the next: when none is to come they need none. */
static void free_spares(struct loader *loader)
{
	for (size_t i = 0; i < loader->spare.count; i++)
		job_free(loader->spare.items[i]);
	array_free(&loader->spare);
}

static void undo(struct loader *loader, struct job *job)
{
	loader->started_bytes -= job->generation.event_bytes;
	job_free(job);
}

/* Memory cut a generation that others were loaded beside, or of a pipe, which may have brought more
 * meanwhile: it and those behind it are loaded again, one by one, with the memory of all. Those
 * that are on their way are undone when they come back. */
static void give_way(struct loader *loader, uint32_t part)
{
	size_t kept = 0, now = taken(loader);

	loader->is_one_by_one = true;
	loader->next = part;
	loader->tried = part + 1;
	loader->most_taken = now > loader->most_taken ? now : loader->most_taken;
	for (size_t i = 0; i < loader->waiting.count; i++)
		if (loader->waiting.items[i]->part < part)
			loader->waiting.items[kept++] = loader->waiting.items[i];
		else
			undo(loader, loader->waiting.items[i]);
	loader->waiting.count = kept;
	free_spares(loader);
	if (loader->stitch == NULL && loader->model->listener == NULL)
		tiers_shrink(loader->model, tiers_bytes(loader->model) / 2);
}

static bool may_have_room(const struct loader *loader, const struct job *job)
{
	return loader->tried != job->part + 1 && (loader->were_beside || loader->source->fd < 0);
}

static void done_first(struct loader *loader, struct job *job)
{
	if (job->is_cut && job->part < loader->next && may_have_room(loader, job))
		give_way(loader, job->part);
	if (job->part < loader->next)
		*array_push(&loader->waiting) = job;
	else
		undo(loader, job);
}

void loader_done(struct loader *loader, struct job *job)
{
	loader->running--;
	source_release(job->source, job->generation.begin,
	               job->generation.end - job->generation.begin);
	if (job->is_again)
		loader_done_again(loader, job);
	else
		done_first(loader, job);
}

static void finish(struct loader *loader)
{
	struct model *model = loader->model;

	free_spares(loader); /* what comes now may take as much */
	model->experimental += loader->index->experimental;
	losses_join_rest(loader);
	stitch_finish(model);
	budget_promise(loader->budget, &loader->promised, 0);
	roster_age(&model->roster);
	if (model->listener == NULL)
		shrink(loader);
	if (model->listener == NULL && model->roster.forgotten > 0)
		tiers_forget(model); /* who asks is told of all once more */
	losses_finish(loader);
	loader->too_many = loader->crowded = 0; /* there is more room now */
}

bool loader_is_done(struct loader *loader)
{
	if (!is_all_begun(loader) || loader->model->parts.count < loader->next ||
	    loader->running > 0 || loader_is_joining(loader))
		return false;
	if (!loader->model->is_whole)
		finish(loader);
	return !loader_has_wishes(loader);
}

uint64_t loader_reads_from(const struct loader *loader)
{
	const struct index *index = loader->index;
	size_t joined = loader->model->parts.count;

	if (index->v1 != NULL || loader->again > 0)
		return 0;
	if (joined < index->generations.count)
		return job_reads_from(index, (uint32_t)joined);
	return joined > 0 ? index->generations.items[joined - 1].begin : 0;
}

uint64_t loader_progress(const struct loader *loader)
{
	size_t joined = loader->model->parts.count;

	return joined == 0 ? 0 : loader->index->generations.items[joined - 1].end - loader->unread;
}
