/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/emulator.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* What the program sends over a line: how many bytes a key costs at 200x60, 24 Ps in two rows each,
 * how long a hand that holds a key down has to wait for what it sees at 1 Mbit/s, and that all of
 * it shows what a screen shows that is painted from scratch. */

enum {
	COLS = 200,
	ROWS = 60,
	PROCS = 24,
	TICKS = 10 << 20,    /* of 64 ns, the length of a trace; a tenth of it is looked at */
	BATCH = 1 << 19,     /* and of a batch */
	PLOT = 188,          /* cells of a row */
	QUIET_MS = 120,      /* the program has said all */
	LINE_QUIET_MS = 500, /* the same where pictures wait for each other */
	PATIENCE_MS = 20000,
	LINE = 125000, /* bytes a second: 1 Mbit/s */
	HELD_MS = 800, /* no longer, or the trace ends */
	REPEAT_MS = 33,
	TRIES = 4,
	RESIZES = 200, /* in a second */
	PLACES = 3,
	LEVELS = 10,
};

/* Slices of so many cells on average, and what keys may cost: one cell, 30 %, a step of zoom. */
static const struct density {
	const char *name;
	double cells;
	size_t pan, step, zoom;
} densities[] = {
	{ "sparse", 20, 2600, 7000, 13000 },
	{ "medium", 3, 2600, 14000, 30000 },
	{ "dense", 0.4, 2600, 31000, 35000 },
};

/* ---- the trace */

static uint64_t seed;

/* About half of the mean to one and a half of it. */
static unsigned about(double mean)
{
	double part;

	seed = seed * 6364136223846793005u + 1442695040888963407u;
	part = (double)(seed >> 40) / (double)(1 << 24);
	return 1 + (unsigned)(mean * (0.5 + part));
}

__attribute__((format(printf, 2, 3))) static void add(byte_array *text, const char *format, ...)
{
	char line[1000];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	for (int i = 0; i < len; i++)
		*array_push(text) = (uint8_t)line[i];
}

/* A goroutine runs, and is in a syscall now and then, and stops. No batch lasts long. */
static void add_proc(byte_array *text, int proc, double mean)
{
	unsigned at = 10, batch = 0, seq = 1, calls = 1;

	add(text, "EventBatch gen=1 m=%d time=1000 size=auto\n", proc);
	add(text, "ProcStatus dt=5 p=%d pstatus=1\n", proc);
	add(text, "GoStatus dt=5 g=%d m=%d gstatus=2\n", proc + 1, proc);
	for (int i = 0; at < TICKS; i++) {
		unsigned runs = about(mean), call = i % 3 == 0 ? runs / 3 : 0, waits = about(mean);

		if (at - batch > BATCH) {
			add(text, "EventBatch gen=1 m=%d time=%u size=auto\n", proc, 1000 + at);
			batch = at;
		}
		if (call > 0) {
			add(text, "GoSyscallBegin dt=%u p_seq=%u stack=1\n", call, calls++);
			add(text, "GoSyscallEnd dt=%u\n", call);
		}
		add(text, "GoStop dt=%u reason_string=5 stack=%d\n", runs - 2 * call, proc % 2 + 1);
		add(text, "GoStart dt=%u g=%d g_seq=%u\n", waits, proc + 1, seq++);
		at += runs + waits;
	}
}

/* Into a file in memory; its descriptor, or -1. */
static int make_trace(const struct density *density)
{
	static struct budget budget;
	byte_array text = { .budget = &budget }, bytes = { .budget = &budget };
	struct error err = { 0 };
	int fd = memfd_create("trace", 0);
	bool good;

	seed = 1;
	add(&text, "Trace Go1.26\nEventBatch gen=1 m=-1 time=1000 size=auto\nSync\n"
	           "Frequency freq=15625000\nClockSnapshot dt=0 mono=1000 sec=1700000000 nsec=1\n");
	for (int i = 0; i < PROCS; i++)
		add_proc(&text, i, density->cells * TICKS / 10 / PLOT);
	add(&text, "EventBatch gen=1 m=-1 time=1000 size=auto\nStacks\n"
	           "Stack id=1 nframes=1\n\tpc=1 func=1 file=2 line=10\n"
	           "Stack id=2 nframes=1\n\tpc=2 func=3 file=2 line=20\n"
	           "EventBatch gen=1 m=-1 time=1000 size=auto\nStrings\n"
	           "String id=1\n\tdata=\"main.(*server).answer\"\nString id=2\n\tdata=\"a.go\"\n"
	           "String id=3\n\tdata=\"main.count\"\nString id=5\n\tdata=\"preempted\"\n"
	           "EndOfGeneration\n");
	good = trace_text_assemble((struct bytes){ text.items, text.count }, &bytes, &err);
	if (!good)
		printf("# %s\n", err.message);
	good = good && write(fd, bytes.items, bytes.count) == (ssize_t)bytes.count;
	array_free(&text);
	array_free(&bytes);
	return good ? fd : -1;
}

