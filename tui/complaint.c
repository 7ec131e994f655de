/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/complaint.h"

#include "tui/view/cells.h"

#include <inttypes.h>
#include <stdio.h>

void complain(const char *path, const struct error *err)
{
	char name[256], message[512];

	cells_clean(name, sizeof(name), bytes_of(path == NULL ? "" : path));
	cells_clean(message, sizeof(message), bytes_of(err->message));
	fprintf(stderr, "gander: %s%s%s", name, path == NULL ? "" : ": ", message);
	if (err->offset != ERROR_NO_OFFSET && err->kind != ERROR_NONE)
		fprintf(stderr, " (at byte %" PRIu64 ")", err->offset);
	fputc('\n', stderr);
}

int fail(const char *path, const struct error *err)
{
	complain(path, err);
	return (int)status_of(err->kind);
}

int fail_output(const struct error *err)
{
	return err->message[0] == '\0' ? (int)STATUS_OUTPUT : fail(NULL, err);
}
