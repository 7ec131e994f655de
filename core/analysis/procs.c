/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

void analysis_add_proc_columns(struct table *table)
{
	static const char *const times[] = { "run_ns", "idle_ns", "syscall_ns", "gc_ns", NULL };
	static const char *const counts[] = { "runs", "syscall_losses", NULL };

	table_add_column(table, "proc", COLUMN_ID);
	analysis_add_columns(table, COLUMN_DURATION, times);
	analysis_add_columns(table, COLUMN_COUNT, counts);
}

void analysis_sort_procs(struct table *table)
{
	static const struct table_order by_id = { .column = 0 };

	table_sort(table, &by_id, 1);
}

bool analysis_procs(struct table *table, const struct model *model, const struct question *question,
                    struct error *err)
{
	(void)question;
	(void)err;
	analysis_add_proc_columns(table);
	for (size_t i = 0; i < model->procs.count; i++) {
		const struct model_proc *proc = &model->procs.items[i];

		table_add_id(table, proc->id);
		table_add_number(table, proc->run_ns);
		table_add_number(table, proc->idle_ns);
		table_add_number(table, proc->syscall_ns);
		table_add_number(table, proc->gc_ns);
		table_add_number(table, (int64_t)proc->runs);
		table_add_number(table, (int64_t)proc->losses);
	}
	analysis_sort_procs(table);
	return true;
}
