/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* What each goroutine that lives is doing, and what of it is booked when that ends. */

void seam_set_go(struct model *model, uint64_t id, uint32_t go)
{
	if (model->elder == NULL)
		id_pages_set(&model->go_of, id, go);
}

uint32_t seam_new_go(struct seam *seam, uint64_t id)
{
	struct model *model = seam->model;
	uint32_t before = model_find_go(model, id);
	uint32_t go = roster_add(&model->roster, id);

	if (before != ID_NONE && model->elder == NULL)
		model_add_reborn(model, go, before, seam->part->number);
	seam_set_go(model, id, go);
	return go;
}

struct live *seam_live(struct model *model, uint32_t go)
{
	uint32_t live = go < model->roster.count ? roster_live(&model->roster, go) : INDEX_NONE;

	return live == INDEX_NONE ? NULL : &model->lives.items[live];
}

struct live *seam_begin_live(struct model *model, uint32_t go, int64_t now_ns)
{
	uint32_t live = (uint32_t)model->lives.count;

	if (model->free_lives.count > 0)
		live = model->free_lives.items[--model->free_lives.count];
	else
		array_push(&model->lives);
	roster_set_live(&model->roster, go, live);
	model->lives.items[live] = (struct live){
		.since_ns = now_ns,
		.last_ns = now_ns,
		.lost_ns = TIME_UNKNOWN,
		.run_ns = TIME_UNKNOWN,
		.run_part = INDEX_NONE,
		.told_part = INDEX_NONE,
		.call_part = INDEX_NONE,
		.run_ref = REF_NONE,
		.call_ref = REF_NONE,
		.assist = INDEX_NONE,
		.assist_run = INDEX_NONE,
		.proc = INDEX_NONE,
		.go = go,
		.next = model->living,
		.before = INDEX_NONE,
	};
	if (model->living != INDEX_NONE)
		model->lives.items[model->living].before = live;
	model->living = live;
	return &model->lives.items[live];
}

void seam_end_live(struct model *model, uint32_t go)
{
	const struct live *live = seam_live(model, go);

	if (live->next != INDEX_NONE)
		model->lives.items[live->next].before = live->before;
	if (live->before != INDEX_NONE)
		model->lives.items[live->before].next = live->next;
	else
		model->living = live->next;
	*array_push(&model->free_lives) = roster_live(&model->roster, go);
	roster_set_live(&model->roster, go, INDEX_NONE);
}

static void leave_syscall(struct model *model, struct goroutine *g, const struct live *live,
                          int64_t now_ns)
{
	int64_t lost =
		live->lost_ns == TIME_UNKNOWN || live->lost_ns > now_ns ? now_ns : live->lost_ns;

	if (lost < live->since_ns)
		lost = live->since_ns;
	g->syscall_exec_ns += lost - live->since_ns;
	g->syscall_block_ns += now_ns - lost;
	if (live->proc != INDEX_NONE)
		model->procs.items[live->proc].syscall_ns += lost - live->since_ns;
}

static void leave_running(struct model *model, uint32_t go, const struct live *live, int64_t now_ns)
{
	struct model_proc *proc;

	if (live->worker != WORKER_NONE)
		*array_push(&model->workers) =
			(struct worker_run){ live->since_ns, now_ns, go, live->proc, live->worker };
	if (live->proc == INDEX_NONE)
		return;
	proc = &model->procs.items[live->proc];
	proc->run_ns += now_ns - live->since_ns;
	proc->gc_ns += live->worker != WORKER_NONE ? now_ns - live->since_ns : 0;
}

void seam_leave(struct model *model, uint32_t go, int64_t now_ns)
{
	struct goroutine *g = roster_edit(&model->roster, go);
	const struct live *live = seam_live(model, go);

	if (live == NULL)
		return;
	switch ((enum go_state)live->state) {
	case GO_RUNNING:
		g->exec_ns += now_ns - live->since_ns;
		leave_running(model, go, live, now_ns);
		break;
	case GO_RUNNABLE:
		g->sched_ns += now_ns - live->since_ns;
		break;
	case GO_SYSCALL:
		leave_syscall(model, g, live, now_ns);
		break;
	case GO_WAITING:
		roster_add_amount(&model->roster, &g->blocks, live->reason,
		                  now_ns - live->since_ns);
		break;
	case GO_UNKNOWN:
	case GO_DEAD:
	case GO_STATES:
		break;
	}
}

