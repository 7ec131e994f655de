/* SPDX-License-Identifier: MIT */
#ifndef TESTS_PROMISES_H
#define TESTS_PROMISES_H

#include "core/model/model.h"

/* What has to hold of the model of any bytes, honest or not (reliability.md 13.4): no time is
 * negative or outside of the trace; the states of a goroutine do not overlap and are no longer than
 * its life, those of a P no longer than the trace; what runs on a P comes one after the other; what
 * a picture shows of a window is no longer than that. The model is whole.
 *
 * Returns the first that is broken, a constant sentence; NULL: none. */
const char *promise_broken(const struct model *model);

#endif