/* ---- the program at a terminal */

struct terminal {
	int fd;
	pid_t pid;
	struct emulator screen;
	int quiet_ms;
	size_t bytes;       /* so far */
	int64_t arrived_us; /* the last of them, at the other end of the line */
};

static struct terminal terminal;

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void run(const char *name, int trace, const char *link)
{
	struct winsize size = { .ws_col = COLS, .ws_row = ROWS };
	char path[64];
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	ioctl(fd, TIOCSWINSZ, &size);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", trace);
	execl("./gander", "gander", link, "--at=t=0s+67108us", "--no-findings", path, (char *)NULL);
	_exit(127);
}

/* Reads until nothing has come for a while, or until a moment. */
static void take(int quiet_ms, int64_t until_us)
{
	struct pollfd fd = { .fd = terminal.fd, .events = POLLIN };
	char buffer[1 << 16];

	for (;;) {
		int64_t left_ms = (until_us - now_us() + 999) / 1000;
		int wait = left_ms < quiet_ms ? (int)left_ms : quiet_ms;
		ssize_t got;

		if (wait < 0 || poll(&fd, 1, wait) == 0)
			return;
		got = read(terminal.fd, buffer, sizeof(buffer));
		if (got <= 0)
			return;
		emulator_take(&terminal.screen, buffer, (size_t)got);
		terminal.bytes += (size_t)got;
		if (terminal.arrived_us < now_us())
			terminal.arrived_us = now_us();
		terminal.arrived_us += (int64_t)got * 1000000 / LINE;
	}
}

static void settle(void)
{
	take(terminal.quiet_ms, now_us() + PATIENCE_MS * 1000);
}

static bool start(int trace, const char *link)
{
	const char *name;

	memset(&terminal, 0, sizeof(terminal));
	emulator_init(&terminal.screen, COLS, ROWS);
	terminal.quiet_ms = strcmp(link, "--link=off") == 0 ? QUIET_MS : LINE_QUIET_MS;
	terminal.fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal.fd < 0 || grantpt(terminal.fd) != 0 || unlockpt(terminal.fd) != 0)
		return false;
	name = ptsname(terminal.fd);
	fflush(stdout);
	terminal.pid = name == NULL ? -1 : fork();
	if (terminal.pid == 0)
		run(name, trace, link);
	take(600, now_us() + PATIENCE_MS * 1000);
	return terminal.pid > 0;
}

static void finish(void)
{
	int status = 0;

	if (write(terminal.fd, "q", 1) == 1)
		take(QUIET_MS, now_us() + PATIENCE_MS * 1000);
	close(terminal.fd);
	kill(terminal.pid, SIGTERM);
	while (waitpid(terminal.pid, &status, 0) < 0 && errno == EINTR)
		;
}

static void press(char key)
{
	if (write(terminal.fd, &key, 1) == 1)
		settle();
}

/* ---- how many bytes */

/* The most that a key of some costs. */
static size_t most(const char *keys)
{
	size_t most = 0;

	for (; *keys != '\0'; keys++) {
		size_t before = terminal.bytes;

		press(*keys);
		most = terminal.bytes - before > most ? terminal.bytes - before : most;
	}
	return most;
}

static void costs(const char *keys, size_t limit, const char *density, const char *what)
{
	size_t bytes = most(keys);

	ok(bytes > 0 && bytes <= limit, "%s, %s: %zu bytes of %zu", density, what, bytes, limit);
}

static void is_what_a_repaint_shows(const char *what)
{
	static struct emulator before;
	int row, col;
	bool same;

	press('j'); /* no message is left */
	press('k');
	before = terminal.screen;
	press('\f');
	same = emulator_is_same(&before, &terminal.screen, &row, &col);
	ok(same, "%s: the screen is that of a repaint", what);
	if (!same)
		printf("# line %d, column %d: U+%04X, was U+%04X\n", row + 1, col + 1,
		       terminal.screen.cells[row][col].code, before.cells[row][col].code);
	is_u64(terminal.screen.unknown, 0, "and all was understood");
}

/* The limit of a step of zoom to where slices have so many cells. */
static size_t zoom_limit(double cells)
{
	size_t limit = 0;

	for (size_t i = 0; i < sizeof(densities) / sizeof(densities[0]); i++)
		if (i == 0 || cells < densities[i - 1].cells / 1.6)
			limit = densities[i].zoom;
	return limit;
}

