/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* Whether a part laps by so much into what earlier parts told of somebody that it has to be done
 * once more (earliest.h). */

struct search {
	struct model *model;
	struct job *job;
	bool is_needed;
};

static int64_t ns_of(const struct job *job, part_time time)
{
	return job->offset_ns + (int64_t)((uint64_t)time << job->shift);
}

static void add(const struct search *s, enum earliest_kind kind, uint64_t id, int64_t time_ns)
{
	*array_push(&s->job->earliest) = (struct earliest){ id, time_ns, (uint8_t)kind };
}

/* What it does at the time of its first change here; NULL: nothing that is in the way. */
static const struct live *lapped(const struct search *s, uint64_t id, part_time first)
{
	uint32_t go = model_find_go(s->model, id);
	const struct live *live = go == ID_NONE ? NULL : seam_live(s->model, go);

	return live != NULL && ns_of(s->job, first) < live->last_ns ? live : NULL;
}

static void look_at_go(struct search *s, uint32_t own)
{
	const struct local_go *local = &s->job->walk.gos.items[own];
	const struct go_delta *delta = account_delta(&s->job->account, own);
	const struct live *live;

	if (local->is_standin || delta->first == TIME_NONE || delta->is_created)
		return;
	live = lapped(s, local->id, delta->first);
	if (live == NULL)
		return;
	add(s, EARLIEST_GO, local->id, live->last_ns);
	s->is_needed |= !job_has_time(s->job, live->last_ns) ||
	                !account_can_floor(delta, job_time(s->job, live->last_ns));
}

static void look_at_past(struct search *s, const struct past_life *past)
{
	const struct local_go *local = &s->job->walk.gos.items[past->g];
	const struct live *live;

	if (past->delta.is_created || past->delta.first == TIME_NONE)
		return;
	live = lapped(s, local->id, past->delta.first);
	if (live == NULL)
		return;
	add(s, EARLIEST_GO, local->id, live->last_ns);
	s->is_needed = true;
}

/* Of Ps and threads small laps are told well enough: pictures are cut where runs would lap. */
static void look_at_time(struct search *s, enum earliest_kind kind, uint64_t id, part_time first,
                         int64_t last_ns)
{
	if (ns_of(s->job, first) >= last_ns - TIMING_SLACK_NS)
		return;
	add(s, kind, id, last_ns);
	s->is_needed = true;
}

static void look_at_procs(struct search *s)
{
	for (uint32_t own = 0; own < s->job->account.procs.count; own++) {
		const struct proc_delta *delta = &s->job->account.procs.items[own];
		uint64_t id = s->job->walk.procs.items[own].id;
		uint32_t p = id_map_find(&s->model->proc_of, id);
		const struct model_proc *proc = &s->model->procs.items[p];

		if (p != ID_NONE && delta->first != TIME_NONE)
			look_at_time(s, EARLIEST_PROC, id, delta->first,
			             proc->last_ns > proc->ran_ns ? proc->last_ns : proc->ran_ns);
	}
}

static void look_at_threads(struct search *s)
{
	for (size_t i = 0; i < s->job->walk.streams.count; i++) {
		const struct stream *stream = &s->job->walk.streams.items[i];
		uint32_t thread = id_map_find(&s->model->thread_of, stream->m);

		if (thread != ID_NONE && stream->m != WIRE_NO_THREAD && stream->events > 0)
			look_at_time(s, EARLIEST_THREAD, stream->m, stream->first,
			             s->model->threads.items[thread].told_ns);
	}
}

bool stitch_needs_second(struct model *model, struct job *job)
{
	struct search s = { .model = model, .job = job };

	if (job->is_second || job->is_cut)
		return false;
	array_clear(&job->earliest);
	for (size_t i = 0; i < job->account.others.count; i++)
		look_at_go(&s, job->account.others.items[i]);
	for (size_t i = 0; i < job->account.past.count; i++)
		look_at_past(&s, &job->account.past.items[i]);
	look_at_procs(&s);
	look_at_threads(&s);
	if (!s.is_needed)
		array_clear(&job->earliest);
	return s.is_needed;
}
