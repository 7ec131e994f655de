/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/answer.h"

#include "core/analysis/answering.h"
#include "core/analysis/comparison.h"
#include "core/analysis/filter.h"
#include "core/analysis/findings.h"
#include "core/analysis/table_join.h"
#include "core/export/pprof.h"
#include "tui/complaint.h"
#include "tui/host/files.h"
#include "tui/opening.h"
#include "tui/triage.h"
#include "tui/view/cells.h"

#include <stdio.h>

static bool is_whole(const struct table *table, struct error *err)
{
	return !table->is_full || error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                                    "memory limit reached before all of the answer was "
	                                    "there; --memory raises it");
}

/* ---- what is asked */

/* Times count from the begin of the trace, or, negative ones, from its end. */
static bool set_stretch(struct question *question, const struct options *options,
                        const struct model *model, struct error *err)
{
	if (options->has_from)
		question->from_ns = options_time(options->from_ns, model->end_ns);
	if (options->has_to)
		question->to_ns = options_time(options->to_ns, model->end_ns);
	return question->from_ns <= question->to_ns ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "--from is behind --to");
}

/* The same of both that are compared. */
static bool set_stretches(struct question *question, const struct options *options,
                          const struct model *model, struct error *err)
{
	question->has_stretches = options->stretch_count > 0;
	for (size_t i = 0; i < options->stretch_count; i++) {
		const struct stretch_asked *asked = &options->stretches[i];
		struct stretch_asked *stretch = &question->stretches[i];

		stretch->from_ns = options_time(asked->from_ns, model->end_ns);
		stretch->to_ns = options_time(asked->to_ns, model->end_ns);
		if (stretch->from_ns >= stretch->to_ns || stretch->from_ns >= model->end_ns ||
		    stretch->to_ns <= 0)
			return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
			                 "there is nothing of the trace in the %s stretch",
			                 i == 0 ? "first" : "second");
	}
	return true;
}

static bool parse_filter(struct filter *filter, const struct options *options, struct error *err)
{
	struct error wrong = { 0 };

	if (filter_parse(filter, bytes_of(options->filter), &wrong))
		return true;
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "--filter: %.100s, at character %u",
	                 wrong.message, (unsigned)wrong.offset + 1);
}

/* Before anything is read. */
static bool check(const struct options *options, struct budget *budget, struct error *err)
{
	struct filter filter;
	bool good;

	if (options->report.format == REPORT_PPROF &&
	    !report_check_file(&options->report, "a profile", err))
		return false;
	if (options->filter == NULL)
		return report_check(&options->report, err);
	if (options->analysis->filtered == FILTERED_NOT)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "%s takes no --filter",
		                 options->analysis->name);
	filter_init(&filter, budget);
	good = parse_filter(&filter, options, err);
	filter_free(&filter);
	return good && report_check(&options->report, err);
}

/* A profile that is to be written. */
struct writing {
	const struct profile *profile;
	const struct model *model;
	enum profile_of of;
};

static bool put_profile(void *context, struct text_out *out)
{
	const struct writing *writing = context;

	pprof_put(out, writing->profile, writing->model, writing->of);
	return true;
}

/* What is written as it is made: a profile, and the screen of a triage. */
static bool is_written(const struct options *options)
{
	return options->report.format == REPORT_PPROF ||
	       (options->report.format == REPORT_TEXT &&
	        options->analysis->pass == &analysis_findings &&
	        options->analysis->kind == FINDINGS_TRIAGE);
}

/* What is written is written; a table is left to the caller. */
static bool make(struct session *session, const struct options *options, const char *path,
                 const struct question *question, struct table *table, struct error *err)
{
	struct writing writing = { .model = &session->model,
		                   .of = options->analysis->kind == PROFILE_CPU ? PROFILE_COUNTS
		                                                                : PROFILE_DELAYS };
	struct answering answering;
	bool good;

	if (!is_written(options))
		return session_answer(session, table, options->analysis, question, err) &&
		       is_whole(table, err);
	answering_begin(&answering, options->analysis, &session->loader, question);
	session_finish_answer(session, &answering);
	if (options->report.format != REPORT_PPROF) {
		good = triage_write(session, &options->report, path, &answering, err);
		answering_free(&answering);
		return good;
	}
	writing.profile = answering_profile(&answering, err);
	good = writing.profile != NULL &&
	       report_put(&options->report, session->budget, put_profile, &writing, err);
	answering_free(&answering);
	return good;
}

static bool ask(struct session *session, const struct options *options, const char *path,
                struct table *table, struct error *err)
{
	struct question question = options->question;
	struct filter filter;
	bool good;

	if (options->report.group == NULL) { /* else all rows are needed */
		question.has_limit = options->report.has_limit;
		question.limit = options->report.limit;
		question.sort = options->report.sort;
	}
	if (!set_stretch(&question, options, &session->model, err) ||
	    !set_stretches(&question, options, &session->model, err))
		return false;
	filter_init(&filter, session->budget);
	if (options->filter != NULL)
		question.filter = &filter;
	good = (options->filter == NULL || parse_filter(&filter, options, err)) &&
	       make(session, options, path, &question, table, err);
	filter_free(&filter);
	return good;
}

/* ---- of one trace */

/* *is_there: there is a table. */
static int answer_one(const struct options *options, struct budget *budget, const char *path,
                      struct table *table, bool *is_there)
{
	struct session session = { 0 };
	struct error err = { 0 }, nothing = { 0 };
	int status = STATUS_FINE;

