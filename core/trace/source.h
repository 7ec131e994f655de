/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_SOURCE_H
#define CORE_TRACE_SOURCE_H

#include "core/base/arena.h"
#include "core/base/error.h"

/* The bytes of a trace, at offsets: of a file, read again whenever they are wanted, or of a pipe,
 * kept in memory. Nothing above core/trace knows which. Any thread may read; one appends. */
struct source {
	struct budget *budget;
	int fd;                  /* the file; -1: bytes are appended */
	_Atomic uint64_t end;    /* bytes there are so far */
	atomic_bool is_finished; /* no more will come */
	struct source_chunk **chunks;
};

/* Takes over an open regular file. */
void source_open_file(struct source *source, struct budget *budget, int fd, uint64_t size);

/* The file may grow from now on: until source_finish. */
void source_follow(struct source *source);
void source_grow(struct source *source, uint64_t size);

/* Bytes will be appended as they arrive. */
void source_open_stream(struct source *source, struct budget *budget);

/* False if there are too many: a stream holds 64 GiB. */
bool source_append(struct source *source, struct bytes more);
void source_finish(struct source *source);
void source_close(struct source *source);

/* Copies up to len bytes at offset. Fewer come at the end, of a file that has shrunk, and where the
 * system refuses to read on; *err says which (may be NULL). */
size_t source_read(const struct source *source, uint64_t offset, void *buffer, size_t len,
                   struct error *err);

#endif
