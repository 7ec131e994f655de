/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

enum { SMALL_STACKS = 8192 }; /* own ids of which names are remembered */

/* ---- numbers of the part -> numbers of the trace */

static uint32_t find_proc(struct model *model, uint64_t id)
{
	uint32_t fresh = (uint32_t)model->procs.count;
	uint32_t proc = id_map_add(&model->proc_of, id, fresh);

	if (proc != fresh)
		return proc;
	*array_push(&model->procs) = (struct model_proc){
		.id = id,
		.last_go = INDEX_NONE,
		.syscall_go = INDEX_NONE,
	};
	*array_push(&model->seams->sweeps) = (struct open_sweep){ .go = INDEX_NONE };
	*array_push(&model->lanes) = (struct lane){
		.long_runs = { .budget = model->budget },
		.long_calls = { .budget = model->budget },
	};
	tops_add_lane(model->tops, model->budget);
	return proc;
}

static void number_procs(struct seam *seam)
{
	struct seams *seams = seam->seams;
	size_t own = seam->walk->procs.count;

	for (size_t p = 0; p < seams->proc_of.count; p++) /* of the part before */
		seams->own_proc.items[seams->proc_of.items[p]] = PROC_NONE;
	array_clear(&seams->proc_of);
	array_resize(&seams->proc_of, own);
	for (size_t p = 0; p < own; p++)
		seams->proc_of.items[p] = find_proc(seam->model, seam->walk->procs.items[p].id);
	while (seams->own_proc.count < seam->model->procs.count)
		*array_push(&seams->own_proc) = PROC_NONE;
	for (size_t p = 0; p < own; p++)
		seams->own_proc.items[seams->proc_of.items[p]] = (uint16_t)p;
}

static void charge(struct seams *seams, uint32_t own)
{
	if (own != INDEX_NONE)
		seams->charged.items[own] = true;
}

/* To whom ranges of the part are charged, which are joined when goroutines are. */
static void note_charged(struct seam *seam)
{
	const struct walk *walk = seam->walk;
	struct seams *seams = seam->seams;

	array_clear(&seams->charged);
	array_resize(&seams->charged, walk->gos.count);
	for (size_t i = 0; i < walk->pieces.count; i++)
		charge(seams, walk->pieces.items[i].g);
	for (size_t i = 0; i < walk->sweep_ends.count; i++)
		charge(seams, walk->sweep_ends.items[i].g);
	for (size_t i = 0; i < walk->stops.count; i++)
		charge(seams, walk->stops.items[i].g);
	for (size_t i = 0; i < seam->account->assists.count; i++)
		charge(seams, seam->account->assists.items[i].g);
}

/* One that is created here is new, even if its id was used before: ids of C's threads are. */
static void number_other(struct seam *seam, uint32_t own)
{
	const struct local_go *local = &seam->walk->gos.items[own];
	const struct go_delta *delta = account_delta(seam->account, own);
	uint32_t go;

	if (local->is_standin)
		return;
	go = model_find_go(seam->model, local->id);
	if (delta->first != TIME_NONE && (go == ID_NONE || delta->is_created))
		go = seam_new_go(seam, local->id);
	seam->seams->go_of.items[own] = go;
}

/* Whose lives lie in the part come last, so that they are neighbours in the roster: what is there
 * of them is all there will be. */
