/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/files.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
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
