/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/closeup.h"

#include "core/model/walk_at.h"

enum {
	STRETCH_BYTES = 1 << 16,  /* of the file, in a stretch, about */
	FIRST_WIDTH_NS = 1 << 14, /* by which a thread is walked on, and twice as much then */
	ENDS = 4, /* as much as the window may have is read to find where all ends, times so many */
};

/* ---- the window */

static int64_t trace_ns(const struct closeup_job *job, uint64_t time)
{
	return job->timing.begin_ns + (int64_t)(time << job->part->shift);
}

/* What begins from then on is behind it. */
static int64_t window_end(const struct closeup_job *job)
{
	return trace_ns(job, (uint64_t)job->end + 1);
}

/* The last time that goroutines and Ps were moved to, as the part before tells of them later; a P
 * that was idle before may be so until who knows when. */
static part_time last_floor(const struct known *known)
{
	part_time last = 0;

	for (size_t i = 0; i < known->procs.count; i++)
		if (known->procs.items[i].was_idle)
			return TIME_NONE;
	for (size_t i = 0; i < known->gos.count; i++)
		last = known->gos.items[i].time > last ? known->gos.items[i].time : last;
	for (size_t i = 0; i < known->procs.count; i++)
		last = known->procs.items[i].time > last ? known->procs.items[i].time : last;
	return last;
}

static void set_window(struct closeup_job *job, int64_t begin_ns, int64_t end_ns)
{
	job->begin_ns = begin_ns;
	job->end_ns = end_ns;
	job->begin = part_time_of(job->part, begin_ns);
	job->end = part_time_of(job->part, end_ns);
	job->end += part_ns(job->part, job->end) < end_ns;
}

/* ---- beginning */

static void init(struct closeup_job *job, struct budget *budget, struct budget *histories)
{
	job->budget = budget;
	walk_init(&job->walk, budget);
	feed_init(&job->feed, budget);
	stretch_init(&job->stretch, budget);
	lane_build_init(&job->build, histories); /* the runs that it makes are the history's */
	job->batches.budget = job->stream_of.budget = job->heads.budget = budget;
	job->known.heads.budget = job->orders.budget = job->last_of.budget = budget;
	job->stays.budget = job->calls.budget = job->pieces.budget = budget;
}

void closeup_free(struct closeup_job *job)
{
	if (job == NULL)
		return;
	history_free(job->history);
	walk_free(&job->walk);
	feed_free(&job->feed);
	stretch_free(&job->stretch);
	array_free(&job->batches);
	array_free(&job->stream_of);
	array_free(&job->heads);
	array_free(&job->known.heads);
	array_free(&job->orders);
	array_free(&job->last_of);
	array_free(&job->stays);
	array_free(&job->calls);
	array_free(&job->pieces);
	lane_build_free(&job->build);
	budget_resize(job->budget, job, sizeof(*job), 0);
}

/* Not before: what the part's own walk was told. */
static void set_earliest(struct closeup_job *job)
{
	const struct part *part = job->part;
	uint64_t unit = UINT64_C(1) << part->shift;

	for (size_t i = 0; i < part->earliest_count; i++) {
		const struct earliest *earliest = &part->earliest[i];
		part_time time = part_time_of(part, earliest->time_ns + (int64_t)(unit - 1));
		uint16_t p;

		if (earliest->kind == EARLIEST_THREAD) {
			uint32_t s = walk_stream(&job->walk, earliest->id);

			job->walk.streams.items[s].now = time;
		} else if (earliest->kind == EARLIEST_PROC) {
			p = walk_find_proc(&job->walk, earliest->id);
			if (p != PROC_NONE)
				job->walk.procs.items[p].earliest = time;
		}
	}
}

static void begin_walk(struct closeup_job *job)
{
	struct walk *walk = &job->walk;
	const struct part *part = job->part;

	walk_begin(walk, &job->generation, &job->timing, part->shift, part->number == 0, true,
	           part->begin_ns);
	walk->known = &job->known;
	walk->joined = &part->tables;
	walk->texts = &job->model->strings;
	walk->hears = false;
	for (uint32_t p = 0; p < part->procs; p++) /* the same numbers as the part's */
		walk_find_proc(walk, job->model->procs.items[part->proc_of[p]].id);
	set_earliest(job);
	feed_begin(&job->feed, job->model->source, walk, &job->generation, &job->timing,
	           job->batches.items, job->batches.count);
}

/* ---- where threads begin */

