/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_at(char *path, size_t size, const char *directory, const char *between,
                  const char *name)
{
	int len = snprintf(path, size, "%s/%s%s", directory, between, name);

	return len > 0 && (size_t)len < size && access(path, R_OK) == 0;
}

/* The directory of the running program; false where the system does not tell. */
static bool find_program(char directory[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", directory, PATH_MAX - 1);
	char *slash;

	if (len <= 0)
		return false;
	directory[len] = '\0';
	slash = strrchr(directory, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return true;
}

bool files_find(char *path, size_t size, const char *name, const char *in_tree)
{
	char program[PATH_MAX];

	if (is_at(path, size, PKGDATADIR, "", name))
		return true;
	if (find_program(program)) {
		if (is_at(path, size, program, "../share/gander/", name))
			return true;
		if (is_at(path, size, program, "", in_tree)) /* built in the tree */
			return true;
		if (is_at(path, size, program, "../", in_tree)) /* in a directory of it */
			return true;
	}
	return is_at(path, size, ".", "", in_tree);
}

bool files_create(const char *name, struct bytes text, struct error *err)
{
	size_t at = 0;
	int fd = -1;

	if (strchr(name, '/') == NULL)
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	else
		errno = EACCES;
	if (fd < 0)
		return error_set(err, ERROR_OUTPUT, ERROR_NO_OFFSET, "cannot write %.60s: %s", name,
		                 strerror(errno));
	while (at < text.len) {
		ssize_t put = write(fd, text.data + at, text.len - at);

		if (put < 0 && errno != EINTR)
			break;
		at += put > 0 ? (size_t)put : 0;
	}
	if (close(fd) == 0 && at == text.len)
		return true;
	unlink(name);
	return error_set(err, ERROR_OUTPUT, ERROR_NO_OFFSET, "cannot write %.60s: %s", name,
	                 strerror(errno));
}

bool files_is_source(const char *path, struct error *err)
{
	struct stat status;

	if (stat(path, &status) != 0 || access(path, R_OK) != 0)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "not here: %.90s", path);
	if (!S_ISREG(status.st_mode))
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "no file: %.90s", path);
	return true;
}

bool files_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Also not where it is no file that reading would end for: opening a FIFO waits. */
static bool begins_as_trace(const char *path)
{
	static const char begin[] = "go 1.";
	char head[sizeof(begin) - 1];
	struct stat status;
	bool is_one;
	int fd;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	is_one = read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) &&
	         memcmp(head, begin, sizeof(head)) == 0;
	close(fd);
	return is_one;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool files_each_trace(const char *directory, void (*each)(void *to, const char *path), void *to,
                      struct error *err)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, NULL, by_name), found = 0;

	if (count < 0)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s", strerror(errno));
	for (int i = 0; i < count; i++) {
		char path[PATH_MAX];
		int len = snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);

		if (len > 0 && (size_t)len < sizeof(path) && begins_as_trace(path)) {
			each(to, path);
			found++;
		}
		free(entries[i]);
	}
	free(entries);
	return found > 0 || error_set(err, ERROR_NOT_A_TRACE, ERROR_NO_OFFSET,
	                              "no file in this directory begins as a trace does");
}
