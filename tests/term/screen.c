/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

/* Each case runs in a child on a terminal of its own; what the child sends to it, and what it
 * reports through a pipe, is looked at here. */
struct run {
	struct termios before, after;
	int status; /* of waitpid */
	size_t sent_len, told_len;
	char sent[1 << 18]; /* what the terminal got; ends with a NUL */
	char told[4096];    /* what the case reported; ends with a NUL */
};

typedef void case_fn(void);

static struct run run;
static struct screen screen;
static struct cells cells;
static struct budget budget;
static int tell_fd;

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vdprintf(tell_fd, format, args);
	va_end(args);
}

static void be_child(int master, const char *type, case_fn *body)
{
	int slave;

	setsid();
	slave = open(ptsname(master), O_RDWR);
	if (slave < 0 || ioctl(slave, TIOCSCTTY, 0) != 0)
		_exit(99);
	close(master);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	if (type != NULL)
		setenv("TERM", type, 1);
	else
		unsetenv("TERM");
	body();
	_exit(0);
}

/* Reads what there is; false when the other side is closed. The end is what matters. */
static bool drain(int fd, char *out, size_t size, size_t *len)
{
	ssize_t got;

	if (*len == size - 1)
		*len = 0;
	got = read(fd, out + *len, size - 1 - *len);
	if (got > 0)
		*len += (size_t)got;
	out[*len] = '\0';
	return got > 0;
}

/* Until the child has closed both sides, or hangs for ten seconds. */
static void watch(int master, int told, pid_t child)
{
	struct pollfd fds[2] = { { .fd = master, .events = POLLIN },
		                 { .fd = told, .events = POLLIN } };

	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		if (poll(fds, 2, 10000) <= 0) {
			kill(child, SIGKILL);
			break;
		}
		if (fds[0].revents != 0 &&
		    !drain(master, run.sent, sizeof(run.sent), &run.sent_len))
			fds[0].fd = -1;
		if (fds[1].revents != 0 && !drain(told, run.told, sizeof(run.told), &run.told_len))
			fds[1].fd = -1;
	}
	waitpid(child, &run.status, 0);
}

/* False if this host makes no terminals. */
static bool run_case(const char *type, int cols, int rows, case_fn *body)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };
	int master = posix_openpt(O_RDWR | O_NOCTTY), pipes[2];
	pid_t child;

	memset(&run, 0, sizeof(run));
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || pipe(pipes) != 0)
		return false;
	ioctl(master, TIOCSWINSZ, &size);
	tcgetattr(master, &run.before);
	child = fork();
	if (child == 0) {
		close(pipes[0]);
		tell_fd = pipes[1];
		be_child(master, type, body);
	}
	close(pipes[1]);
	watch(master, pipes[0], child);
	tcgetattr(master, &run.after);
	close(master);
	close(pipes[0]);
	return true;
}

/* The last time the terminal got on, it got off afterwards. */
static bool ends_off(const char *on, const char *off)
{
	const char *last_on = NULL, *last_off = NULL;

	for (const char *at = run.sent; (at = strstr(at, on)) != NULL; at++)
		last_on = at;
	for (const char *at = run.sent; (at = strstr(at, off)) != NULL; at++)
		last_off = at;
	return last_on != NULL && last_off != NULL && last_off > last_on;
}

static void check_given_back(const char *what)
{
	ok(run.before.c_lflag == run.after.c_lflag && run.before.c_iflag == run.after.c_iflag &&
	           run.before.c_oflag == run.after.c_oflag &&
	           memcmp(run.before.c_cc, run.after.c_cc, sizeof(run.before.c_cc)) == 0,
	   "%s: the settings are the shell's", what);
	ok(ends_off("\033[?1002h", "\033[?1002l") && ends_off("\033[?1006h", "\033[?1006l"),
	   "%s: the mouse is off", what);
	ok(ends_off("\033[?2004h", "\033[?2004l"), "%s: paste brackets are off", what);
	ok(ends_off("\033[?1049h", "\033[?1049l"), "%s: the shell's screen is back", what);
	ok(ends_off("\033[?25l", "\033[?25h"), "%s: the cursor is visible", what);
	ok(ends_off("\033[?1h", "\033[?1l"), "%s: the keypad is as before", what);
}

static bool open_screen(bool no_color)
{
	struct screen_options options = { .no_color = no_color };
	struct error err = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8");
	cells.budget = &budget;
	if (!screen_open(&screen, &options, &err)) {
		tell("refused %d: %s", (int)err.kind, err.message);
		return false;
	}
	cells_resize(&cells, screen.cols, screen.rows);
	return true;
}

