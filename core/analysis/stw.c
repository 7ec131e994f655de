/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/trace/v2_wire.h"

static void add_row(struct table *table, const struct model *model, const struct stw *stop)
{
	table_add_number(table, stop->begin_ns);
	table_add_number(table, stop->end_ns - stop->begin_ns);
	table_add_text(table, strings_text(&model->strings, stop->reason));
	analysis_add_proc(table, model, stop->proc);
	if (wire_thread(stop->thread) == WIRE_NO_THREAD)
		table_add_empty(table);
	else
		table_add_id(table, stop->thread);
	analysis_add_go(table, model, stop->go);
	table_add_number(table, stop->stopping_ns);
	analysis_add_proc(table, model, stop->last_proc);
	analysis_add_go(table, model, stop->last_go);
}

static bool is_asked_for(const struct question *question, const struct model *model, size_t at)
{
	const struct stw *stop = &model->stops.items[at];

	return analysis_accepts(question, model,
	                        &(struct told){ .span = { .go = stop->go,
	                                                  .proc = stop->proc,
	                                                  .part = INDEX_NONE,
	                                                  .index = (uint32_t)at,
	                                                  .kind = SPAN_STW },
	                                        .begin_ns = stop->begin_ns,
	                                        .end_ns = stop->end_ns,
	                                        .reason = stop->reason,
	                                        .stack = stop->stack });
}

bool analysis_stw(struct table *table, const struct model *model, const struct question *question,
                  struct error *err)
{
	enum { START = 0, DURATION = 1 };
	static const struct table_order order[] = { { .column = DURATION, .is_downwards = true },
		                                    { .column = START } };

	(void)err;
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "duration_ns", COLUMN_DURATION);
	table_add_column(table, "reason", COLUMN_TEXT);
	table_add_column(table, "proc", COLUMN_ID);
	table_add_column(table, "thread", COLUMN_ID);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "stopping_ns", COLUMN_DURATION);
	table_add_column(table, "last_proc", COLUMN_ID);
	table_add_column(table, "last_goroutine", COLUMN_ID);
	for (size_t i = 0; i < model->stops.count; i++)
		if (is_asked_for(question, model, i))
			add_row(table, model, &model->stops.items[i]);
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	return true;
}
