/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, CHUNKS = 1 << 16 };

/* Whoever reads may meet it; the first to do so tells. */
struct source_failure {
	atomic_flag is_taken;
	uint64_t offset;
	_Atomic int number; /* errno, when the offset is known; 0: none so far */
};

struct source_chunk {
	uint8_t data[CHUNK];
};

/* The chunk of an offset: a ring, as what is forgotten leaves its place to what comes. */
static struct source_chunk **slot(const struct source *source, uint64_t offset)
{
	return &source->chunks[offset / CHUNK % CHUNKS];
}

void source_open_file(struct source *source, struct budget *budget, int fd, uint64_t size)
{
	*source = (struct source){ .budget = budget, .fd = fd };
	source->failure = budget_resize(budget, NULL, 0, sizeof(*source->failure));
	*source->failure = (struct source_failure){ .is_taken = ATOMIC_FLAG_INIT };
	budget_add_bytes(budget, (size_t)size);
	atomic_store(&source->end, size);
	atomic_store(&source->is_finished, true);
}

void source_follow(struct source *source)
{
	atomic_store(&source->is_finished, false);
}

void source_grow(struct source *source, uint64_t size)
{
	budget_add_bytes(source->budget, (size_t)(size - atomic_load(&source->end)));
	atomic_store_explicit(&source->end, size, memory_order_release);
}

void source_open_stream(struct source *source, struct budget *budget)
{
	*source = (struct source){ .budget = budget, .fd = -1 };
}

bool source_append(struct source *source, struct bytes more)
{
	uint64_t end = atomic_load_explicit(&source->end, memory_order_relaxed);
	size_t within, part;

	if (source->chunks == NULL) {
		source->chunks =
			budget_resize(source->budget, NULL, 0, CHUNKS * sizeof(*source->chunks));
		memset(source->chunks, 0, CHUNKS * sizeof(*source->chunks));
	}
	while (more.len > 0) {
		if (end / CHUNK - atomic_load(&source->begin) / CHUNK >= CHUNKS)
			return false;
		if (end % CHUNK == 0)
			*slot(source, end) = budget_resize(source->budget, NULL, 0, CHUNK);
		within = (size_t)(end % CHUNK);
		part = more.len < CHUNK - within ? more.len : CHUNK - within;
		memcpy((*slot(source, end))->data + within, more.data, part);
		if (!source->is_made)
			budget_add_bytes(source->budget, part);
		more.data += part;
		more.len -= part;
		end += part;
		atomic_store_explicit(&source->end, end, memory_order_release);
	}
	return true;
}

void source_forget(struct source *source, uint64_t before)
{
	uint64_t begin = atomic_load_explicit(&source->begin, memory_order_relaxed);
	uint64_t end = atomic_load_explicit(&source->end, memory_order_relaxed);

	if (source->chunks == NULL)
		return;
	before = before < end ? before : end;
	for (; begin + CHUNK <= before; begin += CHUNK) {
		atomic_store_explicit(&source->begin, begin + CHUNK, memory_order_relaxed);
		budget_resize(source->budget, *slot(source, begin), CHUNK, 0);
	}
}

void source_expect(const struct source *source, uint64_t offset, uint64_t len)
{
#ifdef POSIX_FADV_WILLNEED
	if (source->fd >= 0)
		posix_fadvise(source->fd, (off_t)offset, (off_t)len, POSIX_FADV_WILLNEED);
#else
	(void)source, (void)offset, (void)len;
#endif
}

void source_release(const struct source *source, uint64_t offset, uint64_t len)
{
#ifdef POSIX_FADV_DONTNEED
	if (source->is_large && source->fd >= 0)
		posix_fadvise(source->fd, (off_t)offset, (off_t)len, POSIX_FADV_DONTNEED);
#else
	(void)source, (void)offset, (void)len;
#endif
}

void source_finish(struct source *source)
{
	atomic_store(&source->is_finished, true);
}

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	if (!source->is_made && source->budget != NULL)
		budget_drop_bytes(source->budget, (size_t)source->end);
	for (uint64_t at = source->begin; source->chunks != NULL && at < source->end; at += CHUNK)
		budget_resize(source->budget, *slot(source, at), CHUNK, 0);
	if (source->chunks != NULL)
		budget_resize(source->budget, source->chunks, CHUNKS * sizeof(*source->chunks), 0);
	if (source->failure != NULL)
		budget_resize(source->budget, source->failure, sizeof(*source->failure), 0);
	*source = (struct source){ .budget = source->budget, .fd = -1 };
}

static void note_failure(struct source_failure *failure, uint64_t offset, int number)
{
	if (atomic_flag_test_and_set(&failure->is_taken))
		return;
	failure->offset = offset;
	atomic_store_explicit(&failure->number, number, memory_order_release);
}

bool source_has_failed(const struct source *source, struct error *err)
{
	int number = source->failure == NULL
	                     ? 0
	                     : atomic_load_explicit(&source->failure->number, memory_order_acquire);

	if (number != 0)
		error_set(err, ERROR_IO, source->failure->offset, "%s", strerror(number));
	return number != 0;
}

static size_t read_file(const struct source *source, uint64_t offset, uint8_t *buffer, size_t len,
                        struct error *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = pread(source->fd, buffer + done, len - done, (off_t)(offset + done));

		if (got > 0) {
			done += (size_t)got;
		} else if (got == 0) {
			break;
		} else if (errno != EINTR) {
			note_failure(source->failure, offset + done, errno);
			if (err != NULL)
				error_set(err, ERROR_IO, offset + done, "%s", strerror(errno));
			break;
		}
	}
	return done;
}

size_t source_read(const struct source *source, uint64_t offset, void *buffer, size_t len,
                   struct error *err)
{
	uint64_t end = atomic_load_explicit(&source->end, memory_order_acquire);
	size_t done = 0;

	if (offset >= end || offset < atomic_load_explicit(&source->begin, memory_order_relaxed))
		return 0;
	if (len > end - offset)
		len = (size_t)(end - offset);
	if (source->fd >= 0)
		return read_file(source, offset, buffer, len, err);
	while (done < len) {
		size_t within = (size_t)((offset + done) % CHUNK);
		size_t part = len - done < CHUNK - within ? len - done : CHUNK - within;

		memcpy((uint8_t *)buffer + done, (*slot(source, offset + done))->data + within,
		       part);
		done += part;
	}
	return done;
}
