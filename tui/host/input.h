/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_INPUT_H
#define TUI_HOST_INPUT_H

#include "core/trace/source.h"
#include "core/trace/version.h"

/* The trace to look at: a file, or what comes through a pipe. It is opened, and its first 16 bytes
 * are judged, before anything else happens, so that whatever is wrong is said in one line on an
 * untouched terminal. Opening a FIFO waits for its writer, as does the header of a slow pipe:
 * Ctrl-C just works. */
struct input {
	struct source source;
	struct version version;
	int fd;         /* of a pipe that may bring more; -1: a file, or the end was seen */
	uint64_t limit; /* bytes of a pipe to keep; 0: no limit */
	bool is_stream;
};

/* path is a file, a FIFO, /dev/stdin and the like, or "-", which is standard input. The message
 * says what is wrong without the path. Errors: ERROR_IO, ERROR_USAGE (a terminal), and those of
 * version_parse. */
bool input_open(struct input *input, const char *path, struct budget *budget, struct error *err);
void input_close(struct input *input);

/* What messages and titles call it: the last part of the path, or "standard input". */
const char *input_name(const char *path);

/* To be polled for reading; -1: nothing more will come. */
int input_fd(const struct input *input);

/* Appends what is there, at most max bytes, without waiting for more. At the end the source is
 * finished; so it is after a failure (then false), and what came before stays: the system refuses
 * to read on, or the limit is reached. */
bool input_pump(struct input *input, size_t max, struct error *err);

/* Reads to the end, waiting. False as above. */
bool input_drain(struct input *input, struct error *err);

#endif
