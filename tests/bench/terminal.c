/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PICTURE_MS = 12,  /* of silence: the picture is whole */
	SETTLED_MS = 150, /* the program is at rest; it draws at most each 100 ms while it loads */
	REST_NS = SETTLED_MS * 20000, /* of CPU time in that: it does nothing */
};

/* In the child: the terminal becomes its own. */
static void become(const char *name, const char *program, const char *trace, int cols, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	ioctl(fd, TIOCSWINSZ, &size);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	for (const char *const *gone =
	             (const char *const[]){ "LINES", "COLUMNS", "NO_COLOR", "COLORTERM",
	                                    "COLORFGBG", "TMUX", "STY", NULL };
	     *gone != NULL; gone++)
		unsetenv(*gone);
	execl(program, program, trace, (char *)NULL);
	_exit(127);
}

bool terminal_open(struct terminal *terminal, const char *program, const char *trace, int cols,
                   int rows)
{
	const char *name;

	fflush(NULL);
	terminal->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal->fd < 0 || grantpt(terminal->fd) != 0 || unlockpt(terminal->fd) != 0)
		return false;
	name = ptsname(terminal->fd);
	terminal->since = clock_now(CLOCK_MONOTONIC);
	terminal->pid = name == NULL ? -1 : fork();
	if (terminal->pid == 0)
		become(name, program, trace, cols, rows);
	return terminal->pid > 0;
}

void terminal_close(struct terminal *terminal)
{
	close(terminal->fd); /* the program gets SIGHUP */
	kill(terminal->pid, SIGTERM);
	while (waitpid(terminal->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* CPU time of the main thread, which draws; its others load. */
static int64_t cpu_of(const struct terminal *terminal)
{
	char path[64];
	int64_t ns = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)terminal->pid,
	         (int)terminal->pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%" SCNd64, &ns) != 1)
		ns = 0;
	fclose(file);
	return ns;
}

/* CPU time of all its threads. */
static int64_t cpu_of_all(const struct terminal *terminal)
{
	clockid_t clock;

	return clock_getcpuclockid(terminal->pid, &clock) == 0 ? clock_now(clock) : 0;
}

/* More is to be read, or will be: true. The program is silent and at rest, or gone: false. */
static bool wait_for_more(const struct terminal *terminal)
{
	struct pollfd fd = { .fd = terminal->fd, .events = POLLIN };
	int64_t cpu = cpu_of_all(terminal), now;

	while (poll(&fd, 1, SETTLED_MS) == 0) {
		now = cpu_of_all(terminal);
		if (now - cpu < REST_NS)
			return false;
		cpu = now;
	}
	return true;
}

/* What comes until the program is at rest. */
static struct answer take(const struct terminal *terminal, int64_t since)
{
	struct answer answer = { .cpu_ns = -cpu_of(terminal) };
	static char buffer[1 << 16];

	while (wait_for_more(terminal)) {
		ssize_t got = read(terminal->fd, buffer, sizeof(buffer));
		int64_t now = clock_now(CLOCK_MONOTONIC) - since;

		if (got <= 0)
			break;
		if (answer.bytes == 0 || (answer.bytes == answer.first_bytes &&
		                          now - answer.settled_ns < PICTURE_MS * 1000000)) {
			answer.first_bytes += got;
			answer.first_ns = now;
		}
		answer.bytes += got;
		answer.settled_ns = now;
	}
	answer.cpu_ns += cpu_of(terminal);
	return answer;
}

struct answer terminal_start(struct terminal *terminal)
{
	return take(terminal, terminal->since);
}

struct answer terminal_press(struct terminal *terminal, const char *key)
{
	int64_t since = clock_now(CLOCK_MONOTONIC);

	if (write(terminal->fd, key, strlen(key)) < 0)
		return (struct answer){ 0 };
	return take(terminal, since);
}
