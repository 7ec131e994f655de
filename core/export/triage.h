/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_TRIAGE_H
#define CORE_EXPORT_TRIAGE_H

#include "core/analysis/findings.h"
#include "core/export/text_out.h"

/* One screen of text for a chat or an incident's document: what the trace is, GC and stops in
 * short, how long goroutines waited for a P, the slowest tasks with what they hung on, and the
 * worst findings with the command that opens each. */
enum { TRIAGE_TASKS = 3, TRIAGE_PATH_MAX = 320 };

struct triage {
	const struct model *model;
	const struct findings *findings; /* NULL: memory was too short for them */
	const void *state;               /* of the pass that made them */
	const char *file, *path;         /* as the trace is to be called; what opens it */
	const struct user_task *tasks[TRIAGE_TASKS]; /* the slowest */
	char hung_on[TRIAGE_TASKS][TRIAGE_PATH_MAX]; /* ""; not known */
	size_t task_count;
};

void triage_find_tasks(struct triage *triage);

void triage_put(struct text_out *out, const struct triage *triage);

#endif
