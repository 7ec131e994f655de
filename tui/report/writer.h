/* SPDX-License-Identifier: MIT */
#ifndef TUI_REPORT_WRITER_H
#define TUI_REPORT_WRITER_H

#include "core/base/bytes.h"
#include "core/base/error.h"

/* Where a report goes: one buffered writer that remembers the first error and asks again at the
 * end, as a full disk is often noticed only there (reliability.md 11). SIGPIPE must be ignored. */
struct writer {
	int fd;
	const char *path;    /* of a new file; NULL: the descriptor is not ours */
	char temporary[512]; /* what the file is called until it is whole */
	int failure;         /* errno of the first failed write; 0: none */
	size_t used;
	char buffer[16 << 10];
};

/* Onto an open descriptor, which is neither closed nor waited for. */
void writer_open(struct writer *writer, int fd);

/* Into a new file, readable by its owner alone: a trace tells about requests. It gets its name when
 * it is whole; a file that is there already is never touched. path is used until the end. */
bool writer_open_new(struct writer *writer, const char *path, struct error *err);

void writer_put(struct writer *writer, struct bytes text);
void writer_put_text(struct writer *writer, const char *text);
void writer_put_number(struct writer *writer, int64_t number);
void writer_put_id(struct writer *writer, uint64_t id);
void writer_put_fraction(struct writer *writer, int64_t millionths); /* not negative */
void writer_put_spaces(struct writer *writer, size_t count);

/* Nothing that follows can arrive: whoever writes much may stop. */
bool writer_has_failed(const struct writer *writer);

/* Writes what is left, and says whether all arrived: ERROR_OUTPUT if not, then without a file. When
 * the reader of a pipe went away its message is empty: nothing is to be said, the status tells. */
bool writer_close(struct writer *writer, struct error *err);

/* Without: what was to be a file is none. */
void writer_drop(struct writer *writer);

#endif
