/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

enum {
	SMALL_STACKS = 8192, /* own ids of which names are remembered */
	SPLIT_A_STEP = 1 << 13,
	OTHERS_A_STEP = 1 << 11,
	WHOLE_A_STEP = 1 << 14,
};

struct stitch {
	struct seam seam;
	struct job *job;
	unsigned phase;
	size_t at; /* in it */
};

/* A step of a phase; false: it was the last. */
typedef bool phase_fn(struct stitch *stitch);

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

/* Who is new and has ended, and nobody else speaks of, is whole: all there will be of him is here.
 */
static bool split_goroutines(struct stitch *stitch)
{
	struct seam *seam = &stitch->seam;
	struct seams *seams = seam->seams;
	const u32_array *retired = &seam->account->retired;
	size_t end = stitch->at + SPLIT_A_STEP;

	for (; stitch->at < end && stitch->at < retired->count; stitch->at++) {
		uint32_t own = retired->items[stitch->at];
		bool is_known =
			model_find_go(seam->model, seam->walk->gos.items[own].id) != ID_NONE;

		*array_push(is_known || seams->charged.items[own] ? &seams->others
		                                                  : &seams->whole) = own;
	}
	return stitch->at < retired->count;
}

static bool number_others(struct stitch *stitch)
{
	struct seam *seam = &stitch->seam;
	u32_array *others = &seam->seams->others;
	size_t end = stitch->at + OTHERS_A_STEP;

	if (stitch->at == 0)
		seam_sort_by_id(seam, others, false);
	for (; stitch->at < end && stitch->at < others->count; stitch->at++)
		number_other(seam, others->items[stitch->at]);
	return stitch->at < others->count;
}

