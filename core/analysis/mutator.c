/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/mutator.h"

#include "core/base/sort.h"

enum what { STW, WORKER, PROC, PROCS };

/* One more, or one less, of what takes Ps; or another number of them. */
struct change {
	int64_t time_ns;
	uint32_t number; /* PROC: which; PROCS: how many there are */
	int8_t what, add;
};

struct maker {
	const struct model *model;
	struct mutator *mutator;
	struct budget *budget;
	const struct mutator_wish *wish;
	ARRAY(struct change) changes;

	uint32_t procs; /* GOMAXPROCS; 0: not known yet */
	int64_t stops, workers;
	ARRAY(struct proc_now {
		int64_t gc;      /* what takes it */
		uint32_t series; /* INDEX_NONE: it is not there */
		bool is_touched;
	})
	of_procs;
	int64_t taken; /* Ps with gc > 0 */
};

/* ---- what changes */

static void add_stretch(struct maker *m, enum what what, uint32_t number, int64_t begin_ns,
                        int64_t end_ns)
{
	*array_push(&m->changes) = (struct change){ begin_ns, number, (int8_t)what, 1 };
	*array_push(&m->changes) = (struct change){ end_ns, number, (int8_t)what, -1 };
}

static bool contains_gc(struct bytes reason)
{
	for (size_t i = 0; i + 1 < reason.len; i++)
		if (reason.data[i] == 'G' && reason.data[i + 1] == 'C')
			return true;
	return false;
}

/* Old traces tell how many Ps there are in the midst of a stop, which does not count: Go looks from
 * then on. Go 1.26 counts none of theirs, as it has seen one end more often than begin. */
static void add_stops(struct maker *m)
{
	bool is_old = !version_is_v2(m->model->version);
	int64_t from_ns = is_old && m->changes.count > 0 ? m->changes.items[0].time_ns : INT64_MIN;

	if (m->wish->flags & MUTATOR_LEAKS && is_old)
		return;
	for (size_t i = 0; i < m->model->stops.count; i++) {
		const struct stw *stop = &m->model->stops.items[i];

		if (stop->begin_ns >= from_ns &&
		    contains_gc(strings_text(&m->model->strings, stop->reason)))
			add_stretch(m, STW, 0, stop->begin_ns, stop->end_ns);
	}
}

static void add_assists(struct maker *m)
{
	for (size_t i = 0; i < m->model->assists.count; i++) {
		const struct assist *assist = &m->model->assists.items[i];

		if (!assist->is_far && assist->proc != INDEX_NONE)
			add_stretch(m, PROC, assist->proc, assist->begin_ns, assist->end_ns);
	}
}

static void add_stretches(struct maker *m, const proc_stretch_array *stretches)
{
	for (size_t i = 0; i < stretches->count; i++)
		if (stretches->items[i].proc != INDEX_NONE)
			add_stretch(m, PROC, stretches->items[i].proc, stretches->items[i].begin_ns,
			            stretches->items[i].end_ns);
}

/* On which P does not matter where all are one: nobody else runs there meanwhile. */
static void add_workers(struct maker *m)
{
	for (size_t i = 0; i < m->model->workers.count; i++) {
		const struct worker_run *run = &m->model->workers.items[i];

		if (run->worker != WORKER_IDLE)
			*array_push(&m->changes) =
				(struct change){ run->end_ns, 0, (int8_t)WORKER, -1 };
	}
	for (size_t i = 0; i < m->model->labels.count; i++)
		*array_push(&m->changes) =
			(struct change){ m->model->labels.items[i], 0, (int8_t)WORKER, 1 };
}

static void add_workers_by_proc(struct maker *m)
{
	for (size_t i = 0; i < m->model->workers.count; i++) {
		const struct worker_run *run = &m->model->workers.items[i];

		if (run->worker == WORKER_FRACTIONAL && run->proc != INDEX_NONE)
			add_stretch(m, PROC, run->proc, run->begin_ns, run->end_ns);
	}
}

