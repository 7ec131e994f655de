/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/rescue.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum { STACK_SIZE = 64 << 10 };

/* Written only while disarmed; the handlers read it. */
static struct {
	volatile sig_atomic_t armed;
	int fd; /* valid while armed */
	struct termios shell;
	size_t len;
	uint8_t restore[RESCUE_TEXT_MAX];
} rescue;

static const int ends[] = { SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM };

/* Sanitizers report these better than we do. */
static const int crashes[] = {
#ifndef GANDER_SANITIZED
	SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP,
#endif
	SIGSYS,
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

void rescue_restore(void)
{
	ssize_t written;

	if (!rescue.armed)
		return;
	rescue.armed = 0;
	if (tcgetpgrp(rescue.fd) != getpgrp()) /* in the background it is not ours to touch */
		return;
	written = write(rescue.fd, rescue.restore, rescue.len);
	(void)written; /* a terminal that takes nothing is beyond help */
	tcsetattr(rescue.fd, TCSANOW, &rescue.shell); /* DRAIN would wait for it */
}

static void die_by(int signal_number)
{
	rescue_restore();
	raise(signal_number);
}

static void crash_by(int signal_number)
{
	static const char message[] = "gander: internal error; your file was not changed; "
				      "please report\n";
	ssize_t written;

	rescue_restore();
	written = write(STDERR_FILENO, message, sizeof(message) - 1);
	(void)written;
	raise(signal_number);
}

static void handle(const int *signals, size_t count, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler,
		                    .sa_flags = SA_ONSTACK | (int)SA_RESETHAND | SA_NODEFER };
	sigset_t set;

	sigemptyset(&action.sa_mask);
	sigemptyset(&set);
	for (size_t i = 0; i < count; i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void rescue_install(void)
{
	static uint8_t memory[STACK_SIZE]; /* a stack overflow leaves no other */
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof(memory) };

	sigaltstack(&stack, NULL);
	handle(ends, COUNT(ends), die_by);
	handle(crashes, COUNT(crashes), crash_by);
}

bool rescue_arm(const char *tty, const struct termios *shell, struct bytes restore)
{
	rescue_disarm();
	if (restore.len > sizeof(rescue.restore))
		return false;
	/* a description of its own: the shell's terminal must not become non-blocking */
	rescue.fd = open(tty, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (rescue.fd < 0)
		return false;
	rescue.shell = *shell;
	rescue.len = restore.len;
	memcpy(rescue.restore, restore.data, restore.len);
	rescue.armed = 1;
	return true;
}

void rescue_disarm(void)
{
	if (!rescue.armed)
		return;
	rescue.armed = 0;
	close(rescue.fd);
}
