/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/filter_span.h"

/* What each P did in a stretch of the trace, as far as goroutines did it: for how long it was idle
 * is known of the whole trace only. */

struct row {
	int64_t run_ns, syscall_ns, gc_ns;
	uint64_t runs, losses;
};

struct procs {
	const struct model *model;
	const struct question *question;
	ARRAY(struct row) rows; /* like the model's */
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct procs *procs = to;

	procs->model = model;
	procs->question = question;
	procs->rows.budget = budget;
	array_resize(&procs->rows, model->procs.count);
}

static bool is_inside(const struct procs *procs, int64_t ns)
{
	return ns >= procs->question->from_ns && ns < procs->question->to_ns;
}

static int64_t inside_ns(const struct procs *procs, int64_t begin_ns, int64_t end_ns)
{
	return question_clip(procs->question, end_ns) - question_clip(procs->question, begin_ns);
}

/* It was runnable, if only for an instant: what is switched to is woken and runs. */
static bool was_ready(const struct told *told)
{
	return told->after == SPAN_RUNNABLE || told->after == SPAN_WAITING;
}

/* Of the P that it is on; of a syscall that loses it that is the P that it had. */
static void tell(void *to, const struct model *model, struct told *told)
{
	struct procs *procs = to;
	bool has_lost = told->lost_ns != TIME_UNKNOWN && told->lost_ns > told->begin_ns;
	int64_t ns;
	struct row *row;

	if (told->proc >= procs->rows.count || !question_has_go(procs->question, told->span.go))
		return;
	told_know(told, model);
	if (procs->question->filter != NULL &&
	    !filter_accepts_told(procs->question->filter, model, told))
		return;
	row = &procs->rows.items[told->proc];
	ns = inside_ns(procs, told->begin_ns, has_lost ? told->lost_ns : told->end_ns);
	if (told->span.kind == SPAN_SYSCALL) {
		row->syscall_ns += ns;
		row->losses += has_lost && is_inside(procs, told->lost_ns);
	} else if (told->span.kind == SPAN_RUN) {
		row->run_ns += ns;
		row->gc_ns += told->span.worker != WORKER_NONE ? ns : 0;
		row->runs += was_ready(told) && is_inside(procs, told->begin_ns);
	}
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct procs *procs = to;

	(void)err;
	analysis_add_proc_columns(table);
	for (size_t i = 0; i < procs->rows.count; i++) {
		const struct row *row = &procs->rows.items[i];

		table_add_id(table, procs->model->procs.items[i].id);
		table_add_number(table, row->run_ns);
		table_add_unknown(table);
		table_add_number(table, row->syscall_ns);
		table_add_number(table, row->gc_ns);
		table_add_number(table, (int64_t)row->runs);
		table_add_number(table, (int64_t)row->losses);
	}
	analysis_sort_procs(table);
	return true;
}

static void drop(void *to)
{
	struct procs *procs = to;

	array_free(&procs->rows);
}

const struct analysis_pass analysis_procs_within = {
	.size = sizeof(struct procs),
	.begin = begin,
	.told = tell,
	.end = end,
	.drop = drop,
};
