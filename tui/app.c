/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/app.h"

#include "tui/host/address.h"
#include "tui/host/files.h"
#include "tui/host/limits.h"
#include "tui/interface.h"
#include "tui/loop.h"
#include "tui/options.h"
#include "tui/script.h"
#include "tui/status.h"
#include "tui/term/rescue.h"
#include "tui/usage.h"

#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LEN_MAX = 4096 };

/* ---- messages */

/* "gander: FILE: what is wrong (at byte N)", cleaned: a file's name can hold anything. */
static void complain(const char *path, const struct error *err)
{
	char name[256], message[512];

	cells_clean(name, sizeof(name), bytes_of(path == NULL ? "" : path));
	cells_clean(message, sizeof(message), bytes_of(err->message));
	fprintf(stderr, "gander: %s%s%s", name, path == NULL ? "" : ": ", message);
	if (err->offset != ERROR_NO_OFFSET && err->kind != ERROR_NONE)
		fprintf(stderr, " (at byte %" PRIu64 ")", err->offset);
	fputc('\n', stderr);
}

static int fail(const char *path, const struct error *err)
{
	complain(path, err);
	return (int)status_of(err->kind);
}

/* When nobody reads any more there is no word about it. */
static int fail_output(const struct error *err)
{
	return err->message[0] == '\0' ? (int)STATUS_OUTPUT : fail(NULL, err);
}

/* The system has no memory, or not as much as arenas asked for. */
static void out_of_memory(size_t used, size_t wanted)
{
	(void)wanted;
	rescue_restore();
	fprintf(stderr, "gander: out of memory after %zu MiB\n", used >> 20);
	_exit(STATUS_LIMIT);
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

/* ---- what can be asked for */

/* Damage is said after the work is done: exit 1, but for what ends in a limit. */
static int finish_with_damage(const struct session *session, const struct damage *damage,
                              const char *path)
{
	struct error err = { 0 };

	if (!session_damage(session, damage, &err))
		return STATUS_FINE;
	complain(path, &err);
	return err.kind == ERROR_LIMIT ? STATUS_LIMIT : STATUS_DAMAGED;
}

static bool has_nothing(const struct session *session, struct error *err)
{
	if (session->model.events > 0)
		return false;
	if (session->error.kind != ERROR_NONE) {
		*err = session->error;
		return true;
	}
	if (session_damage(session, &session->model.damage, err) && err->kind == ERROR_LIMIT)
		return true;
	*err = (struct error){ 0 };
	if (!source_has_failed(&session->input.source, err))
		error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET, "header only, no events");
	return true;
}

static bool is_whole(const struct table *table, struct error *err)
{
	return !table->is_full || error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                                    "memory limit reached before all of the answer was "
	                                    "there; --memory raises it");
}

static int answer(struct session *session, const struct options *options, const char *path,
                  struct error *err)
{
	struct report report = options->report;
	struct question question = options->question;
	struct error nothing = { 0 };
	struct table table;
	bool good;

	if (!report_check(&report, err))
		return fail(NULL, err);
	session_finish(session);
	if (has_nothing(session, &nothing) && options->analysis->fn != analysis_damage)
		return fail(path, &nothing);
	table_init(&table, session->budget);
	report.clean = cells_clean;
	question.has_limit = report.has_limit;
	question.limit = report.limit;
	question.sort = report.sort;
	good = session_answer(session, &table, options->analysis, &question, err) &&
	       is_whole(&table, err) && report_print(&report, &table, err);
	table_free(&table);
	if (!good)
		return fail_output(err);
	if (nothing.kind != ERROR_NONE)
		return fail(path, &nothing); /* damage alone has an answer to that */
	return finish_with_damage(session, &session->model.damage, path);
}

/* There is nothing to print. */
static int fail_empty(const struct session *session, const char *path, struct error *err)
{
	if (session->error.kind != ERROR_NONE)
		return fail(path, &session->error);
	error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET, "header only, no events");
	return fail(path, err);
}

