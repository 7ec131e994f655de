/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_INPUT_H
#define TUI_HOST_INPUT_H

#include "core/trace/source.h"
#include "core/trace/version.h"
#include "tui/host/child.h"

/* The trace to look at: a file, or what comes through a pipe, from an address or a decompressor. It
 * is opened, and its first 16 bytes are judged, before anything else happens, so that whatever is
 * wrong is said in one line on an untouched terminal. Opening a FIFO waits for its writer, as does
 * the header of a slow pipe or program: Ctrl-C just works. */
struct input {
	struct source source;
	struct version version;
	int fd;         /* of a pipe that may bring more; -1: a file, or the end was seen */
	uint64_t limit; /* bytes of a pipe to keep at a time; 0: no limit */
	bool is_stream;
	bool is_followed;         /* a file that may grow */
	struct children children; /* that bring the bytes */
	int packed_fd;            /* a compressed file, of which one reads; or -1 */
	uint64_t packed_size;
	char name[96];    /* for titles: the last part of the path, or the host */
	char seconds[16]; /* of recording that are awaited from an address; "": not known */
};

/* path is a file, a FIFO, /dev/stdin and the like, "-", which is standard input, or an address
 * (tui/host/address.h), which curl reads. What is compressed is read through gzip or zstd, as its
 * first bytes tell. follow: a file is read on as it grows, and waited for if it has no header yet;
 * for everything else it means nothing, but what is compressed cannot be followed. The message says
 * what is wrong without the path. Errors: ERROR_IO, ERROR_USAGE (a terminal, an address that is
 * none), and those of version_parse_newer. */
bool input_open(struct input *input, const char *path, bool follow, struct budget *budget,
                struct error *err);
void input_close(struct input *input);

/* To be polled for reading; -1: nothing more will come, or it is a file that is followed and wants
 * to be pumped now and then. */
int input_fd(const struct input *input);

/* Appends what is there, at most max bytes, without waiting for more. At the end the source is
 * finished; so it is after a failure (then false), and what came before stays: the system refuses
 * to read on, a program that brings the bytes has failed, the limit is reached, a file that is
 * followed has become shorter. */
bool input_pump(struct input *input, size_t max, struct error *err);

/* How many bytes of a pipe may come before its limit is reached; of a file: UINT64_MAX. */
uint64_t input_room(const struct input *input);

/* No more is wanted: what has come is all there is. False if all is there already. */
bool input_stop(struct input *input);

/* How far the reading of a compressed file has come; false for everything else. */
bool input_position(const struct input *input, uint64_t *at, uint64_t *size);

/* By how many bytes a file that is not followed is longer now than it was when it was opened; less
 * than 0: shorter. 0 for everything else. */
int64_t input_growth(const struct input *input);

#endif