/* Whose lives lie in the part come last, so that they are neighbours in the roster. */
static bool number_whole(struct stitch *stitch)
{
	struct seams *seams = stitch->seam.seams;
	size_t end = stitch->at + WHOLE_A_STEP;

	if (stitch->at == 0)
		seam_sort_by_id(&stitch->seam, &seams->whole, false);
	for (; stitch->at < end && stitch->at < seams->whole.count; stitch->at++)
		seams->go_of.items[seams->whole.items[stitch->at]] =
			stitch->seam.model->roster.count + (uint32_t)stitch->at;
	return stitch->at < seams->whole.count;
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
	part->points = job->walk.points;
	checkpoints_init(&job->walk.points, model->budget);
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

/* Neighbours come one after the other. */
struct task_row {
	struct id_runs *tasks;
	uint64_t first, count;
};

static void end_row(struct task_row *row)
{
	id_runs_add_row(row->tasks, row->first, row->count, (uint32_t)row->first);
	row->count = 0;
}

static void add_task(void *context, uint64_t id, uint32_t index)
{
	struct task_row *row = context;

	(void)index;
	if (id != row->first + row->count) {
		end_row(row);
		row->first = id;
	}
	row->count++;
}

static void add_tasks(struct model *model, const struct id_pages *tasks)
{
	struct task_row row = { .tasks = &model->tasks };

	id_pages_each(tasks, add_task, &row);
	end_row(&row);
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
	add_tasks(model, &walk->tasks);
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

/* ---- the steps */

static bool begin(struct stitch *stitch)
{
	struct seam *seam = &stitch->seam;
	struct model *model = seam->model;

	seam->part = new_part(model, stitch->job);
	roster_age(&model->roster);
	seam->lost_from_ns = seam_find_loss(seam, &stitch->job->timing);
	number_procs(seam);
	name_reasons(seam);
	model->clock_is_assumed |= stitch->job->generation.clock_is_assumed;
	seam_join_procs(seam);
	clear_names(seam);
	seam_join_heads(seam);
	seam_join_past(seam);
	note_charged(seam);
	array_clear(&seam->seams->whole);
	array_clear(&seam->seams->others);
	for (size_t i = 0; i < seam->account->others.count; i++)
		*array_push(&seam->seams->others) = seam->account->others.items[i];
	return false;
}

static bool join_new_heads(struct stitch *stitch)
{
	seam_join_new_heads(&stitch->seam);
	seam_name_past(&stitch->seam);
	return false;
}

static bool join_wholes(struct stitch *stitch)
{
	return seam_join_wholes(&stitch->seam, &stitch->at);
}

static bool join_others(struct stitch *stitch)
{
	return seam_join_others(&stitch->seam, &stitch->at);
}

static bool join_runs(struct stitch *stitch)
{
	struct seam *seam = &stitch->seam;

	seam_sort_backs(seam);
	seam_end_lost_runs(seam);
	seam_lose_runs(seam);
	seam_add_runs(seam);
	seam_join_threads(seam);
	return false;
}

static bool join_ranges(struct stitch *stitch)
{
	seam_join_ranges(&stitch->seam);
	return false;
}

static bool join_pieces(struct stitch *stitch)
{
	return seam_join_pieces(&stitch->seam, &stitch->at);
}

static bool join_sweeps(struct stitch *stitch)
{
	return seam_join_sweeps(&stitch->seam, &stitch->at);
}

static bool join_heap(struct stitch *stitch)
{
	return seam_join_heap(&stitch->seam, &stitch->at);
}

static bool join_notes(struct stitch *stitch)
{
	return seam_join_notes(&stitch->seam, &stitch->at);
}

static bool bury(struct stitch *stitch)
{
	struct seam *seam = &stitch->seam;

	seam_bury(seam);
	seam_settle_loss(seam);
	seam_note_loss(seam, &stitch->job->timing);
	seam_join_runnable(seam);
	return false;
}

static bool count_up(struct stitch *stitch)
{
	add_numbers(&stitch->seam);
	return false;
}

static bool pack(struct stitch *stitch)
{
	roster_pack(&stitch->seam.model->roster, false);
	return false;
}

static bool publish(struct stitch *stitch)
{
	struct seam *seam = &stitch->seam;
	struct model *model = seam->model;
	struct part *part = seam->part;

	keep_procs(seam);
	seam_end_census(seam);
	sort_floors(part);
	keep_earliest(part, stitch->job);
	pyramid_rename(&part->pyramid, model->seams->go_of.items, model->seams->go_of.count);
	tops_add(model->tops, &part->pyramid, part->proc_of);
	*array_push(&model->parts) = part;
	model->picture_bytes += part->arena->used;
	model->part_bytes += part_bytes(part);
	model->point_bytes += checkpoints_bytes(&part->points);
	return false;
}

/* Those that live in the part alone are there before others name them as their parents. */
static phase_fn *const phases[] = {
	begin,       split_goroutines, number_others, number_whole, join_new_heads,
	join_wholes, join_others,      join_runs,     join_ranges,  join_pieces,
	join_sweeps, join_heap,        join_notes,    bury,         count_up,
	pack,        publish,
};

enum { PHASES = sizeof(phases) / sizeof(phases[0]) };

struct stitch *stitch_begin(struct model *model, struct job *job)
{
	struct stitch *stitch = budget_resize(model->budget, NULL, 0, sizeof(*stitch));

	*stitch = (struct stitch){
		.seam = {
			.model = model,
			.seams = model->seams,
			.walk = &job->walk,
			.account = &job->account,
			.is_first = model->parts.count == 0,
			.is_whole = job->timing.has_end && !job->timing.is_hurt && !job->is_cut &&
			            !damage_is_serious(&job->walk.damage),
		},
		.job = job,
	};
	return stitch;
}

bool stitch_step(struct stitch *stitch)
{
	if (phases[stitch->phase](stitch))
		return true;
	stitch->at = 0;
	if (++stitch->phase < PHASES)
		return true;
	budget_resize(stitch->seam.model->budget, stitch, sizeof(*stitch), 0);
	return false;
}

void stitch_drop(struct stitch *stitch)
{
	struct budget *budget;

	if (stitch == NULL)
		return;
	budget = stitch->seam.model->budget;
	if (stitch->seam.part != NULL)
		part_free(stitch->seam.part, budget);
	budget_resize(budget, stitch, sizeof(*stitch), 0);
}
