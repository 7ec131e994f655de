/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/filter_span.h"
#include "core/model/part.h"

/* What each P did in a stretch of the trace: as far as goroutines did it by what is told of those,
 * and how long it was idle by when threads let go of it and took it again. */

/* What is known of a P so far. */
enum heard {
	HEARD_NOT,
	HEARD_OF, /* it is there, and does what the next move ends */
	HEARD_RUNNING,
	HEARD_IDLE,
};

struct row {
	int64_t run_ns, syscall_ns, gc_ns, idle_ns;
	uint64_t runs, losses;
	uint8_t heard;    /* enum heard */
	int64_t since_ns; /* of HEARD_OF and HEARD_IDLE */
};

enum { MOVES_A_STEP = 1 << 14 };

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

/* ---- idle times */

static void end_idle(const struct procs *procs, struct row *row, int64_t ns)
{
	if (row->heard == HEARD_OF || row->heard == HEARD_IDLE)
		row->idle_ns +=
			inside_ns(procs, row->since_ns, ns > row->since_ns ? ns : row->since_ns);
}

static void move(const struct procs *procs, struct row *row, bool is_start, int64_t ns)
{
	if (is_start) {
		end_idle(procs, row, ns);
		row->heard = HEARD_RUNNING;
	} else if (row->heard != HEARD_IDLE) {
		row->heard = HEARD_IDLE;
		row->since_ns = ns;
	}
}

/* Those that are first heard of later than in the first part begin with what they do there first.
 */
static int64_t first_ns(const struct part *part, uint32_t number, uint32_t proc)
{
	const proc_move_array *moves = &part_visited(part)->proc_moves;

	if (number == 0)
		return 0;
	for (size_t i = 0; i < moves->count; i++)
		if (part->proc_of[moves->items[i].proc] == proc)
			return part_ns(part, moves->items[i].time);
	return part->begin_ns;
}

static bool look(void *to, const struct model *model, uint32_t number, size_t *at)
{
	struct procs *procs = to;
	const struct part *part = model->parts.items[number];
	const proc_move_array *moves = &part_visited(part)->proc_moves;
	size_t end = *at + MOVES_A_STEP < moves->count ? *at + MOVES_A_STEP : moves->count;

	for (uint32_t p = 0; p < part->procs && *at == 0; p++) {
		struct row *row = &procs->rows.items[part->proc_of[p]];

		if (row->heard != HEARD_NOT)
			continue;
		row->heard = HEARD_OF;
		row->since_ns = first_ns(part, number, part->proc_of[p]);
	}
	for (; *at < end; ++*at)
		move(procs, &procs->rows.items[part->proc_of[moves->items[*at].proc]],
		     moves->items[*at].is_start, part_ns(part, moves->items[*at].time));
	return *at < moves->count;
}

/* ---- what goroutines did */

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
	const struct question *question = procs->question;

	(void)err;
	analysis_add_proc_columns(table);
	for (size_t i = 0; i < procs->rows.count; i++) {
		struct row *row = &procs->rows.items[i];

		if (row->heard == HEARD_IDLE || procs->model->procs.items[i].idle_ns > 0)
			end_idle(procs, row, procs->model->end_ns);
		table_add_id(table, procs->model->procs.items[i].id);
		table_add_number(table, row->run_ns);
		if (question->filter == NULL && question->gos == NULL)
			table_add_number(table, row->idle_ns);
		else
			table_add_unknown(table); /* it is no goroutine's */
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
	.needs = PASS_STAYS | PASS_RANGES,
	.part = look,
	.told = tell,
	.end = end,
	.drop = drop,
};
