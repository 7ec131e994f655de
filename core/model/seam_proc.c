/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* ---- Ps */

static void join_head_syscall(struct seam *seam, struct model_proc *proc,
                              const struct proc_delta *delta)
{
	uint32_t go = proc->syscall_go;

	if (go == INDEX_NONE)
		return;
	if (delta->head_lost != TIME_NONE) {
		struct live *live = seam_live(seam->model, go);

		if (live != NULL && live->state == GO_SYSCALL && live->lost_ns == TIME_UNKNOWN)
			live->lost_ns = seam_ns(seam, delta->head_lost);
		*array_push(&seam->seams->losers) = go;
	}
	if (!delta->tail_in_head_syscall)
		proc->syscall_go = INDEX_NONE;
}

static void join_proc(struct seam *seam, const struct proc_delta *delta, struct model_proc *proc)
{
	if (delta->first == TIME_NONE)
		return;
	if (!proc->is_known) {
		proc->is_known = true;
		proc->state = delta->head_state;
		proc->since_ns = seam->is_first ? 0 : seam_ns(seam, delta->first);
	}
	seam_believe_proc(seam, delta, proc);
	join_head_syscall(seam, proc, delta);
	if (delta->head_end != TIME_NONE && proc->state == PROC_IDLE)
		proc->idle_ns += seam_ns(seam, delta->head_end) - proc->since_ns;
	proc->run_ns += seam_len(seam, delta->run);
	proc->idle_ns += seam_len(seam, delta->idle);
	proc->syscall_ns += seam_len(seam, delta->syscall);
	proc->gc_ns += seam_len(seam, delta->gc);
	proc->losses += delta->losses;
	if (delta->tail_since != TIME_NONE) {
		proc->state = delta->tail_state;
		proc->since_ns = seam_ns(seam, delta->tail_since);
	}
	proc->last_ns = seam_ns(seam, delta->last);
	if (proc->last_ns > seam->part->end_ns)
		seam->part->end_ns = proc->last_ns; /* in units that are coarser than before */
	if (seam_ns(seam, delta->last_run) > proc->ran_ns)
		proc->ran_ns = seam_ns(seam, delta->last_run);
}

/* When a goroutine that is in a syscall at the seam ended in it here; TIME_NONE: not so. */
static part_time died_at(const struct seam *seam, uint32_t go)
{
	uint64_t id = roster_brief(&seam->model->roster, go).id;
	uint32_t own = id_pages_find(&seam->walk->go_of, id);
	const struct go_delta *delta;

	if (own == ID_NONE)
		return TIME_NONE;
	delta = account_delta(seam->account, own);
	for (size_t i = 0; i < seam->account->past.count; i++)
		if (seam->account->past.items[i].g == own) { /* the first of that id */
			delta = &seam->account->past.items[i].delta;
			break;
		}
	return delta->is_created || delta->head_state != GO_SYSCALL ? TIME_NONE : delta->ended;
}

/* The stream of the thread that has a P since before; INDEX_NONE. */
static uint32_t stream_with(const struct seam *seam, uint32_t proc)
{
	for (uint32_t s = 0; s < seam->walk->streams.count; s++) {
		uint32_t thread =
			id_map_find(&seam->model->thread_of, seam->walk->streams.items[s].m);

		if (thread != ID_NONE && seam->model->threads.items[thread].proc == proc)
			return s;
	}
	return INDEX_NONE;
}

/* A thread dies here with the P that it has since before in hand, and does not name it: that it is
 * abandoned is all that is said of the P, later, and by another thread. True: so it is. */
static bool leave_proc(const struct seam *seam, const struct proc_delta *delta,
                       struct model_proc *proc)
{
	part_time died = TIME_NONE;

	if (delta->is_abandoned && proc->state == PROC_RUNNING && proc->syscall_go != INDEX_NONE)
		died = died_at(seam, proc->syscall_go);
	if (died == TIME_NONE || died > delta->first || seam_ns(seam, died) < proc->last_ns)
		return false;
	proc->state = PROC_IDLE;
	proc->since_ns = proc->last_ns = seam_ns(seam, died);
	proc->losses++;
	proc->syscall_go = INDEX_NONE;
	return true;
}

/* Ps that were last heard of later than their first changes here; and those that a thread left when
 * it died, which are said to be abandoned still. */
static void floor_procs(struct seam *seam)
{
	floor_array *floors = &seam->part->known.procs;

	for (uint32_t p = 0; p < seam->walk->procs.count; p++) {
		const struct proc_delta *delta = &seam->account->procs.items[p];
		uint32_t number = seam->seams->proc_of.items[p];
		struct model_proc *proc = &seam->model->procs.items[number];
		bool was_left = leave_proc(seam, delta, proc), was_idle, is_early;

		was_idle = proc->is_known && proc->state == PROC_IDLE && delta->is_abandoned;
		is_early = seam_ns(seam, delta->first) < proc->last_ns;
		if (delta->first != TIME_NONE && (is_early || was_idle))
			*array_push(floors) = (struct floor){
				.own = p,
				.time = is_early || was_left ? seam_floor(seam, proc->last_ns) : 0,
				.left_by = was_left ? stream_with(seam, number) : INDEX_NONE,
				.was_idle = was_idle,
			};
	}
	if (floors->count > 0)
		account_floor_procs(seam->account, floors);
}

