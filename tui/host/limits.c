/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/limits.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	NICE = 10,
	FILE_MAX = 16 << 10,
	IO_THREAD = 1,                    /* IOPRIO_WHO_PROCESS: with 0, the calling thread */
	IO_BEST_EFFORT_LAST = 2 << 13 | 7 /* of the usual class, the last to be served */
};

static const uint64_t MIB = 1 << 20;

/* The first bytes of a small file; empty if it cannot be read. */
static struct bytes read_file(const char *path, char room[FILE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t len = 0;
	ssize_t got = 1;

	while (fd >= 0 && got > 0 && len < FILE_MAX) {
		got = read(fd, room + len, FILE_MAX - len);
		len += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	return (struct bytes){ (const uint8_t *)room, len };
}

/* The decimal number at the head of text, after spaces; LIMITS_UNKNOWN if there is none ("max"). */
static uint64_t number_of(struct bytes text)
{
	uint64_t number = 0;
	size_t at = 0, first;

	while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\t'))
		at++;
	for (first = at; at < text.len && text.data[at] >= '0' && text.data[at] <= '9'; at++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, text.data[at] - '0', &number))
			return LIMITS_UNKNOWN;
	return at == first ? LIMITS_UNKNOWN : number;
}

/* Takes a line off text, without its end. */
static struct bytes take_line(struct bytes *text)
{
	struct bytes line = { text->data, 0 };

	while (line.len < text->len && text->data[line.len] != '\n')
		line.len++;
	text->data += line.len + (line.len < text->len);
	text->len -= line.len + (line.len < text->len);
	return line;
}

uint64_t limits_available(struct bytes meminfo)
{
	static const char name[] = "MemAvailable:";
	struct bytes line;
	uint64_t kib;

	while (meminfo.len > 0) {
		line = take_line(&meminfo);
		if (!bytes_begin_with(line, name))
			continue;
		kib = number_of(
			(struct bytes){ line.data + strlen(name), line.len - strlen(name) });
		return kib > UINT64_MAX / 1024 ? LIMITS_UNKNOWN : kib * 1024;
	}
	return LIMITS_UNKNOWN;
}

static uint64_t number_in(const char *directory, const char *name)
{
	char path[PATH_MAX], room[FILE_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		return LIMITS_UNKNOWN;
	return number_of(read_file(path, room));
}

/* What one cgroup has left. */
static uint64_t left_in(const char *directory, const char *limit_name, const char *use_name)
{
	uint64_t limit = number_in(directory, limit_name), use = number_in(directory, use_name);

	if (limit == LIMITS_UNKNOWN || use == LIMITS_UNKNOWN)
		return LIMITS_UNKNOWN;
	return use < limit ? limit - use : 0;
}

/* The least that a cgroup or one of those it is in has left. Inside a container the path may not be
 * there; its upper end is. */
static uint64_t left_upwards(const char *root, struct bytes path, const char *limit_name,
                             const char *use_name)
{
	char directory[PATH_MAX];
	uint64_t least = LIMITS_UNKNOWN, left;
	size_t top = strlen(root);
	char *slash;

	if (snprintf(directory, sizeof(directory), "%s%.*s", root, (int)path.len,
	             (const char *)path.data) >= (int)sizeof(directory))
		return LIMITS_UNKNOWN;
	for (;;) {
		left = left_in(directory, limit_name, use_name);
		least = left < least ? left : least;
		slash = strrchr(directory, '/');
		if (slash == NULL || (size_t)(slash - directory) < top)
			return least;
		*slash = '\0';
	}
}

/* Cuts "ID:CONTROLLERS:PATH" in two behind the ID; false if it is not of that form. */
static bool split_line(struct bytes line, struct bytes *controllers, struct bytes *path)
{
	const uint8_t *first = memchr(line.data, ':', line.len), *second;

	if (first == NULL)
		return false;
	first++;
	second = memchr(first, ':', line.len - (size_t)(first - line.data));
	if (second == NULL)
		return false;
	*controllers = (struct bytes){ first, (size_t)(second - first) };
	*path = (struct bytes){ second + 1, line.len - (size_t)(second + 1 - line.data) };
	return true;
}

uint64_t limits_cgroup_left(const char *mount, struct bytes self_cgroup)
{
	uint64_t least = LIMITS_UNKNOWN, left;
	struct bytes controllers, path;
	char v1[PATH_MAX];

	if (snprintf(v1, sizeof(v1), "%s/memory", mount) >= (int)sizeof(v1))
		return LIMITS_UNKNOWN;
	while (self_cgroup.len > 0) {
		if (!split_line(take_line(&self_cgroup), &controllers, &path))
			continue;
		if (controllers.len == 0)
			left = left_upwards(mount, path, "memory.max", "memory.current");
		else if (bytes_equal(controllers, bytes_of("memory")))
			left = left_upwards(v1, path, "memory.limit_in_bytes",
			                    "memory.usage_in_bytes");
		else
			continue;
		least = left < least ? left : least;
	}
	return least;
}

struct limits_memory limits_read(void)
{
	char room[FILE_MAX];
	struct limits_memory memory;

	memory.available = limits_available(read_file("/proc/meminfo", room));
	memory.cgroup_left =
		limits_cgroup_left("/sys/fs/cgroup", read_file("/proc/self/cgroup", room));
	return memory;
}

size_t limits_budget(struct limits_memory memory, uint64_t asked)
{
	uint64_t budget = 4096 * MIB;

	if (memory.available != LIMITS_UNKNOWN && memory.available / 4 < budget)
		budget = memory.available / 4;
	if (memory.cgroup_left != LIMITS_UNKNOWN && memory.cgroup_left / 2 < budget)
		budget = memory.cgroup_left / 2;
	if (budget < 128 * MIB)
		budget = 128 * MIB;
	if (asked != 0)
		budget = asked;
	return budget < SIZE_MAX / 2 ? (size_t)budget : SIZE_MAX / 2;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0) {
		/* a manner, not a need */
	}
	close(fd);
}

void limits_be_modest(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	write_file("/proc/self/oom_score_adj", "500");
}

void limits_be_nice(void)
{
#ifdef SYS_gettid
	setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
#endif
#ifdef SYS_ioprio_set
	syscall(SYS_ioprio_set, IO_THREAD, 0, IO_BEST_EFFORT_LAST);
#endif
}