void seam_clip_assist(struct model *model, uint32_t go, int64_t end_ns)
{
	struct part *before =
		model->parts.count == 0 ? NULL : model->parts.items[model->parts.count - 1];

	const struct live *live = seam_live(model, go);
	struct proc_stretch *run = live == NULL || live->assist_run == INDEX_NONE
	                                   ? NULL
	                                   : &model->assist_runs.items[live->assist_run];

	if (before == NULL || end_ns >= before->end_ns)
		return;
	*array_push(&before->known.ends) = (struct known_clip){ end_ns, go };
	if (run != NULL && run->end_ns > end_ns)
		run->end_ns = end_ns < run->begin_ns ? run->begin_ns : end_ns;
}

int64_t seam_lane_end(const struct live *live, int64_t until_ns)
{
	if (live->state != GO_SYSCALL || live->lost_ns == TIME_UNKNOWN || live->lost_ns > until_ns)
		return until_ns;
	return live->lost_ns < live->since_ns ? live->since_ns : live->lost_ns;
}

void seam_end_call(struct model *model, uint32_t go, int64_t until_ns, uint32_t part)
{
	struct live *live = seam_live(model, go);
	int64_t begin_ns, end_ns;

	if (live->state != GO_SYSCALL || live->run_ns == TIME_UNKNOWN || live->proc == INDEX_NONE ||
	    live->is_call_told)
		return;
	begin_ns = live->since_ns > live->run_ns ? live->since_ns : live->run_ns;
	end_ns = seam_lane_end(live, until_ns);
	live->is_call_told = true;
	*array_push(&model->lanes.items[live->proc].long_calls) = (struct long_run){
		.begin_ns = begin_ns,
		.end_ns = end_ns < begin_ns ? begin_ns : end_ns,
		.go = go,
		.begin_part = live->call_part,
		.begin_ref = live->call_ref,
		.end_part = part,
		.end_ref = REF_NONE,
		.worker = live->worker,
		.is_open = part == INDEX_NONE,
		.is_lost = live->lost_ns != TIME_UNKNOWN && live->lost_ns <= until_ns,
	};
}

/* Its syscalls are known before a run is. */
static void add_run(struct model *model, uint32_t proc, const struct long_run *run)
{
	struct lane *lane = &model->lanes.items[proc];

	*array_push(&lane->long_runs) = *run;
	tops_add_run(model->tops, proc, run);
	for (; lane->calls_in_runs < lane->long_calls.count; lane->calls_in_runs++) {
		struct long_run call = lane->long_calls.items[lane->calls_in_runs];

		call.end_ns = call.end_ns < run->end_ns ? call.end_ns : run->end_ns;
		tops_add_call(model->tops, proc, &call);
	}
}

void seam_end_run(struct model *model, uint32_t go, int64_t end_ns, uint32_t part, event_ref ref)
{
	struct live *live = seam_live(model, go);
	struct long_run run;

	if (live == NULL || live->run_ns == TIME_UNKNOWN || live->proc == INDEX_NONE)
		return;
	run = (struct long_run){
		.begin_ns = live->run_ns,
		.end_ns = end_ns < live->run_ns ? live->run_ns : end_ns,
		.go = go,
		.begin_part = live->run_part,
		.begin_ref = live->run_ref,
		.end_part = part,
		.end_ref = ref,
		.worker = live->worker,
		.is_open = part == INDEX_NONE,
	};
	seam_end_call(model, go, run.end_ns, part);
	live->run_ns = TIME_UNKNOWN;
	live->is_call_told = false;
	seam_clip_assist(model, go, end_ns);
	add_run(model, live->proc, &run);
}
