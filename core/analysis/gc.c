/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

/* What happened in one mark phase. */
struct phase {
	int64_t sweep_term_ns, mark_term_ns;
	int64_t assist_ns, assist_max_ns;
	int64_t assists;
};

/* And how long workers ran in it. */
struct work {
	int64_t ns[WORKER_IDLE + 1];
};

/* The first assist, stop or cycle for which is_past fails, by halves; it holds for a prefix. */
#define FIRST(array, at, is_past)                                                                  \
	do {                                                                                       \
		size_t high = (array)->count;                                                      \
		for ((at) = 0; (at) < high;) {                                                     \
			size_t middle = (at) + (high - (at)) / 2;                                  \
			if ((array)->items[middle].is_past)                                        \
				(at) = middle + 1;                                                 \
			else                                                                       \
				high = middle;                                                     \
		}                                                                                  \
	} while (0)

static void add_assists(struct phase *phase, const struct model *model,
                        const struct gc_cycle *cycle)
{
	size_t at;

	FIRST(&model->assists, at, begin_ns < cycle->begin_ns);
	for (; at < model->assists.count && model->assists.items[at].begin_ns <= cycle->end_ns;
	     at++) {
		int64_t ns = model->assists.items[at].end_ns - model->assists.items[at].begin_ns;

		phase->assists++;
		phase->assist_ns += ns;
		phase->assist_max_ns = ns > phase->assist_max_ns ? ns : phase->assist_max_ns;
	}
}

/* The stops that overlap the phase, whole: one of them begins before it or ends after it. */
static void add_stops(struct phase *phase, const struct model *model, const struct gc_cycle *cycle)
{
	size_t at;

	FIRST(&model->stops, at, end_ns < cycle->begin_ns); /* only one is open at any time */
	for (; at < model->stops.count && model->stops.items[at].begin_ns <= cycle->end_ns; at++) {
		const struct stw *stop = &model->stops.items[at];
		struct bytes reason = strings_text(&model->strings, stop->reason);

		if (bytes_equal(reason, bytes_of("GC sweep termination")))
			phase->sweep_term_ns += stop->end_ns - stop->begin_ns;
		if (bytes_equal(reason, bytes_of("GC mark termination")))
			phase->mark_term_ns += stop->end_ns - stop->begin_ns;
	}
}

/* Runs of workers, clipped to the phases they reach into. */
static void add_workers(struct work *works, const struct model *model)
{
	for (size_t i = 0; i < model->workers.count; i++) {
		const struct worker_run *run = &model->workers.items[i];
		size_t at;

		FIRST(&model->cycles, at, end_ns <= run->begin_ns);
		for (; at < model->cycles.count && model->cycles.items[at].begin_ns < run->end_ns;
		     at++) {
			const struct gc_cycle *cycle = &model->cycles.items[at];
			int64_t from =
				run->begin_ns > cycle->begin_ns ? run->begin_ns : cycle->begin_ns;
			int64_t to = run->end_ns < cycle->end_ns ? run->end_ns : cycle->end_ns;

			if (to > from)
				works[at].ns[run->worker] += to - from;
		}
	}
}

static void add_metric(struct table *table, int64_t value)
{
	if (value == METRIC_UNKNOWN)
		table_add_unknown(table);
	else
		table_add_number(table, value);
}

static void add_row(struct table *table, const struct model *model, size_t i,
                    const struct phase *phase, const struct work *work)
{
	const struct gc_cycle *cycle = &model->cycles.items[i];

	table_add_id(table, i + 1);
	table_add_number(table, cycle->begin_ns);
	table_add_number(table, cycle->end_ns - cycle->begin_ns);
	table_add_number(table, phase->sweep_term_ns);
	table_add_number(table, phase->mark_term_ns);
	table_add_number(table, phase->assists);
	table_add_number(table, phase->assist_ns);
	table_add_number(table, phase->assist_max_ns);
	table_add_number(table, work->ns[WORKER_DEDICATED]);
	table_add_number(table, work->ns[WORKER_FRACTIONAL]);
	table_add_number(table, work->ns[WORKER_IDLE]);
	add_metric(table, cycle->heap_begin);
	add_metric(table, cycle->heap_end);
	add_metric(table, cycle->goal_begin);
}

static void add_columns(struct table *table)
{
	static const char *const durations[] = { "mark_ns", "stw_sweep_term_ns", "stw_mark_term_ns",
		                                 NULL };
	static const char *const assists[] = { "assist_ns",     "assist_max_ns", "dedicated_ns",
		                               "fractional_ns", "idle_ns",       NULL };
	static const char *const heap[] = { "heap_start_bytes", "heap_end_bytes", "heap_goal_bytes",
		                            NULL };

	table_add_column(table, "cycle", COLUMN_ID);
	table_add_column(table, "start_ns", COLUMN_TIME);
	analysis_add_columns(table, COLUMN_DURATION, durations);
	table_add_column(table, "assist_count", COLUMN_COUNT);
	analysis_add_columns(table, COLUMN_DURATION, assists);
	analysis_add_columns(table, COLUMN_BYTES, heap);
}

static bool is_asked_for(const struct question *question, const struct model *model, size_t at)
{
	const struct gc_cycle *cycle = &model->cycles.items[at];

	return analysis_accepts(question, model,
	                        &(struct told){ .span = { .go = INDEX_NONE,
	                                                  .proc = INDEX_NONE,
	                                                  .part = INDEX_NONE,
	                                                  .index = (uint32_t)at,
	                                                  .kind = SPAN_GC },
	                                        .begin_ns = cycle->begin_ns,
	                                        .end_ns = cycle->end_ns });
}

bool analysis_gc(struct table *table, const struct model *model, const struct question *question,
                 struct error *err)
{
	struct arena arena = { .budget = table->arena.budget };
	static const struct work no_work;
	/* traces with very many cycles have no workers */
	struct work *works = model->workers.count == 0
	                             ? NULL
	                             : ARENA_NEW(&arena, model->cycles.count, struct work);

	(void)err;
	add_columns(table);
	add_workers(works, model);
	for (size_t i = 0; i < model->cycles.count; i++) {
		struct phase phase = { 0 };

		if (!is_asked_for(question, model, i))
			continue;
		add_assists(&phase, model, &model->cycles.items[i]);
		add_stops(&phase, model, &model->cycles.items[i]);
		add_row(table, model, i, &phase, works == NULL ? &no_work : &works[i]);
	}
	arena_free(&arena);
	return true;
}
