/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/app.h"

#include "tui/answer.h"
#include "tui/complaint.h"
#include "tui/exporting.h"
#include "tui/host/address.h"
#include "tui/host/files.h"
#include "tui/host/limits.h"
#include "tui/interface_keys.h"
#include "tui/loop.h"
#include "tui/opening.h"
#include "tui/script.h"
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
		status = opening_finish(session, &outcome.damage, path);
	damage_free(&outcome.damage);
	return status;
}

static int picture(struct session *session, const struct options *options, const char *path,
                   struct error *err)
{
	struct interface interface;
	bool good = interface_open(&interface, session, session->input.name, options->keymap, err);

	interface.state.finds.is_hidden = options->no_findings;
	if (good && options->rival != NULL)
		interface_compare(&interface, options->rival);
	if (good && options->at != NULL)
		interface_go_at(&interface, options->at);
	good = good && script_run(&interface, options, err);

	interface_close(&interface);
	if (!good)
		return fail_output(err);
	return opening_finish(session, &session->model.damage, path);
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

/* *goes_again: the next trace from there is wanted. */
static int look(struct session *session, const struct options *options, const char *path,
                bool *goes_again, struct error *err)
{
	struct loop_options loop = { .screen = { .no_color = options->no_color },
		                     .bytes_per_second = options->has_no_link ? 0
		                                         : options->link > 0  ? options->link
		                                                              : LOOP_LINK,
		                     .glyphs = options->glyphs };
	struct interface interface;
	struct error damage = { 0 };
	const char *no_color = getenv("NO_COLOR"), *keys;
	char path_of_keys[1024];
	bool good;

	if (no_color != NULL && no_color[0] != '\0')
		loop.screen.no_color = true;
	good = interface_open(&interface, session, session->input.name, options->keymap, err);
	keys = find_keys(path_of_keys, sizeof(path_of_keys));
	if (good && options->keymap == NULL && keys != NULL)
		interface_add_keys(&interface, keys);
	interface.is_of_address = address_is_http(path);
	interface.state.finds.is_hidden = options->no_findings;
	if (good && options->rival != NULL)
		interface_compare(&interface, options->rival);
	if (good && options->at != NULL)
		interface_go_at(&interface, options->at);
	good = good && loop_run(&interface, &loop, err);
	*goes_again = good && interface.goes_again;
	interface_close(&interface);
	if (!good)
		return fail(NULL, err);
	if (*goes_again)
		return STATUS_FINE;
	if (session_damage(session, &session->model.damage, &damage))
		complain(path, &damage);
	return STATUS_FINE;
}

static bool find_demo(char *path, size_t size)
{
	struct error err = { 0 };

	if (files_find(path, size, "demo.trace", "tests/traces/demo.trace"))
		return true;
	error_set(&err, ERROR_IO, ERROR_NO_OFFSET, "the demo trace is not installed");
	fail(NULL, &err);
	return false;
}

static int with_trace(const struct options *options, struct budget *budget, const char *path)
{
	struct session session = { 0 };
	struct error err = { 0 };
	bool goes_again = false;
	int status;

	if (!opening_open(&session, budget, path, options, &err))
		status = fail(path, &err);
	else if (options->action == ACTION_TEXT)
		status = text(&session, options, path, &err);
	else if (options->action == ACTION_EXPORT)
		status = exporting_run(&session, options, path);
	else if (options->action == ACTION_SCREEN)
		status = picture(&session, options, path, &err);
	else
		status = look(&session, options, path, &goes_again, &err);
	if (!goes_again)
		opening_say_newer(&session, path);
	session_close(&session);
	return goes_again ? with_trace(options, budget, path) : status;
}

static int with_traces(const struct options *options, struct budget *budget)
{
	char demo[PATH_LEN_MAX];
	char *one[] = { demo };
	struct error err = { 0 };

	if (options->action == ACTION_EXPORT && !exporting_check(options, &err))
		return fail(NULL, &err);
	if (options->is_demo && !find_demo(demo, sizeof(demo)))
		return STATUS_INPUT;
	if (options->action == ACTION_ANSWER)
		return answer_run(options, budget, options->is_demo ? one : options->traces,
		                  options->is_demo ? 1 : options->trace_count);
	return with_trace(options, budget, options->is_demo ? demo : options->trace);
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
	case ACTION_EXPORT:
	case ACTION_SCREEN:
		break;
	}
	return with_traces(&options, &budget);
}
