/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ANSWER_ALL_H
#define TESTS_ANSWER_ALL_H

#include "tui/session.h"

/* Every answer to a trace that is loaded, in another order than its own, made harmless, and written
 * to fd as text. False if memory was too short for one. */
bool answer_all(struct session *session, int fd);

#endif
