/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/exporting.h"

#include "core/export/anonymize.h"
#include "core/export/anonymize_v1.h"
#include "core/export/chrome.h"
#include "core/export/cut.h"
#include "core/export/every_event.h"
#include "tui/complaint.h"
#include "tui/opening.h"
#include "tui/options.h"

#include <stdio.h>

bool exporting_check(const struct options *options, struct error *err)
{
	char what[40];

	snprintf(what, sizeof(what), "what %s makes", options->export->name);
	return report_check_file(&options->report, what, err);
}

/* ---- traces of traces */

/* Reads all of a trace; false if there is nothing in it. */
static bool index_all(struct session *session, struct error *err)
{
	session->index.keeps_empty = true;
	/* what v1 has to be indexed for is the model's */
	session_index(session, version_is_v2(session->index.version));
	if (session->index.generations.count > 0 || !version_is_v2(session->index.version))
		return true;
	if (session->error.kind != ERROR_NONE)
		*err = session->error;
	return error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET, "header only, no events");
}

/* What is to be said of what was written. */
static int finish(const struct session *session, const char *path, struct damage *damage)
{
	damage_sort(damage);
	return opening_finish(session, damage, path);
}

struct cutting {
	struct cut cut;
	struct damage damage;
};

static bool put_cut(void *context, struct text_out *out)
{
	struct cutting *cutting = context;

	cut_put(&cutting->cut, out, &cutting->damage);
	return true;
}

static bool set_stretch(struct cut *cut, const struct options *options, struct error *err)
{
	if (options->has_from)
		cut->from_ns = options_time(options->from_ns, cut->end_ns);
	if (options->has_to)
		cut->to_ns = options_time(options->to_ns, cut->end_ns);
	if (cut->from_ns > cut->to_ns)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "--from is behind --to");
	return cut_has_any(cut) ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "nothing lies between --from and --to");
}

static int run_cut(struct session *session, const struct options *options, const char *path)
{
	struct cutting cutting = { .damage = { .bytes = 0 } };
	struct error err = { 0 };
	int status;

	if (!version_is_v2(session->index.version))
		error_set(&err, ERROR_UNSUPPORTED, ERROR_NO_OFFSET,
		          "cut is about traces of Go 1.22 and later");
	if (err.kind != ERROR_NONE || !index_all(session, &err))
		return fail(path, &err);
	damage_init(&cutting.damage, session->budget);
	damage_join(&cutting.damage, &session->index.damage);
	cut_init(&cutting.cut, &session->index, &session->input.source, session->budget);
	if (!set_stretch(&cutting.cut, options, &err))
		status = fail(NULL, &err);
	else if (!report_put(&options->report, session->budget, put_cut, &cutting, &err))
		status = fail_output(&err);
	else
		status = finish(session, path, &cutting.damage);
	damage_free(&cutting.damage);
	return status;
}

struct hiding {
	struct session *session;
	struct damage damage;
	struct error err;
};

static bool put_hidden(void *context, struct text_out *out)
{
	struct hiding *hiding = context;
	struct session *session = hiding->session;
	struct anonymizing anonymizing;
	bool good;

	if (!version_is_v2(session->index.version))
		return anonymize_v1(out, &session->input.source, session->index.version.minor,
		                    session->budget, &hiding->damage, &hiding->err);
	damage_join(&hiding->damage, &session->index.damage);
	anonymizing_init(&anonymizing, &session->index, &session->input.source, session->budget);
	good = anonymizing_learn(&anonymizing, &hiding->err);
	if (good)
		anonymizing_put(&anonymizing, out, &hiding->damage);
	anonymizing_free(&anonymizing);
	return good;
}

static int run_anonymize(struct session *session, const struct options *options, const char *path)
{
	struct hiding hiding = { .session = session };
	struct error err = { 0 };
	int status;

	if (!index_all(session, &err))
		return fail(path, &err);
	damage_init(&hiding.damage, session->budget);
	if (report_put(&options->report, session->budget, put_hidden, &hiding, &err))
		status = finish(session, path, &hiding.damage);
	else
		status = err.kind == ERROR_OUTPUT ? fail_output(&err) : fail(path, &hiding.err);
	damage_free(&hiding.damage);
	return status;
}

/* ---- for other programs */

struct drawing {
	struct every_event every;
	const struct options *options;
	struct chrome_wish wish;
	struct chrome *chrome;
	struct text_out *out;
	struct damage damage;
	uint64_t records;
	struct error err;
};

static bool draw_event(void *context, const struct event *event)
{
	struct drawing *drawing = context;

	chrome_add(drawing->chrome, event);
	return !drawing->out->is_over && !budget_is_overdrawn(drawing->every.budget);
}

static bool put_chrome(void *context, struct text_out *out)
{
	struct drawing *drawing = context;

	drawing->out = out;
	drawing->chrome = chrome_open(drawing->every.budget, out, &drawing->wish);
	drawing->every.take = draw_event;
	drawing->every.context = drawing;
	every_event(&drawing->every, &drawing->damage, &drawing->records, &drawing->err);
	if (budget_is_overdrawn(drawing->every.budget))
		error_set(&drawing->err, ERROR_LIMIT, ERROR_NO_OFFSET,
		          "memory limit reached before the end; --memory raises it");
	else if (drawing->records == 0)
		error_set(&drawing->err, ERROR_TRUNCATED, ERROR_NO_OFFSET,
		          "header only, no events");
	chrome_close(drawing->chrome);
	return drawing->err.kind == ERROR_NONE;
}

/* Where times are from the end, it has to be known. */
static bool set_window(struct session *session, struct drawing *drawing, struct error *err)
{
	const struct options *options = drawing->options;
	int64_t end_ns = 0;

	if ((options->has_from && options->from_ns < 0) ||
	    (options->has_to && options->to_ns < 0)) {
		session_finish(session);
		end_ns = session->model.end_ns;
	}
	drawing->wish.from_ns =
		options->has_from ? options_time(options->from_ns, end_ns) : INT64_MIN;
	drawing->wish.to_ns = options->has_to ? options_time(options->to_ns, end_ns) : INT64_MAX;
	drawing->wish.by_thread = options->by_thread;
	return drawing->wish.from_ns <= drawing->wish.to_ns ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "--from is behind --to");
}

static int run_chrome(struct session *session, const struct options *options, const char *path)
{
	struct drawing drawing = { .every = { .budget = session->budget,
		                              .index = &session->index,
		                              .source = &session->input.source },
		                   .options = options };
	struct error err = { 0 };
	int status;

	if (!index_all(session, &err))
		return fail(path, &err);
	if (!set_window(session, &drawing, &err))
		return fail(NULL, &err);
	damage_init(&drawing.damage, session->budget);
	if (report_put(&options->report, session->budget, put_chrome, &drawing, &err))
		status = finish(session, path, &drawing.damage);
	else
		status = err.kind == ERROR_OUTPUT ? fail_output(&err) : fail(path, &drawing.err);
	damage_free(&drawing.damage);
	return status;
}

/* ---- all of them */

int exporting_run(struct session *session, const struct options *options, const char *path)
{
	switch (options->export->of) {
	case EXPORT_ANONYMIZE:
		return run_anonymize(session, options, path);
	case EXPORT_CHROME:
		return run_chrome(session, options, path);
	case EXPORT_CUT:
		break;
	}
	return run_cut(session, options, path);
}
