/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_TRIAGE_H
#define CORE_EXPORT_TRIAGE_H

#include "core/analysis/findings.h"
#include "core/export/text_out.h"

/* One screen of text for a chat or an incident's document: what the trace is, GC and stops in
 * short, how long goroutines waited for a P, the worst findings with the command that opens each,
 * and the slowest tasks. state: of the pass that made the findings; file: as the trace is to be
 * called; path: what opens it. */
void triage_put(struct text_out *out, const struct findings *findings, const void *state,
                const char *file, const char *path);

#endif
