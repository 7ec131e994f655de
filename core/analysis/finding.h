/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FINDING_H
#define CORE_ANALYSIS_FINDING_H

#include "core/analysis/findings.h"
#include "core/analysis/signs.h"
#include "core/base/time_text.h"

/* Inside of findings: the kinds, a file each, and what they share. Each looks through the model and
 * the signs and adds what it finds. */

typedef void finding_fn(struct findings *findings, const struct signs *signs);

finding_fn finding_assists; /* finding_assists.c */
finding_fn finding_bursts;  /* finding_bursts.c */
finding_fn finding_calls;   /* finding_calls.c */
finding_fn finding_convoys; /* finding_convoys.c */
finding_fn finding_damage;  /* finding_damage.c */
finding_fn finding_heap;    /* finding_heap.c */
finding_fn finding_queues;  /* finding_spells.c, as the next two */
finding_fn finding_idle;
finding_fn finding_serial;
finding_fn finding_runs;   /* finding_runs.c */
finding_fn finding_stalls; /* finding_stalls.c */
finding_fn finding_stops;  /* finding_stops.c */
finding_fn finding_sweeps; /* finding_sweeps.c */

/* What they are made from, of the state of the pass. */
const struct signs *findings_signs(const void *state);

/* A copy, with its sentence; its subject is the goroutine, the P, or else the function of the
 * stack, unless it has one. */
__attribute__((format(printf, 3, 4))) void
finding_add(struct findings *findings, const struct finding *finding, const char *format, ...);

/* Some of too many to keep them all: they are only counted, with what they cost together. */
void finding_count(struct findings *findings, enum finding_kind kind, uint64_t count,
                   int64_t cost_ns);

/* A part of a sentence. */
enum { FINDING_TEXT_MAX = 400, FINDING_NAME_MAX = 120 };
struct finding_text {
	char text[FINDING_TEXT_MAX];
	size_t len;
};
__attribute__((format(printf, 2, 3))) void finding_say(struct finding_text *text,
                                                       const char *format, ...);

/* A duration as Go writes it, for a format: finding_time(ns).text */
struct finding_time {
	char text[TIME_TEXT_MAX];
};
struct finding_time finding_time(int64_t ns);

/* "G21 main.publish"; "somebody" */
struct finding_name {
	char text[FINDING_NAME_MAX];
};
struct finding_name finding_go(const struct findings *findings, uint32_t go);
struct finding_name finding_string(const struct findings *findings, string_id id);

/* "main.(*account).pay (cases.go:232)": the innermost frame that is not of the runtime or sync;
 * "main.f" if that is all that is known. Where that is lost or was never recorded, words for it, as
 * finding_string has them. */
bool finding_has_place(const struct findings *findings, stack_id stack);
struct finding_name finding_place(const struct findings *findings, stack_id stack);

/* "17 %" of something, without its sign. */
int finding_percent(int64_t part_ns, int64_t all_ns);

/* Whether waits at a place are for a lock, and so many that they are a finding of their own. */
bool finding_is_convoy(const struct findings *findings, const struct signs *signs,
                       const struct wait_site *site);

/* Whether a goroutine is of the program, and not of the runtime. */
bool finding_is_ordinary(const struct findings *findings, uint32_t go);

/* Whether some frame of a stack begins with one of those names, up to a NULL. */
bool finding_stack_has(const struct findings *findings, stack_id stack, const char *const *names);

#endif
