/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

/* After the last part: what is still open ends with the trace. */

static int stw_order(const void *a, const void *b)
{
	const struct stw *x = a, *y = b;

	return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

static int assist_order(const void *a, const void *b)
{
	const struct assist *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->go > y->go) - (x->go < y->go);
}

static void finish_goroutine(struct model *model, uint32_t go, string_id assist_name)
{
	struct goroutine *g = roster_edit(&model->roster, go);
	int64_t end = g->ended_ns != TIME_UNKNOWN ? g->ended_ns : model->end_ns;
	struct live *live = seam_live(model, go);

	if (live == NULL)
		return;
	if (live->assist != INDEX_NONE) {
		struct assist *assist = &model->assists.items[live->assist];

		seam_end_assist(assist, model->end_ns,
		                live->assist_cpu_ns +
		                        (live->state == GO_RUNNING ? model->end_ns : 0));
		roster_add_amount(&model->roster, &g->ranges, assist_name,
		                  end > assist->begin_ns ? end - assist->begin_ns : 0);
		live->assist = INDEX_NONE;
	}
	seam_leave(model, go, model->end_ns);
	seam_end_run(model, go, model->end_ns, INDEX_NONE, REF_NONE);
	live->since_ns = model->end_ns;
}

/* A sweep that never ends is its goroutine's to its end, or the trace's. */
static void finish_sweeps(struct model *model)
{
	string_id name = strings_add(&model->strings, bytes_of("GC incremental sweep"));

	for (size_t p = 0; p < model->seams->sweeps.count; p++) {
		struct open_sweep *open = &model->seams->sweeps.items[p];
		struct goroutine *g;
		int64_t end;

		if (open->go == INDEX_NONE)
			continue;
		g = roster_edit(&model->roster, open->go);
		end = g->ended_ns != TIME_UNKNOWN ? g->ended_ns : model->end_ns;
		roster_add_amount(&model->roster, &g->ranges, name,
		                  end > open->begin_ns ? end - open->begin_ns : 0);
		open->go = INDEX_NONE;
	}
}

static void finish_ranges(struct model *model)
{
	for (size_t i = 0; i < model->stops.count; i++)
		if (model->stops.items[i].is_open)
			model->stops.items[i].end_ns = model->end_ns;
	for (size_t i = 0; i < model->cycles.count; i++)
		if (model->cycles.items[i].is_open)
			model->cycles.items[i].end_ns = model->end_ns;
	for (size_t i = 0; i < model->stops.count; i++) {
		struct stw *stop = &model->stops.items[i];

		if (stop->is_open)
			seam_charge_stop(model, stop);
	}
}

/* A P does one thing at a time. Where records contradict each other, it ran the less; where they do
 * not, its syscalls last beyond the theft of their P, as Go has it. */
static void finish_proc(const struct model *model, struct model_proc *proc, bool is_doubtful)
{
	int64_t over, less;

	if (proc->state == PROC_IDLE && proc->is_known)
		proc->idle_ns += model->end_ns - proc->since_ns;
	proc->since_ns = model->end_ns;
	over = proc->run_ns + proc->idle_ns + proc->syscall_ns - model->end_ns;
	if (!is_doubtful || over <= 0)
		return;
	less = over < proc->run_ns ? over : proc->run_ns;
	proc->run_ns -= less;
	over -= less;
	proc->syscall_ns -= over < proc->syscall_ns ? over : proc->syscall_ns;
	if (proc->gc_ns > proc->run_ns)
		proc->gc_ns = proc->run_ns;
}

bool stitch_is_doubtful(const struct model *model)
{
	return model->dropped > 0 || model->doubted > 0 || damage_is_serious(&model->damage);
}

void stitch_finish(struct model *model)
{
	string_id assist_name = strings_add(&model->strings, bytes_of("GC mark assist"));

	/* until here it may have been a guess of the loader's */
	model->end_ns = 0;
	for (size_t i = 0; i < model->parts.count; i++)
		if (model->parts.items[i]->end_ns > model->end_ns)
			model->end_ns = model->parts.items[i]->end_ns;
	seam_finish_runnable(model);
	seam_finish_loss(model);
	for (uint32_t go = 0; go < model->roster.count; go++)
		if (roster_live(&model->roster, go) != INDEX_NONE)
			finish_goroutine(model, go, assist_name);
	for (size_t p = 0; p < model->procs.count; p++)
		finish_proc(model, &model->procs.items[p], stitch_is_doubtful(model));
	finish_sweeps(model);
	finish_ranges(model);
	seam_finish_heap(model);
	SORT_ARRAY(&model->stops, stw_order);
	SORT_ARRAY(&model->assists, assist_order);
	roster_pack(&model->roster, true);
	id_runs_settle(&model->tasks);
	seams_free(model->seams, model->budget); /* nothing is joined any more */
	model->seams = seams_new(model->budget);
	model->is_whole = true;
}
