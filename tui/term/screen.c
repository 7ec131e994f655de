/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/term/rescue.h"
#include "tui/term/thrift.h"

#define WITHOUT_TERMINAL "gander COMMAND TRACE works without a terminal"

/* One mode a sequence: some terminals ignore the second of two. */
static const char mouse_on[] = "\033[?1002h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1002l";
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

enum { IDLE_PAIR = 1, SWALLOW_MS = 20, COPY_MAX = 74994 /* 100 kB as it is sent */ };

static void send_bytes(const struct screen *screen, const char *text, size_t len)
{
	ssize_t sent;

	while (len > 0) {
		sent = write(screen->out_fd, text, len);
		if (sent < 0 && errno != EINTR)
			return; /* the loop will notice that the terminal is gone */
		if (sent > 0) {
			text += sent;
			len -= (size_t)sent;
		}
	}
}

static void send_text(const struct screen *screen, const char *text)
{
	send_bytes(screen, text, strlen(text));
}

/* ---- taking it over */

/* Standard input and output, or /dev/tty for both if input is a pipe. */
static bool open_tty(struct screen *screen, struct error *err)
{
	screen->fd = STDIN_FILENO;
	screen->out_fd = STDOUT_FILENO;
	if (!isatty(STDOUT_FILENO))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "standard output is not a terminal; " WITHOUT_TERMINAL);
	if (isatty(STDIN_FILENO))
		return true;
	screen->tty = fopen("/dev/tty", "r+e");
	if (screen->tty == NULL)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "there is no terminal to read keys from; " WITHOUT_TERMINAL);
	screen->fd = screen->out_fd = fileno(screen->tty);
	return true;
}

/* From now on, whatever ends us, what we switch on is switched off. */
static void arm_rescue(const struct screen *screen)
{
	const struct term_type *type = &screen->type;
	char text[RESCUE_TEXT_MAX], name[128];
	int len = snprintf(text, sizeof(text), "%s%s%.*s", mouse_off, paste_off,
	                   (int)type->leave_len, type->leave);
	struct bytes restore = { (const uint8_t *)text, (size_t)len };

	if (!rescue_arm("/dev/tty", &screen->shell, restore) &&
	    ttyname_r(screen->out_fd, name, sizeof(name)) == 0)
		rescue_arm(name, &screen->shell, restore);
}

static int clamp(int value, int most, int otherwise)
{
	return value < 1 ? otherwise : value > most ? most : value;
}

static struct winsize window_size(const struct screen *screen)
{
	struct winsize size = { 0 };

	ioctl(screen->out_fd, TIOCGWINSZ, &size);
	return size;
}

void screen_resize(struct screen *screen)
{
	struct winsize size = window_size(screen);

	screen->cols = clamp(size.ws_col, CELLS_COLS_MAX, 80);
	screen->rows = clamp(size.ws_row, CELLS_ROWS_MAX, 24);
	resizeterm(screen->rows, screen->cols);
	memset(screen->wide, 0, sizeof(screen->wide));
}

/* All keys come as bytes, but Ctrl-C is a signal even while we are busy, and does not throw away
 * half a frame. */
static void set_terminal_modes(const struct screen *screen)
{
	struct termios settings;

	raw();
	noecho();
	nonl();
	if (tcgetattr(screen->out_fd, &settings) == 0) {
		settings.c_lflag |= ISIG | NOFLSH;
		settings.c_cc[VQUIT] = settings.c_cc[VSUSP] = _POSIX_VDISABLE;
		tcsetattr(screen->out_fd, TCSANOW, &settings);
	}
	def_prog_mode();
}

static void set_colours(struct screen *screen, bool no_color)
{
	memset(screen->pairs, 0, sizeof(screen->pairs));
	screen->theme = THEME_MONO;
	if (no_color || !has_colors() || start_color() != OK)
		return;
	screen->theme = theme_for(COLORS);
	screen->default_colours = use_default_colors() == OK;
	if (screen->theme == THEME_MONO)
		return;
	/* a pair of its own for idle cells: going back to pair 0 resets all attributes, 14 bytes */
	init_extended_pair(IDLE_PAIR, screen->default_colours ? -1 : COLOR_WHITE,
	                   screen->default_colours ? -1 : COLOR_BLACK);
}

