/* SPDX-License-Identifier: MIT */
#ifndef TUI_REPORT_REPORT_H
#define TUI_REPORT_REPORT_H

#include "core/analysis/table.h"
#include "core/base/error.h"
#include "core/export/text_out.h"
#include "tui/report/writer.h"

/* A table on its way out of the program: sorted, cut, and written in one of three forms
 * (answers.md 2). */

enum report_format {
	REPORT_TEXT,  /* for people; may change */
	REPORT_CSV,   /* RFC 4180, lines end in LF */
	REPORT_JSON,  /* an object a line */
	REPORT_PPROF, /* no table: profile.h */
};

struct report {
	enum report_format format;
	const char *output; /* a new file; NULL or "-": standard output */
	const char *group;  /* a column by which rows are summed up; NULL: they are not */
	const char *sort;   /* a column; NULL: as the analysis has it */
	size_t limit;       /* rows */
	bool has_limit;

	/* Makes a text harmless for a terminal (tui/view/cells; NULL: as it is). It is used for
	 * REPORT_TEXT, and for all forms if they go to a terminal; programs get every byte. */
	table_clean_fn *clean;
};

/* Refuses what can be refused before any work is done. Messages about the output name it. */
bool report_check(const struct report *report, struct error *err);

/* The same of what is not for people: a terminal is refused, too. what: "a profile". */
bool report_check_file(const struct report *report, const char *what, struct error *err);

/* Writes what put puts, which is no table. False from put, and there is no file; the caller knows
 * why.
 */
bool report_put(const struct report *report, struct budget *budget,
                bool (*put)(void *context, struct text_out *out), void *context, struct error *err);

/* Puts the rows of a table summed up by a column in its place (table_group.h); false: it can't be.
 */
bool report_group(struct table *table, const char *name, struct error *err);

/* Groups, sorts and cuts the table as asked, and writes it: nothing, if a column is not there. */
bool report_print(const struct report *report, struct table *table, struct error *err);

/* "text", "csv", "json" or "pprof". */
bool report_format_find(struct bytes name, enum report_format *format);

/* ---- the forms, a file each; texts are written as they are but for quoting */

void report_text(struct writer *writer, const struct table *table); /* text.c */
void report_csv(struct writer *writer, const struct table *table);  /* csv.c */
void report_json(struct writer *writer, const struct table *table); /* json.c */

#endif
