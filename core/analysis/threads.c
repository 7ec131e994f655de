/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/trace/v2_wire.h"

bool analysis_threads(struct table *table, const struct model *model,
                      const struct question *question, struct error *err)
{
	static const struct table_order order[] = { { .column = 0 } };

	(void)err;
	table_add_column(table, "thread", COLUMN_ID);
	table_add_column(table, "first_ns", COLUMN_TIME);
	table_add_column(table, "last_ns", COLUMN_TIME);
	table_add_column(table, "cpu_samples", COLUMN_COUNT);
	for (size_t i = 0; i < model->threads.count; i++) {
		const struct thread *thread = &model->threads.items[i];

		/* some are made up */
		if (wire_thread(thread->id) == WIRE_NO_THREAD ||
		    thread->first_ns >= question->to_ns || thread->last_ns < question->from_ns)
			continue;
		table_add_id(table, thread->id);
		table_add_number(table, thread->first_ns);
		table_add_number(table, thread->last_ns);
		table_add_number(table, (int64_t)thread->samples);
	}
	table_sort(table, order, 1);
	return true;
}
