/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* What is known when something is missing: until then. What comes next that is whole decides who
 * lives and what he does: every goroutine that lives in a generation is named in it, by a status or
 * by its creation (trace-format-v2.md 4.1). */

/* ---- one goroutine */

static void lose_assist(struct model *model, uint32_t go, struct live *live, int64_t known_ns)
{
	struct assist *assist;

	if (live->assist == INDEX_NONE)
		return;
	assist = &model->assists.items[live->assist];
	seam_end_assist(assist, known_ns,
	                live->assist_cpu_ns + (live->state == GO_RUNNING ? known_ns : 0));
	assist->is_open = false;
	roster_add_amount(&model->roster, &roster_edit(&model->roster, go)->ranges,
	                  strings_add(&model->strings, bytes_of("GC mark assist")),
	                  assist->end_ns - assist->begin_ns);
	live->assist = INDEX_NONE;
}

static void lose_go(struct model *model, uint32_t go, int64_t known_ns, uint32_t part)
{
	struct live *live = seam_live(model, go);

	if (known_ns < live->since_ns)
		known_ns = live->since_ns;
	seam_leave(model, go, known_ns);
	seam_end_run(model, go, known_ns, part, REF_NONE);
	lose_assist(model, go, live, known_ns);
	live->state = GO_UNKNOWN;
	live->since_ns = known_ns;
	if (known_ns > live->last_ns)
		live->last_ns = known_ns;
	live->lost_ns = TIME_UNKNOWN;
	live->proc = INDEX_NONE;
	live->worker = WORKER_NONE;
}

void seam_lose_go(struct seam *seam, uint32_t go, int64_t known_ns)
{
	if (seam_live(seam->model, go) == NULL)
		return;
	seam->is_doubtful = true;
	lose_go(seam->model, go, known_ns, seam->part->number);
}

/* Whether what it does may have ended in what was lost. */
static bool may_have_changed(const struct seams *seams, const struct live *live)
{
	return seams->has_loss && live->since_ns <= seams->lost_until_ns;
}

/* Until when it surely did what it does. */
static int64_t known_until(const struct seams *seams, const struct live *live)
{
	if (!may_have_changed(seams, live))
		return live->last_ns;
	return live->since_ns > seams->lost_from_ns ? live->since_ns : seams->lost_from_ns;
}

/* Whether a part that is not whole should have named it: who moved in it is named where that is
 * lost; all others are in the end, if that is not what is lost. */
static bool is_missed(const struct seams *seams, const struct live *live, uint32_t part)
{
	return may_have_changed(seams, live) && live->told_part != part &&
	       (seams->names_idle || live->state == GO_RUNNING || live->state == GO_RUNNABLE);
}

/* Whether that it still does the same is no more than a guess; the runnable run soon. */
static bool is_lost_sight_of(const struct seam *seam, const struct live *live)
{
	return is_missed(seam->seams, live, seam->part->number - 1) ||
	       (live->state == GO_RUNNABLE && may_have_changed(seam->seams, live));
}

/* The part does not say what it does at first, but something later: if anything of the part is
 * missing, that is, and what came next. */
static void lose_head(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	const struct live *live = seam_live(seam->model, go);
	int64_t known_ns = seam->lost_from_ns;

	if (may_have_changed(seam->seams, live) && known_until(seam->seams, live) < known_ns)
		known_ns = known_until(seam->seams, live);
	if (known_ns < seam_ns(seam, delta->first))
		seam_lose_go(seam, go, known_ns);
}

void seam_believe_head(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	struct live *live = seam_live(seam->model, go);
	int64_t known_ns;

	if (live->told_part == seam->part->number)
		return; /* as whoever ran at the head of a stream */
	if (delta->head_state == GO_UNKNOWN) {
		seam->headless++;
		lose_head(seam, go, delta);
		return;
	}
	if (seam->is_whole && may_have_changed(seam->seams, live) && !delta->is_assisting)
		lose_assist(seam->model, go, live, known_until(seam->seams, live));
	if (live->state == delta->head_state && !is_lost_sight_of(seam, live))
		return;
	known_ns = known_until(seam->seams, live);
	if (known_ns > seam_ns(seam, delta->first))
		known_ns = seam_ns(seam, delta->first);
	seam_lose_go(seam, go, known_ns);
	live->state = delta->head_state;
	if (live->since_ns < seam->part->begin_ns)
		live->since_ns = seam->part->begin_ns;
	if (!delta->has_head_run)
		return;
	live->proc = seam_proc(seam, delta->head_proc);
	live->worker = delta->head_worker;
	live->run_ns = live->proc == INDEX_NONE ? TIME_UNKNOWN : live->since_ns;
}