void seam_join_procs(struct seam *seam)
{
	floor_procs(seam);
	/* sums of runs come with the goroutines, which may be done over: see seam_add_runs */
	for (size_t p = 0; p < seam->walk->procs.count; p++) {
		struct proc_delta delta = seam->account->procs.items[p];

		delta.run = delta.syscall = delta.gc = 0;
		join_proc(seam, &delta, &seam->model->procs.items[seam->seams->proc_of.items[p]]);
	}
}

void seam_add_runs(struct seam *seam)
{
	for (size_t p = 0; p < seam->walk->procs.count; p++) {
		const struct proc_delta *delta = &seam->account->procs.items[p];
		struct model_proc *proc = &seam->model->procs.items[seam->seams->proc_of.items[p]];

		proc->run_ns += seam_len(seam, delta->run);
		proc->syscall_ns += seam_len(seam, delta->syscall);
		proc->gc_ns += seam_len(seam, delta->gc);
		proc->runs += delta->runs;
	}
}

/* ---- threads */

static uint32_t find_thread(struct model *model, uint64_t id)
{
	uint32_t fresh = (uint32_t)model->threads.count;
	uint32_t thread = id_map_add(&model->thread_of, id, fresh);

	if (thread == fresh)
		*array_push(&model->threads) = (struct thread){
			.id = id,
			.first_ns = INT64_MAX,
			.go = INDEX_NONE,
			.proc = INDEX_NONE,
		};
	return thread;
}

static void see_thread(struct model *model, uint64_t m, int64_t first_ns, int64_t last_ns,
                       uint64_t events, uint64_t samples)
{
	uint32_t at = find_thread(model, m); /* moves threads */
	struct thread *thread = &model->threads.items[at];

	thread->first_ns = first_ns < thread->first_ns ? first_ns : thread->first_ns;
	thread->last_ns = last_ns > thread->last_ns ? last_ns : thread->last_ns;
	if (events > 0 && last_ns > thread->told_ns)
		thread->told_ns = last_ns;
	thread->events += events;
	thread->samples += samples;
}

/* A thread keeps a P only if the P's last opener is the thread's (walk.md 6). */
static bool is_last_opener(const struct seam *seam, const struct stream *stream)
{
	const struct local_proc *proc = &seam->walk->procs.items[stream->proc];

	return stream->tenure != INDEX_NONE && stream->tenure_seq == proc->max_seq;
}

/* Threads that do not tell of their P keep it, if it is not told that others got it. */
static void drop_procs(struct seam *seam)
{
	for (size_t i = 0; i < seam->model->threads.count; i++) {
		struct thread *thread = &seam->model->threads.items[i];
		uint16_t own = thread->proc == INDEX_NONE
		                       ? PROC_NONE
		                       : seam->seams->own_proc.items[thread->proc];

		if (own != PROC_NONE && thread->told != seam->part->number &&
		    !seam->account->procs.items[own].tail_in_head_syscall)
			thread->proc = INDEX_NONE;
	}
}

void seam_join_threads(struct seam *seam)
{
	struct model *model = seam->model;

	for (size_t s = 0; s < seam->walk->streams.count; s++) {
		const struct stream *stream = &seam->walk->streams.items[s];
		struct thread *thread;
		int64_t first_ns, last_ns;
		bool has_proc;

		if (stream->m == WIRE_NO_THREAD || stream->first == TIME_NONE)
			continue;
		first_ns = seam_ns(seam, stream->first);
		last_ns = seam_ns(seam, stream->last);
		index_clip_thread(model->index, stream->m, model->start_ns, &first_ns, &last_ns);
		see_thread(model, stream->m, first_ns, last_ns, stream->events, 0);
		if (stream->events == 0) { /* only named, as the one that some goroutine is on */
			thread = &model->threads.items[id_map_find(&model->thread_of, stream->m)];
			thread->go = seam_go(seam, stream->bound);
			continue;
		}
		has_proc = stream->proc != PROC_NONE && is_last_opener(seam, stream);
		thread = &model->threads.items[id_map_find(&model->thread_of, stream->m)];
		thread->go = seam_go(seam, stream->run.g);
		if (!stream->has_told)
			continue;
		thread->told = seam->part->number;
		thread->proc = has_proc ? seam_proc(seam, stream->proc) : INDEX_NONE;
		if (has_proc && stream->in_syscall && thread->go != INDEX_NONE)
			model->procs.items[thread->proc].syscall_go = thread->go;
	}
	drop_procs(seam);
	for (size_t i = 0; i < seam->part->tables.samples.count; i++) {
		const struct sample *sample = &seam->part->tables.samples.items[i];
		int64_t ns = sample->time_ns - model->start_ns;

		if (sample->m != WIRE_NO_THREAD)
			see_thread(model, sample->m, ns, ns, 0, 1);
	}
}
