/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_ANONYMIZE_V1_H
#define CORE_EXPORT_ANONYMIZE_V1_H

#include "core/export/text_out.h"
#include "core/trace/damage.h"
#include "core/trace/source.h"

/* The same as anonymize.h of a v1 trace, whose source is finished: its strings and the texts of its
 * logs are others. Those of before Go 1.7 have no names, but addresses. False: there is nothing
 * in it, or no memory for all of it. */
bool anonymize_v1(struct text_out *out, const struct source *source, unsigned minor,
                  struct budget *budget, struct damage *damage, struct error *err);

#endif