bool seam_tells_of_life(const struct go_delta *delta)
{
	return !delta->is_created && (!delta->tail_is_head || delta->tail_state != GO_WAITING);
}

void seam_revive(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	struct goroutine *g = roster_edit(&seam->model->roster, go);
	struct live *live = seam_live(seam->model, go);
	int64_t ended_ns = g->ended_ns;

	if (g->created_ns == TIME_UNKNOWN || ended_ns == TIME_UNKNOWN ||
	    !seam_tells_of_life(delta) || seam_ns(seam, delta->first) < ended_ns)
		return;
	g->ended_ns = TIME_UNKNOWN;
	if (live == NULL)
		live = seam_begin_live(seam->model, go, ended_ns);
	live->state = GO_UNKNOWN;
	live->since_ns = live->last_ns = ended_ns;
	seam->is_doubtful = true;
}

/* ---- Ps */

void seam_believe_proc(struct seam *seam, const struct proc_delta *delta, struct model_proc *proc)
{
	const struct seams *seams = seam->seams;
	bool may_have_changed = seams->has_loss && proc->since_ns <= seams->lost_until_ns;
	int64_t known_ns = seams->lost_from_ns, first_ns = seam_ns(seam, delta->first);

	if (delta->head_state == PROC_UNKNOWN || delta->is_abandoned ||
	    (!may_have_changed && proc->state != PROC_UNKNOWN))
		return;
	known_ns = known_ns < first_ns ? known_ns : first_ns;
	if (proc->state == PROC_IDLE && known_ns > proc->since_ns)
		proc->idle_ns += known_ns - proc->since_ns;
	proc->state = delta->head_state;
	if (known_ns > proc->last_ns)
		proc->last_ns = known_ns;
	proc->since_ns =
		seam->part->begin_ns > proc->last_ns ? seam->part->begin_ns : proc->last_ns;
}

/* ---- threads */

/* Whoever a thread had in hand has left it, if others run there and nothing tells how. Up to the
 * thread's last word of before it ran. */
void seam_lose_runs(struct seam *seam)
{
	struct model *model = seam->model;

	for (size_t s = 0; s < seam->walk->streams.count; s++) {
		const struct stream *stream = &seam->walk->streams.items[s];
		uint32_t thread = id_map_find(&model->thread_of, stream->m), go;
		const struct live *live;

		if (thread == ID_NONE || !stream->has_run)
			continue;
		go = model->threads.items[thread].go;
		live = seam_live(model, go);
		if (live != NULL && live->told_part != seam->part->number &&
		    (live->state == GO_RUNNING || live->state == GO_SYSCALL))
			seam_lose_go(seam, go, model->threads.items[thread].told_ns);
	}
}

/* ---- a part that is whole, behind one that is not */

/* Who is only said to be there, by who knows no more. */
static void note_statuses(struct seam *seam)
{
	for (uint32_t own = 0; own < seam->walk->gos.count; own++) {
		struct live *live = seam->walk->gos.items[own].has_status
		                            ? seam_live(seam->model, seam_go(seam, own))
		                            : NULL;

		if (live != NULL)
			live->told_part = seam->part->number;
	}
}

/* Its end was in what is lost, nobody knows when: it has lived as long as is known. */
static void end_lost(struct seam *seam, uint32_t go)
{
	const struct live *live = seam_live(seam->model, go);

	seam_lose_go(seam, go, known_until(seam->seams, live));
	roster_edit(&seam->model->roster, go)->ended_ns = live->last_ns;
	seam_end_live(seam->model, go);
}

