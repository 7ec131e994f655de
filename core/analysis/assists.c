/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

/* The innermost function that is not the runtime's: who paid. */
static struct bytes user_function(const struct model *model, stack_id stack)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++) {
		struct bytes function = strings_text(&model->strings, frames[i].function);

		if (!bytes_begin_with(function, "runtime."))
			return function;
	}
	return (struct bytes){ NULL, 0 };
}

static struct bytes name_of(const struct model *model, uint32_t go)
{
	string_id name = go < model->roster.count ? roster_brief(&model->roster, go).name : 0;

	return strings_text(&model->strings, name);
}

static void add_row(struct table *table, const struct model *model, const struct assist *assist)
{
	table_add_number(table, assist->begin_ns);
	table_add_number(table, assist->end_ns - assist->begin_ns);
	table_add_number(table, assist->on_cpu_ns);
	analysis_add_go(table, model, assist->go);
	table_add_text(table, name_of(model, assist->go));
	if (assist->proc == INDEX_NONE)
		table_add_unknown(table);
	else
		analysis_add_proc(table, model, assist->proc);
	table_add_number(table, assist->is_open);
	table_add_text(table, user_function(model, assist->stack));
}

static bool is_asked_for(const struct question *question, const struct model *model,
                         const struct assist *assist)
{
	return analysis_accepts(question, model,
	                        &(struct told){ .span = { .go = assist->go,
	                                                  .proc = assist->proc,
	                                                  .part = INDEX_NONE,
	                                                  .kind = SPAN_ASSIST },
	                                        .begin_ns = assist->begin_ns,
	                                        .end_ns = assist->end_ns,
	                                        .stack = assist->stack });
}

bool analysis_assists(struct table *table, const struct model *model,
                      const struct question *question, struct error *err)
{
	enum { START = 0, DURATION = 1, GOROUTINE = 3 };
	static const struct table_order order[] = { { .column = DURATION, .is_downwards = true },
		                                    { .column = START },
		                                    { .column = GOROUTINE } };

	(void)err;
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "duration_ns", COLUMN_DURATION);
	table_add_column(table, "on_cpu_ns", COLUMN_DURATION);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "proc", COLUMN_ID);
	table_add_column(table, "unfinished", COLUMN_BOOL);
	table_add_column(table, "function", COLUMN_TEXT);
	for (size_t i = 0; i < model->assists.count; i++)
		if (is_asked_for(question, model, &model->assists.items[i]))
			add_row(table, model, &model->assists.items[i]);
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	return true;
}