static void switch_modes_on(const struct screen *screen)
{
	keypad(stdscr, TRUE); /* not remembered by curses over endwin */
	doupdate();
	send_text(screen, paste_on);
	if (screen->mouse)
		send_text(screen, mouse_on);
}

static void set_curses(struct screen *screen, const struct screen_options *options)
{
	set_terminal_modes(screen);
	set_colours(screen, options->no_color);
	screen_resize(screen);
	curs_set(0);
	leaveok(stdscr, TRUE);
	typeahead(-1);
	screen->mouse = !options->no_mouse;
	screen->is_slow = options->is_slow;
	screen->can_shift = screen->type.shifts && !options->no_shift;
	refresh();
	switch_modes_on(screen);
}

static bool open_curses(struct screen *screen, const struct screen_options *options,
                        struct error *err)
{
	FILE *out = screen->tty != NULL ? screen->tty : stdout;
	FILE *in = screen->tty != NULL ? screen->tty : stdin;
	struct winsize size = window_size(screen);

	if (tcgetattr(screen->out_fd, &screen->shell) != 0)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET,
		                 "the terminal's settings cannot be read");
	rescue_install();
	arm_rescue(screen);
	/* LINES and COLUMNS of the environment would freeze the size; the window's own is asked for
	 * unless curses would take a gigabyte for it */
	use_env(FALSE);
	use_tioctl(size.ws_col <= CELLS_COLS_MAX && size.ws_row <= CELLS_ROWS_MAX);
	screen->curses = newterm(screen->type.name, out, in);
	if (screen->curses == NULL) {
		rescue_disarm();
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "terminal type \"%s\" cannot be used", screen->type.name);
	}
	set_curses(screen, options);
	return true;
}

static void close_files(struct screen *screen)
{
	if (screen->tty != NULL)
		fclose(screen->tty);
	if (screen->count_fd >= 0)
		close(screen->count_fd);
	screen->tty = NULL;
	screen->count_fd = -1;
}

bool screen_open(struct screen *screen, const struct screen_options *options, struct error *err)
{
	*screen = (struct screen){ .count_fd = open("/proc/self/io", O_RDONLY | O_CLOEXEC) };
	if (open_tty(screen, err) && term_type_choose(&screen->type, options->type, err) &&
	    open_curses(screen, options, err))
		return true;
	close_files(screen);
	return false;
}

/* ---- giving it back */

static void switch_modes_off(const struct screen *screen)
{
	send_text(screen, mouse_off);
	send_text(screen, paste_off);
}

/* What the terminal sent before it learned that we are gone must not reach the shell. */
static void swallow_input(const struct screen *screen)
{
	struct pollfd pending = { .fd = screen->fd, .events = POLLIN };
	char lost[256];

	if (screen->mouse && poll(&pending, 1, SWALLOW_MS) > 0 && (pending.revents & POLLIN) != 0)
		while (poll(&pending, 1, 0) > 0 && (pending.revents & POLLIN) != 0 &&
		       read(screen->fd, lost, sizeof(lost)) > 0)
			;
}

void screen_suspend(struct screen *screen)
{
	switch_modes_off(screen);
	endwin();
	rescue_disarm();
}

void screen_resume(struct screen *screen)
{
	arm_rescue(screen);
	screen_resize(screen);
	refresh();
	curs_set(0);
	switch_modes_on(screen);
}

void screen_close(struct screen *screen)
{
	if (screen->curses == NULL)
		return;
	switch_modes_off(screen);
	swallow_input(screen);
	endwin();
	rescue_disarm();
	delscreen(screen->curses);
	screen->curses = NULL;
	close_files(screen);
}

void screen_repaint(struct screen *screen)
{
	(void)screen;
	clearok(curscr, TRUE);
}

void screen_set_mouse(struct screen *screen, bool on)
{
	screen->mouse = on;
	send_text(screen, on ? mouse_on : mouse_off);
}

