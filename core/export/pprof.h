/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_PPROF_H
#define CORE_EXPORT_PPROF_H

#include "core/analysis/profile.h"
#include "core/export/text_out.h"

/* A profile as `go tool pprof` and others read it: profile.proto of github.com/google/pprof, in
 * gzip. Types of samples are those of `go tool trace -pprof` (Go: traceviewer.BuildProfile): how
 * often (contentions) and how long (delay, in ns); of a profile that has no delays, how often
 * alone. Samples are in the order of their stacks' addresses, so that a profile is the same
 * whatever made it. */
void pprof_put(struct text_out *out, const struct profile *profile, const struct model *model,
               enum profile_of of);

#endif
