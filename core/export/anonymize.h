/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_ANONYMIZE_H
#define CORE_EXPORT_ANONYMIZE_H

#include "core/export/aliases.h"
#include "core/export/text_out.h"
#include "core/trace/index.h"

/* A v2 trace whose names are others (aliases.h), for who may not see them: its tables of strings
 * are written anew, all else stays as it is. What cannot be read might hold names: it is left out,
 * and so is what experiments have written beside the events. */
struct anonymizing {
	const struct index *index; /* whole */
	const struct source *source;
	struct budget *budget;
	struct aliases aliases;
};

void anonymizing_init(struct anonymizing *anonymizing, const struct index *index,
                      const struct source *source, struct budget *budget);
void anonymizing_free(struct anonymizing *anonymizing);

/* First: learns all names of the trace. False: there is no memory for them. */
bool anonymizing_learn(struct anonymizing *anonymizing, struct error *err);

/* Says so; returns false. */
bool anonymize_is_short(struct error *err);

/* Then: writes it. damage gets what is left out. */
void anonymizing_put(const struct anonymizing *anonymizing, struct text_out *out,
                     struct damage *damage);

#endif
