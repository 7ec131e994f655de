/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_SOURCE_H
#define CORE_TRACE_SOURCE_H

#include "core/base/arena.h"
#include "core/base/error.h"

/* The bytes of a trace, at offsets: of a file, read again whenever they are wanted, or of a pipe,
 * kept in memory as long as there is room. Nothing above core/trace knows which. Any thread may
 * read; one appends and forgets. */
struct source {
	struct budget *budget;
	int fd;                  /* the file; -1: bytes are appended */
	_Atomic uint64_t begin;  /* bytes before it are forgotten: cannot be read again */
	_Atomic uint64_t end;    /* bytes there are so far */
	atomic_bool is_finished; /* no more will come */
	bool is_large;           /* a file that would push others' out of the page cache */
	bool is_made;            /* by us, of a trace: no bytes that memory is allowed for */
	struct source_chunk **chunks;
	struct source_failure *failure; /* of a file */
};

/* Takes over an open regular file. */
void source_open_file(struct source *source, struct budget *budget, int fd, uint64_t size);

/* The file may grow from now on: until source_finish. */
void source_follow(struct source *source);
void source_grow(struct source *source, uint64_t size);

/* Bytes will be appended as they arrive. */
void source_open_stream(struct source *source, struct budget *budget);

/* False if there are too many: 64 GiB are kept at a time. */
bool source_append(struct source *source, struct bytes more);

/* Gives back the memory of what was appended before an offset, in whole MiB. Nobody may be reading
 * there. */
void source_forget(struct source *source, uint64_t before);
void source_finish(struct source *source);

/* So many bytes at offset will be read soon: the system may fetch them from the disk. */
void source_expect(const struct source *source, uint64_t offset, uint64_t len);

/* So many bytes at offset are not needed for now: the system may use their place in the page cache
 * for something else, if the file is large. */
void source_release(const struct source *source, uint64_t offset, uint64_t len);
void source_close(struct source *source);

/* Copies up to len bytes at offset. Fewer come at the end, of a file that has shrunk, where the
 * system refuses to read on, and none of what is forgotten; *err says which (may be NULL). */
size_t source_read(const struct source *source, uint64_t offset, void *buffer, size_t len,
                   struct error *err);

/* What the system said, and where, when it refused to read on for the first time; false if it never
 * did. */
bool source_has_failed(const struct source *source, struct error *err);

#endif
