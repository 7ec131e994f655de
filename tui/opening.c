/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/opening.h"

#include "tui/complaint.h"
#include "tui/host/address.h"
#include "tui/view/cells.h"

#include <stdio.h>
#include <unistd.h>

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

bool opening_open(struct session *session, struct budget *budget, const char *path,
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

void opening_say_newer(const struct session *session, const char *path)
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

int opening_finish(const struct session *session, const struct damage *damage, const char *path)
{
	struct error err = { 0 };

	if (!session_damage(session, damage, &err))
		return STATUS_FINE;
	complain(path, &err);
	return err.kind == ERROR_LIMIT ? STATUS_LIMIT : STATUS_DAMAGED;
}

bool opening_has_nothing(const struct session *session, struct error *err)
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
