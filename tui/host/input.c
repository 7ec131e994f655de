/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/host/address.h"

enum { PIPE_SIZE = 1 << 20, READ_SIZE = 64 << 10, FOLLOW_MS = 250 };

static bool refuse(struct error *err, const char *sentence)
{
	return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s", sentence);
}

static bool is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* open fails on a socket with words that help nobody. */
static bool could_not_open(const char *path, int failure, struct error *err)
{
	struct stat stat_of;

	if (failure == ENOENT && address_is_one(path))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "only files and http:// addresses are read; try: curl -fsSN URL | "
		                 "gander -");
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
	children_kill(&input->children);
	source_finish(&input->source);
}

static uint64_t kept(const struct input *input)
{
	return atomic_load(&input->source.end) - atomic_load(&input->source.begin);
}

static bool reached_limit(struct input *input, struct error *err)
{
	uint64_t mib = atomic_load(&input->source.end) >> 20;

	finish(input);
	return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                 "stopped after %" PRIu64 " MiB: memory limit reached; --memory raises it",
	                 mib);
}

/* net/http/pprof answers so when it cannot record; curl shows no more of it. */
static bool explain(struct error *err)
{
	size_t len = strlen(err->message);

	if (len > 10 && strcmp(err->message + len - 10, "error: 500") == 0)
		snprintf(err->message + len, sizeof(err->message) - len,
		         " (is a trace being recorded already?)");
	return false;
}

/* Reads once and appends. *got: the bytes that came. */
static bool append_some(struct input *input, size_t max, size_t *got, struct error *err)
{
	uint8_t buffer[READ_SIZE];
	ssize_t len = read_some(input->fd, buffer, max < READ_SIZE ? max : READ_SIZE);
	bool good;

	*got = len > 0 ? (size_t)len : 0;
	if (len < 0) {
		refuse(err, strerror(errno));
		finish(input);
		return false;
	}
	if (len == 0) {
		good = children_end(&input->children, err) || explain(err);
		finish(input);
		return good;
	}
	if (input->limit != 0 && kept(input) + *got > input->limit)
		return reached_limit(input, err);
	if (!source_append(&input->source, (struct bytes){ buffer, *got }))
		return reached_limit(input, err);
	return true;
}

/* Looks how long a file is by now. */
static bool grow(struct input *input, struct error *err)
{
	uint64_t end = atomic_load(&input->source.end);
	struct stat now;

	if (fstat(input->source.fd, &now) == 0 && now.st_size >= 0 &&
	    (uint64_t)now.st_size >= end) {
		source_grow(&input->source, (uint64_t)now.st_size);
		return true;
	}
	input->is_followed = false;
	finish(input);
	return refuse(err, "the file became shorter; no longer followed");
}

bool input_pump(struct input *input, size_t max, struct error *err)
{
	size_t got = 0;

	if (input->is_followed)
		return grow(input, err);
	while (max > 0 && input->fd >= 0 && is_ready(input->fd)) {
		if (!append_some(input, max, &got, err))
			return false;
		max -= got;
	}
	return true;
}

bool input_stop(struct input *input)
{
	if (atomic_load(&input->source.is_finished))
		return false;
	input->is_followed = false;
	finish(input);
	return true;
}

/* Waits for as much as a header takes. */
static bool fetch_header(struct input *input, struct error *err)
{
	size_t got;

	while (input->fd >= 0 && atomic_load(&input->source.end) < VERSION_HEADER)
		if (!append_some(input, READ_SIZE, &got, err))
			return false;
	while (input->is_followed && atomic_load(&input->source.end) < VERSION_HEADER) {
		if (!grow(input, err))
			return false;
		poll(NULL, 0, FOLLOW_MS);
	}
	return true;
}

/* ---- what is compressed */

struct packer {
	const char *magic;
	const char *argv[3];
	const char *why;
};

static const struct packer packers[] = {
	{ "\x1f\x8b", { "gzip", "-dc" }, "read gzip data" },
	{ "\x28\xb5\x2f\xfd", { "zstd", "-dc" }, "read zstd data" },
};

static const struct packer *find_packer(struct bytes head)
{
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (bytes_begin_with(head, packers[i].magic))
			return &packers[i];
	return NULL;
}

/* What the decompressor is to read, from its begin: the file itself, or through a feeder what was
 * read of a pipe and what is still to come. -1: err tells. */
