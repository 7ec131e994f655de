/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void writer_open(struct writer *writer, int fd)
{
	writer->fd = fd;
	writer->path = NULL;
	writer->failure = 0;
	writer->used = 0;
}

static bool failed(struct error *err, int failure)
{
	if (failure == EPIPE)
		return error_set(err, ERROR_OUTPUT, ERROR_NO_OFFSET, "%s", "");
	return error_set(err, ERROR_OUTPUT, ERROR_NO_OFFSET, "%s", strerror(failure));
}

static bool is_there(struct error *err)
{
	return error_set(err, ERROR_OUTPUT, ERROR_NO_OFFSET,
	                 "is there already; --output makes new files only");
}

bool writer_open_new(struct writer *writer, const char *path, struct error *err)
{
	struct stat stat_of;
	int len;

	writer_open(writer, -1);
	if (lstat(path, &stat_of) == 0)
		return is_there(err);
	len = snprintf(writer->temporary, sizeof(writer->temporary), "%s.%ld.part", path,
	               (long)getpid());
	if (len < 0 || (size_t)len >= sizeof(writer->temporary))
		return failed(err, ENAMETOOLONG);
	writer->fd = open(writer->temporary,
	                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
	if (writer->fd < 0)
		return failed(err, errno);
	writer->path = path;
	return true;
}

/* The descriptor may be a terminal or pipe that somebody made non-blocking. */
static bool wait_for_room(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };

	return poll(&wanted, 1, -1) > 0 || errno == EINTR;
}

static void flush(struct writer *writer)
{
	size_t done = 0;

	while (done < writer->used && writer->failure == 0) {
		ssize_t wrote = write(writer->fd, writer->buffer + done, writer->used - done);

		if (wrote >= 0)
			done += (size_t)wrote;
		else if (errno != EINTR && (errno != EAGAIN || !wait_for_room(writer->fd)))
			writer->failure = errno;
	}
	writer->used = 0;
}

void writer_put(struct writer *writer, struct bytes text)
{
	size_t part;

	while (text.len > 0) {
		if (writer->used == sizeof(writer->buffer))
			flush(writer);
		part = sizeof(writer->buffer) - writer->used;
		part = text.len < part ? text.len : part;
		memcpy(writer->buffer + writer->used, text.data, part);
		writer->used += part;
		text.data += part;
		text.len -= part;
	}
}

void writer_put_text(struct writer *writer, const char *text)
{
	writer_put(writer, bytes_of(text));
}

void writer_put_number(struct writer *writer, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	writer_put_text(writer, text);
}

void writer_put_id(struct writer *writer, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, id);
	writer_put_text(writer, text);
}

void writer_put_fraction(struct writer *writer, int64_t millionths)
{
	uint64_t size = millionths < 0 ? 0 - (uint64_t)millionths : (uint64_t)millionths;
	char text[32];

	snprintf(text, sizeof(text), "%s%" PRIu64 ".%06" PRIu64, millionths < 0 ? "-" : "",
	         size / 1000000, size % 1000000);
	writer_put_text(writer, text);
}

void writer_put_spaces(struct writer *writer, size_t count)
{
	for (; count > 0; count--)
		writer_put_text(writer, " ");
}

bool writer_has_failed(const struct writer *writer)
{
	return writer->failure != 0;
}

/* Gives the whole file its name, unless somebody else took it meanwhile. */
static int publish(const struct writer *writer)
{
	/* a link fails where the name is taken, on any file system that has links */
	if (link(writer->temporary, writer->path) == 0)
		return 0;
#ifdef RENAME_NOREPLACE
	if (renameat2(AT_FDCWD, writer->temporary, AT_FDCWD, writer->path, RENAME_NOREPLACE) == 0)
		return 0;
#endif
	return errno;
}

/* A network file system tells of a full disk when a descriptor is closed: any of them will do. */
static void close_copy(struct writer *writer)
{
	int copy = fcntl(writer->fd, F_DUPFD_CLOEXEC, 0);

	if (copy >= 0 && close(copy) != 0 && writer->failure == 0 && errno != EINTR)
		writer->failure = errno;
}

static void close_new(struct writer *writer)
{
	if (writer->failure == 0 && fsync(writer->fd) != 0 && errno != EINVAL && errno != EROFS)
		writer->failure = errno;
	if (close(writer->fd) != 0 && writer->failure == 0)
		writer->failure = errno;
	if (writer->failure == 0)
		writer->failure = publish(writer);
	unlink(writer->temporary);
}

bool writer_close(struct writer *writer, struct error *err)
{
	flush(writer);
	if (writer->path != NULL)
		close_new(writer);
	else
		close_copy(writer);
	writer->fd = -1;
	if (writer->failure == EEXIST)
		return is_there(err);
	return writer->failure == 0 || failed(err, writer->failure);
}

void writer_drop(struct writer *writer)
{
	struct error err = { 0 };

	writer->failure = ECANCELED;
	writer_close(writer, &err);
}