/* Goroutines of a few cells each, moved by pan cells. The last columns are there as well. */
static void draw_timeline(int pan)
{
	static const struct style idle = { .bg = COLOUR_IDLE };

	cells_clear(&cells);
	for (int row = 3; row < cells.rows - 3; row++) {
		uint32_t random = (uint32_t)row * 2654435761u;
		int col = 10 - pan;

		cells_print(&cells, row, 0, 10, "P0 name", (struct style){ 0 });
		cells_fill(&cells, row, 10, cells.cols, idle);
		while (col < cells.cols) {
			uint8_t state = (uint8_t)(COLOUR_RUNNING + (random >> 16) % 5);
			int width = 1 + (int)(random >> 24) % 6;

			if (col >= 10 && random % 3 != 0)
				cells_fill(&cells, row, col, width, (struct style){ .bg = state });
			random = random * 1664525u + 1013904223u;
			col += width;
		}
	}
}

/* ---- cases */

static void open_and_close(void)
{
	if (!open_screen(false))
		return;
	cells_print(&cells, 1, 1, 20, "hello 世界", (struct style){ 0 });
	screen_show(&screen, &cells);
	screen_close(&screen);
}

static void opened_and_closed_nothing_is_left(void)
{
	run_case("xterm-256color", 80, 24, open_and_close);
	is_text(run.told, "", "it opens");
	ok(strstr(run.sent, "hello 世界") != NULL, "it shows text");
	check_given_back("closed");
}

static void show_twice(void)
{
	int64_t first, second;

	if (!open_screen(false))
		return;
	draw_timeline(0);
	first = screen_show(&screen, &cells);
	second = screen_show(&screen, &cells);
	tell("%s %d", first > 100 || screen.count_fd < 0 ? "some" : "none", (int)second);
	screen_close(&screen);
}

static void an_unchanged_picture_costs_nothing(void)
{
	run_case("xterm-256color", 80, 24, show_twice);
	is_text(run.told, "some 0", "bytes of the same picture again");
}

static void tell_type(void)
{
	if (!open_screen(false))
		return;
	tell("%s%s %d", screen.type.name, screen.type.substituted ? " stands in" : "",
	     (int)screen.theme);
	screen_show(&screen, &cells);
	screen_close(&screen);
}

