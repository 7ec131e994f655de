/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

/* Adds a shell that runs a script. */
static bool shell(struct children *children, const char *script, int in, int *out)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	struct error err = { 0 };
	bool good = children_start(children, argv, "test", in, out, &err);

	if (!good)
		printf("# %s\n", err.message);
	return good;
}

static const char *read_all(int fd)
{
	static char text[4096];
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < sizeof(text) - 1) {
		got = read(fd, text + len, sizeof(text) - 1 - len);
		len += got > 0 ? (size_t)got : 0;
	}
	text[len] = '\0';
	close(fd);
	return text;
}

static void its_output_is_read(void)
{
	struct children children = { 0 };
	struct error err = { 0 };
	int out;

	if (!ok(shell(&children, "echo said; cat; echo done", -1, &out), "starts"))
		return;
	is_text(read_all(out), "said\ndone\n", "what it wrote; its input was empty");
	ok(children_end(&children, &err) && children.count == 0, "has ended well");
}

static void ends_with(const char *script, const char *message)
{
	struct children children = { 0 };
	struct error err = { 0 };
	int out;

	if (!shell(&children, script, -1, &out))
		return;
	read_all(out);
	ok(!children_end(&children, &err) && err.kind == ERROR_IO, "%.40s: fails", script);
	is_text(err.message, message, "as it says");
}

static void what_it_complains_of_is_told(void)
{
	ends_with("echo 'sh: stdin: it broke ' >&2; echo more >&2; exit 3", "sh: it broke");
	ends_with("printf '\\n\\nsh: late\\r\\n' >&2; exit 1", "sh: late");
	ends_with("exit 7", "sh failed with exit status 7");
	ends_with("kill -9 $$", "sh was killed: Killed");
	/* a pipe holds 64 KiB; whoever fills it would wait for its reader */
	ends_with("i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; "
	          "i=$((i + 1)); done >&2; exit 1",
	          "sh: 0123456789012345678901234567890123456789");
}

static void a_program_that_is_not_there(void)
{
	const char *argv[] = { "gander-no-such-program", NULL };
	struct children children = { 0 };
	struct error err = { 0 };
	int out;

	ok(!children_start(&children, argv, "fly", open("/dev/null", O_RDONLY), &out, &err) &&
	           err.kind == ERROR_IO && children.count == 0,
	   "does not start");
	is_text(err.message,
	        "gander-no-such-program is needed to fly, and is not installed (not on PATH)",
	        "says what for");
}

static void several_in_a_row(void)
{
	struct children children = { 0 };
	struct error err = { 0 };
	int between, fed, out;

	if (!shell(&children, "echo second", -1, &between) ||
	    !children_start_feeder(&children, bytes_of("first\n"), between, &fed, &err) ||
	    !shell(&children, "sed s/^/-/", fed, &out))
		return;
	is_text(read_all(out), "-first\n-second\n", "what was read before comes first");
	ok(children_end(&children, &err), "all have ended well");
}

/* The message when one after the other has failed. */
static void blames(const char *first, const char *last, const char *message)
{
	struct children children = { 0 };
	struct error err = { 0 };
	int between, out;

	if (!shell(&children, first, -1, &between) || !shell(&children, last, between, &out))
		return;
	read_all(out);
	ok(!children_end(&children, &err), "%.30s | %.30s", first, last);
	is_text(err.message, message, "who is to blame");
}

static void the_first_that_failed_by_itself_is_to_blame(void)
{
	blames("echo a; echo one >&2; exit 1", "cat; echo two >&2; exit 1", "sh: one");
	blames("while :; do echo a; done", "read x; echo two >&2; exit 1", "sh: two");
	blames("sleep 100", "echo two >&2; exit 1", "sh: two");
}

static void one_that_does_not_end_is_killed(void)
{
	struct children children = { 0 };
	struct error err = { 0 };
	int out;

	if (!shell(&children, "exec >&-; sleep 100", -1, &out))
		return;
	is_text(read_all(out), "", "its output ends");
	ok(children_end(&children, &err), "it is nobody's loss");
	if (!shell(&children, "trap '' TERM INT HUP; sleep 100 & wait", -1, &out))
		return;
	children_kill(&children);
	is_text(read_all(out), "", "with all of its group");
}

static void it_has_three_descriptors_and_plain_signals(void)
{
	struct children children = { 0 };
	struct error err = { 0 };
	int out, other = open("/dev/null", O_RDONLY); /* not close-on-exec */
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (access("/proc/self/fd", R_OK) != 0 || access("/proc/self/status", R_OK) != 0) {
		skip("descriptors and signals", "no /proc here");
		return;
	}
	if (!shell(&children,
	           "echo /proc/self/fd/[3-9] /proc/self/fd/??; "
	           "grep -c 'Sig[BI]..:.........[08]0000000$' /proc/self/status",
	           -1, &out))
		return;
	/* the shell lists the directory through one of its own; make ignores 32 and 33 */
	is_text(read_all(out), "/proc/self/fd/3 /proc/self/fd/??\n2\n", "nothing else");
	ok(children_end(&children, &err), "ended");
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	signal(SIGPIPE, SIG_DFL);
	close(other);
}

/* One that reads a pipe of ours, started by a process that is killed. */
static void it_is_killed_with_us(void)
{
	struct children children = { 0 };
	struct pollfd writer;
	int ends[2], out;
	pid_t pid;

#ifndef __linux__
	skip("killed with us", "not here");
	return;
#endif
	if (pipe(ends) != 0)
		return;
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		shell(&children, "exec sleep 100", ends[0], &out);
		raise(SIGKILL);
	}
	close(ends[0]);
	writer = (struct pollfd){ .fd = ends[1] };
	ok(poll(&writer, 1, 10000) == 1 && (writer.revents & POLLERR) != 0,
	   "killed with us: nobody reads any more");
	close(ends[1]);
}

int main(void)
{
	its_output_is_read();
	what_it_complains_of_is_told();
	a_program_that_is_not_there();
	several_in_a_row();
	the_first_that_failed_by_itself_is_to_blame();
	one_that_does_not_end_is_killed();
	it_has_three_descriptors_and_plain_signals();
	it_is_killed_with_us();
	return tap_done();
}
