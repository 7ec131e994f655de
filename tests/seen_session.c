/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/seen_session.h"

static bool ask(void *to, struct table *table, const struct analysis *analysis,
                const struct question *question, struct error *err)
{
	return session_answer(to, table, analysis, question, err);
}

uint64_t seen_session_answers(struct session *session)
{
	return seen_answers_of(session->budget, ask, session);
}
