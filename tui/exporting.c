/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/exporting.h"

#include "core/export/anonymize.h"
#include "core/export/cut.h"
#include "tui/complaint.h"
#include "tui/opening.h"

#include <stdio.h>

bool exporting_check(const struct options *options, struct error *err)
{
	char what[40];

	snprintf(what, sizeof(what), "what %s makes", options->export->name);
	return report_check_file(&options->report, what, err);
}

/* ---- traces of traces */

/* Reads all of a v2 trace, and says what it cannot be done with. */
static bool index_all(struct session *session, const struct options *options, struct error *err)
{
	session->index.keeps_empty = true;
	session_index(session, version_is_v2(session->index.version));
	if (!version_is_v2(session->index.version))
		return error_set(err, ERROR_UNSUPPORTED, ERROR_NO_OFFSET,
		                 "%s is about traces of Go 1.22 and later", options->export->name);
	if (session->index.generations.count > 0)
		return true;
	if (session->error.kind != ERROR_NONE)
		*err = session->error;
	return error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET, "header only, no events");
}

/* Says how writing has ended: nothing is said of a trace of which nothing has arrived. */
static int finish(const struct session *session, const char *path, const struct damage *damage,
                  bool is_written, const struct error *err)
{
	return is_written ? opening_finish(session, damage, path) : fail_output(err);
}

struct cutting {
	struct cut cut;
	struct damage damage;
};

static void put_cut(void *context, struct text_out *out)
{
	struct cutting *cutting = context;

	cut_put(&cutting->cut, out, &cutting->damage);
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
	bool good;
	int status;

	if (!index_all(session, options, &err))
		return fail(path, &err);
	damage_init(&cutting.damage, session->budget);
	damage_join(&cutting.damage, &session->index.damage);
	cut_init(&cutting.cut, &session->index, &session->input.source, session->budget);
	if (!set_stretch(&cutting.cut, options, &err)) {
		status = fail(NULL, &err);
	} else {
		good = report_put(&options->report, session->budget, put_cut, &cutting, &err);
		damage_sort(&cutting.damage);
		status = finish(session, path, &cutting.damage, good, &err);
	}
	damage_free(&cutting.damage);
	return status;
}

struct hiding {
	struct anonymizing anonymizing;
	struct damage damage;
};

static void put_hidden(void *context, struct text_out *out)
{
	struct hiding *hiding = context;

	anonymizing_put(&hiding->anonymizing, out, &hiding->damage);
}

static int run_anonymize(struct session *session, const struct options *options, const char *path)
{
	struct hiding hiding = { .damage = { .bytes = 0 } };
	struct error err = { 0 };
	bool good;
	int status;

	if (!index_all(session, options, &err))
		return fail(path, &err);
	damage_init(&hiding.damage, session->budget);
	damage_join(&hiding.damage, &session->index.damage);
	anonymizing_init(&hiding.anonymizing, &session->index, &session->input.source,
	                 session->budget);
	if (!anonymizing_learn(&hiding.anonymizing)) {
		error_set(&err, ERROR_LIMIT, ERROR_NO_OFFSET,
		          "memory limit reached by its names; --memory raises it");
		status = fail(path, &err);
	} else {
		good = report_put(&options->report, session->budget, put_hidden, &hiding, &err);
		damage_sort(&hiding.damage);
		status = finish(session, path, &hiding.damage, good, &err);
	}
	anonymizing_free(&hiding.anonymizing);
	damage_free(&hiding.damage);
	return status;
}

/* ---- all of them */

/* clang-format off */
const struct export_form export_forms[] = {
	{ "anonymize", "The same trace, with numbers for the names in it",
	  "Functions are p3.f17, one number a package, files p3/f2.go; tasks, regions, logs\n"
	  "and labels are task1, region1, category1, message1, label1. Lines, addresses,\n"
	  "times and ids stay. gander and Go's tools read it as any other.\n"
	  "Of traces of Go 1.22 and later.\n", run_anonymize },
	{ "cut", "A smaller trace: of the part between --from and --to",
	  "The trace that is written holds whole generations, about a second each: those\n"
	  "that lap into the stretch, byte for byte. gander and Go's tools read it as any\n"
	  "other; its times count from its own begin.\n"
	  "Of traces of Go 1.22 and later.\n", run_cut },
};
/* clang-format on */

const size_t export_forms_count = sizeof(export_forms) / sizeof(export_forms[0]);

const struct export_form *export_form_find(struct bytes name)
{
	for (size_t i = 0; i < export_forms_count; i++)
		if (bytes_equal(name, bytes_of(export_forms[i].name)))
			return &export_forms[i];
	return NULL;
}
