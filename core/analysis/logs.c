/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/filter_span.h"
#include "core/analysis/said.h"
#include "core/base/sort.h"

/* What the program logged (Go: runtime/trace.Log). The lists of parts are by time, but parts lap.
 */

struct found {
	int64_t time_ns;
	uint64_t task;
	uint32_t go;
	string_id category, message;
};

struct logs {
	const struct model *model;
	const struct question *question;
	ARRAY(struct found) found;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct logs *logs = to;

	logs->model = model;
	logs->question = question;
	logs->found.budget = budget;
}

static void add(void *to, const struct user_log *log)
{
	struct logs *logs = to;
	const struct filter_said said = { .begin_ns = log->time_ns,
		                          .end_ns = log->time_ns,
		                          .task = log->task,
		                          .go = log->go,
		                          .proc = log->proc,
		                          .message = log->message,
		                          .category = log->category,
		                          .stacks = { log->stack } };

	if (analysis_accepts_said(logs->question, logs->model, &said))
		*array_push(&logs->found) = (struct found){ log->time_ns, log->task, log->go,
			                                    log->category, log->message };
}

static bool look(void *to, const struct model *model, uint32_t part, size_t *at)
{
	return said_notes(model, part, at, &(struct said_listener){ to, NULL, add });
}

static int by_time(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct logs *logs = to;

	(void)err;
	table_add_column(table, "time_ns", COLUMN_TIME);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "task", COLUMN_ID);
	table_add_column(table, "category", COLUMN_TEXT);
	table_add_column(table, "message", COLUMN_TEXT);
	SORT_ARRAY(&logs->found, by_time);
	for (size_t i = 0; i < logs->found.count; i++) {
		const struct found *log = &logs->found.items[i];

		table_add_number(table, log->time_ns);
		analysis_add_go(table, logs->model, log->go);
		analysis_add_task(table, log->task);
		table_add_text(table, strings_text(&logs->model->strings, log->category));
		table_add_text(table, strings_text(&logs->model->strings, log->message));
	}
	return true;
}

static void drop(void *to)
{
	struct logs *logs = to;

	array_free(&logs->found);
}

const struct analysis_pass analysis_logs = {
	.size = sizeof(struct logs),
	.begin = begin,
	.needs = PASS_SAID,
	.part = look,
	.end = end,
	.drop = drop,
};
