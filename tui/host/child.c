/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

enum {
	REPORT = 3,        /* the descriptor that tells why a program did not start */
	DESCRIPTORS = 256, /* we never have more */
	SIGNALS = 32,
	COPY_SIZE = 64 << 10,
	COMPLAINT_MAX = 4096,
	LAST_MS = 1000,  /* for the last in the row to end, after its output has */
	OTHERS_MS = 100, /* for those before it */
	CURL_CANNOT_WRITE = 23,
};

/* ---- in the new process */

/* What it is made of, all of it ours until the fork. */
struct plan {
	const char *const *argv; /* NULL: a feeder */
	struct bytes first;
	int in, out, complaints, report;
	pid_t parent;
};

static void die_with_parent(pid_t parent)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent) /* it was faster */
		_exit(127);
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < SIGNALS; number++)
		signal(number, SIG_DFL); /* KILL and STOP refuse, and need not */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Standard input, output and error, the report behind them, and nothing else. They are moved out of
 * the way first, for we may have been started without some of the three. */
static bool arrange_descriptors(const struct plan *plan)
{
	int fds[REPORT + 1] = { plan->in, plan->out, plan->complaints, plan->report };

	if (fds[0] < 0)
		fds[0] = open("/dev/null", O_RDONLY);
	for (int i = 0; i <= REPORT; i++) {
		fds[i] = fcntl(fds[i], F_DUPFD, REPORT + 1);
		if (fds[i] < 0)
			return false;
	}
	for (int i = 0; i <= REPORT; i++)
		if (dup2(fds[i], i) < 0)
			return false;
	for (int fd = REPORT + 1; fd < DESCRIPTORS; fd++)
		close(fd);
	return fcntl(REPORT, F_SETFD, FD_CLOEXEC) == 0;
}

static void write_all(struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes.data, bytes.len);

		if (done < 0 && errno != EINTR)
			_exit(1);
		if (done > 0)
			bytes = (struct bytes){ bytes.data + done, bytes.len - (size_t)done };
	}
}

static _Noreturn void feed(struct bytes first)
{
	struct pollfd wanted = { .fd = STDIN_FILENO, .events = POLLIN };
	uint8_t buffer[COPY_SIZE];
	ssize_t got;

	write_all(first);
	for (;;) {
		got = read(STDIN_FILENO, buffer, sizeof(buffer));
		if (got == 0)
			_exit(0);
		if (got > 0)
			write_all((struct bytes){ buffer, (size_t)got });
		else if (errno == EAGAIN) /* somebody made it non-blocking */
			poll(&wanted, 1, -1);
		else if (errno != EINTR)
			break;
	}
	dprintf(STDERR_FILENO, "%s\n", strerror(errno));
	_exit(1);
}

static _Noreturn void become(const struct plan *plan)
{
	union {
		const char *const *ours;
		char *const *theirs; /* what execvp takes; it changes nothing */
	} argv = { plan->argv };
	int failure;

	setpgid(0, 0);
	reset_signals();
	die_with_parent(plan->parent);
	if (!arrange_descriptors(plan))
		_exit(127);
	if (plan->argv == NULL) {
		close(REPORT);
		feed(plan->first);
	}
	execvp(plan->argv[0], argv.theirs);
	failure = errno;
	_exit(write(REPORT, &failure, sizeof(failure)) > 0 ? 127 : 126);
}

/* ---- here */

/* A pipe whose ends no program inherits. */
static bool open_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Why the program did not start; 0: it did. */
static int read_report(int fd)
{
	int failure = 0;
	ssize_t got;

	do
		got = read(fd, &failure, sizeof(failure));
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(failure) ? failure : 0;
}

static bool cannot_start(const char *name, const char *why, int failure, struct error *err)
{
	if (failure == ENOENT)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET,
		                 "%s is needed to %s, and is not installed (not on PATH)", name,
		                 why);
	return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "cannot start %s: %s", name,
	                 strerror(failure));
}

/* Waits for a process, about ms milliseconds at most. */
static bool await(struct child *child, int ms)
{
	const struct timespec moment = { 0, 1000000 };
	pid_t got;

	for (; child->pid != 0 && ms >= 0; ms--) {
		got = waitpid(child->pid, &child->status, WNOHANG);
		if (got == child->pid || (got < 0 && errno != EINTR))
			child->pid = 0;
		else
			nanosleep(&moment, NULL);
	}
	return child->pid == 0;
}

static void end_by_force(struct child *child)
{
	if (child->pid == 0)
		return;
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL); /* if it has not come as far as its group */
	await(child, LAST_MS);
	child->pid = 0;
}

static void forget(struct children *children)
{
	for (size_t i = 0; i < children->count; i++)
		close(children->items[i].complaints);
	children->count = 0;
}

/* Forks, and keeps our ends: out[0], complaints[0]. Returns 0, or why it was in vain. */
static int start(struct children *children, struct plan *plan, const char *name, const int out[2],
                 const int complaints[2], const int report[2])
{
	struct child *child = &children->items[children->count];
	int failure;
	pid_t pid;

	plan->out = out[1];
	plan->complaints = complaints[1];
	plan->report = report[1];
	plan->parent = getpid();
	/* whoever complains without end loses words, and never waits for a reader */
	fcntl(complaints[1], F_SETFL, O_NONBLOCK);
	fcntl(complaints[0], F_SETFL, O_NONBLOCK);
	pid = fork();
	if (pid == 0)
		become(plan);
	failure = errno;
	close(report[1]);
	if (pid < 0)
		return failure;
	setpgid(pid, pid); /* whoever is first */
	*child = (struct child){ .name = name, .pid = pid, .complaints = complaints[0] };
	failure = read_report(report[0]);
	if (failure != 0)
		end_by_force(child);
	else
		children->count++;
	return failure;
}