/* From where slices are wide to where they are many in a cell. */
static void all_levels_are_cheap(const struct density *density)
{
	double cells = density->cells * 1.5 * 1.5 * 1.5;
	size_t most = 0;
	bool good = true;

	for (int i = 0; i < 3; i++)
		press('w');
	for (int i = 0; i < LEVELS; i++) {
		size_t before = terminal.bytes;

		press('s');
		cells /= 1.5;
		good = good && terminal.bytes - before <= zoom_limit(cells);
		most = terminal.bytes - before > most ? terminal.bytes - before : most;
	}
	ok(good, "%s, all levels from there outwards: %zu bytes a step at most", density->name,
	   most);
	is_what_a_repaint_shows("far out");
}

static void keys_are_cheap(const struct density *density, int trace)
{
	if (!ok(start(trace, "--link=off"), "%s: it runs", density->name))
		return;
	press('d');
	press('d');
	costs("..,,.", density->pan, density->name, "a cell");
	is_what_a_repaint_shows("moved by cells");
	costs("ddaad", density->step, density->name, "30 %");
	is_what_a_repaint_shows("moved");
	for (int place = 0; place < PLACES; place++, press('D'))
		costs("wswssw", density->zoom, density->name, "a step of zoom");
	is_what_a_repaint_shows("zoomed");
	all_levels_are_cheap(density);
	finish();
}

/* ---- how late */

/* From the last key of one that is held down to the last byte of what it shows. */
static int64_t lateness_ms(char key)
{
	int64_t end = now_us() + HELD_MS * 1000, pressed = 0;

	for (int64_t next = now_us(); next < end; next += REPEAT_MS * 1000) {
		take(PATIENCE_MS, next);
		pressed = now_us();
		if (write(terminal.fd, &key, 1) != 1)
			return INT32_MAX;
	}
	settle();
	return (terminal.arrived_us - pressed) / 1000;
}

/* There and back, as this machine may have been busy otherwise. */
static int64_t least_lateness_ms(const char *keys, int64_t limit_ms)
{
	int64_t least = INT32_MAX, now;

	for (int i = 0; i < TRIES && least > limit_ms; i++) {
		now = lateness_ms(keys[i % 2]);
		least = now < least ? now : least;
	}
	return least;
}

static void hands_are_followed(const struct density *density, int trace)
{
	int64_t cell_ms, step_ms;

	if (!ok(start(trace, "--link=100K"), "%s: it runs on a line", density->name))
		return;
	press('d');
	cell_ms = least_lateness_ms(".,", 150);
	step_ms = least_lateness_ms("da", 300);
	ok(cell_ms <= 150 * TAP_SLOWER, "%s: a cell each %d ms is shown within %d ms",
	   density->name, REPEAT_MS, (int)cell_ms);
	ok(step_ms <= 300 * TAP_SLOWER, "%s: 30 %% each %d ms are shown within %d ms",
	   density->name, REPEAT_MS, (int)step_ms);
	is_what_a_repaint_shows("held");
	finish();
}

/* ---- other sizes */

static void resize(int cols, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };

	ioctl(terminal.fd, TIOCSWINSZ, &size);
	emulator_init(&terminal.screen, cols, rows);
}

/* CPU time of the program, all its threads. */
static int64_t cpu_ms(void)
{
	struct timespec time = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(terminal.pid, &clock) == 0)
		clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* A window that is dragged by its corner, and one that tiles itself. */
static void sizes_are_followed(int trace)
{
	size_t before;
	int64_t cpu, settled;

	if (!ok(start(trace, "--link=off"), "it runs to be resized"))
		return;
	before = terminal.bytes;
	cpu = cpu_ms();
	for (int i = 0; i < RESIZES; i++) {
		resize(20 + i * 37 % 180, 5 + i * 23 % 55);
		take(PATIENCE_MS, now_us() + 1000000 / RESIZES);
	}
	resize(COLS, ROWS);
	settled = now_us();
	settle();
	settled = (now_us() - settled) / 1000 - QUIET_MS;
	ok(settled <= 300 * TAP_SLOWER, "%d sizes in a second: at rest %d ms later", RESIZES,
	   (int)settled);
	printf("# %zu bytes, %d ms of CPU time\n", terminal.bytes - before, (int)(cpu_ms() - cpu));
	ok(kill(terminal.pid, 0) == 0, "it is there still");
	is_what_a_repaint_shows("resized");
	resize(1, 1);
	settle();
	resize(COLS, ROWS);
	settle();
	is_what_a_repaint_shows("from one cell");
	finish();
}

int main(void)
{
	if (access("./gander", X_OK) != 0) {
		ok(true, "there is no program to run");
		return tap_done();
	}
	for (size_t i = 0; i < sizeof(densities) / sizeof(densities[0]); i++) {
		int trace = make_trace(&densities[i]);

		if (!ok(trace >= 0, "%s: there is a trace", densities[i].name))
			continue;
		keys_are_cheap(&densities[i], trace);
		hands_are_followed(&densities[i], trace);
		if (i == 1)
			sizes_are_followed(trace);
		close(trace);
	}
	return tap_done();
}