static int by_goroutine(const void *a, const void *b)
{
	const struct worker_run *x = a, *y = b;

	if (x->go != y->go)
		return x->go < y->go ? -1 : 1;
	return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

/* Whoever was a worker once is one whenever it runs; and the label counts then, too, but only the
 * run ends. */
static void add_leaking_workers(struct maker *m)
{
	ARRAY(struct worker_run) runs = { .budget = m->budget };
	uint32_t marked = INDEX_NONE;

	array_resize(&runs, m->model->workers.count);
	if (runs.count > 0)
		memcpy(runs.items, m->model->workers.items, runs.count * sizeof(*runs.items));
	SORT_ARRAY(&runs, by_goroutine);
	for (size_t i = 0; i < runs.count; i++) {
		const struct worker_run *run = &runs.items[i];
		bool is_labelled =
			run->worker == WORKER_FRACTIONAL ||
			(run->worker == WORKER_DEDICATED && !(m->wish->flags & MUTATOR_PERPROC));
		bool was_marked = marked == run->go;

		if (run->proc == INDEX_NONE || (!is_labelled && !was_marked))
			continue;
		add_stretch(m, PROC, run->proc, run->begin_ns, run->end_ns);
		if (is_labelled && was_marked)
			*array_push(&m->changes) =
				(struct change){ run->begin_ns, run->proc, (int8_t)PROC, 1 };
		marked = run->go;
	}
	array_free(&runs);
}

static void add_procs(struct maker *m)
{
	for (size_t i = 0; i < m->model->procs_counts.count; i++) {
		const struct metric_point *point = &m->model->procs_counts.items[i];

		*array_push(&m->changes) = (struct change){
			.time_ns = point->time_ns,
			.number = point->value < INT32_MAX ? (uint32_t)point->value : INT32_MAX,
			.what = PROCS,
		};
	}
}

static int by_time(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* All of them, by time. */
static void list_changes(struct maker *m)
{
	add_procs(m);
	if (m->wish->flags & MUTATOR_STW)
		add_stops(m);
	if (m->wish->flags & MUTATOR_ASSIST) {
		add_assists(m);
		add_stretches(m, &m->model->assist_runs);
	}
	if (m->wish->flags & MUTATOR_SWEEP && m->wish->sweeps != NULL)
		add_stretches(m, m->wish->sweeps);
	if (m->wish->flags & MUTATOR_BACKGROUND) {
		if (m->wish->flags & MUTATOR_LEAKS)
			add_leaking_workers(m);
		else if (m->wish->flags & MUTATOR_PERPROC)
			add_workers_by_proc(m);
		else
			add_workers(m);
	}
	SORT_ARRAY(&m->changes, by_time);
}

/* ---- what is left */

static void apply(struct maker *m, const struct change *change)
{
	struct proc_now *proc;

	switch ((enum what)change->what) {
	case STW:
		m->stops += change->add;
		break;
	case WORKER:
		m->workers += change->add;
		break;
	case PROC:
		proc = &m->of_procs.items[change->number];
		m->taken -= proc->gc > 0;
		proc->gc += change->add;
		m->taken += proc->gc > 0;
		proc->is_touched = true;
		break;
	case PROCS:
		m->procs = change->number;
		break;
	}
}

static struct utilization *new_series(struct maker *m)
{
	struct utilization *series = array_push(&m->mutator->series);

	utilization_init(series, m->budget);
	return series;
}

static void note_all(struct maker *m, int64_t time_ns)
{
	int64_t taken = m->stops > 0 ? m->procs : (m->workers > 0 ? m->workers : 0) + m->taken;

	if (m->procs == 0)
		return;
	if (m->mutator->series.count == 0)
		new_series(m);
	taken = taken < m->procs ? taken : m->procs;
	utilization_add(&m->mutator->series.items[0], time_ns,
	                1 - (double)taken / (double)m->procs);
}

static void note_proc(struct maker *m, struct proc_now *proc, uint64_t id, int64_t time_ns)
{
	bool is_there = id < m->procs;

	if (!is_there && proc->series != INDEX_NONE)
		utilization_end(&m->mutator->series.items[proc->series], time_ns);
	if (!is_there) {
		proc->series = INDEX_NONE;
		return;
	}
	if (proc->series == INDEX_NONE) {
		proc->series = (uint32_t)m->mutator->series.count;
		new_series(m);
	}
	utilization_add(&m->mutator->series.items[proc->series], time_ns,
	                m->stops > 0 || proc->gc > 0 ? 0 : 1);
}

static void note_procs(struct maker *m, int64_t time_ns, bool all)
{
	for (size_t p = 0; p < m->of_procs.count; p++) {
		struct proc_now *proc = &m->of_procs.items[p];

		if (all || proc->is_touched)
			note_proc(m, proc, m->model->procs.items[p].id, time_ns);
		proc->is_touched = false;
	}
}

/* What has no end yet has it with the trace or the window, or, as Go has it, where nothing was
 * left.
 */
static void end_series(struct maker *m)
{
	int64_t end_ns = m->model->end_ns < m->wish->to_ns ? m->model->end_ns : m->wish->to_ns;

	for (size_t i = 0; i < m->mutator->series.count; i++) {
		struct utilization *series = &m->mutator->series.items[i];
		const struct utilization_point *last;
		bool is_over;

		if (series->sums.count > 0)
			continue;
		last = &series->points.items[series->points.count - 1];
		is_over = (m->wish->flags & MUTATOR_LEAKS && last->share <= 0) ||
		          last->time_ns > end_ns;
		utilization_end(series, is_over ? last->time_ns : end_ns);
	}
}

static void follow_changes(struct maker *m)
{
	for (size_t i = 0; i < m->changes.count && !m->mutator->is_full;) {
		int64_t at_ns = m->changes.items[i].time_ns;
		int64_t time_ns = at_ns > m->wish->from_ns ? at_ns : m->wish->from_ns;
		bool all = false;

		if (time_ns >= m->wish->to_ns)
			break;
		for (; i < m->changes.count && m->changes.items[i].time_ns == at_ns; i++) {
			all |= m->changes.items[i].what == STW || m->changes.items[i].what == PROCS;
			apply(m, &m->changes.items[i]);
		}
		if (m->wish->flags & MUTATOR_PERPROC)
			note_procs(m, time_ns, all);
		else
			note_all(m, time_ns);
		m->mutator->is_full = budget_is_beyond(m->budget, 0);
	}
}

/* Two changes of each, once more for sorting them, and points with their sums. */
static bool has_room(const struct maker *m)
{
	size_t stretches = m->model->stops.count + m->model->assists.count +
	                   m->model->assist_runs.count + 2 * m->model->workers.count +
	                   (m->wish->sweeps == NULL ? 0 : m->wish->sweeps->count);

	return !budget_is_beyond(m->budget, stretches * (3 * sizeof(struct change) +
	                                                 2 * sizeof(struct utilization_point)));
}

void mutator_make(struct mutator *mutator, const struct model *model,
                  const struct mutator_wish *wish, struct budget *budget)
{
	struct maker m = { .model = model, .mutator = mutator, .budget = budget, .wish = wish };

	*mutator = (struct mutator){ .series = { .budget = budget } };
	m.changes.budget = m.of_procs.budget = budget;
	mutator->is_full = !has_room(&m);
	if (mutator->is_full)
		return;
	array_resize(&m.of_procs, model->procs.count);
	for (size_t p = 0; p < m.of_procs.count; p++)
		m.of_procs.items[p].series = INDEX_NONE;
	list_changes(&m);
	follow_changes(&m);
	end_series(&m);
	array_free(&m.changes);
	array_free(&m.of_procs);
}

void mutator_free(struct mutator *mutator)
{
	for (size_t i = 0; i < mutator->series.count; i++)
		utilization_free(&mutator->series.items[i]);
	array_free(&mutator->series);
}

/* ---- flags */

bool mutator_flags_parse(struct bytes text, unsigned *flags, size_t *wrong_at)
{
	static const struct {
		const char *name;
		unsigned flag;
	} names[] = {
		{ "stw", MUTATOR_STW },         { "background", MUTATOR_BACKGROUND },
		{ "assist", MUTATOR_ASSIST },   { "sweep", MUTATOR_SWEEP },
		{ "perproc", MUTATOR_PERPROC }, { "mut", MUTATOR_MUT },
	};
	size_t at = 0, end, i;

	for (*flags = 0;; at = end + 1) {
		for (end = at; end < text.len && text.data[end] != '|' && text.data[end] != ',';)
			end++;
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (bytes_equal((struct bytes){ text.data + at, end - at },
			                bytes_of(names[i].name)))
				break;
		*wrong_at = at;
		if (i == sizeof(names) / sizeof(names[0]))
			return false;
		*flags |= names[i].flag;
		if (end == text.len)
			return true;
	}
}