static int text(struct session *session, const struct options *options, const char *path,
                struct error *err)
{
	struct text_wish wish = { options->report.output, options->is_strict };
	struct text_outcome outcome;
	bool is_v2 = version_is_v2(session->index.version);
	bool is_as_go = options->is_strict; /* which tells what there is, if only a Sync */
	int status;

	session->index.is_strict = options->is_strict;
	session->index.keeps_empty = true;
	/* what v1 has to be indexed for is the model's */
	session_index(session, is_v2);
	if (!options->text->is_ordered && !is_v2) {
		error_set(err, ERROR_UNSUPPORTED, ERROR_NO_OFFSET,
		          "%s is about traces of Go 1.22 and later", options->text->name);
		return fail(path, err);
	}
	if (is_v2 && session->index.generations.count == 0 && !is_as_go)
		return fail_empty(session, path, err);
	if (!texts_print(options->text, &wish, session->budget, &session->index,
	                 &session->input.source, &outcome, err))
		status = err->kind == ERROR_OUTPUT ? fail_output(err) : fail(path, err);
	else if (outcome.records == 0 && !is_as_go)
		status = fail_empty(session, path, err);
	else
		status = finish_with_damage(session, &outcome.damage, path);
	damage_free(&outcome.damage);
	return status;
}

static int picture(struct session *session, const struct options *options, const char *path,
                   struct error *err)
{
	struct interface interface;
	bool good = interface_open(&interface, session, session->input.name, options->keymap, err);

	if (good && options->at != NULL)
		interface_go_at(&interface, options->at);
	good = good && script_run(&interface, options, err);

	interface_close(&interface);
	if (!good)
		return fail_output(err);
	return finish_with_damage(session, &session->model.damage, path);
}

/* The user's own keys, if there are any: beside the default ones. */
static const char *find_keys(char *path, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int len = -1;

	if (config != NULL && config[0] == '/')
		len = snprintf(path, size, "%s/gander/keys", config);
	else if (home != NULL && home[0] == '/')
		len = snprintf(path, size, "%s/.config/gander/keys", home);
	return len > 0 && (size_t)len < size && access(path, R_OK) == 0 ? path : NULL;
}

static int look(struct session *session, const struct options *options, const char *path,
                struct error *err)
{
	struct loop_options loop = { .screen = { .no_color = options->no_color },
		                     .bytes_per_second = options->has_no_link ? 0
		                                         : options->link > 0  ? options->link
		                                                              : LOOP_LINK,
		                     .glyphs = options->glyphs };
	struct interface interface;
	struct error damage = { 0 };
	const char *no_color = getenv("NO_COLOR"), *keymap = options->keymap;
	char path_of_keys[1024];
	bool good;

	if (no_color != NULL && no_color[0] != '\0')
		loop.screen.no_color = true;
	if (keymap == NULL)
		keymap = find_keys(path_of_keys, sizeof(path_of_keys));
	good = interface_open(&interface, session, session->input.name, keymap, err);
	if (good && options->at != NULL)
		interface_go_at(&interface, options->at);
	good = good && loop_run(&interface, &loop, err);
	interface_close(&interface);
	if (!good)
		return fail(NULL, err);
	if (session_damage(session, &session->model.damage, &damage))
		complain(path, &damage);
	return STATUS_FINE;
}

/* The header of an address can take as long as the recording to come, that of a file that is
 * followed as long as it likes: a line of the terminal says so, and goes when the wait is over. */
static void say_waiting(const char *path, bool follow, bool is_over)
{
	char line[80], clean[80];

	if ((!address_is_http(path) && !follow) || !isatty(STDERR_FILENO))
		return;
	snprintf(line, sizeof(line), "gander: waiting for %.54s", path);
	cells_clean(clean, sizeof(clean), bytes_of(line));
	if (is_over)
		fprintf(stderr, "\r%*s\r", (int)strlen(clean), "");
	else
		fprintf(stderr, "%s", clean);
}

