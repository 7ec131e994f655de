/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/rival.h"

#include "tui/host/address.h"
#include "tui/host/files.h"
#include "tui/opening.h"

#include <poll.h>

enum { NAP_MS = 2 /* for bytes of a pipe: keys have to wait for it */ };

bool rival_begin(struct rival *rival, struct budget *budget, const char *path,
                 const struct question *question, struct error *err)
{
	*rival = (struct rival){ .question = *question };
	table_init(&rival->nothing, budget);
	if (address_is_http(path))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "only files are read here; try: gander compare A B");
	return files_is_source(path, err) && session_open(&rival->session, budget, path, 0, err);
}

void rival_end(struct rival *rival)
{
	if (rival->is_asking)
		answering_free(&rival->answering);
	rival->is_asking = false;
	table_free(&rival->nothing);
	session_close(&rival->session);
}

static void go_on(struct session *session)
{
	struct pollfd fd = { .events = POLLIN };

	session_step(session, 1);
	fd.fd = session_input_fd(session);
	if (!session_is_idle(session) && !session_is_stepped(session))
		poll(&fd, 1, NAP_MS);
}

/* It is loaded. */
static bool ask(struct rival *rival, struct error *err)
{
	struct session *session = &rival->session;
	struct error damage = { 0 };

	if (opening_has_nothing(session, err))
		return false;
	rival->is_damaged = session_damage(session, &session->model.damage, &damage);
	answering_begin(&rival->answering, analysis_find(bytes_of("compare")), &session->loader,
	                &rival->question);
	rival->is_asking = true;
	return true;
}

static enum rival_step finish(struct rival *rival, struct error *err)
{
	bool good = answering_end(&rival->answering, &rival->nothing, err);

	rival_end(rival);
	return good ? RIVAL_DONE : RIVAL_FAILED;
}

enum rival_step rival_step(struct rival *rival, struct error *err)
{
	if (!rival->is_asking) {
		go_on(&rival->session);
		if (session_is_idle(&rival->session) && !ask(rival, err)) {
			rival_end(rival);
			return RIVAL_FAILED;
		}
		return RIVAL_GOES_ON;
	}
	switch (answering_step(&rival->answering)) {
	case SURVEY_MORE:
		break;
	case SURVEY_WAITS:
		go_on(&rival->session);
		break;
	case SURVEY_OVER:
		return finish(rival, err);
	}
	return RIVAL_GOES_ON;
}
