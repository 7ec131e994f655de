/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

/* The program itself at a terminal, a pseudo-terminal that all is read from: it comes to rest and
 * sleeps, and however it ends, the terminal is as it was. */

enum { QUIET_MS = 400, PATIENCE_MS = 20000, IDLE_MS = 1000 };

struct terminal {
	int fd, other; /* ours and the program's end, which we hold open to look at its modes */
	pid_t pid;
	struct termios before;
	char tail[4096]; /* the end of what it wrote */
	size_t tail_len;
};

static char trace[4096];

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run(const struct terminal *terminal)
{
	setsid();
	ioctl(terminal->other, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(terminal->other, i);
	close(terminal->fd);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	execl("./gander", "gander", trace, (char *)NULL);
	_exit(127);
}

static bool start(struct terminal *terminal)
{
	struct winsize size = { .ws_col = 100, .ws_row = 30 };
	const char *name;

	*terminal = (struct terminal){ .fd = posix_openpt(O_RDWR | O_NOCTTY), .other = -1 };
	if (terminal->fd < 0 || grantpt(terminal->fd) != 0 || unlockpt(terminal->fd) != 0)
		return false;
	name = ptsname(terminal->fd);
	terminal->other = name == NULL ? -1 : open(name, O_RDWR | O_NOCTTY);
	if (terminal->other < 0 || tcgetattr(terminal->other, &terminal->before) != 0)
		return false;
	ioctl(terminal->other, TIOCSWINSZ, &size);
	fflush(stdout);
	terminal->pid = fork();
	if (terminal->pid == 0)
		run(terminal);
	return terminal->pid > 0;
}

static void finish(struct terminal *terminal)
{
	if (terminal->fd >= 0)
		close(terminal->fd);
	if (terminal->other >= 0)
		close(terminal->other);
}

static void keep(struct terminal *terminal, const char *bytes, size_t len)
{
	size_t room = sizeof(terminal->tail) - 1, over;

	if (len > room) {
		bytes += len - room;
		len = room;
	}
	over = terminal->tail_len + len > room ? terminal->tail_len + len - room : 0;
	memmove(terminal->tail, terminal->tail + over, terminal->tail_len - over);
	memcpy(terminal->tail + terminal->tail_len - over, bytes, len);
	terminal->tail_len += len - over;
	terminal->tail[terminal->tail_len] = '\0';
}

/* Reads until nothing has come for a while; false if that takes too long. */
static bool read_all(struct terminal *terminal, int quiet_ms)
{
	struct pollfd fd = { .fd = terminal->fd, .events = POLLIN };
	int64_t until = now_ms() + PATIENCE_MS;
	char buffer[4096];

	while (now_ms() < until) {
		ssize_t got;

		if (poll(&fd, 1, quiet_ms) == 0)
			return true;
		got = read(terminal->fd, buffer, sizeof(buffer));
		if (got <= 0)
			return true;
		keep(terminal, buffer, (size_t)got);
	}
	return false;
}

/* Waits for its end, reading on; -1: it does not come. */
static int wait_end(struct terminal *terminal, int patience_ms)
{
	int64_t until = now_ms() + patience_ms;
	int status;

	while (waitpid(terminal->pid, &status, WNOHANG) == 0) {
		if (now_ms() > until) {
			kill(terminal->pid, SIGKILL);
			waitpid(terminal->pid, &status, 0);
			return -1;
		}
		if (terminal->fd >= 0)
			read_all(terminal, 10);
		else
			poll(NULL, 0, 10);
	}
	if (terminal->fd >= 0)
		read_all(terminal, 0);
	return status;
}

/* How often the thread that draws has gone to sleep or was put aside. */
static int64_t switches(const struct terminal *terminal)
{
	char path[64], line[256];
	int64_t count, sum = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)terminal->pid,
	         (int)terminal->pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "voluntary_ctxt_switches: %" SCNd64, &count) == 1)
			sum += count;
	if (file != NULL)
		fclose(file);
	return file == NULL ? -1 : sum;
}

static void is_restored(struct terminal *terminal, const char *what)
{
	struct termios after = { 0 };

	tcgetattr(terminal->other, &after);
	ok(after.c_iflag == terminal->before.c_iflag && after.c_oflag == terminal->before.c_oflag &&
	           after.c_lflag == terminal->before.c_lflag,
	   "%s: the terminal's modes are as they were", what);
	ok(strstr(terminal->tail, "\033[?1049l") != NULL, "%s: the screen is given back", what);
}

static void it_rests_and_quits(void)
{
	struct terminal terminal;
	int64_t before;

	if (!start(&terminal)) {
		skip("at a terminal", "there are none here");
		finish(&terminal);
		return;
	}
	ok(read_all(&terminal, QUIET_MS), "it comes to rest");
	before = switches(&terminal);
	if (before < 0)
		skip("it sleeps", "no /proc here");
	else {
		poll(NULL, 0, IDLE_MS);
		is_i64(switches(&terminal) - before, 0, "and sleeps: nobody wakes it in a second");
	}
	ok(write(terminal.fd, "w", 1) == 1 && read_all(&terminal, QUIET_MS), "until a key comes");
	ok(write(terminal.fd, "q", 1) == 1 && wait_end(&terminal, PATIENCE_MS) == 0,
	   "q ends it, well");
	is_restored(&terminal, "q");
	finish(&terminal);
}

static void a_signal_ends_it(int number, const char *name)
{
	struct terminal terminal;
	int status;

	if (!start(&terminal)) {
		skip("at a terminal", "there are none here");
		finish(&terminal);
		return;
	}
	read_all(&terminal, QUIET_MS);
	kill(terminal.pid, number);
	status = wait_end(&terminal, PATIENCE_MS);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == number, "%s: it dies of it", name);
	is_restored(&terminal, name);
	finish(&terminal);
}

static void a_dead_link_ends_it(void)
{
	struct terminal terminal;

	if (!start(&terminal)) {
		skip("at a terminal", "there are none here");
		finish(&terminal);
		return;
	}
	read_all(&terminal, QUIET_MS);
	close(terminal.other);
	close(terminal.fd);
	terminal.fd = terminal.other = -1;
	ok(wait_end(&terminal, 3000) != -1, "a terminal that is gone ends it");
	finish(&terminal);
}

int main(void)
{
	const char *top = getenv("srcdir");

	signal(SIGPIPE, SIG_IGN);
	snprintf(trace, sizeof(trace), "%s/tests/traces/demo.trace", top != NULL ? top : ".");
	it_rests_and_quits();
	a_signal_ends_it(SIGTERM, "SIGTERM");
	a_signal_ends_it(SIGHUP, "SIGHUP");
	a_dead_link_ends_it();
	return tap_done();
}
