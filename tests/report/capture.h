/* SPDX-License-Identifier: MIT */
#ifndef TESTS_REPORT_CAPTURE_H
#define TESTS_REPORT_CAPTURE_H

#include "tui/report/report.h"

#include <stdio.h>
#include <unistd.h>

/* What a form writes of a table, as a text. */
typedef void report_form(struct writer *writer, const struct table *table);

__attribute__((unused)) static const char *capture(report_form *form, const struct table *table)
{
	static char out[8192];
	static struct writer writer;
	FILE *file = tmpfile();
	struct error err = { 0 };
	size_t len;

	writer_open(&writer, fileno(file));
	form(&writer, table);
	writer_close(&writer, &err);
	rewind(file);
	len = fread(out, 1, sizeof(out) - 1, file);
	out[len] = '\0';
	fclose(file);
	return out;
}

#endif
