/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/figures.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int64_t clock_now(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_alone(void)
{
	FILE *file = fopen("/proc/thread-self/schedstat", "r");
	int64_t waited = 0;

	if (file != NULL && fscanf(file, "%*d %" SCNd64, &waited) != 1)
		waited = 0;
	if (file != NULL)
		fclose(file);
	return clock_now(CLOCK_MONOTONIC) - waited;
}

void figures_add(struct figures *figures, int64_t value)
{
	if (figures->count < FIGURES_MAX)
		figures->values[figures->count++] = value;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t figures_at(struct figures *figures, int percent)
{
	if (figures->count == 0)
		return 0;
	qsort(figures->values, figures->count, sizeof(figures->values[0]), compare);
	return figures->values[(figures->count - 1) * (size_t)percent / 100];
}

static bool write_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t written = write(fd, at, size);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			at += written;
			size -= (size_t)written;
		}
	}
	return true;
}

static bool read_all(int fd, void *bytes, size_t size)
{
	char *at = bytes;

	while (size > 0) {
		ssize_t got = read(fd, at, size);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		if (got > 0) {
			at += got;
			size -= (size_t)got;
		}
	}
	return true;
}

bool run_apart(apart_fn *fn, const void *question, void *result, size_t size)
{
	int ends[2], status = 0;
	bool good;
	pid_t pid;

	fflush(NULL);
	if (pipe(ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		_exit(fn(question, result) && write_all(ends[1], result, size) ? 0 : 1);
	}
	close(ends[1]);
	good = pid > 0 && read_all(ends[0], result, size);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		fprintf(stderr, "bench: what is measured ended by signal %d\n", WTERMSIG(status));
	return good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

uint64_t peak_of(const char *pid)
{
	char path[64], line[256];
	uint64_t kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "VmHWM: %" SCNu64, &kib) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return kib;
}