static void end_unnamed(struct seam *seam)
{
	struct model *model = seam->model;
	uint32_t next;

	note_statuses(seam);
	for (uint32_t i = model->living; i != INDEX_NONE; i = next) {
		const struct live *live = &model->lives.items[i];

		next = live->next;
		if (live->told_part != seam->part->number && live->state != GO_DEAD)
			end_lost(seam, live->go);
	}
}

void seam_settle_loss(struct seam *seam)
{
	struct seams *seams = seam->seams;

	if (!seam->is_whole || seam->is_first)
		return;
	if (seams->has_loss || seam->is_doubtful || seam->model->ends_unnamed)
		end_unnamed(seam);
	seams->has_loss = false;
}

/* ---- the end of a trace whose last part is not whole */

/* Whoever a thread has in hand, up to its last word. */
static void finish_lost_runs(struct model *model)
{
	for (size_t i = 0; i < model->threads.count; i++) {
		const struct thread *thread = &model->threads.items[i];
		const struct live *live = seam_live(model, thread->go);

		if (live != NULL && (live->state == GO_RUNNING || live->state == GO_SYSCALL) &&
		    may_have_changed(model->seams, live))
			lose_go(model, thread->go, thread->told_ns, INDEX_NONE);
	}
}

void seam_finish_loss(struct model *model)
{
	uint32_t last = (uint32_t)model->parts.count - 1;

	if (!model->seams->is_hurt)
		return;
	finish_lost_runs(model);
	for (uint32_t i = model->living; i != INDEX_NONE; i = model->lives.items[i].next) {
		const struct live *live = &model->lives.items[i];

		if (live->state == GO_DEAD || live->state == GO_UNKNOWN)
			continue;
		if (is_missed(model->seams, live, last) ||
		    (live->told_part == last && !live->is_idle &&
		     may_have_changed(model->seams, live)))
			lose_go(model, live->go, known_until(model->seams, live), INDEX_NONE);
	}
}

/* ---- what is lost of a part */

static void add_loss(struct seam *seam, int64_t from_ns, int64_t until_ns)
{
	struct seams *seams = seam->seams;

	from_ns = from_ns < 0 ? 0 : from_ns;
	from_ns = from_ns > seam->part->end_ns ? seam->part->end_ns : from_ns; /* coarse units */
	if (!seams->has_loss || from_ns < seams->lost_from_ns)
		seams->lost_from_ns = from_ns;
	if (!seams->has_loss || until_ns > seams->lost_until_ns)
		seams->lost_until_ns = until_ns;
	seams->has_loss = true;
}

int64_t seam_find_loss(const struct seam *seam, const struct timing *timing)
{
	const struct damage *damage = &seam->walk->damage;
	int64_t from_ns = timing->is_short ? timing->lost_from_ns : INT64_MAX;

	for (size_t i = 0; i < damage->rows.count; i++) {
		const struct damage_row *row = &damage->rows.items[i];

		if (row->grade > DAMAGE_NOTE && row->len > 0 && row->begin_ns < from_ns)
			from_ns = row->begin_ns;
	}
	return from_ns == INT64_MAX ? from_ns : from_ns - seam->model->start_ns;
}

void seam_note_loss(struct seam *seam, const struct timing *timing)
{
	const struct damage *damage = &seam->walk->damage;
	int64_t start_ns = seam->model->start_ns;

	seam->seams->names_idle = seam->walk->names_idle;
	seam->seams->is_hurt = seam->lost_from_ns != INT64_MAX;
	if (timing->is_hurt)
		add_loss(seam, timing->lost_from_ns - start_ns, seam->part->end_ns);
	for (size_t i = 0; i < damage->rows.count; i++) {
		const struct damage_row *row = &damage->rows.items[i];

		if (row->grade > DAMAGE_NOTE)
			add_loss(seam, row->begin_ns - start_ns,
			         row->end_ns == DAMAGE_TIME_UNKNOWN ? seam->part->end_ns
			                                            : row->end_ns - start_ns);
	}
	if (seam->walk->dropped + seam->account->dropped + seam->walk->doubted + seam->headless > 0)
		add_loss(seam, seam->part->begin_ns, seam->part->end_ns);
}
