/* SPDX-License-Identifier: MIT */
#ifndef TUI_EXPORTING_H
#define TUI_EXPORTING_H

#include "core/base/bytes.h"
#include "core/base/error.h"

/* Commands that make a file of a trace for other programs: a smaller trace, or one in a form of
 * theirs (answers.md 3). */

struct options;
struct session;

struct export_form {
	const char *name;  /* the command */
	const char *help;  /* one line */
	const char *about; /* more lines, for the command's own help */
	/* What becomes of a trace that is open: an exit status. Complaints name path. */
	int (*run)(struct session *session, const struct options *options, const char *path);
};

extern const struct export_form export_forms[];
extern const size_t export_forms_count;

/* NULL: there is none of that name. */
const struct export_form *export_form_find(struct bytes name);

/* What can be refused before anything is read: a terminal, and a file that is there. */
bool exporting_check(const struct options *options, struct error *err);

#endif
