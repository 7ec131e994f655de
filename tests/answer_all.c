/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/answer_all.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/analysis/analysis.h"
#include "tui/report/report.h"
#include "tui/view/cells.h"

/* Of one that is about a goroutine at a time: some goroutine, in the middle of the trace. */
static void choose(struct question *question, const struct analysis *analysis,
                   const struct model *model, char selector[96])
{
	uint32_t count = model->roster.count;

	if (analysis->chase == NULL || count == 0)
		return;
	snprintf(selector, 96, "G%" PRIu64 "@%" PRId64 "%s",
	         roster_brief(&model->roster, count / 2).id, model->end_ns / 2,
	         analysis->chase == &analysis_critical ? "+1s" : "");
	question->selector = bytes_of(selector);
	question->has_selector = true;
}

static bool answer(struct session *session, const struct analysis *analysis, int fd)
{
	static struct writer writer;
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;
	char selector[96];
	bool good;

	table_init(&table, session->budget);
	choose(&question, analysis, &session->model, selector);
	good = (session_answer(session, &table, analysis, &question, &err) ||
	        err.kind == ERROR_USAGE) &&
	       !table.is_full;
	if (table.columns.count > 1) /* else it was cut */
		table_sort_by(&table, 1);
	table_clean(&table, cells_clean);
	writer_open(&writer, fd);
	report_text(&writer, &table);
	writer_close(&writer, &err);
	table_free(&table);
	return good;
}

bool answer_all(struct session *session, int fd)
{
	bool good = true;

	for (size_t i = 0; i < analyses_count; i++)
		good = answer(session, &analyses[i], fd) && good;
	return good;
}