static bool open_trace(struct session *session, struct budget *budget, const char *path,
                       const struct options *options, struct error *err)
{
	const struct session_wish wish = {
		.jobs = options->jobs,
		.follows = options->is_followed,
		.tries_newer = options->tries_newer,
		.sketched = options->action == ACTION_VIEW ? SESSION_SKETCHED : 0,
	};
	bool good;

	say_waiting(path, options->is_followed, false);
	good = session_open_as(session, budget, path, &wish, err);
	say_waiting(path, options->is_followed, true);
	return good;
}

/* What is new in a version that we do not know is not in what was shown. */
static void say_newer(const struct session *session, const char *path)
{
	struct version version = session->input.version;
	struct error err = { 0 };

	if (!session->is_open || version.newer == 0)
		return;
	error_set(&err, ERROR_UNSUPPORTED, ERROR_NO_OFFSET,
	          "go 1.%u trace, read as 1.%u: what is new in it is not shown, or taken wrong",
	          version.newer, version.minor);
	complain(path, &err);
}

static int with_trace(const struct options *options, struct budget *budget)
{
	char demo[PATH_LEN_MAX];
	const char *path = options->trace;
	struct session session = { 0 };
	struct error err = { 0 };
	int status;

	if (options->is_demo) {
		path = demo;
		if (!files_find(demo, sizeof(demo), "demo.trace", "tests/traces/demo.trace")) {
			error_set(&err, ERROR_IO, ERROR_NO_OFFSET,
			          "the demo trace is not installed");
			return fail(NULL, &err);
		}
	}
	if (!open_trace(&session, budget, path, options, &err)) {
		status = fail(path, &err);
	} else if (options->action == ACTION_ANSWER) {
		status = answer(&session, options, path, &err);
	} else if (options->action == ACTION_TEXT) {
		status = text(&session, options, path, &err);
	} else if (options->action == ACTION_SCREEN) {
		status = picture(&session, options, path, &err);
	} else {
		status = look(&session, options, path, &err);
	}
	say_newer(&session, path);
	session_close(&session);
	return status;
}

static int print_help(const struct options *options, const struct budget *budget)
{
	struct error err = { 0 };
	struct writer writer;

	writer_open(&writer, STDOUT_FILENO);
	usage_print(&writer, options->topic, budget->limit);
	return writer_close(&writer, &err) ? STATUS_FINE : fail_output(&err);
}

static void key_hashes(void)
{
	uint64_t key;

	if (getrandom(&key, sizeof(key), GRND_NONBLOCK) == (ssize_t)sizeof(key))
		id_map_key(key);
}

/* Where nothing is said of the locale, as for root on a fresh host, the terminal is UTF-8 all the
 * same; LC_ALL=C says otherwise. */
static void choose_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	bool is_said = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		is_said |= value != NULL && value[0] != '\0';
	}
	if (is_said || setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "");
}

int app_run(int argc, char **argv)
{
	struct surroundings around = {
		.input_is_terminal = isatty(STDIN_FILENO),
		.output_is_terminal = isatty(STDOUT_FILENO),
		.is_file = is_file,
	};
	struct budget budget = { .exhausted = out_of_memory };
	struct options options;
	struct error err = { 0 };

	signal(SIGPIPE, SIG_IGN);
	choose_locale();
	if (!options_parse(&options, argc, argv, &around, &err))
		return fail(NULL, &err);
	key_hashes();
	limits_be_modest();
	budget.limit = limits_budget(limits_read(), options.memory);
	budget.is_asked = options.memory != 0;
	switch (options.action) {
	case ACTION_HELP:
		return print_help(&options, &budget);
	case ACTION_VERSION:
		puts(PACKAGE_STRING);
		return STATUS_FINE;
	case ACTION_VIEW:
	case ACTION_ANSWER:
	case ACTION_TEXT:
	case ACTION_SCREEN:
		break;
	}
	return with_trace(&options, &budget);
}