/* Nothing of the text itself is sent: base64 has no character that a terminal could obey. */
bool screen_copy(struct screen *screen, struct bytes text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char out[4096];
	size_t len = 0;

	if (text.len > COPY_MAX)
		return false;
	send_text(screen, "\033]52;c;");
	for (size_t i = 0; i < text.len; i += 3) {
		size_t left = text.len - i;
		uint32_t bits = (uint32_t)text.data[i] << 16;

		bits |= left > 1 ? (uint32_t)text.data[i + 1] << 8 : 0;
		bits |= left > 2 ? text.data[i + 2] : 0;
		out[len++] = digits[bits >> 18];
		out[len++] = digits[bits >> 12 & 63];
		out[len++] = left > 1 ? digits[bits >> 6 & 63] : '=';
		out[len++] = left > 2 ? digits[bits & 63] : '=';
		if (len == sizeof(out) || left <= 3) {
			send_bytes(screen, out, len);
			len = 0;
		}
	}
	send_text(screen, "\033\\");
	return true;
}

/* ---- showing cells */

static int make_pair(const struct screen *screen, struct style style, struct look look)
{
	int pair;

	if (look.fg < 0 && look.bg < 0)
		return style.bg == COLOUR_IDLE ? IDLE_PAIR : 0;
	if (!screen->default_colours) {
		look.fg = look.fg < 0 ? COLOR_WHITE : look.fg;
		look.bg = look.bg < 0 ? COLOR_BLACK : look.bg;
	}
	pair = alloc_pair(look.fg, look.bg);
	return pair < 0 ? 0 : pair;
}

/* Without colours curses must not be asked for pairs: it crashes. */
static short pair_of(struct screen *screen, struct style style, struct look look)
{
	int16_t *cached;

	if (screen->theme == THEME_MONO || style.fg >= COLOUR_COUNT || style.bg >= COLOUR_COUNT)
		return 0;
	cached = &screen->pairs[style.fg][style.bg];
	if (*cached == 0)
		*cached = (int16_t)(make_pair(screen, style, look) + 1);
	return (short)(*cached - 1);
}

static attr_t attributes_of(struct look look)
{
	return ((look.attributes & ATTRIBUTE_BOLD) != 0 ? A_BOLD : 0) |
	       ((look.attributes & ATTRIBUTE_UNDERLINE) != 0 ? A_UNDERLINE : 0) |
	       ((look.attributes & ATTRIBUTE_REVERSE) != 0 ? A_REVERSE : 0) |
	       (look.dim ? A_DIM : 0);
}

/* Views draw no such thing; if they do, the rows stay straight. */
static wchar_t glyph_of(const struct cell *cell, bool utf8)
{
	bool control = cell->code < ' ' || (cell->code >= 0x7f && cell->code < 0xa0);

	return control || (cell->code > 0x7f && !utf8) ? L'?' : (wchar_t)cell->code;
}

/* What curses calls a style. */
struct ink {
	attr_t attributes;
	short pair;
};

static struct ink ink_of(struct screen *screen, struct style style)
{
	struct look look = theme_look(screen->theme, style);

	return (struct ink){ attributes_of(look), pair_of(screen, style, look) };
}

static void set_curses_cell(const struct cell *cell, struct ink ink, bool utf8, bool fits,
                            cchar_t *out)
{
	wchar_t text[CELL_MARKS + 2] = { fits ? glyph_of(cell, utf8) : L' ' };

	for (int i = 0; fits && utf8 && i < CELL_MARKS; i++)
		text[i + 1] = (wchar_t)cell->marks[i];
	setcchar(out, text, ink.attributes, ink.pair, NULL);
}

static enum thrift thrift_of(const struct screen *screen, const struct cells *cells, bool utf8)
{
	if (!utf8 || cells->glyphs == GLYPHS_ASCII)
		return THRIFT_NONE;
	return screen->is_slow ? THRIFT_SLOW : THRIFT_USUAL;
}

static void compose_row(struct screen *screen, const struct cells *cells, int row, bool utf8)
{
	const struct cell *shown = &cells->grid[(size_t)row * (size_t)cells->cols];
	int cols = cells->cols < screen->cols ? cells->cols : screen->cols;
	struct cell cell[CELLS_COLS_MAX];
	cchar_t line[CELLS_COLS_MAX];
	struct ink ink = { 0 };
	int count = 0;

	thrift_row(screen->theme, thrift_of(screen, cells, utf8), shown, cells->cols, cell);
	screen->wide[row] = false;
	for (int col = 0; col < cols; col++) {
		bool is_wide = col + 1 < cells->cols && cell[col + 1].code == 0;

		if (col == 0 || !style_is(cell[col].style, cell[col - 1].style))
			ink = ink_of(screen, cell[col].style);
		if (cell[col].code == 0)
			continue; /* curses makes right halves itself */
		set_curses_cell(&cell[col], ink, utf8, !is_wide || col + 1 < cols, &line[count++]);
		screen->wide[row] |= is_wide;
	}
	mvadd_wchnstr(row, 0, line, count);
}

