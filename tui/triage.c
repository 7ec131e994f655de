/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/triage.h"

#include "core/analysis/findings.h"
#include "core/export/triage.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- what a task hung on, in one line */

enum { KINDS = 64, TOLD = 3 };

struct kind {
	struct bytes state, reason, function;
	int64_t ns;
};

struct kinds {
	struct kind items[KINDS];
	size_t count;
	int64_t all_ns;
};

static struct bytes text_at(const struct table *table, size_t row, const char *column)
{
	size_t at;

	if (!table_find_column(table, bytes_of(column), &at))
		return (struct bytes){ NULL, 0 };
	return table_value(table, row, at).text;
}

static void add(struct kinds *kinds, const struct kind *kind)
{
	size_t i = 0;

	kinds->all_ns += kind->ns;
	while (i < kinds->count && !(bytes_equal(kinds->items[i].state, kind->state) &&
	                             bytes_equal(kinds->items[i].reason, kind->reason) &&
	                             bytes_equal(kinds->items[i].function, kind->function)))
		i++;
	if (i == KINDS)
		return;
	if (i == kinds->count)
		kinds->items[kinds->count++] = (struct kind){ .state = kind->state,
			                                      .reason = kind->reason,
			                                      .function = kind->function };
	kinds->items[i].ns += kind->ns;
}

static struct kinds sum_up(const struct table *table)
{
	struct kinds kinds = { .count = 0 };
	size_t duration;

	if (!table_find_column(table, bytes_of("duration_ns"), &duration))
		return kinds;
	for (size_t row = 0; row < table_rows(table); row++) {
		struct kind kind = { .state = text_at(table, row, "state"),
			             .reason = text_at(table, row, "reason"),
			             .function = text_at(table, row, "function"),
			             .ns = table_value(table, row, duration).number };

		add(&kinds, &kind);
	}
	return kinds;
}

/* The largest, taken out. */
static struct kind take_most(struct kinds *kinds)
{
	size_t most = 0;
	struct kind kind;

	for (size_t i = 1; i < kinds->count; i++)
		if (kinds->items[i].ns > kinds->items[most].ns)
			most = i;
	kind = kinds->items[most];
	kinds->items[most] = kinds->items[--kinds->count];
	return kind;
}

static void say(char *line, size_t size, size_t *len, const struct kind *kind, int64_t all_ns)
{
	char reason[60] = "", function[64] = "";
	int added;

	if (kind->reason.len > 0)
		snprintf(reason, sizeof(reason), " (%.*s)",
		         (int)(kind->reason.len < 50 ? kind->reason.len : 50),
		         (const char *)kind->reason.data);
	if (kind->function.len > 0)
		snprintf(function, sizeof(function), " %.*s",
		         (int)(kind->function.len < 60 ? kind->function.len : 60),
		         (const char *)kind->function.data);
	added = snprintf(line + *len, size - *len, "%s%.*s%s%s %.0f %%", *len > 0 ? ", " : "",
	                 (int)kind->state.len, (const char *)kind->state.data, reason, function,
	                 (double)kind->ns * 100 / (double)all_ns);
	if (added > 0)
		*len = *len + (size_t)added < size ? *len + (size_t)added : size - 1;
}

static void find_path(struct session *session, uint64_t task, char line[TRIAGE_PATH_MAX])
{
	struct question question = question_of_all();
	struct error err = { 0 };
	struct kinds kinds;
	struct table table;
	char id[24];
	size_t len = 0;

	snprintf(id, sizeof(id), "%" PRIu64, task);
	question.selector = bytes_of(id);
	question.has_selector = true;
	table_init(&table, session->budget);
	if (session_answer(session, &table, analysis_find(bytes_of("critical")), &question, &err)) {
		kinds = sum_up(&table);
		for (int i = 0; i < TOLD && kinds.count > 0 && kinds.all_ns > 0; i++) {
			struct kind kind = take_most(&kinds);

			say(line, TRIAGE_PATH_MAX, &len, &kind, kinds.all_ns);
		}
	}
	table_free(&table);
}

/* ---- */

static bool put(void *context, struct text_out *out)
{
	triage_put(out, context);
	return true;
}

bool triage_write(struct session *session, const struct report *report, const char *path,
                  struct answering *answering, struct error *err)
{
	struct triage triage = { .model = &session->model,
		                 .state = answering->state,
		                 .file = session->input.name,
		                 .path = path };

	if (survey_is_whole(&answering->survey))
		triage.findings = findings_of(answering->state, err);
	triage_find_tasks(&triage);
	for (size_t i = 0; i < triage.task_count; i++)
		find_path(session, triage.tasks[i]->id, triage.hung_on[i]);
	return report_put(report, session->budget, put, &triage, err) &&
	       (triage.findings != NULL || analysis_is_cut(err));
}
