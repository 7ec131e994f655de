/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEEN_SESSION_H
#define TESTS_SEEN_SESSION_H

#include "tests/seen.h"
#include "tui/session.h"

/* The same as seen_answers of a session whose model is whole: histories are made as they are
 * needed. */
uint64_t seen_session_answers(struct session *session);

#endif
