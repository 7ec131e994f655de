/* SPDX-License-Identifier: MIT */
#ifndef TUI_REPORT_TEXTS_H
#define TUI_REPORT_TEXTS_H

#include "core/base/error.h"
#include "core/trace/index.h"

/* Go's own text forms of a trace, printed: events, wire, footprint. They need no model. */

struct text_form {
	const char *name; /* the command */
	const char *help; /* one line */
	const char *mode; /* of go tool trace -d= */
	bool is_ordered;  /* v1 has it, too */
};

extern const struct text_form text_forms[];
extern const size_t text_forms_count;

/* By the command's name, or by Go's mode. NULL: there is none. */
const struct text_form *text_form_find(struct bytes name);
const struct text_form *text_form_of_mode(struct bytes mode);

/* What the caller wants beside that. */
struct text_wish {
	const char *output; /* a new file; NULL or "-": standard output */
	bool is_strict;     /* refuse what Go refuses */
};

/* What became of it. */
struct text_outcome {
	uint64_t records;     /* that were printed; of events, all but Sync */
	struct damage damage; /* the caller frees it; strict: none */
};

/* Prints a trace whose index is whole. ERROR_OUTPUT if it did not arrive; strict: another error at
 * what Go refuses. */
bool texts_print(const struct text_form *form, const struct text_wish *wish, struct budget *budget,
                 const struct index *index, const struct source *source,
                 struct text_outcome *outcome, struct error *err);

#endif
