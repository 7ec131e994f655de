/* SPDX-License-Identifier: MIT */
#ifndef TUI_EXPORT_FORM_H
#define TUI_EXPORT_FORM_H

#include "core/base/bytes.h"

/* Commands that make a file of a trace for other programs: a smaller trace, or one in a form of
 * theirs (answers.md 3). tui/exporting makes them. */

struct export_form {
	enum { EXPORT_ANONYMIZE, EXPORT_CHROME, EXPORT_CUT } of;
	const char *name;  /* the command */
	const char *help;  /* one line */
	const char *about; /* more lines, for the command's own help */
};

extern const struct export_form export_forms[];
extern const size_t export_forms_count;

/* NULL: there is none of that name. */
const struct export_form *export_form_find(struct bytes name);

#endif