	*is_there = false;
	if (!opening_open(&session, budget, path, options, &err)) {
		status = fail(path, &err);
	} else {
		session_finish(&session);
		*is_there = !opening_has_nothing(&session, &nothing) ||
		            options->analysis->fn == analysis_damage;
		if (*is_there && !ask(&session, options, path, table, &err)) {
			*is_there = false;
			status = err.kind == ERROR_OUTPUT
			                 ? fail_output(&err)
			                 : fail(err.kind == ERROR_USAGE ? NULL : path, &err);
		} else if (nothing.kind != ERROR_NONE) { /* damage alone has an answer to that */
			status = fail(path, &nothing);
		} else {
			status = opening_finish(&session, &session.model.damage, path);
		}
	}
	opening_say_newer(&session, path);
	session_close(&session);
	return status;
}

static int print(const struct options *options, struct table *table)
{
	struct report report = options->report;
	struct error err = { 0 };

	report.clean = cells_clean;
	return report_print(&report, table, &err) ? STATUS_FINE : fail_output(&err);
}

static int print_one(const struct options *options, struct budget *budget, const char *path)
{
	struct table table;
	bool is_there;
	int status, printed = STATUS_FINE;

	table_init(&table, budget);
	status = answer_one(options, budget, path, &table, &is_there);
	if (is_there && !is_written(options))
		printed = print(options, &table);
	table_free(&table);
	return printed > status ? printed : status;
}

/* ---- of two together */

/* One of them, which is open: the second one before the first, whose answer is that of both. */
static int answer_side(const struct options *options, struct session *session, const char *path,
                       struct question question, struct table *table, bool *is_there)
{
	struct error err = { 0 };

	*is_there = false;
	session_finish(session);
	if (opening_has_nothing(session, &err))
		return fail(path, &err);
	if (!set_stretch(&question, options, &session->model, &err))
		return fail(NULL, &err);
	if (!session_answer(session, table, options->analysis, &question, &err) ||
	    !is_whole(table, &err))
		return fail(path, &err);
	*is_there = true;
	return opening_finish(session, &session->model.damage, path);
}

/* Both are opened before much is done, and each is closed when all is known of it. */
static int answer_two(const struct options *options, struct budget *budget, char *const *paths,
                      struct table *table, bool *is_there)
{
	struct session sessions[2] = { 0 };
	struct comparison comparison;
	struct question question = options->question;
	struct error err = { 0 };
	int status = STATUS_FINE, side_status;

	comparison_init(&comparison, budget);
	question.comparison = &comparison;
	*is_there = true;
	for (size_t i = 0; i < 2 && *is_there; i++)
		if (!opening_open(&sessions[i], budget, paths[i], options, &err)) {
			status = fail(paths[i], &err);
			*is_there = false;
		}
	for (size_t i = 2; i-- > 0 && *is_there;) {
		question.is_after = i == 1;
		side_status =
			answer_side(options, &sessions[i], paths[i], question, table, is_there);
		status = side_status > status ? side_status : status;
		opening_say_newer(&sessions[i], paths[i]);
		session_close(&sessions[i]);
	}
	for (size_t i = 0; i < 2; i++)
		session_close(&sessions[i]);
	comparison_free(&comparison);
	return status;
}

static int print_two(const struct options *options, struct budget *budget, char *const *paths)
{
	struct table table;
	bool is_there;
	int status, printed = STATUS_FINE;

	table_init(&table, budget);
	status = answer_two(options, budget, paths, &table, &is_there);
	if (is_there)
		printed = print(options, &table);
	table_free(&table);
	return printed > status ? printed : status;
}

/* ---- of several */

struct answers {
	const struct options *options;
	struct budget *budget;
	struct arena arena;
	ARRAY(struct bytes) files;
	ARRAY(struct table) tables;
	int status;
};

static void add(void *to, const char *path)
{
	struct answers *answers = to;
	struct table table;
	bool is_there;
	int status;

	table_init(&table, answers->budget);
	status = answer_one(answers->options, answers->budget, path, &table, &is_there);
	answers->status = status > answers->status ? status : answers->status;
	if (!is_there || is_written(answers->options)) {
		table_free(&table);
		return;
	}
	*array_push(&answers->files) = arena_copy(&answers->arena, bytes_of(path));
	*array_push(&answers->tables) = table;
}

static void add_directory(struct answers *answers, const char *path)
{
	struct error err = { 0 };
	int status;

	if (files_each_trace(path, add, answers, &err))
		return;
	status = fail(path, &err);
	answers->status = status > answers->status ? status : answers->status;
}

static void print_all(struct answers *answers)
{
	struct table joined;
	int status;

	table_init(&joined, answers->budget);
	table_join(&joined, answers->files.items, answers->tables.items, answers->tables.count);
	status = print(answers->options, &joined);
	answers->status = status > answers->status ? status : answers->status;
	table_free(&joined);
}

int answer_run(const struct options *options, struct budget *budget, char *const *traces,
               size_t count)
{
	struct answers answers = { .options = options,
		                   .budget = budget,
		                   .arena = { .budget = budget },
		                   .files = { .budget = budget },
		                   .tables = { .budget = budget } };
	struct error err = { 0 };

	if (!check(options, budget, &err))
		return fail(NULL, &err);
	if (options->analysis->operands != NULL && options->stretch_count == 0)
		return print_two(options, budget, traces);
	if (count == 0 || (count == 1 && !files_is_directory(traces[0])))
		return print_one(options, budget, count == 0 ? options->trace : traces[0]);
	for (size_t i = 0; i < count; i++) {
		if (files_is_directory(traces[i]))
			add_directory(&answers, traces[i]);
		else
			add(&answers, traces[i]);
	}
	if (answers.tables.count > 0)
		print_all(&answers);
	for (size_t i = 0; i < answers.tables.count; i++)
		table_free(&answers.tables.items[i]);
	array_free(&answers.tables);
	array_free(&answers.files);
	arena_free(&answers.arena);
	return answers.status;
}
