/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_TIME_TEXT_H
#define CORE_BASE_TIME_TEXT_H

#include "core/base/bytes.h"

enum { TIME_TEXT_MAX = 32 }; /* room that every text here fits into, with its NUL */

/* A duration as Go writes it: 0s, 123ns, 1.5µs, 12.345ms, 1m0.5s, 2h0m3s (Go:
 * time.Duration.String). Returns text. */
const char *time_text_go(char text[TIME_TEXT_MAX], int64_t ns);

/* The same for a small place: at most four digits and one unit, "1.234 ms"; ascii writes us. */
const char *time_text_short(char text[TIME_TEXT_MAX], int64_t ns, bool ascii);

/* A multiple of step_ns with just the digits that step needs, in the given unit ("412.5 ms"):
 * the labels of a ruler. unit_ns is a power of ten up to a second, or 60 seconds. */
const char *time_text_tick(char text[TIME_TEXT_MAX], int64_t ns, int64_t step_ns, int64_t unit_ns,
                           bool ascii);

/* The unit a ruler with this step should use: the largest not above the greatest time shown. */
int64_t time_unit_for(int64_t greatest_ns);

/* Reads what answers.md calls T: a Go duration (412.1ms, 1m2s, us or µs), a bare integer in ns, or
 * either with a minus sign. False if it is neither or too large. */
bool time_text_parse(struct bytes text, int64_t *ns);

#endif