static int packed_bytes(struct input *input, struct error *err)
{
	uint8_t first[READ_SIZE + VERSION_HEADER]; /* fetch_header takes no more */
	struct bytes head = { first, 0 };
	int fd = input->fd;

	if (input->is_stream) {
		head.len = source_read(&input->source, 0, first, sizeof(first), err);
		input->fd = -1;
		return children_start_feeder(&input->children, head, fd, &fd, err) ? fd : -1;
	}
	input->packed_fd = fcntl(input->source.fd, F_DUPFD_CLOEXEC, 0);
	input->packed_size = atomic_load(&input->source.end);
	fd = fcntl(input->source.fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0) {
		refuse(err, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static bool unpack(struct input *input, const struct packer *packer, struct error *err)
{
	struct budget *budget = input->source.budget;
	int packed;

	if (input->is_followed)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "compressed files cannot be followed; try: tail -c +1 -f FILE | "
		                 "%s -dc | gander -",
		                 packer->argv[0]);
	packed = packed_bytes(input, err);
	if (packed < 0)
		return false;
	source_close(&input->source);
	source_open_stream(&input->source, budget);
	input->is_stream = true;
	if (!children_start(&input->children, packer->argv, packer->why, packed, &input->fd, err))
		return false;
	be_sequential(input->fd);
	return fetch_header(input, err);
}

/* ---- opening */

static bool read_head(const struct input *input, uint8_t room[VERSION_HEADER], struct bytes *head,
                      struct error *err)
{
	*head = (struct bytes){ room, source_read(&input->source, 0, room, VERSION_HEADER, err) };
	return err->kind == ERROR_NONE;
}

static bool judge_header(struct input *input, struct error *err)
{
	uint8_t room[VERSION_HEADER];
	const struct packer *packer;
	struct bytes head;

	if (!fetch_header(input, err) || !read_head(input, room, &head, err))
		return false;
	packer = find_packer(head);
	if (packer != NULL && (!unpack(input, packer, err) || !read_head(input, room, &head, err)))
		return false;
	return version_parse_newer(head, &input->version, err);
}

static bool open_address(struct input *input, const char *path, struct error *err)
{
	struct address address;
	const char *argv[] = {
		"curl", "-q", "-fsSN", "--max-redirs", "0", "--", address.url, NULL
	};

	if (!address_parse(path, &address, err))
		return false;
	memcpy(input->name, address.name, sizeof(address.name));
	memcpy(input->seconds, address.seconds, sizeof(address.seconds));
	input->is_stream = true;
	if (!children_start(&input->children, argv, "read addresses", -1, &input->fd, err))
		return false;
	be_sequential(input->fd);
	return true;
}

static void set_name(struct input *input, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (is_standard_input(path))
		path = "standard input";
	else if (slash != NULL && slash[1] != '\0')
		path = slash + 1;
	snprintf(input->name, sizeof(input->name), "%s", path);
}

/* A file whose size is 0, or none that a file can have, may be one of those that are made up as
 * they are read. */
static bool open_file(struct input *input, const char *path, bool follow, struct error *err)
{
	struct stat stat_of;
	int fd = open_path(path, err);

	set_name(input, path);
	if (fd < 0)
		return false;
	if (fstat(fd, &stat_of) != 0 || !judge_kind(fd, &stat_of, err)) {
		close(fd);
		return err->kind != ERROR_NONE ? false : refuse(err, strerror(errno));
	}
	be_sequential(fd);
	input->is_followed = follow && S_ISREG(stat_of.st_mode);
	input->is_stream = !S_ISREG(stat_of.st_mode) || stat_of.st_size < 0 ||
	                   (stat_of.st_size == 0 && !follow);
	if (input->is_stream) {
		input->fd = fd;
		return true;
	}
	source_open_file(&input->source, input->source.budget, fd, (uint64_t)stat_of.st_size);
	if (input->is_followed)
		source_follow(&input->source);
	return true;
}

bool input_open(struct input *input, const char *path, bool follow, struct budget *budget,
                struct error *err)
{
	*input = (struct input){ .fd = -1, .packed_fd = -1 };
	source_open_stream(&input->source, budget);
	if ((address_is_http(path) ? open_address(input, path, err)
	                           : open_file(input, path, follow, err)) &&
	    judge_header(input, err))
		return true;
	input_close(input);
	return false;
}

void input_close(struct input *input)
{
	finish(input);
	if (input->packed_fd >= 0)
		close(input->packed_fd);
	input->packed_fd = -1;
	source_close(&input->source);
}

/* ---- questions */

uint64_t input_room(const struct input *input)
{
	if (!input->is_stream || input->limit == 0)
		return UINT64_MAX;
	return kept(input) < input->limit ? input->limit - kept(input) : 0;
}

int input_fd(const struct input *input)
{
	return input->fd;
}

bool input_position(const struct input *input, uint64_t *at, uint64_t *size)
{
	/* it is the decompressor's descriptor as well, and has one offset */
	off_t offset = input->packed_fd < 0 ? -1 : lseek(input->packed_fd, 0, SEEK_CUR);

	*at = offset < 0 ? 0 : (uint64_t)offset;
	*size = input->packed_size;
	return offset >= 0;
}

int64_t input_growth(const struct input *input)
{
	struct stat now;

	if (input->is_stream || input->is_followed || fstat(input->source.fd, &now) != 0)
		return 0;
	return (int64_t)now.st_size - (int64_t)atomic_load(&input->source.end);
}
