/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_CHILD_H
#define TUI_HOST_CHILD_H

#include <sys/types.h>

#include "core/base/bytes.h"
#include "core/base/error.h"

/* The processes that gander starts, and the only place that starts any: curl, gzip and zstd. They
 * begin before the terminal is taken and before there are threads. Each is in a process group of
 * its own, so that Ctrl-C and Ctrl-Z are ours alone; it has standard input, output and error and no
 * other descriptor, no signal is blocked or ignored; and it is killed when we end, however that
 * happens (Linux; elsewhere it ends when it next writes). What it complains of is kept for our one
 * line, and never makes it wait. */
struct child {
	const char *name; /* of the program, for messages */
	pid_t pid;        /* 0: has ended, and was waited for */
	int complaints;   /* its standard error */
	int status;       /* as waitpid tells it */
};

/* Several in a row, each reading what the one before it writes. */
struct children {
	struct child items[3];
	size_t count;
};

/* Adds a program, found on PATH, behind the others. in becomes its standard input, -1 is an empty
 * one; it is closed here, also on failure. *out: the reading end of its standard output. argv ends
 * in NULL; its texts live as long as the child. ERROR_IO if there is no such program: then why says
 * what it was wanted for. */
bool children_start(struct children *children, const char *const *argv, const char *why, int in,
                    int *out, struct error *err);

/* Adds a process that passes on what was read already, then all of in. */
bool children_start_feeder(struct children *children, struct bytes first, int in, int *out,
                           struct error *err);

/* The output has ended: waits for all of them, a moment. False if one has failed: the first in the
 * row that did so by itself. What is still busy then, for nobody, is killed. */
bool children_end(struct children *children, struct error *err);

/* Nothing more is wanted of them. */
void children_kill(struct children *children);

/* Opens a file at a line in the user's editor ($VISUAL, $EDITOR, vi) and waits for its end. The
 * terminal must be given back before. */
bool child_edit(const char *path, uint32_t line, struct error *err);

#endif
