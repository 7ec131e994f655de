/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20, READ_SIZE = 64 << 10 };

static bool refuse(struct error *err, const char *sentence)
{
	return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s", sentence);
}

static bool is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

static bool is_url(const char *path)
{
	return strncmp(path, "http://", 7) == 0 || strncmp(path, "https://", 8) == 0;
}

const char *input_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (is_standard_input(path))
		return "standard input";
	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* open fails on a socket with words that help nobody. */
static bool could_not_open(const char *path, int failure, struct error *err)
{
	struct stat stat_of;

	if (is_url(path))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "addresses are not read yet; try: curl -sN URL | gander -");
	if (failure == ENXIO && stat(path, &stat_of) == 0 && S_ISSOCK(stat_of.st_mode))
		return refuse(err, "is a socket, not a trace");
	return refuse(err, strerror(failure));
}

static int open_path(const char *path, struct error *err)
{
	int fd = is_standard_input(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
	                                 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		could_not_open(path, errno, err);
	return fd;
}

/* Standard input may be a socket: sshd and others make one where we expect a pipe. */
static bool judge_kind(int fd, const struct stat *stat_of, struct error *err)
{
	if (S_ISDIR(stat_of->st_mode))
		return refuse(err, "is a directory, not a trace");
	if (S_ISBLK(stat_of->st_mode))
		return refuse(err, "is a block device, not a trace");
	if (isatty(fd))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "is a terminal; gander reads a trace, not a keyboard");
	return true;
}

static void be_sequential(int fd)
{
	/* hints, both: nothing depends on them */
#ifdef POSIX_FADV_SEQUENTIAL
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
#ifdef F_SETPIPE_SZ
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
#else
	(void)PIPE_SIZE;
#endif
}

/* One read, waiting until something is there; 0 at the end. -1: errno tells. */
static ssize_t read_some(int fd, void *buffer, size_t len)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	ssize_t got;

	for (;;) {
		got = read(fd, buffer, len);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN) /* somebody made it non-blocking */
			poll(&wanted, 1, -1);
	}
}

static bool is_ready(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };

	return poll(&wanted, 1, 0) > 0;
}

static void finish(struct input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	input->fd = -1;
	source_finish(&input->source);
}

static bool reached_limit(struct input *input, struct error *err)
{
	uint64_t mib = atomic_load(&input->source.end) >> 20;

	finish(input);
	return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                 "stopped after %" PRIu64 " MiB: memory limit reached; --memory raises it",
	                 mib);
}

/* Reads once and appends. *got: the bytes that came. */
static bool append_some(struct input *input, size_t max, size_t *got, struct error *err)
{
	uint8_t buffer[READ_SIZE];
	ssize_t len = read_some(input->fd, buffer, max < READ_SIZE ? max : READ_SIZE);
	uint64_t end = atomic_load(&input->source.end);

	*got = len > 0 ? (size_t)len : 0;
	if (len < 0) {
		refuse(err, strerror(errno));
		finish(input);
		return false;
	}
	if (len == 0) {
		finish(input);
		return true;
	}
	if (input->limit != 0 && end + *got > input->limit)
		return reached_limit(input, err);
	if (!source_append(&input->source, (struct bytes){ buffer, *got }))
		return reached_limit(input, err);
	return true;
}

bool input_pump(struct input *input, size_t max, struct error *err)
{
	size_t got = 0;

	while (max > 0 && input->fd >= 0 && is_ready(input->fd)) {
		if (!append_some(input, max, &got, err))
			return false;
		max -= got;
	}
	return true;
}

bool input_drain(struct input *input, struct error *err)
{
	size_t got;

	while (input->fd >= 0)
		if (!append_some(input, READ_SIZE, &got, err))
			return false;
	return true;
}

/* Waits for as much of a pipe as its header takes. */
static bool fetch_header(struct input *input, struct error *err)
{
	size_t got;

	while (input->fd >= 0 && atomic_load(&input->source.end) < VERSION_HEADER)
		if (!append_some(input, READ_SIZE, &got, err))
			return false;
	return true;
}

static bool judge_header(struct input *input, struct error *err)
{
	uint8_t head[VERSION_HEADER];
	size_t len = source_read(&input->source, 0, head, sizeof(head), err);

	return err->kind == ERROR_NONE &&
	       version_parse((struct bytes){ head, len }, &input->version, err);
}

bool input_open(struct input *input, const char *path, struct budget *budget, struct error *err)
{
	struct stat stat_of;
	int fd = open_path(path, err);

	*input = (struct input){ .fd = -1, .source = { .budget = budget, .fd = -1 } };
	if (fd < 0)
		return false;
	if (fstat(fd, &stat_of) != 0 || !judge_kind(fd, &stat_of, err)) {
		close(fd);
		return err->kind != ERROR_NONE ? false : refuse(err, strerror(errno));
	}
	be_sequential(fd);
	input->is_stream = !S_ISREG(stat_of.st_mode);
	if (input->is_stream) {
		source_open_stream(&input->source, budget);
		input->fd = fd;
	} else {
		source_open_file(&input->source, budget, fd, (uint64_t)stat_of.st_size);
	}
	if (fetch_header(input, err) && judge_header(input, err))
		return true;
	input_close(input);
	return false;
}

void input_close(struct input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	input->fd = -1;
	source_close(&input->source);
}

int input_fd(const struct input *input)
{
	return input->fd;
}