static void number_goroutines(struct seam *seam)
{
	const struct account *account = seam->account;
	struct seams *seams = seam->seams;
	struct model *model = seam->model;

	note_charged(seam);
	array_clear(&seams->whole);
	array_clear(&seams->others);
	for (size_t i = 0; i < account->others.count; i++)
		*array_push(&seams->others) = account->others.items[i];
	for (size_t i = 0; i < account->retired.count; i++) {
		uint32_t own = account->retired.items[i];
		bool is_known = model_find_go(model, seam->walk->gos.items[own].id) != ID_NONE;

		*array_push(is_known || seams->charged.items[own] ? &seams->others
		                                                  : &seams->whole) = own;
	}
	seam_sort_by_id(seam, &seams->others, false);
	seam_sort_by_id(seam, &seams->whole, false);
	for (size_t i = 0; i < seams->others.count; i++)
		number_other(seam, seams->others.items[i]);
	for (size_t i = 0; i < seams->whole.count; i++) {
		uint32_t own = seams->whole.items[i], go = model->roster.count + (uint32_t)i;

		seam_set_go(model, seam->walk->gos.items[own].id, go);
		seams->go_of.items[own] = go;
	}
}

/* Nobody has a name yet. */
static void clear_names(struct seam *seam)
{
	u32_array *go_of = &seam->seams->go_of;

	array_clear(go_of);
	array_clear(&seam->seams->names);
	array_resize(&seam->seams->names, SMALL_STACKS);
	for (size_t g = 0; g < seam->walk->gos.count; g++)
		*array_push(go_of) = INDEX_NONE;
}

static void name_reasons(struct seam *seam)
{
	array_clear(&seam->seams->reasons);
	for (size_t i = 0; i < seam->walk->reasons.count; i++)
		*array_push(&seam->seams->reasons) =
			tables_string(&seam->part->tables, seam->walk->reasons.items[i]);
}

/* ---- the part */

/* Their times, like those of batches, are believed if they are of the generation. */
static void place_samples(struct part *part, struct job *job)
{
	const struct timing *timing = &job->timing;
	int64_t limit_ns = timing_limit(timing);
	uint64_t before = job->walk.doubted;
	struct damage_row row =
		damage_row(DAMAGE_NOTE, job->generation.begin, 0,
	                   "expected CPU samples of this generation's time, found others");

	for (size_t i = 0; i < part->tables.samples.count && !timing->is_trusted; i++) {
		int64_t *time_ns = &part->tables.samples.items[i].time_ns;
		int64_t ns = *time_ns + timing->shift_ns;

		*time_ns = ns < timing->begin_ns ? timing->begin_ns
		           : ns > limit_ns       ? timing->end_ns
		                                 : ns;
		job->walk.doubted += ns < timing->begin_ns - TIMING_SLACK_NS || ns > limit_ns;
	}
	if (job->walk.doubted == before)
		return;
	row.generation = job->generation.number;
	damage_add(&job->walk.damage, &row);
}

static struct part *new_part(struct model *model, struct job *job)
{
	struct part *part = part_new(model->budget);

	part->arena = job->arena;
	job->arena = NULL;
	part->number = job->part;
	part->begin_ns = job->offset_ns;
	part->shift = job->shift;
	part->offset = job->generation.begin;
	part->end_ns = part_ns(part, job->walk.last);
	part->pyramid = job->pyramid;
	part->tables = job->walk.tables;
	tables_init(&job->walk.tables, model->budget);
	tables_join(&part->tables, &model->strings, &model->stacks);
	place_samples(part, job);
	return part;
}

static void keep_procs(struct seam *seam)
{
	struct seams *seams = seam->seams;
	size_t count = seams->proc_of.count;
	struct budget *budget = seam->model->budget;
	uint32_t *proc_of = budget_resize(budget, NULL, 0, count * sizeof(*proc_of));
	uint16_t *own_proc = budget_resize(budget, NULL, 0, count * sizeof(*own_proc));

	array_clear(&seams->keys);
	for (size_t p = 0; p < count; p++) {
		proc_of[p] = seams->proc_of.items[p];
		*array_push(&seams->keys) = (uint64_t)proc_of[p] << 16 | p;
	}
	radix_sort(&seams->keys, &seams->room, 16, radix_bits(seam->model->procs.count));
	for (size_t p = 0; p < count; p++)
		own_proc[p] = (uint16_t)seams->keys.items[p];
	seam->part->proc_of = proc_of;
	seam->part->own_proc = own_proc;
	seam->part->procs = (uint32_t)count;
}