static void types_are_found_or_refused(void)
{
	static const struct {
		const char *type, *told;
	} cases[] = {
		{ NULL,
		  "refused 1: the terminal type (TERM) is not set; gander COMMAND TRACE works "
		  "without a terminal" },
		{ "dumb",
		  "refused 1: terminal type \"dumb\" (TERM) cannot place its cursor; gander "
		  "COMMAND TRACE works without a terminal" },
		{ "xterm-256color", "xterm-256color 3" },
		{ "nosuch\033[m", "xterm stands in 1" },
		{ "foot-nosuch", "xterm-256color stands in 3" },
		{ "linux", "linux 1" },
		{ "vt100", "vt100 0" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run_case(cases[i].type, 80, 24, tell_type);
		is_text(run.told, cases[i].told, cases[i].type != NULL ? cases[i].type : "no TERM");
		if (strncmp(cases[i].told, "refused", 7) == 0)
			is_text(run.sent, "", "and the terminal hears nothing");
	}
}

static void open_without_output(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	if (open_screen(false))
		screen_close(&screen);
}

static void open_without_input(void)
{
	int null = open("/dev/null", O_RDONLY);

	dup2(null, STDIN_FILENO);
	if (!open_screen(false))
		return;
	tell("%s", isatty(screen.fd) ? "terminal" : "none");
	screen_close(&screen);
}

static void what_is_no_terminal(void)
{
	run_case("xterm", 80, 24, open_without_output);
	is_text(run.told,
	        "refused 1: standard output is not a terminal; gander COMMAND TRACE works "
	        "without a terminal",
	        "output must be one");
	run_case("xterm", 80, 24, open_without_input);
	is_text(run.told, "terminal", "keys come from /dev/tty if input is a pipe");
	check_given_back("opened by /dev/tty");
}

static void end_by(int signal_number)
{
	if (!open_screen(false))
		return;
	draw_timeline(0);
	screen_show(&screen, &cells);
	raise(signal_number);
}

static void end_by_term(void)
{
	end_by(SIGTERM);
}

static void end_by_hup(void)
{
	end_by(SIGHUP);
}

#ifndef GANDER_SANITIZED
static void end_by_abort(void)
{
	close(STDERR_FILENO); /* the message */
	end_by(SIGABRT);
}

static int overflow(volatile char *caller)
{
	volatile char frame[4096];

	frame[0] = *caller;
	return frame[0] == 0 ? 0 : overflow(frame) + frame[0]; /* never 0 */
}

static void end_by_overflow(void)
{
	close(STDERR_FILENO);
	if (open_screen(false))
		tell("%d", overflow((volatile char[1]){ 1 }));
}
#endif

static void sudden_ends_give_the_terminal_back(void)
{
	static const struct {
		const char *name;
		int number;
		case_fn *body;
	} cases[] = {
		{ "TERM", SIGTERM, end_by_term },
		{ "HUP", SIGHUP, end_by_hup },
#ifndef GANDER_SANITIZED
		{ "ABRT", SIGABRT, end_by_abort },
		{ "stack overflow", SIGSEGV, end_by_overflow },
#endif
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run_case("xterm-256color", 80, 24, cases[i].body);
		ok(WIFSIGNALED(run.status) && WTERMSIG(run.status) == cases[i].number,
		   "%s: dies by the same signal", cases[i].name);
		check_given_back(cases[i].name);
	}
}

static void suspend_and_resume(void)
{
	struct termios settings;

	if (!open_screen(false))
		return;
	draw_timeline(0);
	screen_show(&screen, &cells);
	screen_suspend(&screen);
	tcgetattr(STDIN_FILENO, &settings);
	tell("%s ", (settings.c_lflag & ICANON) != 0 ? "lines" : "raw");
	dprintf(STDOUT_FILENO, "EDITOR");
	screen_resume(&screen);
	tcgetattr(STDIN_FILENO, &settings);
	tell("%s %s", (settings.c_lflag & ICANON) != 0 ? "lines" : "raw",
	     (settings.c_lflag & ISIG) != 0 ? "isig" : "no isig");
	screen_close(&screen);
}

static void an_editor_gets_a_clean_terminal(void)
{
	const char *between;

	run_case("xterm-256color", 80, 24, suspend_and_resume);
	is_text(run.told, "lines raw isig", "settings are given and taken");
	between = strstr(run.sent, "EDITOR");
	ok(between != NULL && strstr(between, "\033[?1049h") != NULL &&
	           strstr(between, "\033[?1h") != NULL && strstr(between, "\033[?1002h") != NULL,
	   "screen, keypad and mouse come back");
	check_given_back("after an editor");
}

static void show_without_colour(void)
{
	if (!open_screen(true))
		return;
	draw_timeline(0);
	screen_show(&screen, &cells);
	screen_close(&screen);
}

static void no_color_sends_no_colour(void)
{
	run_case("xterm-256color", 80, 24, show_without_colour);
	ok(strstr(run.sent, "[38;5") == NULL && strstr(run.sent, "[48;5") == NULL, "NO_COLOR");
	check_given_back("without colour");
}

static void tell_size(void)
{
	if (!open_screen(false))
		return;
	tell("%dx%d", screen.cols, screen.rows);
	draw_timeline(0);
	screen_show(&screen, &cells);
	screen_close(&screen);
}

static void sizes_are_clamped(void)
{
	run_case("xterm", 1, 1, tell_size);
	is_text(run.told, "1x1", "the smallest");
	run_case("xterm", 0, 0, tell_size);
	is_text(run.told, "80x24", "unknown");
	run_case("xterm", 65535, 65535, tell_size);
	is_text(run.told, "1024x512", "the largest");
}

static void show_and_pan(void)
{
	int64_t full, repainted, moved;

	if (!open_screen(false))
		return;
	draw_timeline(0);
	full = screen_show(&screen, &cells);
	draw_timeline(1);
	repainted = screen_show(&screen, &cells);
	draw_timeline(2);
	tell("%s ", screen_shift(&screen, 3, cells.rows - 6, 10, 1) ? "shifted" : "not shifted");
	moved = screen_show(&screen, &cells);
	if (screen.count_fd >= 0)
		tell("%d %d", full < 50000, moved < 2800);
	else
		tell("1 1");
	tell("\n%d %d %d", (int)full, (int)repainted, (int)moved);
	screen_close(&screen);
}

static void panning_sends_only_new_columns(void)
{
	char *figures;

	run_case("screen-256color", 200, 60, show_and_pan);
	figures = strchr(run.told, '\n');
	if (figures != NULL)
		*figures++ = '\0';
	is_text(run.told, "shifted 1 1", "under 50 KB a picture, under 2.8 KB a step");
	printf("# bytes: full, pan by repainting, by shifting: %s\n", figures);
	run_case("vt100", 200, 60, show_and_pan);
	ok(strncmp(run.told, "not shifted", 11) == 0, "old terminals repaint");
}

int main(void)
{
	if (!run_case("xterm-256color", 80, 24, open_and_close)) {
		skip("screen", "no pseudo-terminal to be had");
		return tap_done();
	}
	if (strncmp(run.told, "refused", 7) == 0) {
		skip("screen", "xterm-256color is not described on this host");
		return tap_done();
	}
	opened_and_closed_nothing_is_left();
	an_unchanged_picture_costs_nothing();
	types_are_found_or_refused();
	what_is_no_terminal();
	sudden_ends_give_the_terminal_back();
	an_editor_gets_a_clean_terminal();
	no_color_sends_no_colour();
	sizes_are_clamped();
	panning_sends_only_new_columns();
	return tap_done();
}