/* Bytes the process has written so far. */
static int64_t count_written(const struct screen *screen)
{
	char text[256];
	ssize_t len = screen->count_fd < 0 ? 0 : pread(screen->count_fd, text, sizeof(text) - 1, 0);
	const char *at;

	if (len <= 0)
		return 0;
	text[len] = '\0';
	at = strstr(text, "wchar: ");
	return at != NULL ? strtoll(at + 7, NULL, 10) : 0;
}

static bool locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int64_t screen_show(struct screen *screen, const struct cells *cells)
{
	int rows = cells->rows < screen->rows ? cells->rows : screen->rows;
	bool utf8 = locale_is_utf8();
	int64_t before, bytes;

	if (cells->cols < screen->cols || cells->rows < screen->rows)
		erase();
	for (int row = 0; row < rows; row++)
		compose_row(screen, cells, row, utf8);
	wnoutrefresh(stdscr);
	before = count_written(screen);
	doupdate();
	bytes = count_written(screen) - before + screen->shift_bytes;
	screen->shift_bytes = 0;
	return bytes;
}

enum glyphs screen_glyphs(const struct screen *screen)
{
	return locale_is_utf8() && term_type_has_blocks(screen->type.name) ? GLYPHS_EIGHTHS
	                                                                   : GLYPHS_ASCII;
}

/* ---- shift, then diff */

/* Makes curses' picture of a row what the terminal has made of it. */
static void shift_curscr(int row, int col, int n, int width)
{
	cchar_t line[2 * CELLS_COLS_MAX + 1], blank;
	int from = n > 0 ? n : 0, pad = n > 0 ? width : 0;

	setcchar(&blank, L" ", A_NORMAL, 0, NULL);
	/* what was there, with blanks on the side that comes into view */
	mvwin_wchnstr(curscr, row, col, line + (n > 0 ? 0 : -n), width);
	for (int i = 0; i < (n > 0 ? n : -n); i++)
		line[pad + i] = blank;
	mvwadd_wchnstr(curscr, row, col, line + from, width);
	touchline(newscr, row, 1); /* compare all of it */
}

/* Appends what moves the row; false if it does not fit or the terminal cannot. */
static bool append_shift(char *out, size_t size, size_t *len, int row, int col, int n)
{
	const char *cup = tiparm(tigetstr("cup"), row, col);
	int cup_len = snprintf(out + *len, size - *len, "%s", cup != NULL ? cup : "");
	const char *move = tiparm(tigetstr(n > 0 ? "dch" : "ich"), n > 0 ? n : -n);
	size_t all = (size_t)cup_len + (move != NULL ? strlen(move) : 0);

	if (cup_len == 0 || move == NULL || all >= size - *len)
		return false;
	memcpy(out + *len + cup_len, move, strlen(move));
	*len += all;
	return true;
}

bool screen_shift(struct screen *screen, int row, int count, int col, int n)
{
	char out[32 * CELLS_ROWS_MAX];
	int width = screen->cols - col;
	int end = count < screen->rows - row ? row + count : screen->rows;
	size_t len;

	if (!screen->can_shift || row < 0 || col < 0 || n == 0 || n >= width || -n >= width)
		return false;
	/* the new columns come in the user's own colours; cursor and colours stay as curses knows
	 */
	len = (size_t)snprintf(out, sizeof(out), "%s\033[m", tigetstr("sc"));
	for (int i = row; i < end;
	     i++) /* a wide glyph could be cut: what becomes of it, who knows */
		if (!screen->wide[i] && append_shift(out, sizeof(out) - 16, &len, i, col, n))
			shift_curscr(i, col, n, width);
	len += (size_t)snprintf(out + len, sizeof(out) - len, "%s", tigetstr("rc"));
	send_bytes(screen, out, len);
	screen->shift_bytes += (int64_t)len;
	return true;
}
