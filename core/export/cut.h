/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_CUT_H
#define CORE_EXPORT_CUT_H

#include "core/export/text_out.h"
#include "core/trace/index.h"

/* A part of a v2 trace as a trace of its own: the header and whole generations, which say all over
 * what was there before them, byte for byte and in the order of the file. */
struct cut {
	const struct index *index; /* whole, with a generation */
	const struct source *source;
	struct budget *budget;
	int64_t end_ns;         /* of the trace: its last event, since its begin */
	int64_t from_ns, to_ns; /* the stretch that is wanted, likewise */
};

/* The stretch is all of the trace. */
void cut_init(struct cut *cut, const struct index *index, const struct source *source,
              struct budget *budget);

/* Whether anything laps into the stretch. */
bool cut_has_any(const struct cut *cut);

/* Writes the generations that do. damage gets what is left out of them, as it is not whole. */
void cut_put(const struct cut *cut, struct text_out *out, struct damage *damage);

#endif