static void keep_earliest(struct part *part, const struct job *job)
{
	size_t size = job->earliest.count * sizeof(*part->earliest);

	part->earliest = budget_resize(job->kept, NULL, 0, size);
	if (size > 0)
		memcpy(part->earliest, job->earliest.items, size);
	part->earliest_count = job->earliest.count;
}

static void add_task(void *tasks, uint64_t id, uint32_t index)
{
	(void)index;
	id_runs_add(tasks, id, (uint32_t)id);
}

static void add_numbers(struct seam *seam)
{
	struct model *model = seam->model;
	const struct walk *walk = seam->walk;

	model->generations++;
	model->events += walk->events;
	model->experimental += walk->experimental;
	model->regions += walk->regions;
	model->logs += walk->logs;
	model->syscalls += walk->syscall_count;
	model->dropped += walk->dropped + seam->account->dropped;
	model->doubted += walk->doubted;
	model->clamped += walk->clamped + seam->account->clamped;
	model->samples += seam->part->tables.samples.count;
	model->stack_records += seam->part->tables.stack_count;
	model->string_records += seam->part->tables.string_count;
	id_pages_each(&walk->tasks, add_task, &model->tasks);
	damage_join(&model->damage, &walk->damage);
	damage_join(&model->damage, &seam->part->tables.damage);
	damage_free(&seam->part->tables.damage);
	for (size_t i = 0; i < seam->part->tables.samples.count; i++) {
		int64_t ns = seam->part->tables.samples.items[i].time_ns - model->start_ns;

		seam->part->end_ns = ns > seam->part->end_ns ? ns : seam->part->end_ns;
	}
	if (seam->part->end_ns > model->end_ns)
		model->end_ns = seam->part->end_ns;
}

static int floor_order(const void *a, const void *b)
{
	const struct floor *x = a, *y = b;

	return (x->own > y->own) - (x->own < y->own);
}

/* Heads come before others, those of Ps are in order. */
static void sort_floors(struct part *part)
{
	SORT_ARRAY(&part->known.gos, floor_order);
}

void stitch_join(struct model *model, struct job *job)
{
	struct part *part = new_part(model, job);
	struct seam seam = {
		.model = model,
		.seams = model->seams,
		.part = part,
		.walk = &job->walk,
		.account = &job->account,
		.is_first = model->parts.count == 0,
		.is_whole = job->timing.has_end && !job->timing.is_hurt && !job->is_cut &&
		            !damage_is_serious(&job->walk.damage),
	};

	roster_age(&model->roster);
	seam.lost_from_ns = seam_find_loss(&seam, &job->timing);
	number_procs(&seam);
	name_reasons(&seam);
	model->clock_is_assumed |= job->generation.clock_is_assumed;
	seam_join_procs(&seam);
	clear_names(&seam);
	seam_join_heads(&seam);
	seam_join_past(&seam);
	number_goroutines(&seam);
	seam_join_new_heads(&seam);
	seam_name_past(&seam);
	seam_join_goroutines(&seam);
	seam_lose_runs(&seam);
	seam_add_runs(&seam);
	seam_join_threads(&seam);
	seam_join_ranges(&seam);
	seam_bury(&seam);
	seam_settle_loss(&seam);
	seam_note_loss(&seam, &job->timing);
	seam_join_runnable(&seam);
	add_numbers(&seam);
	keep_procs(&seam);
	sort_floors(part);
	keep_earliest(part, job);
	pyramid_rename(&part->pyramid, model->seams->go_of.items, model->seams->go_of.count);
	tops_add(model->tops, &part->pyramid, part->proc_of);
	roster_pack(&model->roster, false);
	*array_push(&model->parts) = part;
	model->picture_bytes += part->arena->used;
	model->part_bytes += part_bytes(part);
}

/* ---- the end */

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