static bool add(struct children *children, struct plan *plan, const char *name, const char *why,
                int *out, struct error *err)
{
	int output[2] = { -1, -1 }, complaints[2] = { -1, -1 }, report[2] = { -1, -1 };
	int failure;

	assert(children->count < sizeof(children->items) / sizeof(children->items[0]));
	if (open_pipe(output) && open_pipe(complaints) && open_pipe(report))
		failure = start(children, plan, name, output, complaints, report);
	else
		failure = errno;
	close_one(plan->in);
	close_one(report[0]);
	close_one(output[1]);
	close_one(complaints[1]);
	if (failure == 0) {
		*out = output[0];
		return true;
	}
	close_one(output[0]);
	close_one(complaints[0]);
	return cannot_start(name, why, failure, err);
}

bool children_start(struct children *children, const char *const *argv, const char *why, int in,
                    int *out, struct error *err)
{
	struct plan plan = { .argv = argv, .in = in };

	return add(children, &plan, argv[0], why, out, err);
}

bool children_start_feeder(struct children *children, struct bytes first, int in, int *out,
                           struct error *err)
{
	struct plan plan = { .first = first, .in = in };

	return add(children, &plan, "input", "", out, err);
}

/* ---- their ends */

/* "gzip: stdin: unexpected end of file": what stands behind the names. */
static char *behind_names(char *line, const char *name)
{
	static const char *const names[] = { "stdin", "/*stdin*\\" };
	size_t len = strlen(name);

	if (strncmp(line, name, len) == 0 && strncmp(line + len, ": ", 2) == 0)
		line += len + 2;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (strncmp(line, names[i], len) == 0)
			line += len + strspn(line + len, ": ");
	}
	return line;
}

/* The first line that it wrote with something in it; "" if none. */
static char *read_complaint(const struct child *child, char text[COMPLAINT_MAX])
{
	ssize_t got = read(child->complaints, text, COMPLAINT_MAX - 1);
	char *line;
	size_t len;

	text[got > 0 ? got : 0] = '\0';
	line = text + strspn(text, "\r\n \t");
	len = strcspn(line, "\r\n");
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	line[len] = '\0';
	return behind_names(line, child->name);
}

static bool has_failed(const struct child *child)
{
	if (WIFSIGNALED(child->status))
		return WTERMSIG(child->status) != SIGPIPE;
	/* as SIGPIPE: who it wrote for has ended, and is to blame */
	return WEXITSTATUS(child->status) != 0 &&
	       !(WEXITSTATUS(child->status) == CURL_CANNOT_WRITE &&
	         strcmp(child->name, "curl") == 0);
}

static bool blame(const struct child *child, struct error *err)
{
	char text[COMPLAINT_MAX];
	const char *line = read_complaint(child, text);

	if (WIFSIGNALED(child->status))
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s was killed: %s", child->name,
		                 strsignal(WTERMSIG(child->status)));
	if (line[0] == '\0')
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s failed with exit status %d",
		                 child->name, WEXITSTATUS(child->status));
	return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s: %.120s", child->name, line);
}

bool children_end(struct children *children, struct error *err)
{
	bool good = true;

	for (size_t i = children->count; i-- > 0;) {
		struct child *child = &children->items[i];

		if (!await(child, i + 1 == children->count ? LAST_MS : OTHERS_MS)) {
			end_by_force(child);
			child->status = 0;
		}
	}
	for (size_t i = 0; i < children->count && good; i++)
		if (has_failed(&children->items[i]))
			good = blame(&children->items[i], err);
	forget(children);
	return good;
}

void children_kill(struct children *children)
{
	for (size_t i = 0; i < children->count; i++)
		end_by_force(&children->items[i]);
	forget(children);
}

/* ---- the editor */

enum { EDITOR_WORDS = 16, EDITOR_MAX = 512 };

/* "code -w" in words; no shell looks at it. */
static size_t split_editor(char *text, const char *words[EDITOR_WORDS])
{
	size_t count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(text, " \t", &rest); word != NULL && count < EDITOR_WORDS - 3;
	     word = strtok_r(NULL, " \t", &rest))
		words[count++] = word;
	return count;
}

static const char *find_editor(void)
{
	const char *editor = getenv("VISUAL");

	if (editor == NULL || editor[0] == '\0')
		editor = getenv("EDITOR");
	return editor == NULL || editor[0] == '\0' ? "vi" : editor;
}

bool child_edit(const char *path, uint32_t line, struct error *err)
{
	union {
		const char *ours[EDITOR_WORDS];
		char *theirs[EDITOR_WORDS];
	} argv = { { NULL } };
	char text[EDITOR_MAX], place[16];
	size_t count;
	int status = 0;
	pid_t pid;

	snprintf(text, sizeof(text), "%s", find_editor());
	snprintf(place, sizeof(place), "+%" PRIu32, line);
	count = split_editor(text, argv.ours);
	if (count == 0)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "$EDITOR names no program");
	argv.ours[count++] = place;
	argv.ours[count] = path;
	pid = fork();
	if (pid == 0) {
		reset_signals();
		execvp(argv.ours[0], argv.theirs);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "cannot start %.60s", text);
	return true;
}
