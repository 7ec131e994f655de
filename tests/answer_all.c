/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/answer_all.h"

#include "core/analysis/analysis.h"
#include "tui/report/report.h"
#include "tui/view/cells.h"

static bool answer(struct session *session, const struct analysis *analysis, int fd)
{
	static struct writer writer;
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;
	bool good;

	table_init(&table, session->budget);
	good = session_answer(session, &table, analysis, &question, &err) && !table.is_full;
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