/* The batch that holds a byte of the generation. */
static size_t find_batch(const struct closeup_job *job, event_ref ref)
{
	uint64_t offset = job->generation.begin + ref;
	size_t low = 0, high = job->batches.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (job->batches.items[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : 0;
}

typedef ARRAY(bool) flag_array;

/* Batches with runs that begin in the window, though their threads say that it was earlier. */
static void find_late(const struct closeup_job *job, flag_array *needed)
{
	const u64_array *late = &job->part->points.late;

	array_resize(needed, job->batches.count);
	for (size_t i = 0; i < late->count; i++) {
		part_time time = (part_time)late->items[i];

		if (time >= job->begin && time <= job->end)
			needed->items[find_batch(job, (event_ref)(late->items[i] >> 32))] = true;
	}
}

/* What is read of a thread from its batch first on, before it is known where all ends. */
static uint64_t read_bytes(const struct closeup_job *job, const struct feed_thread *thread,
                           uint32_t first)
{
	int64_t end_ns = window_end(job);
	uint64_t bytes = 0;

	for (uint32_t i = first; i < thread->end; i++) {
		if (i > first && job->feed.base_ns.items[i] >= end_ns)
			break;
		bytes += job->batches.items[job->feed.batches.items[i]].size;
	}
	return bytes;
}

/* The thread's last batch that begins before the window, or its first one. Where base times step
 * back, what was before it tells when it begins. */
static uint32_t first_batch(const struct closeup_job *job, const struct feed_thread *thread,
                            const flag_array *needed)
{
	int64_t begin_ns = trace_ns(job, job->begin);
	uint32_t first = thread->first;

	for (uint32_t i = thread->first; i < thread->end; i++) {
		int64_t base_ns = job->feed.base_ns.items[i];

		if ((base_ns != TIMING_NONE && base_ns >= begin_ns) ||
		    job->part->points.all.items[i].now >= job->begin)
			break;
		if (base_ns != TIMING_NONE)
			first = i;
	}
	for (uint32_t i = thread->first, last = i; i < first; i++) {
		last = job->feed.base_ns.items[i] != TIMING_NONE ? i : last;
		if (needed->items[job->feed.batches.items[i]])
			return last;
	}
	return first;
}

/* The P that whoever stands at the head of a stream has; PROC_NONE: nobody knows. */
static uint16_t head_proc(const struct part *part, const struct checkpoint *point)
{
	for (size_t i = 0; i < part->known.heads.count && point->is_standin; i++)
		if (part->known.heads.items[i].own == point->go)
			return part->known.heads.items[i].proc;
	return PROC_NONE;
}

static void restore(struct closeup_job *job, uint32_t s, uint32_t batch)
{
	const struct checkpoint *point = &job->part->points.all.items[batch];
	uint16_t proc = head_proc(job->part, point);
	uint32_t own = checkpoint_restore(&job->walk, &job->part->points, batch, s, proc);

	if (!point->is_standin)
		return;
	for (size_t i = 0; i < job->heads.count; i++)
		if (job->heads.items[i].own == own)
			return;
	closeup_add_head(job, (uint32_t)point->go, own);
	*array_push(&job->known.heads) = (struct known_head){ own, proc };
}

/* Within the batch, if nothing of what is before that concerns the window. */
static const struct checkpoint_within *find_within(const struct closeup_job *job, uint32_t batch,
                                                   const flag_array *needed)
{
	if (needed->items[job->feed.batches.items[batch]])
		return NULL;
	return checkpoint_within(&job->part->points, batch, job->begin);
}

/* From when on the thread is walked. */
static int64_t begin_thread(struct closeup_job *job, size_t t, uint32_t batch,
                            const struct checkpoint_within *within)
{
	uint64_t m = job->batches.items[job->feed.batches.items[batch]].m;
	uint32_t s = walk_stream(&job->walk, m);
	int64_t base_ns = job->feed.base_ns.items[batch];
	const struct open_run *run;

	job->stream_of.items[t] = s;
	if (within != NULL) {
		checkpoint_restore_within(&job->walk, within, s);
		feed_resume_within(&job->feed, t, batch, within->at, within->time_ns);
		base_ns = within->time_ns;
	} else {
		restore(job, s, batch);
		feed_resume(&job->feed, t, batch, job->part->points.all.items[batch].follows_loss);
	}
	run = &job->walk.streams.items[s].run;
	if (run->g != INDEX_NONE)
		closeup_open_run(job, run->g, run->order - 1, run->begin, run->ref,
		                 (enum run_open)run->open, run->proc);
	return base_ns == TIMING_NONE ? job->timing.begin_ns : base_ns;
}

/* False: it is too much to read. */
static bool begin_threads(struct closeup_job *job, uint64_t most)
{
	struct feed *feed = &job->feed;
	int64_t end_ns = window_end(job), from_ns = end_ns;
	flag_array needed = { .budget = job->budget };
	uint64_t bytes = 0;

	find_late(job, &needed);
	array_resize(&job->stream_of, feed->threads.count);
	for (size_t t = 0; t < feed->threads.count && bytes <= most; t++) {
		const struct feed_thread *thread = &feed->threads.items[t];
		uint32_t first = first_batch(job, thread, &needed);
		int64_t base_ns = feed->base_ns.items[first];
		uint64_t m = job->batches.items[feed->batches.items[first]].m;

		base_ns = base_ns == TIMING_NONE ? job->timing.begin_ns : base_ns;
		job->stream_of.items[t] = INDEX_NONE;
		if (m == WIRE_NO_THREAD || base_ns >= end_ns) {
			feed_skip(feed, t);
			continue;
		}
		bytes += read_bytes(job, thread, first);
		base_ns = begin_thread(job, t, first, find_within(job, first, &needed));
		from_ns = base_ns < from_ns ? base_ns : from_ns;
	}
	array_free(&needed);
	feed->begin_ns = from_ns;
	job->walked = 0;
	job->most = most;
	return bytes <= most;
}

static bool can_begin(const struct closeup_job *job)
{
	const struct part *part = job->part;

	return part->points.is_kept && !part->is_cut &&
	       (part->known.gos.count + part->known.procs.count == 0 ||
	        job->begin > last_floor(&part->known));
}

struct closeup_job *closeup_begin(struct budget *budget, struct budget *histories,
                                  const struct model *model, uint32_t number,
                                  const struct timing *timing, int64_t begin_ns, int64_t end_ns,
                                  uint64_t most)
{
	struct closeup_job *job = budget_resize(budget, NULL, 0, sizeof(*job));
	const struct generation *generation = &model->index->generations.items[number];
	const struct batch *batches;

	*job = (struct closeup_job){ .model = model, .part = model->parts.items[number] };
	init(job, budget, histories);
	set_window(job, begin_ns, end_ns);
	if (!can_begin(job)) {
		closeup_free(job);
		return NULL;
	}
	job->history = history_new(histories);
	job->stretch_ns = (int64_t)((double)STRETCH_BYTES *
	                            (double)(job->part->end_ns - job->part->begin_ns + 1) /
	                            (double)(generation->event_bytes + 1));
	job->generation = *generation;
	job->timing = *timing;
	batches = &model->index->batches.items[generation->first_batch];
	array_resize(&job->batches, job->generation.batch_count);
	if (job->batches.count > 0)
		memcpy(job->batches.items, batches, job->batches.count * sizeof(*batches));
	begin_walk(job);
	if (job->feed.batches.count != job->part->points.all.count || !begin_threads(job, most)) {
		closeup_free(job);
		return NULL;
	}
	return job;
}

/* ---- the window, and behind it */

/* A stretch of the feed becomes wider where there is little, as before the window, which only some
 * threads have to be walked from: not beyond it, nor so far that it may be much after all. */
static void limit_stretch(struct closeup_job *job)
{
	int64_t left_ns = window_end(job) - job->feed.begin_ns;
	int64_t most_ns = left_ns < job->stretch_ns ? left_ns : job->stretch_ns;

	if (job->feed.width_ns > most_ns)
		job->feed.width_ns = most_ns > 1 ? most_ns : 1;
}

static bool step_walk(struct closeup_job *job)
{
	bool goes_on;

	limit_stretch(job);
	goes_on = feed_step(&job->feed, &job->stretch);

	closeup_take(job);
	if (goes_on && job->feed.begin_ns < window_end(job))
		return true;
	walk_hand_over(&job->walk, &job->stretch, 0, TIME_NONE);
	closeup_take(job);
	return false;
}

/* What is open on the thread and may lap into the window is walked to its end. */
static void begin_end(struct closeup_job *job, const struct stream *stream)
{
	const struct open_run *run = &stream->run;
	bool runs = run->g != INDEX_NONE && run->proc != PROC_NONE && run->begin <= job->end;

	job->is_begun = true;
	job->run_ref = runs ? run->ref : REF_NONE;
	job->run_g = run->open == RUN_START || run->open == RUN_SWITCH ? run->g : INDEX_NONE;
	job->sweep_ref = stream->sweep.g != INDEX_NONE && stream->sweep.begin <= job->end
	                         ? stream->sweep.ref
	                         : REF_NONE;
	job->first_piece = job->pieces.count;
	job->width_ns = FIRST_WIDTH_NS;
}

/* Returns whether something of it still goes on. */
static bool goes_on(struct closeup_job *job, const struct stream *stream)
{
	if (job->run_ref != REF_NONE &&
	    (stream->run.g == INDEX_NONE || stream->run.ref != job->run_ref)) {
		closeup_settle_stays(job, job->run_g, job->first_piece);
		job->run_ref = REF_NONE;
	}
	if (stream->sweep.g == INDEX_NONE || stream->sweep.ref != job->sweep_ref)
		job->sweep_ref = REF_NONE;
	return job->run_ref != REF_NONE || job->sweep_ref != REF_NONE;
}

/* Whether all that is open is open still when a later batch begins. */
static bool lasts_until(const struct closeup_job *job, const struct stream *stream, uint32_t batch)
{
	const struct checkpoint *point = &job->part->points.all.items[batch];
	const struct checkpoint_more *more =
		point->has_more ? checkpoint_more(&job->part->points, batch) : NULL;

	if (!point->runs || point->ref != stream->run.ref ||
	    point->in_syscall != stream->in_syscall)
		return false;
	if (stream->in_syscall && (more == NULL || more->call_ref != stream->call_ref))
		return false;
	if (stream->assist.g != INDEX_NONE &&
	    (more == NULL || !more->has_assist || more->assist.ref != stream->assist.ref))
		return false;
	return stream->sweep.g == INDEX_NONE ||
	       (more != NULL && more->has_sweep && more->sweep.ref == stream->sweep.ref);
}

/* Batches that a run goes through are left out. */
static void leap(struct closeup_job *job, uint32_t s)
{
	const struct feed_thread *thread = &job->feed.threads.items[job->at];
	uint32_t to = thread->next;

	if (thread->is_open || job->run_ref == REF_NONE)
		return;
	while (to + 1 < thread->end && job->feed.base_ns.items[to + 1] != TIMING_NONE &&
	       lasts_until(job, &job->walk.streams.items[s], to + 1))
		to++;
	if (to == thread->next)
		return;
	closeup_keep_stays(job, &job->walk.streams.items[s]);
	restore(job, s, to);
	feed_resume(&job->feed, job->at, to, job->part->points.all.items[to].follows_loss);
}

/* It is done, without a history. */
static void refuse(struct closeup_job *job)
{
	history_free(job->history);
	job->history = NULL;
	job->phase = CLOSEUP_LANES;
}

/* A little further; false: there is no more of the thread. */
static bool walk_on(struct closeup_job *job)
{
	uint32_t next = job->feed.threads.items[job->at].next;
	bool more = feed_walk_on(&job->feed, job->at, job->width_ns, &job->stretch);

	if (job->feed.threads.items[job->at].next > next)
		job->walked += job->batches.items[job->feed.batches.items[next]].size;
	job->width_ns *= job->width_ns < TIMING_SLACK_NS ? 2 : 1;
	closeup_take(job);
	return more;
}

/* False: all threads are at the end. */
static bool step_ends(struct closeup_job *job)
{
	uint32_t s;

	if (job->at == job->feed.threads.count)
		return false;
	s = job->stream_of.items[job->at];
	if (s != INDEX_NONE && !job->is_begun)
		begin_end(job, &job->walk.streams.items[s]);
	if (s != INDEX_NONE && goes_on(job, &job->walk.streams.items[s])) {
		if (job->walked / ENDS > job->most) {
			refuse(job);
			return false;
		}
		leap(job, s);
		if (walk_on(job))
			return true;
		goes_on(job, &job->walk.streams.items[s]);
	}
	if (s != INDEX_NONE && job->walk.streams.items[s].run.g != INDEX_NONE)
		closeup_leave_open(job, &job->walk.streams.items[s]);
	job->is_begun = false;
	job->at++;
	return true;
}

static bool step_lanes(struct closeup_job *job)
{
	if (job->at++ == 0) {
		job->walk.last = TIME_NONE - 1;
		if (!closeup_finish_runs(job, last_floor(&job->part->known))) {
			refuse(job);
			return false;
		}
		lane_build_begin(&job->build, job->history, &job->walk, &job->pieces);
	}
	return lane_build_step(&job->build);
}

bool closeup_step(struct closeup_job *job)
{
	bool more = true;

	switch ((enum closeup_phase)job->phase) {
	case CLOSEUP_WALK:
		more = step_walk(job);
		break;
	case CLOSEUP_ENDS:
		more = step_ends(job);
		break;
	case CLOSEUP_LANES:
		more = step_lanes(job);
		break;
	case CLOSEUP_DONE:
		break;
	}
	if (!more) {
		job->phase++;
		job->at = 0;
	}
	return job->phase != CLOSEUP_DONE;
}
